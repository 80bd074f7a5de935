"""One file to documents, by the parser that its name asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.source import jsonc

if TYPE_CHECKING:
    from jobsync.source.document import Parsed
    from jobsync.source.text import SourceText

JSON_SUFFIXES = (".job.json", ".job.jsonc")
"""The platform's own format: the id is the file's name without the suffix."""

YAML_SUFFIXES = (".yaml", ".yml")


def parse(source: SourceText) -> Parsed:
    """Read a file as JSON with comments where it has that name, else as YAML."""
    if id_by_name(source.file) is not None:
        return jsonc.parse(source)
    from jobsync.source import core_yaml

    return core_yaml.parse(source)


def id_by_name(name: str) -> str | None:
    """Return the id that the name of a file of the platform's own format gives its job; None for others."""
    for suffix in JSON_SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return None


def looks_like_job_file(name: str) -> bool:
    """Whether somebody may take a file for one that declares jobs although its name says that it does not."""
    if is_job_file(name) or name.startswith("."):
        return False
    lowered = name.lower()
    return lowered.endswith((".json", ".jsonc", ".yaml.txt", ".yml.txt", ".yaml.j2", ".yml.j2", ".yaml.bak"))


def is_job_file(name: str) -> bool:
    """Whether a file is read as declaring jobs, going by its name; hidden files never are."""
    return not name.startswith(".") and name.lower().endswith(YAML_SUFFIXES + JSON_SUFFIXES)
