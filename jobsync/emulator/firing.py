"""When a job would run next, by plain search: day after day, then hour, minute, second."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jobsync.emulator.durations import to_ms
from jobsync.emulator.temporal import BOUNDS, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator

HORIZON_DAYS = 3660
"""How far ahead is looked: ten years. What does not fire by then is said never to fire."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Calendar:
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    years: frozenset[int] | None
    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    seconds: tuple[int, ...]

    def is_on(self, day: datetime) -> bool:
        return (
            day.month in self.months
            and day.day in self.days
            and day.isoweekday() % 7 in self.weekdays
            and (self.years is None or day.year in self.years)
        )

    def times_from(self, moment: datetime) -> Iterator[datetime]:
        """Yield the times of this day, in order, none before the moment's own minute."""
        for hour in self.hours:
            for minute in self.minutes:
                if (hour, minute) >= (moment.hour, moment.minute):
                    for second in self.seconds:
                        yield moment.replace(hour=hour, minute=minute, second=second, microsecond=0)


def next_run(schedule: dict[str, Any], after: datetime) -> datetime | None:
    """Return the first fire time after a moment, None where there is none within ten years.

    Jitter is not added. A schedule must be valid by the schema.
    """
    intervals, calendars = _compiled(json.dumps(schedule, sort_keys=True))
    candidates = [
        *(_next_tick(seconds, after) for seconds in intervals),
        *(_next_match(calendar, after) for calendar in calendars),
    ]
    return min((time for time in candidates if time is not None), default=None)


@lru_cache(maxsize=16_384)
def _compiled(schedule_json: str) -> tuple[tuple[int, ...], tuple[_Calendar, ...]]:
    schedule = json.loads(schedule_json)
    intervals = tuple(int(to_ms(item["every"]) or 0) // 1000 for item in schedule.get("intervals", ()))
    return intervals, tuple(_calendar(item) for item in schedule.get("calendars", ()))


def _calendar(spec: dict[str, Any]) -> _Calendar:
    years = _numbers("year", spec.get("year", "*"))
    return _Calendar(
        days=frozenset(_numbers("dayOfMonth", spec.get("dayOfMonth", "*"))),
        months=frozenset(_numbers("month", spec.get("month", "*"))),
        weekdays=frozenset(_numbers("dayOfWeek", spec.get("dayOfWeek", "*"))),
        years=frozenset(years) or None,
        hours=_numbers("hour", spec.get("hour", 0)),
        minutes=_numbers("minute", spec.get("minute", 0)),
        seconds=_numbers("second", spec.get("second", 0)),
    )


def _numbers(field: str, value: Any) -> tuple[int, ...]:
    _, last = BOUNDS[field]
    found = {
        number
        for start, end, step in ranges(field, value)
        for number in range(start, min(end, last) + 1, step)
    }
    return tuple(sorted(found))


def _next_tick(seconds: int, after: datetime) -> datetime | None:
    """Intervals count from the Unix epoch."""
    elapsed = (after - _EPOCH) // timedelta(seconds=1)
    tick = (elapsed // seconds + 1) * seconds
    is_in_sight = tick - elapsed <= HORIZON_DAYS * 86_400
    return _EPOCH + timedelta(seconds=tick) if is_in_sight else None


def _next_match(calendar: _Calendar, after: datetime) -> datetime | None:
    midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
    for offset in range(HORIZON_DAYS):
        day = midnight + timedelta(days=offset)
        if calendar.is_on(day):
            for time in calendar.times_from(max(day, after)):
                if time > after:
                    return time
    return None
