"""`make clients`: other people's programs ask a running site; prints a table.

Each file here is a script that prints what its program read at the address SITE. Its first lines
name the program, what it is asked and what it has to print. Ends with 1 if one prints anything
else. A program that this machine lacks is named with its package.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

from tests.parts import ROOT, Site

FOLDER = Path(__file__).parent
BIN = ROOT / ".venv/clients/bin"
# `-P`: a script named like its package must not be imported in its place.
RUN_BY = {
    ".py": [str(BIN / "python"), "-P"],
    ".sh": ["sh", "-e"],
    ".R": ["Rscript", "--vanilla"],
}
LONGEST = 300
HEAD = re.compile(r"# program: (.+) \((PyPI|Debian) (\S+)\)\n# asks: (.+)\n# expects: (.+)\n")


class Script(NamedTuple):
    """A script, and what its first three lines say."""

    path: Path
    program: str
    registry: str
    package: str
    asks: str
    expects: str

    def version(self) -> str:
        """Return the version of its package, or nothing where that is not installed."""
        if self.registry == "PyPI":
            path = [str(one) for one in ROOT.glob(".venv/clients/lib/*/site-packages")]
            return next((one.version for one in distributions(name=self.package, path=path)), "")
        query = ["dpkg-query", "--show", "--showformat", "${Version}\\n", self.package]
        try:
            said = subprocess.run(query, capture_output=True, text=True, check=False).stdout
        except FileNotFoundError:
            return ""
        return next(iter(said.split()), "")

    def run(self, site: str) -> tuple[str, str]:
        """Return the verdict, and the reason unless it is right."""
        if not self.version():
            return "not installed", f"{self.registry}: {self.package}"
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            environment = {
                "PATH": f"{BIN}:{os.environ['PATH']}",
                "HOME": folder,
                "LANG": "C.UTF-8",
                "SITE": site,
            }
            command = ["timeout", str(LONGEST), *RUN_BY[self.path.suffix], str(self.path)]
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
        printed = " ".join(done.stdout.split())
        if (done.returncode, printed) == (0, self.expects):
            return "right", ""
        if done.returncode == 124:
            return "wrong", f"not ready after {LONGEST} seconds"
        said = done.stderr.strip().splitlines() or [""]
        errors = [line for line in said if re.match(r"[\w.]*(Error|Exception)\b", line)]
        why = f"printed “{printed[:200]}”; {(errors or said)[-1][:200]}"
        return "wrong", why.removesuffix("; ")


def scripts() -> list[Script]:
    """Return all scripts, by the name of their file."""
    paths = sorted(one for one in FOLDER.glob("[!_]*") if one.suffix in RUN_BY)
    return [Script(path, *HEAD.match(path.read_text()).groups()) for path in paths]


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(names: list[str]) -> int:
    """Run the scripts of these names, or all."""
    began, verdicts = time.monotonic(), Counter()
    asked = [one for one in scripts() if not names or one.path.stem in names]
    with tempfile.TemporaryDirectory() as made, ExitStack() as after:
        site = Site(Path(made), DATABASE_URL=f"sqlite:///{made}/register.sqlite3")
        for command in ("collectstatic --noinput", "migrate", "load_register", "load_elsewhere"):
            site.managed(*command.split(), "--verbosity", "0")
        site.serve()
        after.callback(site.stop)
        print("| program | version | asked | verdict | why |\n| --- | --- | --- | --- | --- |")
        with ThreadPoolExecutor(2) as pool:
            done = pool.map(partial(Script.run, site=site.base), asked)
            for script, (verdict, why) in zip(asked, done, strict=True):
                verdicts[verdict] += 1
                version = f"{script.version()} ({script.registry})"
                row = [script.program, version, script.asks, verdict, why]
                print(f"| {' | '.join(map(cell, row))} |", flush=True)
    print(f"\n{len(asked)} scripts: {', '.join(f'{n} {one}' for one, n in verdicts.items())}.")
    print(f"{time.monotonic() - began:.0f} seconds.")
    return int("wrong" in verdicts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
