"""jobsync.yaml as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from jobsync.source import codes, secrets
from jobsync.source.excerpt import Hidden
from jobsync.source.finding import Finding, to_diagnostics
from jobsync.source.parse import parse
from jobsync.source.project_rules import (
    ALL,
    DEFAULT_DELETES,
    DEFAULT_URL,
    LEDGER,
    LOCAL,
    check_environment,
    check_project,
    is_inside,
)
from jobsync.source.text import Place
from jobsync.source.tree import at
from jobsync.source.validation import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobsync.diagnostics import Diagnostic
    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.source.document import Document
    from jobsync.source.text import SourceText
    from jobsync.source.validation import Fault

OnRemove: TypeAlias = Literal["delete", "pause", "release"]
Owns: TypeAlias = "Literal['ledger', 'all'] | tuple[str, ...]"


@dataclass(frozen=True, slots=True)
class Environment:
    """One of `environments:`, its references to the environment's variables not resolved yet.

    `url` is `local` for the emulator. `path` leads to it in the document, `place` to its name. `deletes` is
    how many jobs one apply may delete.
    """

    name: str
    path: Path
    place: Place
    url: str = DEFAULT_URL
    workspace: str | None = None
    project: str | None = None
    api_key: str | None = None
    variables: Mapping[str, Json] = field(default_factory=dict, repr=False)
    owns: Owns = "ledger"
    on_remove: OnRemove = "delete"
    deletes: int = DEFAULT_DELETES

    @property
    def is_local(self) -> bool:
        """Whether it is the emulator."""
        return self.url == LOCAL


@dataclass(frozen=True, slots=True)
class Settings:
    """What jobsync.yaml says. `document` is the file itself, which also holds the defaults of all jobs."""

    document: Document
    jobs: str = "jobs"
    default_environment: str | None = None
    environments: Mapping[str, Environment] = field(default_factory=dict)


def read_project(source: SourceText) -> tuple[Settings | None, list[Diagnostic]]:
    """Read jobsync.yaml.

    Where it has errors, the settings are only as good as to check the files with; None where not even that.
    """
    parsed = parse(source)
    findings = list(parsed.findings)
    document = parsed.documents[0] if parsed.documents else None
    value = None if document is None else document.value
    if document is None or not isinstance(value, dict):
        if not findings:
            place = Place(source, 0, 0) if document is None else document.place(document.top)
            summary = (
                f"jobsync.yaml is a mapping, and this is {'empty' if document is None else describe(value)}"
            )
            findings.append(Finding(codes.NOT_A_MAPPING, summary, place, hint="begin with `version: 1`"))
        return None, to_diagnostics(findings, {})
    for further in parsed.documents[1:]:
        place = further.place(further.top)
        summary = "jobsync.yaml has one document, and this is another one"
        findings.append(
            Finding(codes.NOT_A_MAPPING, summary, place, hint="remove the `---` and what follows it")
        )
    environments = value.get("environments")
    named = environments if isinstance(environments, dict) else {}
    findings += _found(document, check_project(value))
    for name, environment in named.items():
        findings += _found(document, check_environment(name, environment))
    settings = Settings(
        document=document,
        jobs=jobs if (jobs := _text(value.get("jobs"))) and is_inside(jobs) else "jobs",
        default_environment=default
        if (default := _text(value.get("default_environment"))) in named
        else None,
        environments={name: _environment(document, name, environment) for name, environment in named.items()},
    )
    return settings, to_diagnostics(findings, {source.file: hidden(document)})


def hidden(document: Document) -> Hidden:
    """Return what no excerpt of jobsync.yaml may show."""
    return Hidden(secrets.ranges([document]), document.is_sound)


def place_of(document: Document, path: Path, *, on_key: bool = False) -> Place:
    """Return where the value, or the key, at `path` stands; else what it would stand in."""
    place = (document.key_place(path) if on_key else None) or document.value_place(path)
    while place is None:
        path = path[:-1]
        place = document.value_place(path)
    return place


def _found(document: Document, faults: Iterable[Fault]) -> list[Finding]:
    """Turn faults into findings, less those about values that had a problem before."""
    placed = [(fault, place_of(document, fault.path, on_key=fault.on_key)) for fault in faults]
    return [
        Finding(fault.code, fault.summary, place, hint=fault.hint)
        for fault, place in placed
        if fault.on_key or place.start not in document.mistaken
    ]


def _environment(document: Document, name: str, value: Json) -> Environment:
    """Take over what is of the right type; what is not has been reported."""
    path: Path = ("environments", name)
    place = place_of(document, path, on_key=True)
    if not isinstance(value, dict):
        return Environment(name, path, place)
    variables, deletes, owns = value.get("variables"), at(value, ("limits", "deletes")), value.get("owns")
    return Environment(
        name=name,
        path=path,
        place=place,
        url=_text(value.get("url")) or DEFAULT_URL,
        workspace=_text(value.get("workspace")),
        project=_text(value.get("project")),
        api_key=_text(value.get("api_key")),
        variables=variables if isinstance(variables, dict) else {},
        owns=_owns(owns),
        on_remove=_on_remove(value.get("on_remove")),
        deletes=deletes if isinstance(deletes, int) else DEFAULT_DELETES,
    )


def _owns(value: Json) -> Owns:
    if isinstance(value, list):
        return tuple(glob for glob in value if isinstance(glob, str))
    return "all" if value == ALL else LEDGER


def _on_remove(value: Json) -> OnRemove:
    return "pause" if value == "pause" else "release" if value == "release" else "delete"


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
