"""The files of a project, found and read. The only module of this package that touches the file system.

Hidden files and directories are passed over. Links are followed inside the project and refused where they
lead out of it, so that what is reviewed is what is applied.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jobsync.diagnostics import Severity
from jobsync.source import codes
from jobsync.source.excerpt import printable
from jobsync.source.finding import Finding, to_diagnostics
from jobsync.source.parse import is_job_file, looks_like_job_file
from jobsync.source.text import Place, SourceText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobsync.diagnostics import Diagnostic

MAX_BYTES: Final = 64 * 1024 * 1024
"""Larger files are refused; a payload of 100,000 items is about half of it."""

SETTINGS_FILE: Final = "jobsync.yaml"
"""The project's own file, which declares no job wherever `jobs` points to."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class FilesRead:
    """What was found: texts sorted by path, and what could not be read."""

    sources: list[SourceText]
    diagnostics: list[Diagnostic]


def read_jobs(project: Path, directory: str) -> FilesRead:
    """Read every job file below `directory` of the project; that there is none is an error."""
    search = _Search(project)
    if not (project / directory).exists():
        hint = "create it, or name another one under `jobs` in jobsync.yaml"
        search.refuse(directory, codes.NO_FILES, f"there is no directory `{directory}`", hint)
    else:
        search.directory(directory.strip("/") or ".")
    if not search.sources and not any(finding.is_error for finding in search.findings):
        search.refuse(directory, codes.NO_FILES, f"no job file is in `{directory}`", _NAMES)
    return search.result()


def read_paths(project: Path, paths: Sequence[Path]) -> FilesRead:
    """Read the job files among `paths`, and those below its directories, each once.

    A path is taken from the current directory where it is relative. What is no job file is an error, but
    jobsync.yaml is passed over, since it is read anyway.
    """
    search = _Search(project)
    names = [_name_in(project, path) for path in paths]
    for name in names:
        if name != SETTINGS_FILE:
            search.argument(name)
    if not search.sources and not search.findings and set(names) != {SETTINGS_FILE}:
        search.refuse(".", codes.NO_FILES, "no job file is among the paths", _NAMES)
    return search.result()


def read_file(project: Path, name: str) -> tuple[SourceText | None, list[Diagnostic]]:
    """Read one file of the project that must be there, such as jobsync.yaml."""
    search = _Search(project)
    search.file(name)
    found = search.result()
    return (found.sources[0] if found.sources else None), found.diagnostics


_NAMES = "job files are named `*.yaml`, `*.yml`, `*.job.json` or `*.job.jsonc`"


class _Search:
    """Collects texts and problems; paths are relative to the project, with `/`."""

    def __init__(self, project: Path) -> None:
        self.sources: dict[str, SourceText] = {}
        self.findings: list[Finding] = []
        self._project = os.fspath(project)
        self._root = os.path.realpath(project)

    def result(self) -> FilesRead:
        """Return everything, sorted."""
        sources = [self.sources[name] for name in sorted(self.sources)]
        return FilesRead(sources, to_diagnostics(self.findings, {}))

    def argument(self, name: str) -> None:
        """Read a file or a directory that was asked for by name."""
        path = Path(self._path(name))
        if name == ".." or name.startswith("../"):
            self.refuse(name, codes.BAD_LINK, "the path is outside the project", "name files of the project")
        elif path.is_dir():
            self.directory(name)
        elif is_job_file(path.name) or not path.exists():
            self._entry(name, is_link=path.is_symlink())
        else:
            self.refuse(name, codes.NO_FILES, "this is no job file", _NAMES)

    def directory(self, name: str) -> None:
        """Read all job files below a directory."""
        pending: list[tuple[str, tuple[str, ...]]] = [(name, ())]
        while pending:
            name, above = pending.pop()
            real = os.path.realpath(self._path(name))
            if not self._is_inside(name, real):
                continue
            if real in above:
                summary = "the link leads back to a directory that it is in"
                self.refuse(name, codes.BAD_LINK, summary, "remove it")
                continue
            pending += [(inner, (*above, real)) for inner in self._read_directory(name)]

    def _read_directory(self, name: str) -> list[str]:
        """Read the job files of one directory; return the directories in it."""
        directories: list[str] = []
        try:
            with os.scandir(self._path(name)) as entries:
                for entry in entries:
                    inner = entry.name if name == "." else f"{name}/{entry.name}"
                    is_link = entry.is_symlink()
                    if entry.name.startswith("."):
                        continue
                    if Path(entry).is_dir() if is_link else entry.is_dir():
                        directories.append(inner)
                    elif is_job_file(entry.name) and inner != SETTINGS_FILE:
                        self._entry(inner, is_link=is_link)
                    elif looks_like_job_file(entry.name):
                        self._warn_not_read(inner)
        except OSError as error:
            self._refuse_unreadable(name, error)
        return directories

    def _entry(self, name: str, *, is_link: bool) -> None:
        if not is_link or self._is_inside(name, os.path.realpath(self._path(name))):
            self.file(name)

    def _is_inside(self, name: str, real: str) -> bool:
        if real == self._root or real.startswith(self._root.rstrip(os.sep) + os.sep):
            return True
        self.refuse(name, codes.BAD_LINK, "the link leads out of the project", "copy what it leads to")
        return False

    def file(self, name: str) -> None:
        """Read and decode one file."""
        try:
            data = _content(self._path(name))
        except OSError as error:
            self._refuse_unreadable(name, error)
            return
        if len(data) > MAX_BYTES:
            summary = f"the file has more than {MAX_BYTES // 2**20} MiB"
            self.refuse(name, codes.TOO_LARGE, summary, "split it into several jobs")
            return
        data = data.removeprefix(_BYTE_ORDER_MARK)
        try:
            self.sources[name] = SourceText(printable(name), data.decode())
        except UnicodeDecodeError as error:
            before = data[: error.start].decode()
            text = before + data[error.start :].decode(errors="replace")
            place = Place(SourceText(printable(name), text), len(before), len(before) + 1)
            summary = f"the byte 0x{data[error.start]:02X} is not UTF-8"
            self.findings.append(Finding(codes.NOT_UTF8, summary, place, hint="save the file as UTF-8"))

    def _refuse_unreadable(self, name: str, error: OSError) -> None:
        number = error.errno or 0
        reason = _REASONS.get(number) or os.strerror(number).lower()
        self.refuse(name, codes.UNREADABLE, f"this cannot be read: {reason}", _WAYS_OUT.get(number))

    def _warn_not_read(self, name: str) -> None:
        """Warn of a file whose name lost or gained an ending: its job would look deleted."""
        place = Place(SourceText(printable(name), ""), 0, 0)
        summary = "this looks like a job file and is not read, going by its name"
        self.findings.append(Finding(codes.NOT_READ, summary, place, _NAMES, severity=Severity.WARNING))

    def refuse(self, name: str, code: str, summary: str, hint: str | None) -> None:
        """Report a problem with a file or directory as a whole."""
        self.findings.append(Finding(code, summary, Place(SourceText(printable(name), ""), 0, 0), hint=hint))

    def _path(self, name: str) -> str:
        return f"{self._project}/{name}"


def _name_in(project: Path, path: Path) -> str:
    """Return a path as the project sees it; its own last part may be a link and stays."""
    parent = os.path.relpath(os.path.realpath(path.parent), os.path.realpath(project))
    return os.path.normpath(f"{parent}/{path.name}").replace(os.sep, "/")


_REASONS: Final = {
    errno.ENOENT: "it is not there",
    errno.ELOOP: "its links go round",
    errno.EISDIR: "it is not a regular file",
}
_WAYS_OUT: Final = {
    errno.EACCES: "allow reading it",
    errno.ENOENT: "look at how it is written; where it is a link, at what that names",
}


def _content(path: str) -> bytes:
    """Return a regular file's bytes, at most one more than allowed; raises OSError for anything else.

    Opening must not wait, as it would for a pipe that nobody writes to.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EISDIR, "not a regular file")
        wanted = min(status.st_size, MAX_BYTES) + 1
        data = os.read(descriptor, wanted)
        while 0 < len(data) < wanted and (more := os.read(descriptor, wanted - len(data))):
            data += more
        return data
    finally:
        os.close(descriptor)
