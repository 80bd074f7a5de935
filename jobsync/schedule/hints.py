"""The way out of what people write in a schedule by mistake."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from jobsync.schedule.fields import DAY_OF_WEEK, Field

if TYPE_CHECKING:
    from collections.abc import Sequence

_INSTEAD = {
    "cron": "write its fields as one of `calendars`, such as `{minute: 30, hour: 2}`",
    "every": "write `intervals: [{every: 6h}]`",
    "timezone": "times are UTC; the platform has no other time zone",
    "tz": "times are UTC; the platform has no other time zone",
    "offset": "intervals count from the Unix epoch; use `calendars` for another phase",
    "phase": "intervals count from the Unix epoch; use `calendars` for another phase",
    "day": "write `dayOfMonth` or `dayOfWeek`",
    "days": "write `dayOfMonth` or `dayOfWeek`",
    "weekday": "did you mean `dayOfWeek`?",
    "weekdays": "did you mean `dayOfWeek`?",
    "from": "did you mean `start`?",
    "to": "did you mean `end`?",
}

_STEPS = re.compile(r"(\*|\w+)(?:-(\w+))?/(\d{1,4})", re.ASCII)
_SPAN = re.compile(r"(\w+)-(\w+)", re.ASCII)
_LEAST_ABBREVIATION = 3
_MOST_DIGITS = 4
_LONGEST = 40
"""No guesses about longer texts."""


def for_key(key: str, known: Sequence[str]) -> str:
    """Return what an unknown key was probably meant to be, else which keys there are."""
    if len(key) > _LONGEST:
        return _among(known)
    plain = {name.lower(): name for name in known}
    written = key.replace("_", "").replace("-", "").lower()
    close = get_close_matches(written, plain, n=1, cutoff=0.7)
    if close:
        return f"did you mean `{plain[close[0]]}`?"
    if written in _INSTEAD:
        return _INSTEAD[written]
    return _among(known)


def _among(known: Sequence[str]) -> str:
    return f"known keys: {', '.join(f'`{name}`' for name in known)}"


def for_text(field: Field, text: str) -> str:
    """Return how to write a text that a field does not take: a name, a number, or what looks like cron."""
    if len(text) > _LONGEST:
        return f"write {takes(field)}"
    word = _value(field, text)
    if word is not None:
        return f"write `{word}`" if field.names else f"write `{word}` without quotes"
    if steps := _STEPS.fullmatch(text):
        start, end = _bounds(field, steps[1], steps[2])
        if start is not None and end is not None:
            return f"write `{{start: {start}, step: {steps[3]}, end: {end}}}`"
    if span := _SPAN.fullmatch(text):
        start, end = _value(field, span[1]), _value(field, span[2])
        if start is not None and end is not None:
            return f"write `{{start: {start}, end: {end}}}`"
    if "," in text:
        values = [_value(field, part.strip()) for part in text.split(",")]
        if all(value is not None for value in values):
            return f"write `[{', '.join(str(value) for value in values)}]`"
    return f"write {takes(field)}"


def for_number(field: Field, number: int) -> str:
    """Return the name that a number stands for, counting as cron does: Sunday is 0 and also 7."""
    name = _value(field, str(number)) if 0 <= number <= field.maximum + 1 else None
    return f"write `{name}`" if name else f"write {takes(field)}"


def takes(field: Field) -> str:
    """Say which single values a field takes."""
    first, last = field.text(field.minimum), field.text(field.maximum)
    return f"a name from `{first}` to `{last}`" if field.names else f"a number from {first} to {last}"


def _bounds(field: Field, first: str, last: str | None) -> tuple[str | None, str | None]:
    top = field.text(field.maximum)
    if first == "*":
        return field.text(field.minimum), top
    return _value(field, first), top if last is None else _value(field, last)


def _value(field: Field, text: str) -> str | None:
    """Return how the field takes a digit string, an abbreviation or a near miss of a name; else None."""
    if text.isascii() and text.isdigit():
        number = int(text) if len(text) <= _MOST_DIGITS else -1
        if number == len(field.names) and field is DAY_OF_WEEK:
            number = 0
        return field.text(number) if field.minimum <= number <= field.maximum else None
    word = text.strip().upper()
    if len(word) >= _LEAST_ABBREVIATION:
        starting = [name for name in field.names if name.startswith(word)]
        close = starting or get_close_matches(word, field.names, n=1, cutoff=0.7)
        return close[0] if len(close) == 1 else None
    return None
