"""The date part of a calendar in words: `Mon, Fri`, `1st of the month`, `in Jan, Jul of 2027`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.schedule.describe_times import DASH
from jobsync.schedule.fields import DAY_OF_WEEK, MONTH, Values

if TYPE_CHECKING:
    from collections.abc import Callable

_ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_SHORTEST_RUN = 3


def words(*, days: Values, months: Values, weekdays: Values, years: Values, most: int) -> str:
    """Return which dates match, in at most `most` items a field, else a count; empty for every date."""
    # the week is written from Monday, so that a weekend stays together
    week = None if weekdays is None else frozenset(day or len(DAY_OF_WEEK.names) for day in weekdays)
    weekday = _listed(week, _weekday, "days of the week", most)
    day = _listed(days, _ordinal, "days", most)
    month = _listed(months, _month, "months", most)
    year = _listed(years, str, "years", most)
    text = f"{weekday} falling on {day}" if weekday and day else weekday or day
    if month:
        text = f"{text} {'of' if day else 'in'} {month}"
    elif day:
        text = f"{text} of the month"
    if year:
        text = f"{text} {'of' if month else 'in'} {year}"
    return text.strip()


def _listed(values: Values, name: Callable[[int], str], noun: str, most: int) -> str:
    if values is None:
        return ""
    items: list[str] = []
    for first, last in _runs(values):
        if last - first + 1 >= _SHORTEST_RUN:
            items.append(f"{name(first)}{DASH}{name(last)}")
        else:
            items.extend(name(value) for value in range(first, last + 1))
    return ", ".join(items) if len(items) <= max(1, most) else f"{len(values)} {noun}"


def _runs(values: frozenset[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for value in sorted(values):
        if runs and runs[-1][1] == value - 1:
            runs[-1] = (runs[-1][0], value)
        else:
            runs.append((value, value))
    return runs


def _weekday(number: int) -> str:
    return DAY_OF_WEEK.text(number % len(DAY_OF_WEEK.names))[:3].capitalize()


def _month(number: int) -> str:
    return MONTH.text(number)[:3].capitalize()


def _ordinal(day: int) -> str:
    return f"{day}{_ENDINGS.get(day, 'th')}"
