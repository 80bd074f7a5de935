"""One declared job: everything that is wrong with it, or the desired job that it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from jobsync.diagnostics import Severity
from jobsync.model.desired import DesiredJob
from jobsync.model.job_input import ID_PATTERN, MIN_ID_LENGTH, JobInput
from jobsync.model.paths import to_text
from jobsync.schedule import spec
from jobsync.source import codes, options, secrets
from jobsync.source.finding import Finding
from jobsync.source.validation import Fault, faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.schedule.spec import Problem
    from jobsync.source.layers import Layers
    from jobsync.source.references import Variable
    from jobsync.source.text import Place

_ID = re.compile(ID_PATTERN)
_STAND_INS: Final[dict[str, Json]] = {"payload": [], "configuration": {}}
_LATER: Final = frozenset({"cron", "every", "timezone"})


class JobReader:
    """Reads one job from its layers. `findings` are what is wrong with it, warnings included.

    `id_place` is where it says its id. `is_sound` is False where an error is known already, so that there is
    no desired job to be had.
    """

    def __init__(self, layers: Layers, variables: Mapping[str, Variable], *, is_sound: bool) -> None:
        self.findings: list[Finding] = []
        self.id_place = layers.place(("id",))
        self._layers = layers
        self._variables = variables
        self._mistaken = {
            (layer.document.source.file, offset)
            for layer in (layers.own, layers.defaults)
            if layer is not None
            for offset in layer.document.mistaken
        }
        self._is_sound = is_sound

    def read(self, merged: Mapping[str, Json]) -> DesiredJob | None:
        """Return the desired job; None where it has an error."""
        body = {key: value for key, value in merged.items() if key not in {options.KEY, "schedule"}}
        schedule, settings = merged.get("schedule"), merged.get(options.KEY, {})
        places = list(secrets.places(body))
        self._check_secrets(places)
        self._report_all(options.check(settings))
        self._check_id(body.get("id"))
        if schedule is not None:
            self._check_schedule(schedule)
        job = self._validated(body)
        self._warn(body)
        if job is None or not self._is_sound or any(finding.is_error for finding in self.findings):
            return None
        if schedule is not None:  # checked above, once; the model would check it again
            job = job.model_copy(update={"schedule": schedule})
        return DesiredJob(
            job=job,
            span=self.id_place.span,
            sensitive=self._sensitive(merged, places),
            prevent_delete=options.prevents_delete(settings),
        )

    def _validated(self, body: dict[str, Json]) -> JobInput | None:
        """Return the job as far as it can be known; None where something else than that is wrong with it."""
        try:
            return JobInput.model_validate(body)
        except ValidationError as error:
            found = faults(error, body, JobInput, "a job")
        doubtful = [fault for fault in found if self._is_open(fault)]
        certain = [fault for fault in found if fault not in doubtful and not self._is_said(fault)]
        self._report_all(certain)
        if certain or len(doubtful) < len(found):
            return None
        return self._validated(_without(body, doubtful))

    def _is_open(self, fault: Fault) -> bool:
        """Whether the value is not known yet, and may turn out right: any text from the environment may."""
        origin = self._layers.origin(fault.path)
        is_value = fault.code == codes.VALUE and fault.path != ("id",)
        return is_value and origin is not None and not origin.is_known

    def _is_said(self, fault: Fault) -> bool:
        """Whether an earlier finding explains this one."""
        if fault.path == ("id",) and fault.code != codes.TYPE:
            return True
        if fault.on_key or fault.code == codes.MISSING_KEY:
            return False
        origin, place = self._layers.origin(fault.path), self._place(fault)
        has_failed = origin is not None and not origin.is_known and not origin.is_secret
        return has_failed or (place.source.file, place.start) in self._mistaken

    def _check_secrets(self, places: list[tuple[Path, Json, bool]]) -> None:
        found = secrets.literals(places, self._layers.origin, self._layers.place, self._variables)
        for finding in found:
            self.findings.append(finding)
            self._mistaken.add((finding.place.source.file, finding.place.start))

    def _check_id(self, value: Json) -> None:
        origin = self._layers.origin(("id",))
        if not isinstance(value, str) or (origin is not None and not (origin.is_known or origin.is_secret)):
            return
        if origin is not None and origin.is_secret:
            summary = "an id cannot come from an environment variable"
            hint = "write it out, or use `${var.NAME}`: an id that changes by itself is another job"
            self.findings.append(Finding(codes.REFERENCE_PLACE, summary, self.id_place, hint=hint))
        elif not _ID.fullmatch(value):
            self._report(
                Fault(("id",), codes.ID, "an id has letters, digits, `-` and `_` only", self._rename())
            )
        elif len(value) < MIN_ID_LENGTH:
            summary = f"an id has at least {MIN_ID_LENGTH} characters, and `{value}` has {len(value)}"
            self._report(Fault(("id",), codes.ID, summary, self._rename()))

    def _rename(self) -> str:
        is_by_name = self._layers.own.place(("id",), on_key=True) is None
        return "rename the file" if is_by_name else "write another id"

    def _check_schedule(self, schedule: Json) -> None:
        if self._mistaken:
            place = self._layers.place(("schedule",))
            if (place.source.file, place.start) in self._mistaken:
                return
        for problem in spec.check(schedule):
            severity = Severity.ERROR if problem.is_error else Severity.WARNING
            self._report(self._schedule_fault(problem), severity)

    def _schedule_fault(self, problem: Problem) -> Fault:
        path: Path = ("schedule", *problem.path)
        origin = self._layers.origin(path)
        if problem.on_key and len(problem.path) == 1 and problem.path[0] in _LATER:
            summary = f"`{to_text(path)}` is not supported yet"
            return Fault(path, codes.NOT_YET, summary, problem.hint, on_key=True)
        code = codes.SCHEDULE if problem.is_error else codes.SCHEDULE_SURPRISE
        if origin is not None and origin.is_secret:  # the problem's own words may quote the value
            summary = f"`{to_text(path)}` does not take what the environment variable holds"
            return Fault(path, code, summary, on_key=problem.on_key)
        return Fault(path, code, problem.summary, problem.hint, on_key=problem.on_key)

    def _warn(self, body: Mapping[str, Json]) -> None:
        self.findings.extend(secrets.similar_headers(body, self._key_place))
        configuration = body.get("configuration")
        if isinstance(configuration, dict) and configuration.get("runMode") == "Order-Irrelevant":
            summary = "the platform no longer knows `runMode`, so it is not sent"
            hint = "keep it only where a payload in another order is to count as the same"
            fault = Fault(("configuration", "runMode"), codes.NO_EFFECT, summary, hint, on_key=True)
            self._report(fault, Severity.WARNING)

    def _sensitive(
        self, merged: Mapping[str, Json], places: list[tuple[Path, Json, bool]]
    ) -> frozenset[Path]:
        from_environment = {path for path, origin in self._layers.origins(dict(merged)) if origin.is_secret}
        return frozenset(from_environment.union(path for path, _value, is_whole in places if is_whole))

    def _report_all(self, found: Iterator[Fault] | list[Fault]) -> None:
        for fault in found:
            if not self._is_said(fault):
                self._report(fault)

    def _report(self, fault: Fault, severity: Severity = Severity.ERROR) -> None:
        place, origin, hint = self._place(fault), self._layers.origin(fault.path), fault.hint
        if origin is not None and origin.is_secret and not fault.on_key:
            hint = "what an environment variable holds is always text" if fault.code == codes.TYPE else None
        self.findings.append(Finding(fault.code, fault.summary, place, hint=hint, severity=severity))

    def _place(self, fault: Fault) -> Place:
        return self._layers.place(fault.path, on_key=fault.on_key)

    def _key_place(self, path: Path) -> Place:
        return self._layers.place(path, on_key=True)


def _without(body: dict[str, Json], doubtful: list[Fault]) -> dict[str, Json]:
    """Leave out the parts that hold a value which is not known yet, so that the rest can be checked."""
    rest = dict(body)
    for fault in doubtful:
        key = str(fault.path[0])
        rest[key] = _STAND_INS.get(key)
    return rest
