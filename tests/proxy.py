"""deploy/nginx.conf, run by the nginx of this machine: only names, ports and paths are its own."""

import re
import shutil
import ssl
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from .drill import free_port

ROOT = Path(__file__).resolve().parent.parent
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


class Unfollowed(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Proxy:
    """A running nginx in front of sites; `ask` gives status, headers and text."""

    def __init__(self, folder: Path, certificate: Path, sites: list[int]):
        self.port, plain = free_port(), free_port()
        self.base, self.plain = f"https://127.0.0.1:{self.port}", f"http://127.0.0.1:{plain}"
        unverified = ssl.create_default_context()
        unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
        self.browser = build_opener(HTTPSHandler(context=unverified), Unfollowed)
        site = (ROOT / "deploy/nginx.conf").read_text()
        own = {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            "pve.example.org": "127.0.0.1",
            "/etc/ssl/pvematrix": str(certificate),
            "/var/cache/nginx/pvematrix": f"{folder}/kept",
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
        for _attempt in range(100):
            try:
                self.ask("/healthz")
                break
            except OSError:
                time.sleep(0.05)

    def ask(self, path: str, data: bytes | None = None, **headers: str):
        address = path if "://" in path else self.base + path
        request = Request(address, data, {k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with self.browser.open(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode("utf-8-sig", "replace")
        except HTTPError as refused:
            with refused:
                return refused.status, refused.headers, refused.read().decode()

    def close(self) -> None:
        self.running.terminate()
        self.running.wait()


def make_certificate(folder: Path) -> Path:
    """Make what nginx needs for https in the folder."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*made, *files], check=True, capture_output=True)
    return folder
