"""From the texts of files to desired jobs: parse, resolve, lay over the defaults, check."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jobsync.diagnostics import Severity
from jobsync.source import codes, secrets
from jobsync.source.excerpt import Hidden
from jobsync.source.finding import Finding, to_diagnostics
from jobsync.source.job import JobReader
from jobsync.source.layers import DEFAULTS, OLD_SPELLINGS, Layer, Layers
from jobsync.source.parse import id_by_name, parse
from jobsync.source.references import Resolved, Resolver, Scope
from jobsync.source.text import Place
from jobsync.source.tree import at
from jobsync.source.validation import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobsync.diagnostics import Diagnostic
    from jobsync.model.desired import DesiredJob
    from jobsync.model.values import Json
    from jobsync.source.document import Document
    from jobsync.source.text import SourceText


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files declare.

    `jobs` are those without an error, ids unique, in the order of the files; `diagnostics` is sorted.
    `secrets` are the values of the environment variables that were put into jobs, for hiding them in what
    others say.
    """

    jobs: list[DesiredJob]
    diagnostics: list[Diagnostic]
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


def load(
    sources: Iterable[SourceText], scope: Scope | None = None, project: Document | None = None
) -> Loaded:
    """Read the jobs of all files at once, so that one run shows every problem; no content makes it raise.

    `project` is jobsync.yaml, for its `defaults`. Without a scope there are no variables, and references to
    the environment stay as they are.
    """
    with _collector_paused():
        loader = _Loader(scope or Scope(), project)
        for source in sources:
            loader.add(source)
        loaded = loader.loaded()
        if len(loaded.jobs) > _FEW:
            gc.freeze()  # they stay to the end of the run, and a search through them takes half a second
        return loaded


_FEW = 1000


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from searching millions of new values for garbage: it makes loading twice as slow."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Loader:
    """Collects jobs and findings file by file."""

    def __init__(self, scope: Scope, project: Document | None) -> None:
        self._scope = scope
        self._jobs: dict[str, DesiredJob] = {}
        self._ids: dict[str, Place] = {}
        self._findings: list[Finding] = []
        self._hidden: dict[str, Hidden] = {}
        self._secrets = set(scope.secrets)
        self._defaults = self._defaults_of(project)
        self._are_defaults_sound = not self._findings

    def loaded(self) -> Loaded:
        """Return everything."""
        findings = _once_per_variable(self._findings)
        return Loaded(
            list(self._jobs.values()), to_diagnostics(findings, self._hidden), frozenset(self._secrets)
        )

    def add(self, source: SourceText) -> None:
        """Read one file."""
        earlier = len(self._findings)
        parsed = parse(source)
        self._findings.extend(parsed.findings)
        for document in parsed.documents:
            self._read(document)
        if not parsed.documents and not parsed.findings:
            summary, hint = "the file declares no job", "remove it, or declare one"
            nothing = Place(source, 0, 0)
            # A full disk or a failed generator leaves an empty file; a comment was left by somebody.
            severity = Severity.WARNING if source.text.strip() else Severity.ERROR
            self._findings.append(Finding(codes.NO_JOB, summary, nothing, hint, severity=severity))
        if len(self._findings) > earlier:
            is_all = parsed.is_complete and all(document.is_sound for document in parsed.documents)
            self._hidden[source.file] = Hidden(secrets.ranges(parsed.documents), is_all)

    def _defaults_of(self, project: Document | None) -> Layer | None:
        defaults = None if project is None else at(project.value, DEFAULTS)
        if project is None or not isinstance(defaults, dict):
            return None
        self._hidden[project.source.file] = Hidden(secrets.ranges([project]), project.is_sound)
        return self._resolved(Layer(project, Resolved(defaults), DEFAULTS), defaults)

    def _read(self, document: Document) -> None:
        earlier = len(self._findings)
        value = document.value
        if not isinstance(value, dict):
            self._report(
                codes.NOT_A_MAPPING,
                f"a job is a mapping, and this is {describe(value)}",
                document.place(document.top),
                "begin with `id: ...`",
            )
            return
        layer = self._resolved(Layer(document, Resolved(value)), self._named(document, value))
        layers = Layers(layer, self._defaults)
        merged = layers.merged()
        if not isinstance(merged, dict):
            return
        is_sound = document.is_sound and self._are_defaults_sound and len(self._findings) == earlier
        reader = JobReader(layers, self._scope.variables, is_sound=is_sound)
        job = reader.read(merged)
        self._findings.extend(reader.findings)
        if self._is_new(merged.get("id"), reader.id_place) and job is not None:
            self._jobs[job.job.id] = job

    def _named(self, document: Document, value: dict[str, Json]) -> dict[str, Json]:
        """Give a file of the platform's own format the id that its name is."""
        name = id_by_name(document.source.file.rpartition("/")[2])
        if name is None:
            return value
        place = document.key_place(("id",))
        if place is not None:
            hint = f"remove it; the file's name makes it `{name}`"
            self._report(codes.ID_IN_FILE, "a file of this format has no `id` inside", place, hint)
        return {"id": name, **{key: item for key, item in value.items() if key != "id"}}

    def _resolved(self, layer: Layer, value: dict[str, Json]) -> Layer:
        """Return the layer with today's spelling of keys and without references."""
        for new, old in OLD_SPELLINGS.items():
            if new in value and old in value:
                places = (layer.place((key,), on_key=True) for key in (old, new))
                second, first = (place or layer.document.place(layer.document.top) for place in places)
                summary, hint = f"`{old}` and `{new}` are the same key", "keep one of them"
                related = ((f"`{new}` is here", first),)
                self._findings.append(
                    Finding(codes.TWO_SPELLINGS, summary, second, hint=hint, related=related)
                )
            if old in value:
                renamed = {(new if key == old else key): item for key, item in value.items()}
                value = {**renamed, **{key: item for key, item in value.items() if key == new}}
        referring = layer.document.referring_keys(layer.begins_at)
        refers = {key: value[key] for key in map(_new_spelling, referring) if key in value}
        if not refers:
            return Layer(layer.document, Resolved(value), layer.begins_at)
        resolver = Resolver(self._scope, Layers(layer).place)
        resolved = resolver.resolve(refers)
        self._findings.extend(resolver.findings)
        self._secrets |= resolver.secrets
        rest = {key: item for key, item in value.items() if key not in refers}
        whole = Resolved({**rest, **resolved.mapping}, resolved.origins)
        return Layer(layer.document, whole, layer.begins_at)

    def _is_new(self, job_id: Json, place: Place) -> bool:
        """Whether no other job has this id; where one has, neither of them is to be had."""
        if not isinstance(job_id, str):
            return True
        first = self._ids.setdefault(job_id, place)
        if first is place:
            return True
        self._jobs.pop(job_id, None)
        self._findings.append(
            Finding(
                codes.DUPLICATE_ID,
                f"another job has the id `{job_id}` already",
                place,
                hint="give one of them another id",
                related=(("the first one is here", first),),
            )
        )
        return False

    def _report(self, code: str, summary: str, place: Place, hint: str) -> None:
        self._findings.append(Finding(code, summary, place, hint=hint))


def _new_spelling(key: str) -> str:
    return next((new for new, old in OLD_SPELLINGS.items() if old == key), key)


def _once_per_variable(findings: list[Finding]) -> list[Finding]:
    """Report each environment variable that is not set once, however many jobs need it."""
    unset: dict[str, list[Finding]] = {}
    others: list[Finding] = []
    for finding in findings:
        if finding.code == codes.UNSET_VARIABLE:
            unset.setdefault(finding.summary, []).append(finding)
        else:
            others.append(finding)
    for same in unset.values():
        more = len(same) - 1
        detail = f"{more} more {'place needs' if more == 1 else 'places need'} it" if more else None
        others.append(replace(same[0], detail=detail))
    return others
