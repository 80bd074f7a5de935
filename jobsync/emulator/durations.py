"""Durations as the platform's `ms` package reads them."""

from __future__ import annotations

import re

MAX_LENGTH = 100

_DURATION = re.compile(r"(?P<amount>-?(?:\d+)?\.?\d+) *(?P<unit>[a-z]+)?", re.ASCII | re.IGNORECASE)

_SECOND = 1000
_UNITS = (
    (1, ("milliseconds", "millisecond", "msecs", "msec", "ms")),
    (_SECOND, ("seconds", "second", "secs", "sec", "s")),
    (60 * _SECOND, ("minutes", "minute", "mins", "min", "m")),
    (3600 * _SECOND, ("hours", "hour", "hrs", "hr", "h")),
    (86_400 * _SECOND, ("days", "day", "d")),
    (7 * 86_400 * _SECOND, ("weeks", "week", "w")),
    (31_557_600 * _SECOND, ("years", "year", "yrs", "yr", "y")),
)
_MS_OF = {name: size for size, names in _UNITS for name in names}


def to_ms(value: int | str) -> float | None:
    """Return a duration in milliseconds, None where the text is none; a number is milliseconds already."""
    if isinstance(value, int):
        return value
    match = _DURATION.fullmatch(value) if len(value) <= MAX_LENGTH else None
    size = _MS_OF.get((match["unit"] or "ms").lower()) if match else None
    if match is None or size is None:
        return None
    return float(match["amount"]) * size
