"""Reads the cases in `cases/source/*.md` and in the reference of diagnostics: files, and what is said.

A case is a section of prose and fenced blocks:

- any block whose second word is a path: a file of the project, such as `yaml jobs/a.yaml`
- `link PATH`: a link to what the block says; `hex PATH`: a file of these bytes; `size PATH`: an empty file
  of so many bytes
- `ini environ`: environment variables; where the block is there, every one that is needed must be set
- `text diagnostics`: exactly what is said; without this block nothing may be
- `text jobs`: the ids of the jobs that are left, one a line
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobsync import settings
from jobsync.render.diagnostics import to_text
from jobsync.source.files import read_jobs
from jobsync.source.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobsync.diagnostics import Diagnostic
    from jobsync.model.desired import DesiredJob

_SECTION = re.compile(r"^##+ (?P<title>.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(?P<kind>\S+) (?P<name>\S+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"jobsync\.yaml|jobs/.+|elsewhere/.+")


@dataclass(frozen=True)
class Case:
    """One section: `blocks` are its kinds, names and texts in order."""

    file: str
    title: str
    blocks: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.title}"

    def text(self, kind: str, name: str) -> str | None:
        return next((body for k, n, body in self.blocks if (k, n) == (kind, name)), None)

    def write(self, directory: Path) -> Path:
        """Make the project; return its directory."""
        project = directory / "project"
        for kind, name, body in self.blocks:
            if not _PATH.fullmatch(name):
                continue
            path = (directory if name.startswith("elsewhere/") else project) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if kind == "link":
                path.symlink_to(body.strip())
            elif kind == "hex":
                path.write_bytes(bytes.fromhex(body))
            elif kind == "size":
                with path.open("wb") as file:
                    file.truncate(int(body))
            else:
                path.write_text(body, encoding="utf-8")
        project.mkdir(exist_ok=True)
        return project


@dataclass(frozen=True)
class Said:
    """What loading a case gave."""

    jobs: list[DesiredJob]
    diagnostics: list[Diagnostic]

    @property
    def text(self) -> str:
        text = to_text(self.diagnostics)
        return f"{text}\n" if text else ""

    @property
    def ids(self) -> str:
        return "".join(f"{desired.job.id}\n" for desired in self.jobs)


def cases(path: Path) -> Iterator[Case]:
    """Yield the sections of a file that hold a file of a project."""
    text = path.read_text(encoding="utf-8")
    headings = list(_SECTION.finditer(text))
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        section = text[heading.end() : following.start() if following else len(text)]
        blocks = tuple((b["kind"], b["name"], b["body"]) for b in _BLOCK.finditer(section))
        if any(_PATH.fullmatch(name) for _, name, _ in blocks):
            yield Case(path.name, heading["title"], blocks)


def run(case: Case, directory: Path) -> Said:
    """Load a case as `validate` does, or as `plan` does where it says what the environment holds."""
    project = case.write(directory)
    written = case.text("ini", "environ")
    environ = dict(line.split("=", 1) for line in (written or "").splitlines())
    found, diagnostics = settings.read(project) if (project / "jobsync.yaml").exists() else (None, [])
    scope = None
    if found is not None and found.environments:
        target, more = settings.resolve_environment(found, None, environ, is_strict=written is not None)
        scope = target.scope
        diagnostics = [*diagnostics, *more]
    if found is None and diagnostics:
        return Said([], diagnostics)
    files = read_jobs(project, found.jobs if found else "jobs")
    loaded = load(files.sources, scope, found.document if found else None)
    return Said(loaded.jobs, [*diagnostics, *files.diagnostics, *loaded.diagnostics])
