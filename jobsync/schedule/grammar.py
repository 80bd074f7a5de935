"""What a file may say in a schedule: the strict grammar of 2025, and everything that is wrong with a value.

The platform drops what it does not know and reads some shapes in unexpected ways, so nothing is left to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jobsync.schedule import dates, grammar_durations, grammar_fields
from jobsync.schedule.fields import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    FIELDS,
    MONTH,
    YEAR,
    Field,
    Values,
    as_sent,
    expand,
)
from jobsync.schedule.problem import Path, Problem, error, is_reference, shown, unknown_keys, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEDULE_KEYS = ("calendars", "intervals", "jitter")
CALENDAR_KEYS = (*(field.name for field in FIELDS), "comment")


def check(raw: object) -> list[Problem]:
    """Return every problem of a schedule as a file holds it; the schedule may be used where none is an error.

    A null is the same as leaving the key out. A text that holds a reference (`${...}`) is taken on trust,
    since what it stands for is checked once it is known.
    """
    return list(_schedule(raw))


def _schedule(raw: object) -> Iterator[Problem]:
    if not isinstance(raw, Mapping):
        yield error(
            (), "type", f"a schedule is a mapping, not {shown(raw)}", "such as `{intervals: [{every: 6h}]}`"
        )
        return
    yield from unknown_keys(raw, SCHEDULE_KEYS, "a schedule", ())
    calendars, intervals, jitter = (raw.get(key) for key in SCHEDULE_KEYS)
    for key, items, check_item in (("calendars", calendars, _calendar), ("intervals", intervals, _interval)):
        if isinstance(items, list):
            for index, item in enumerate(items):
                yield from check_item(item, (key, index))
        elif items is not None:
            yield error(
                (key,), "type", f"`{key}` is a list, not {shown(items)}", "put `- ` before each of them"
            )
    if jitter is not None:
        yield from grammar_durations.check_jitter(jitter, ("jitter",))
    if calendars in (None, []) and intervals in (None, []) and set(raw) <= set(SCHEDULE_KEYS):
        summary = "a schedule with neither `intervals` nor `calendars` never fires"
        yield warning((), "empty", summary, "write `schedule: null`")


def _interval(raw: object, path: Path) -> Iterator[Problem]:
    if not isinstance(raw, Mapping):
        yield error(path, "type", f"an interval is a mapping, not {shown(raw)}", "write `{every: 6h}`")
        return
    yield from unknown_keys(raw, ("every",), "an interval", path)
    if raw.get("every") is None:
        yield error(path, "value", "an interval needs `every`", "write `{every: 6h}`")
    else:
        yield from grammar_durations.check_every(raw["every"], (*path, "every"))


def _calendar(raw: object, path: Path) -> Iterator[Problem]:
    if not isinstance(raw, Mapping):
        yield error(path, "type", f"a calendar is a mapping, not {shown(raw)}", "write `{hour: 6}`")
        return
    problems = [*unknown_keys(raw, CALENDAR_KEYS, "a calendar", path)]
    for field in FIELDS:
        if raw.get(field.name) is not None:
            problems += grammar_fields.check_field(field, raw[field.name], (*path, field.name))
    comment = raw.get("comment")
    if comment is not None and not isinstance(comment, str):
        where = (*path, "comment")
        problems.append(
            error(where, "type", f"a comment is a text, not {shown(comment)}", "put it in quotes")
        )
    yield from problems
    if not any(problem.is_error for problem in problems) and not _has_reference(raw):
        yield from _without_dates(raw, path)


def _without_dates(raw: Mapping[Any, Any], path: Path) -> Iterator[Problem]:
    days, months, weekdays, years = (
        as_sent(expand(field, raw.get(field.name))) for field in (DAY_OF_MONTH, MONTH, DAY_OF_WEEK, YEAR)
    )
    if dates.exist(days=days, months=months, weekdays=weekdays, years=years):
        return
    if not dates.exist(days=days, months=months, weekdays=None, years=None):
        longest = max(dates.LONGEST[month - 1] for month in months or MONTH.everything)
        hint = f"the longest of its months has {longest} days"
    elif not dates.exist(days=days, months=months, weekdays=None, years=years):
        hint = "29 FEBRUARY exists in leap years only; add one to `year`"
    else:
        hint = "all fields must match at once; leave out `dayOfWeek` or `year`"
    named = " and ".join(
        f"{field.noun} {_listed(field, values)}"
        for field, values in ((DAY_OF_MONTH, days), (MONTH, months), (DAY_OF_WEEK, weekdays), (YEAR, years))
        if values is not None
    )
    yield error(path, "never-fires", f"this never fires: no date has {named}", hint)


def _listed(field: Field, values: Values) -> str:
    numbers = sorted(values or ())
    shortest = [field.text(number) for number in numbers[:3]]
    return f"{', '.join(shortest)}{f' (of {len(numbers)})' if len(numbers) > len(shortest) else ''}"


def _has_reference(raw: object) -> bool:
    if isinstance(raw, Mapping):
        return any(_has_reference(value) for value in raw.values())
    return any(map(_has_reference, raw)) if isinstance(raw, list) else is_reference(raw)
