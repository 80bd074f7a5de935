"""Running the command line in a test: in this process, in a directory of its own."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emulators import KEY, PROJECT, WORKSPACE

from jobsync.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


class Directory:
    """A project's directory."""

    def __init__(self, path: Path, *, url: str = "local") -> None:
        self.path = path
        self.environ: dict[str, str] = {}
        if url == "local":
            self.write("jobsync.yaml", LOCAL)
        else:
            self.environ = {"INTUNED_API_KEY": KEY, "INTUNED_WORKSPACE_ID": WORKSPACE}
            self.write("jobsync.yaml", REMOTE.format(url=url, project=PROJECT))

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def job(self, name: str, more: str = "") -> Path:
        """Write a small job to a file of its own name; `more` is further YAML."""
        return self.write(f"jobs/{name}.yaml", f"id: {name}\n{SMALL}{more}")

    def remove(self, name: str) -> None:
        (self.path / name).unlink()

    def run(self, *arguments: str) -> Ran:
        """Run `jobsync ARGUMENTS` here, with nobody at the terminal."""
        out, err = io.StringIO(), io.StringIO()
        with (
            _inside(self.path, self.environ),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main(arguments)
        return Ran(code, out.getvalue(), err.getvalue())


SMALL = "payload:\n  - {apiName: shop/list, parameters: {page: 1}}\nconfiguration: {}\n"

LOCAL = """\
version: 1
default_environment: local
environments:
  local: {url: local}
"""

REMOTE = """\
version: 1
default_environment: test
environments:
  test: {{url: "{url}", project: {project}}}
"""


@contextlib.contextmanager
def _inside(path: Path, environ: dict[str, str]) -> Iterator[None]:
    before, there, stdin = dict(os.environ), Path.cwd(), sys.stdin
    for name in ("INTUNED_API_KEY", "INTUNED_WORKSPACE_ID", "JOBSYNC_ENV"):
        os.environ.pop(name, None)
    os.environ.update(environ)
    os.chdir(path)
    sys.stdin = io.StringIO()
    try:
        yield
    finally:
        sys.stdin = stdin
        os.chdir(there)
        os.environ.clear()
        os.environ.update(before)
