"""The seven fields of a calendar, and what one written value of a field matches.

A value is one number or name, `"*"`, a range `{start, end, step}`, or a list of numbers, names and ranges.
Reading is tolerant here: what the API of any era returns is understood, what files may contain is decided in
`jobsync.schedule.grammar`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Values: TypeAlias = frozenset[int] | None
"""The numbers a field matches; None means every one, an empty set none."""

EVERY: Final = None

AMBIGUOUS_ZERO: Final = -1
"""In a set of values: `{start: 0}` without `end`, which a server reads as 0 or as 0 and 1, by its version."""


_DIGITS = re.compile(r"\d{1,9}", re.ASCII)
_ZERO = frozenset({0})


class ScheduleError(ValueError):
    """A schedule, as some server returned it, whose shape cannot be understood."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a calendar: its wire name, its noun in a sentence, its bounds, and what absent means.

    `names` are the values' names from `minimum` on, where the API takes names and no numbers.
    """

    name: str
    noun: str
    minimum: int
    maximum: int
    default: Values = EVERY
    names: tuple[str, ...] = ()

    def text(self, number: int) -> str:
        """Return a value as the API takes it: its name or its digits."""
        return self.names[number - self.minimum] if self.names else str(number)

    @property
    def everything(self) -> frozenset[int]:
        """Every value of the field."""
        return frozenset(range(self.minimum, self.maximum + 1))


MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
WEEKDAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")

SECOND = Field("second", "second", 0, 59, _ZERO)
MINUTE = Field("minute", "minute", 0, 59, _ZERO)
HOUR = Field("hour", "hour", 0, 23, _ZERO)
DAY_OF_MONTH = Field("dayOfMonth", "day of the month", 1, 31)
MONTH = Field("month", "month", 1, 12, names=MONTHS)
DAY_OF_WEEK = Field("dayOfWeek", "day of the week", 0, 6, names=WEEKDAYS)
YEAR = Field("year", "year", 1970, 9999)

FIELDS: Final = (SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK, YEAR)


def number(field: Field, value: object) -> int:
    """Return one value as a number, names in any case and numeric strings included; else `ValueError`."""
    if isinstance(value, str) and value.upper() in field.names:
        return field.minimum + field.names.index(value.upper())
    found = _integer(value)
    if not field.minimum <= found <= field.maximum:
        raise ScheduleError(f"`{field.name}` is not from {field.minimum} to {field.maximum}")
    return found


def is_ambiguous(field: Field, item: object) -> bool:
    """Whether this is a range that starts at 0 (or Sunday) and has neither an end nor a step."""
    if field.minimum != 0 or not isinstance(item, Mapping) or item.get("start") is None:
        return False
    if item.get("end") is not None or item.get("step") is not None:
        return False
    try:
        return number(field, item["start"]) == 0
    except ScheduleError:
        return False


def explicit(field: Field, raw: Any) -> Any:
    """Copy a field's value for sending: as written, but `{start: 0}` becomes `{start: 0, end: 1}`.

    Null keys of a range are left out.
    """
    if isinstance(raw, list):
        return [explicit(field, item) for item in raw]
    if not isinstance(raw, Mapping):
        return raw
    item = {key: value for key, value in raw.items() if value is not None}
    if is_ambiguous(field, item):
        item["end"] = field.names[1] if isinstance(item["start"], str) and field.names else 1
    return item


def expand(field: Field, raw: object) -> Values:
    """Return what a field's written value matches; None and absent are the field's default.

    Numeric strings, numbers for names, names in any case and `step` without `end` (which then is `start`)
    are understood, since the API of 2024 returns them. An `end` before `start` leaves only `start`: nothing
    wraps. Raises `ValueError` for anything else.
    """
    if raw is None:
        return field.default
    if isinstance(raw, list) and not raw:
        return EVERY if field is YEAR else frozenset()
    found: set[int] = set()
    for item in raw if isinstance(raw, list) else [raw]:
        if item == "*":
            return EVERY
        found.update(_items(field, item))
    if AMBIGUOUS_ZERO in found:
        # 0 is in it under either reading, and where 1 is matched anyway the readings agree
        found.discard(0)
        if 1 in found:
            found = (found - {AMBIGUOUS_ZERO}) | {0}
    return EVERY if len(found) > field.maximum - field.minimum else frozenset(found)


def as_sent(values: Values) -> Values:
    """Return what matches once the ambiguous start is sent as 0 to 1, the way `explicit` writes it."""
    return values if values is None or AMBIGUOUS_ZERO not in values else values - {AMBIGUOUS_ZERO} | {0, 1}


def _items(field: Field, item: object) -> range | tuple[int]:
    if not isinstance(item, Mapping):
        return (number(field, item),)
    if is_ambiguous(field, item):
        return (AMBIGUOUS_ZERO,)
    start = number(field, item.get("start"))
    end = start if item.get("end") is None else number(field, item["end"])
    step = 1 if item.get("step") is None else max(1, _integer(item["step"]))
    return range(start, max(start, end) + 1, step)


def _integer(value: object) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ScheduleError("a calendar field holds something that is neither a number nor a name nor a range")
