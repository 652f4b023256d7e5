"""deploy/nginx.conf, run by the nginx of this machine: only names, ports and paths are its own."""

import re
import shutil
import subprocess
from pathlib import Path

from .parts import NAME, ROOT, Client, free_port
from .waiting import until

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


class Proxy(Client):
    """A running nginx in front of sites; `ask` gives status, headers and text."""

    def __init__(self, folder: Path, certificate: Path, sites: list[int]):
        self.port, plain = free_port(), free_port()
        super().__init__(f"https://127.0.0.1:{self.port}")
        self.plain = f"http://127.0.0.1:{plain}"
        site = (ROOT / "deploy/nginx.conf").read_text()
        own = {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 80 default_server;": f"listen 127.0.0.1:{plain} default_server;",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            "listen 443 ssl default_server;": f"listen 127.0.0.1:{self.port} ssl default_server;",
            # The second is sent in the handshake, where an address cannot be.
            f"server_name {NAME};": f"server_name 127.0.0.1 {NAME};",
            "/etc/ssl/pvematrix": str(certificate),
            "/var/cache/nginx/pvematrix": f"{folder}/cache",
        }
        for shipped, here in own.items():
            assert shipped in site, shipped
            site = site.replace(shipped, here)
        (folder / "site.conf").write_text(site)
        servers = (ROOT / "deploy/upstream.conf").read_text()
        (line,) = re.findall(r"^ *server 127\.0\.0\.1:8000.*;$", servers, re.MULTILINE)
        here = "\n".join(line.replace(":8000", f":{port}") for port in sites)
        (folder / "upstream.conf").write_text(servers.replace(line, here))
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log;"
            "events { worker_connections 512; }"
            f"http {{ access_log off; include /etc/nginx/mime.types; {temporary}"
            f"include {folder}/upstream.conf; include {folder}/site.conf; }}"
        )
        command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr
        self.running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        until(lambda: self.ask("/healthz")[0])

    def close(self) -> None:
        self.running.terminate()
        self.running.wait()


def make_certificate(folder: Path) -> Path:
    """Create the files that nginx needs for https in the folder."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*made, *files], check=True, capture_output=True)
    return folder
