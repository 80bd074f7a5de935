"""A schedule in one short line for people: `daily 06:00 UTC`, `every 6h, jitter 10m`, `never`.

What is long is counted rather than cut, so that a line may be inexact but never wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.schedule import dates, describe_dates, describe_times, duration
from jobsync.schedule.fields import AMBIGUOUS_ZERO, HOUR, MINUTE, SECOND, as_sent
from jobsync.schedule.spec import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobsync.schedule.spec import Calendar, Schedule

LONGEST = 100
"""No line has more characters."""

NEVER = "never"
UNREADABLE = "a schedule of unknown shape"

_FEWER_ITEMS = (6, 4, 2, 0)
_MOST_PARTS = 10


def describe(raw: object) -> str:
    """Return one line for a schedule in any era's spelling, in UTC; comments are not in it.

    `never` is said of one that cannot fire; one that `spec.read` does not understand is only said to be so.
    """
    try:
        schedule = read(raw)
    except ValueError:
        return UNREADABLE
    if schedule is None:
        return NEVER
    without_comments = {calendar.values: calendar for calendar in schedule.calendars}
    calendars = sorted(filter(_fires, without_comments.values()), key=_order)
    if not calendars and not schedule.intervals:
        return NEVER
    after = f", jitter {duration.to_text(schedule.jitter)}" if schedule.jitter else ""
    if any(AMBIGUOUS_ZERO in (values or ()) for calendar in calendars for values in calendar.values):
        after += f", reading `{{start: 0}}` as 0{describe_times.DASH}1"
    lines = (f"{line}{after}" for line in _wordings(schedule, calendars))
    return next(line for line in lines if len(line) <= LONGEST)


def _wordings(schedule: Schedule, calendars: list[Calendar]) -> Iterator[str]:
    """Yield ways to say it, from the most exact one to one that is short whatever the schedule."""
    intervals = [f"every {duration.to_text(every)}" for every in sorted(schedule.intervals)]
    wordings = [[*(_calendar(c, most) for c in calendars), *intervals] for most in _FEWER_ITEMS]
    yield from map(" and ".join, wordings)
    for parts in wordings:
        for kept in range(min(len(parts), _MOST_PARTS) - 1, 0, -1):
            yield f"{' and '.join(parts[:kept])} and {len(parts) - kept} more"
    counts = ((len(calendars), "calendar"), (len(intervals), "interval"))
    yield " and ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)


def _calendar(calendar: Calendar, most: int) -> str:
    second, minute, hour, days, months, weekdays, years = map(as_sent, calendar.values)
    seconds = SECOND.everything if second is None else second
    minutes = MINUTE.everything if minute is None else minute
    hours = HOUR.everything if hour is None else hour
    time = describe_times.words(seconds, minutes, hours, most)
    date = describe_dates.words(days=days, months=months, weekdays=weekdays, years=years, most=most)
    if describe_times.is_counted(time):
        return f"{date}, {time} UTC" if date else f"{time} UTC"
    if describe_times.is_repeating(time):
        return time if not date and calendar.hour is None else f"{date} {time} UTC".strip()
    if not date or date.startswith("in "):
        date = f"daily {date}".strip()
    return f"{date} at {time} UTC" if years else f"{date} {time} UTC"  # a year and a time would run together


def _fires(calendar: Calendar) -> bool:
    _, _, _, days, months, weekdays, years = map(as_sent, calendar.values)
    return frozenset() not in calendar.values and dates.exist(
        days=days, months=months, weekdays=weekdays, years=years
    )


def _order(calendar: Calendar) -> list[list[int]]:
    """Sort by date before time, the earliest first; every date comes before some."""
    return [sorted(values or ()) for values in reversed(calendar.values)]
