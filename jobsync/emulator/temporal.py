"""A schedule as Temporal's client encodes it: durations in milliseconds, calendar fields as ranges.

This is also where its quirk lives: a range without `end` is sent with `end: 1`. The server reads an end
before the start as the start, so only `{start: 0}` (and `{start: "SUNDAY"}`) means more than it says.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from jobsync.emulator.durations import to_ms

Range: TypeAlias = tuple[int, int, int]

WEEKDAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)

BOUNDS = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "dayOfMonth": (1, 31),
    "month": (1, 12),
    "dayOfWeek": (0, 6),
    "year": (1970, 9999),
}
"""First and last number of each calendar field; weekdays count from Sunday, 0, months from January, 1."""

_NUMBERS = {
    "dayOfWeek": {name: number for number, name in enumerate(WEEKDAYS)},
    "month": {name: number for number, name in enumerate(MONTHS, start=1)},
}
_END_WHERE_NONE_IS_GIVEN = 1


def ranges(field: str, value: Any) -> list[Range]:
    """Return a calendar field, valid by the schema, as `(start, end, step)` in numbers.

    `"*"` is the whole range, except for the year, where the empty list stands for every year.
    """
    if value == "*":
        return [] if field == "year" else [(*BOUNDS[field], 1)]
    items = value if isinstance(value, list) else [value]
    return [_range(field, item) for item in items]


def _range(field: str, item: Any) -> Range:
    if not isinstance(item, dict):
        number = _number(field, item)
        return (number, number, 1)
    start = _number(field, item["start"])
    end = _number(field, item["end"]) if "end" in item else _END_WHERE_NONE_IS_GIVEN
    return (start, max(start, end), item.get("step", 1) if "end" in item else 1)


def _number(field: str, item: Any) -> int:
    return _NUMBERS[field][item] if field in _NUMBERS else int(item)


def canonical(schedule: dict[str, Any]) -> dict[str, Any]:
    """Return a schedule as it reads back from a server that keeps only the encoded form."""
    echo = dict(schedule)
    if "jitter" in echo:
        echo["jitter"] = _whole_ms(echo["jitter"])
    if "intervals" in echo:
        echo["intervals"] = [{**item, "every": _whole_ms(item["every"])} for item in echo["intervals"]]
    if "calendars" in echo:
        echo["calendars"] = [
            {key: _echoed(key, item) for key, item in calendar.items()} for calendar in echo["calendars"]
        ]
    return echo


def _whole_ms(duration: int | str) -> int:
    return int(to_ms(duration) or 0)


def _echoed(key: str, value: Any) -> Any:
    if key not in BOUNDS:
        return value
    return [
        {"start": _name(key, start), "end": _name(key, end), "step": step}
        for start, end, step in ranges(key, value)
    ]


def _name(field: str, number: int) -> int | str:
    if field == "dayOfWeek":
        return WEEKDAYS[number]
    return MONTHS[number - 1] if field == "month" else number
