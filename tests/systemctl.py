"""Takes systemd's place for the commands of docs/public-site.md: runs what units have, in a folder.

Understands just the verbs of the page. A service gets the environment and the folder that its unit
names. One of type notify has started when it reports so, one of type oneshot when it has ended.
That it took that place is written to `not-run`.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(os.environ["PUBLIC_SITE"])


class Unit:
    def __init__(self, name: str):
        self.name = name
        text = (ROOT / f"etc/systemd/system/{name}.service").read_text()
        self.lines = re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)
        self.pid_file, self.log = ROOT / f"{name}.pid", ROOT / f"{name}.log"

    def all(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]

    def environment(self) -> dict[str, str]:
        values = {"PATH": "/usr/bin:/bin"}
        for file in self.all("EnvironmentFile"):
            values |= dict(line.split("=", 1) for line in Path(file).read_text().splitlines())
        return values | dict(line.split("=", 1) for line in self.all("Environment"))

    def run(self, command: str, **environment: str) -> subprocess.Popen:
        own = self.environment() | environment
        words = [
            re.sub(r"\$\{(\w+)\}", lambda name: own[name[1]], one) for one in shlex.split(command)
        ]
        with self.log.open("a") as log:
            (folder,) = self.all("WorkingDirectory")
            return subprocess.Popen(
                words, cwd=folder, env=own, stdout=log, stderr=log, start_new_session=True
            )

    def start(self) -> None:
        if self.all("Type") == ["oneshot"]:
            for command in self.all("ExecStart"):
                if status := self.run(command).wait():
                    sys.exit(f"{command}: {status}\n{self.log.read_text()}")
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            address = ROOT / f"{self.name}.ready"
            address.unlink(missing_ok=True)
            ready.bind(str(address))
            ready.settimeout(60)
            (command,) = self.all("ExecStart")
            process = self.run(command, NOTIFY_SOCKET=str(address))
            self.pid_file.write_text(str(process.pid))
            while "READY=1" not in ready.recv(4096).decode():
                pass

    def stop(self) -> None:
        pid = int(self.pid_file.read_text())
        os.kill(pid, signal.SIGTERM)
        self.pid_file.unlink()
        while Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text():
            time.sleep(0.05)


def not_run(what: str) -> None:
    with (ROOT / "not-run").open("a") as file:
        file.write(f"{what}\n")


def main(verb: str, *names: str) -> None:
    names = [name for name in names if not name.startswith("--")]
    if verb == "is-failed":
        sys.exit(1)
    not_run("systemctl")
    for name in names:
        if name == "nginx":
            # "nginx -t" leaves an empty one.
            pid = ROOT / "run/nginx.pid"
            signalled = ["-s", "reload"] if pid.exists() and pid.read_text().strip() else []
            subprocess.run([ROOT / "bin/nginx", *signalled], check=True)
        elif not name.endswith(".timer"):
            unit = Unit(name)
            if verb in ("stop", "restart"):
                unit.stop()
            if verb in ("start", "enable", "restart"):
                unit.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
