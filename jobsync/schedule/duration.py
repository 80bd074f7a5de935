"""Durations as the platform reads them: integer milliseconds, or the strings of npm's `ms` 2.x."""

from __future__ import annotations

import math
import re

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = DAY * 365 + DAY // 4
"""365.25 days, as in `ms`."""

MAX_LENGTH = 100
MAX_MS = 2**63 // 10**6
"""About 292 years: the platform's scheduler counts nanoseconds in 64 bits."""

UNITS = {
    **dict.fromkeys(("milliseconds", "millisecond", "msecs", "msec", "ms"), 1),
    **dict.fromkeys(("seconds", "second", "secs", "sec", "s"), SECOND),
    **dict.fromkeys(("minutes", "minute", "mins", "min", "m"), MINUTE),
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h"), HOUR),
    **dict.fromkeys(("days", "day", "d"), DAY),
    **dict.fromkeys(("weeks", "week", "w"), WEEK),
    **dict.fromkeys(("years", "year", "yrs", "yr", "y"), YEAR),
}
"""Every unit the platform knows, in lower case, in milliseconds. There are no months."""

_UNIT = "|".join(UNITS)
# ASCII, because JavaScript's `\d` is, and because it folds no other letter into `s` as Python would
_TEXT = re.compile(rf"(-?(?:\d+)?\.?\d+) *({_UNIT})?", re.IGNORECASE | re.ASCII)
_PART = re.compile(rf"(\d+(?:\.\d+)?)\s*({_UNIT})(?![a-z])[\s,]*(?:and\s+)?", re.IGNORECASE | re.ASCII)
_READABLE = ((WEEK, "w"), (DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"))


def parse_ms(text: str) -> float:
    """Return the milliseconds of a text such as `6h`, `1.5 days` or `100`, computed as `ms` does.

    Raises `ValueError` where `ms` gives no number. A minus and fractions are read, so the caller decides
    whether they make sense.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"a duration has at most {MAX_LENGTH} characters, this one has {len(text)}")
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is no duration")
    number, unit = match.groups()
    return float(number) * UNITS[(unit or "ms").lower()]


def milliseconds(value: object) -> int | float:
    """Return a duration as the API may hold it, a number of milliseconds or an `ms` string, in milliseconds.

    Whole numbers come back as `int`. Raises `ValueError` for anything else, `True` included.
    """
    number = parse_ms(value) if isinstance(value, str) else value
    if isinstance(number, int) and not isinstance(number, bool):
        return number
    if isinstance(number, float) and math.isfinite(number):
        return int(number) if number.is_integer() else number
    raise ValueError("a duration is a number of milliseconds or a text such as `6h`")


def to_text(ms: int) -> str:
    """Write whole milliseconds in the largest unit that takes no fraction: `6h`, `90m`, `1500ms`.

    `parse_ms` reads it back exactly, up to 2**53 either way. Years are never used, since a year of 365.25
    days is not what a reader expects.
    """
    if ms == 0:
        return "0s"
    for size, unit in _READABLE:
        if ms % size == 0:
            return f"{ms // size}{unit}"
    return f"{ms}ms"


def suggestion(text: str) -> str | None:
    """Return how to write what a refused text most likely means (`1h30m` as `90m`), None if unclear."""
    rest, total = text.strip(), 0.0
    if not rest or len(text) > MAX_LENGTH:
        return None
    while rest:
        part = _PART.match(rest)
        if part is None:
            return None
        total += float(part[1]) * UNITS[part[2].lower()]
        rest = rest[part.end() :]
    whole = round(total)
    return to_text(whole) if 0 < whole <= MAX_MS else None
