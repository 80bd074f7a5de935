from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedules import Meaning, meanings, written

from jobsync.schedule.describe import LONGEST, NEVER, UNREADABLE, describe
from jobsync.schedule.fields import MONTHS

WORKDAYS = {"start": "MONDAY", "end": "FRIDAY"}
QUARTERS = {"start": 0, "step": 15, "end": 59}


@pytest.mark.parametrize(
    ("calendar", "line"),
    [
        ({}, "daily 00:00 UTC"),
        ({"hour": 2, "minute": 30}, "daily 02:30 UTC"),
        ({"hour": 2, "minute": 30, "second": 15}, "daily 02:30:15 UTC"),
        ({"hour": 6, "dayOfWeek": WORKDAYS}, "Mon-Fri 06:00 UTC"),
        ({"hour": 6, "dayOfWeek": ["SATURDAY", "SUNDAY"]}, "Sat, Sun 06:00 UTC"),
        ({"hour": 6, "dayOfWeek": ["SUNDAY", "FRIDAY", "SATURDAY"]}, "Fri-Sun 06:00 UTC"),
        ({"hour": 6, "dayOfWeek": ["MONDAY", "THURSDAY"]}, "Mon, Thu 06:00 UTC"),
        ({"hour": [6, 12, 18]}, "daily 06:00, 12:00, 18:00 UTC"),
        ({"hour": 6, "minute": [0, 30]}, "daily 06:00, 06:30 UTC"),
        # again and again
        ({"hour": "*"}, "hourly at :00"),
        ({"hour": "*", "minute": 5, "second": 30}, "hourly at :05:30"),
        ({"hour": "*", "minute": [0, 20, 25]}, "hourly at :00, :20, :25"),
        ({"hour": "*", "dayOfWeek": WORKDAYS}, "Mon-Fri hourly at :00 UTC"),
        ({"hour": {"start": 8, "end": 17}, "minute": 30}, "hourly 08:30-17:30 UTC"),
        ({"hour": {"start": 0, "step": 2, "end": 23}}, "every 2h 00:00-22:00 UTC"),
        ({"hour": "*", "minute": "*"}, "every minute"),
        ({"hour": "*", "minute": QUARTERS}, "every 15 min"),
        ({"hour": "*", "minute": [5, 20, 35, 50]}, "every 15 min from :05"),
        ({"hour": "*", "minute": QUARTERS, "second": 10}, "every 15 min from :00:10"),
        ({"hour": {"start": 8, "end": 17}, "minute": QUARTERS}, "every 15 min 08:00-17:45 UTC"),
        ({"hour": 8, "minute": "*"}, "every minute 08:00-08:59 UTC"),
        ({"hour": "*", "minute": "*", "second": "*"}, "every second"),
        ({"hour": "*", "minute": "*", "second": [0, 20, 40]}, "every 20 s"),
        ({"hour": 5, "minute": "*", "second": [0, 20, 40]}, "every 20 s 05:00:00-05:59:40 UTC"),
        ({"hour": "*", "minute": [0, 15, 30]}, "hourly at :00, :15, :30"),
        ({"hour": "*", "minute": [0, 7, 9, 11, 58]}, "120 times a day 00:00-23:58 UTC"),
        ({"hour": [1, 2, 7], "minute": "*"}, "180 times a day 01:00-07:59 UTC"),
        ({"hour": [1, 2, 7, 8, 22]}, "5 times a day 01:00-22:00 UTC"),
        # dates
        ({"dayOfMonth": 1}, "1st of the month 00:00 UTC"),
        ({"dayOfMonth": [1, 2, 13, 23, 31]}, "1st, 2nd, 13th, 23rd, 31st of the month 00:00 UTC"),
        (
            {"dayOfMonth": {"start": 1, "end": 7}, "dayOfWeek": "MONDAY"},
            "Mon falling on 1st-7th of the month 00:00 UTC",
        ),
        ({"dayOfMonth": 1, "month": ["JANUARY", "JULY"]}, "1st of Jan, Jul 00:00 UTC"),
        ({"dayOfMonth": 1, "month": "JANUARY", "year": 2027}, "1st of Jan of 2027 at 00:00 UTC"),
        ({"month": {"start": "JUNE", "end": "AUGUST"}, "hour": 9}, "daily in Jun-Aug 09:00 UTC"),
        ({"month": "JUNE", "hour": "*"}, "in Jun hourly at :00 UTC"),
        ({"dayOfWeek": "FRIDAY", "month": "JUNE"}, "Fri in Jun 00:00 UTC"),
        ({"year": [2027, 2028], "hour": 9}, "daily in 2027, 2028 at 09:00 UTC"),
        ({"dayOfMonth": list(range(1, 30, 2)), "hour": 9}, "15 days of the month 09:00 UTC"),
        (
            {"dayOfMonth": [1, 2], "hour": [1, 2, 7, 8, 22]},
            "1st, 2nd of the month, 5 times a day 01:00-22:00 UTC",
        ),
    ],
)
def test_a_calendar_in_one_line(calendar: dict[str, Any], line: str) -> None:
    assert describe({"calendars": [calendar]}) == line.replace("-", "\N{EN DASH}")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ({"intervals": [{"every": "360m"}]}, "every 6h"),
        (
            {"intervals": [{"every": "1d"}, {"every": 21_600_000}], "jitter": "10m"},
            "every 6h and every 1d, jitter 10m",
        ),
        ({"calendars": [{"hour": 6}], "intervals": [{"every": "6h"}]}, "daily 06:00 UTC and every 6h"),
        (
            {"calendars": [{"hour": 8, "dayOfWeek": "SATURDAY"}, {"hour": 6, "dayOfWeek": WORKDAYS}]},
            "Mon\N{EN DASH}Fri 06:00 UTC and Sat 08:00 UTC",
        ),
        ({"calendars": [{"hour": 6, "comment": "a"}, {"hour": 6, "comment": "b"}]}, "daily 06:00 UTC"),
        (
            {"calendars": [{"hour": {"start": 0}}], "jitter": 1500},
            "daily 00:00, 01:00 UTC, jitter 1500ms, reading `{start: 0}` as 0\N{EN DASH}1",
        ),
    ],
)
def test_several_of_them_in_one_line(raw: dict[str, Any], line: str) -> None:
    assert describe(raw) == line


def test_what_does_not_fit_is_counted() -> None:
    raw = {"calendars": [{"hour": hour, "dayOfWeek": "FRIDAY"} for hour in range(10, 20)]}
    kept = " and ".join(f"Fri {hour}:00 UTC" for hour in range(10, 15))
    assert describe(raw) == f"{kept} and 5 more"


def test_a_list_too_long_is_counted() -> None:
    calendar = {
        "hour": list(range(1, 24, 2)),
        "minute": [1, 7, 8],
        "dayOfMonth": list(range(1, 31, 2)),
        "month": ["MARCH", "JUNE"],
        "dayOfWeek": ["MONDAY", "FRIDAY"],
        "year": list(range(2000, 2100, 3)),
    }
    line = "Mon, Fri falling on 15 days of Mar, Jun of 34 years, 36 times a day 01:01\N{EN DASH}23:08 UTC"
    assert describe({"calendars": [calendar]}) == line


def test_what_is_too_much_even_so_is_counted_as_a_whole() -> None:
    calendars = [{"hour": [1, 2, 7, 8, 22], "dayOfMonth": [n, *range(9, 30, 3)]} for n in range(1, 8)]
    raw = {"calendars": calendars, "intervals": [{"every": "1h"}, {"every": "2h"}]}
    days = "8 days of the month, 5 times a day 01:00\N{EN DASH}22:00 UTC"
    assert describe(raw) == f"{days} and 8 more"
    assert describe({**raw, "jitter": "9223372036853ms"}) == f"{days} and 8 more, jitter 9223372036853ms"
    for n, calendar in enumerate(calendars):
        calendar |= {
            "second": [n, 59],
            "month": ["MAY", "JULY"],
            "dayOfWeek": ["MONDAY"],
            "year": [2027, 2030],
        }
    assert describe({**raw, "jitter": "10m"}) == "7 calendars and 2 intervals, jitter 10m"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        {"jitter": "5m"},
        {"calendars": [], "intervals": []},
        {"calendars": [{"hour": []}]},
        {"calendars": [{"dayOfMonth": 30, "month": "FEBRUARY"}], "jitter": "5m"},
    ],
)
def test_what_cannot_fire_is_never(raw: Any) -> None:
    assert describe(raw) == NEVER


def test_a_calendar_that_cannot_fire_is_not_mentioned_beside_one_that_can() -> None:
    assert describe({"calendars": [{"hour": []}, {"hour": 6}]}) == "daily 06:00 UTC"


@pytest.mark.parametrize("raw", [3, {"calendars": "x"}, {"intervals": [{"every": "${env.EVERY}"}]}])
def test_a_shape_that_is_not_understood_is_only_said_to_be_so(raw: Any) -> None:
    assert describe(raw) == UNREADABLE


@given(meanings, st.data())
def test_a_line_is_short_and_depends_on_the_meaning_alone(meaning: Meaning, data: st.DataObject) -> None:
    line = describe(data.draw(written(meaning)))
    assert line == describe(data.draw(written(meaning)))
    assert 0 < len(line) <= LONGEST
    assert "\n" not in line


@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59)
)
def test_a_single_moment_is_said_exactly(day: date, hour: int, minute: int, second: int) -> None:
    calendar = {"year": day.year, "month": MONTHS[day.month - 1], "dayOfMonth": day.day}
    line = describe({"calendars": [{**calendar, "hour": hour, "minute": minute, "second": second}]})
    clock = f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")
    number = line.split()[0]
    assert int(number[:-2]) == day.day
    assert line == f"{number} of {day:%b} of {day.year} at {clock} UTC"
