"""A schedule: when two of them mean the same, and what is sent for one.

The grammar that files must keep is `check`; `read` understands what the API of any era returns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobsync.schedule.duration import MAX_MS, milliseconds
from jobsync.schedule.fields import (
    AMBIGUOUS_ZERO,
    FIELDS,
    Field,
    ScheduleError,
    Values,
    expand,
    explicit,
)
from jobsync.schedule.grammar import check
from jobsync.schedule.problem import Problem
from jobsync.schedule.schema import json_schema

__all__ = [
    "Calendar",
    "Problem",
    "Schedule",
    "ScheduleError",
    "canonical",
    "check",
    "emit",
    "json_schema",
    "read",
]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Times at which all fields match at once; a set holds numbers (Sunday is 0), None is every value.

    `fields.AMBIGUOUS_ZERO` in a set stands for `{start: 0}` without `end`.
    """

    second: Values
    minute: Values
    hour: Values
    day_of_month: Values
    month: Values
    day_of_week: Values
    year: Values
    comment: str | None = None

    @property
    def values(self) -> tuple[Values, ...]:
        """The seven sets, in the order of `fields.FIELDS`."""
        dates = (self.day_of_month, self.month, self.day_of_week, self.year)
        return (self.second, self.minute, self.hour, *dates)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job runs, in UTC: at the union of its calendars and intervals, each run up to `jitter` later.

    Intervals and jitter are milliseconds; intervals count from the Unix epoch.
    """

    calendars: frozenset[Calendar]
    intervals: frozenset[int]
    jitter: int = 0


def read(raw: object) -> Schedule | None:
    """Return what a schedule in any era's spelling means; None where it has neither intervals nor calendars.

    Unknown keys are passed over, durations are rounded to milliseconds. Raises `ValueError` where the shape
    cannot be understood.
    """
    if raw is None:
        return None
    schedule = _mapping(raw, "a schedule")
    calendars = frozenset(_calendar(item) for item in _list(schedule, "calendars"))
    intervals = frozenset(_interval(item) for item in _list(schedule, "intervals"))
    jitter = 0 if schedule.get("jitter") is None else _duration(schedule["jitter"], least=0)
    return Schedule(calendars, intervals, jitter) if calendars or intervals else None


def canonical(raw: object) -> dict[str, Any] | None:
    """Return the plain JSON form of a schedule's meaning: two raws mean the same iff these are equal.

    `calendars` holds what each matches, `intervals` and `jitter` are milliseconds; what is empty, zero or a
    field's default is left out. None, never an empty mapping, is a schedule that never fires. Meaning is
    compared calendar by calendar: one for 6 and 7 o'clock differs from two for one hour each, although they
    fire alike, because a comment belongs to one calendar. Raises `ValueError` as `read` does.
    """
    schedule = read(raw)
    if schedule is None:
        return None
    calendars = sorted(map(_plain, schedule.calendars), key=lambda item: json.dumps(item, sort_keys=True))
    plain = {"calendars": calendars, "intervals": sorted(schedule.intervals), "jitter": schedule.jitter}
    return {key: value for key, value in plain.items() if value}


def emit(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body to send: a copy of what was written, without null keys.

    Only `{start: 0}` without `end` is changed, to the `{start: 0, end: 1}` that the platform makes of it.
    """
    body = {key: value for key, value in raw.items() if value is not None}
    if isinstance(calendars := body.get("calendars"), list):
        body["calendars"] = [_explicit_calendar(item) for item in calendars]
    if isinstance(intervals := body.get("intervals"), list):
        body["intervals"] = [dict(item) if isinstance(item, Mapping) else item for item in intervals]
    return body


def _explicit_calendar(raw: Any) -> Any:
    if not isinstance(raw, Mapping):
        return raw
    by_name = {field.name: field for field in FIELDS}
    return {
        key: explicit(by_name[key], value) if key in by_name else value
        for key, value in raw.items()
        if value is not None
    }


def _calendar(raw: object) -> Calendar:
    calendar = _mapping(raw, "a calendar")
    comment = calendar.get("comment")
    if not isinstance(comment, str | None):
        raise ScheduleError("a calendar's comment is a text")
    second, minute, hour, day, month, weekday, year = (expand(f, calendar.get(f.name)) for f in FIELDS)
    return Calendar(second, minute, hour, day, month, weekday, year, comment)


def _interval(raw: object) -> int:
    return _duration(_mapping(raw, "an interval").get("every"), least=1)


def _duration(raw: object, *, least: int) -> int:
    ms = round(milliseconds(raw))
    if not least <= ms <= MAX_MS:
        raise ScheduleError("a duration is negative, zero or longer than any")
    return ms


def _mapping(raw: object, what: str) -> Mapping[Any, Any]:
    if not isinstance(raw, Mapping):
        raise ScheduleError(f"{what} is a mapping")
    return raw


def _list(schedule: Mapping[Any, Any], key: str) -> list[Any]:
    items = schedule.get(key)
    if items is None:
        return []
    if not isinstance(items, list):
        raise ScheduleError(f"`{key}` is a list")
    return items


def _plain(calendar: Calendar) -> dict[str, Any]:
    sets = zip(FIELDS, calendar.values, strict=True)
    plain: dict[str, Any] = {
        field.name: _sorted(field, values) for field, values in sets if values != field.default
    }
    return plain if calendar.comment is None else {**plain, "comment": calendar.comment}


def _sorted(field: Field, values: Values) -> list[int | str]:
    numbers = sorted(field.everything if values is None else values)
    return ["0 or 0-1" if number == AMBIGUOUS_ZERO else number for number in numbers]
