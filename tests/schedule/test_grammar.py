from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedules import field_value, meanings, written

from jobsync.schedule.fields import DAY_OF_MONTH, DAY_OF_WEEK, MONTH, WEEKDAYS
from jobsync.schedule.problem import Problem
from jobsync.schedule.spec import check, emit, read


def in_calendar(**fields: Any) -> dict[str, Any]:
    return {"calendars": [fields]}


HOUR = ("calendars", 0, "hour")
WEEKDAY = ("calendars", 0, "dayOfWeek")
EVERY = ("intervals", 0, "every")


# Errors


@pytest.mark.parametrize(
    ("raw", "path", "kind", "says", "hint"),
    [
        # shapes
        (3, (), "type", "a schedule is a mapping, not `3`", "intervals"),
        ([], (), "type", "a schedule is a mapping, not a list", "intervals"),
        ({"calendars": {}}, ("calendars",), "type", "`calendars` is a list, not a mapping", "- "),
        ({"intervals": "1h"}, ("intervals",), "type", '`intervals` is a list, not `"1h"`', "- "),
        ({"calendars": [None]}, ("calendars", 0), "type", "a calendar is a mapping, not `null`", "hour"),
        (
            {"intervals": ["1h"]},
            ("intervals", 0),
            "type",
            'an interval is a mapping, not `"1h"`',
            "every: 6h",
        ),
        ({"intervals": [{}]}, ("intervals", 0), "value", "an interval needs `every`", "every: 6h"),
        ({"intervals": [{"every": None}]}, ("intervals", 0), "value", "needs `every`", "every: 6h"),
        (in_calendar(comment=1), ("calendars", 0, "comment"), "type", "a comment is a text", "quotes"),
        # single values
        (in_calendar(hour="5"), HOUR, "type", '`"5"` is no hour', "write `5` without quotes"),
        (in_calendar(hour=True), HOUR, "type", "`true` is no hour", "a number from 0 to 23"),
        (in_calendar(hour=5.0), HOUR, "type", "`5.0` is no hour", "write `5`"),
        (in_calendar(hour=5.5), HOUR, "type", "`5.5` is no hour", "a number from 0 to 23"),
        (in_calendar(hour=24), HOUR, "range", "`24` is no hour", "a number from 0 to 23"),
        (in_calendar(hour=-1), HOUR, "range", "`-1` is no hour", "a number from 0 to 23"),
        (in_calendar(minute=60), ("calendars", 0, "minute"), "range", "`60`", "from 0 to 59"),
        (
            in_calendar(dayOfMonth=0),
            ("calendars", 0, "dayOfMonth"),
            "range",
            "day of the month",
            "from 1 to 31",
        ),
        (in_calendar(year=26), ("calendars", 0, "year"), "range", "`26` is no year", "from 1970 to 9999"),
        (in_calendar(hour=[[1]]), (*HOUR, 0), "type", "a list is no hour", "a number"),
        (in_calendar(hour=[None]), (*HOUR, 0), "type", "`null` is no hour", "a number"),
        (
            in_calendar(hour=[1, "*"]),
            (*HOUR, 1),
            "value",
            '`"*"` stands alone, never in a list',
            '`hour: "*"`',
        ),
        (in_calendar(hour=10**60), HOUR, "range", "a number of more than 40 digits", "from 0 to 23"),
        # names
        (in_calendar(dayOfWeek="monday"), WEEKDAY, "value", '`"monday"` is no day of the week', "`MONDAY`"),
        (in_calendar(dayOfWeek=["Mon"]), (*WEEKDAY, 0), "value", '`"Mon"`', "write `MONDAY`"),
        (in_calendar(dayOfWeek="WENESDAY"), WEEKDAY, "value", "WENESDAY", "write `WEDNESDAY`"),
        (in_calendar(dayOfWeek="soon"), WEEKDAY, "value", "soon", "from `SUNDAY` to `SATURDAY`"),
        (in_calendar(dayOfWeek="1"), WEEKDAY, "value", '`"1"`', "write `MONDAY`"),
        (in_calendar(dayOfWeek=0), WEEKDAY, "type", "is a name, not the number `0`", "write `SUNDAY`"),
        (in_calendar(dayOfWeek=7), WEEKDAY, "type", "not the number `7`", "write `SUNDAY`"),
        (in_calendar(dayOfWeek=8), WEEKDAY, "type", "not the number `8`", "from `SUNDAY`"),
        (in_calendar(month=2), ("calendars", 0, "month"), "type", "a month is a name", "write `FEBRUARY`"),
        (in_calendar(month="sept"), ("calendars", 0, "month"), "value", '`"sept"`', "write `SEPTEMBER`"),
        (in_calendar(month="ju"), ("calendars", 0, "month"), "value", '`"ju"`', "from `JANUARY`"),
        # what looks like cron
        (
            in_calendar(minute="*/15"),
            ("calendars", 0, "minute"),
            "type",
            "*/15",
            "{start: 0, step: 15, end: 59}",
        ),
        (in_calendar(hour="8-18/2"), HOUR, "type", "8-18/2", "{start: 8, step: 2, end: 18}"),
        (in_calendar(hour="8-18"), HOUR, "type", "8-18", "{start: 8, end: 18}"),
        (in_calendar(hour="6,18"), HOUR, "type", "6,18", "[6, 18]"),
        (in_calendar(dayOfWeek="MON-FRI"), WEEKDAY, "value", "MON-FRI", "{start: MONDAY, end: FRIDAY}"),
        (in_calendar(hour="1-99"), HOUR, "type", "1-99", "a number from 0 to 23"),
        (in_calendar(hour="1," * 40), HOUR, "type", "1,1,1", "a number from 0 to 23"),
        # ranges
        (in_calendar(hour={"end": 5}), HOUR, "value", "a range needs `start`", "add `start: 0`"),
        (in_calendar(hour={"start": 1, "end": 24}), (*HOUR, "end"), "range", "`24` is no hour", "0 to 23"),
        (in_calendar(hour={"start": "1"}), (*HOUR, "start"), "type", '`"1"` is no hour', "write `1`"),
        (in_calendar(hour={"start": "*"}), (*HOUR, "start"), "type", '`"*"` is no hour', "0 to 23"),
        (
            in_calendar(hour={"start": 0, "step": 2}),
            (*HOUR, "step"),
            "value",
            "drops `step` in silence",
            "`end: 23`",
        ),
        (in_calendar(hour={"start": 0, "step": 0, "end": 9}), (*HOUR, "step"), "range", "not `0`", "1 up"),
        (in_calendar(hour={"start": 0, "step": "2", "end": 9}), (*HOUR, "step"), "type", '`"2"`', "1 up"),
        (in_calendar(hour={"start": 0, "step": True, "end": 9}), (*HOUR, "step"), "type", "`true`", "1 up"),
        (
            in_calendar(hour={"start": 0, "step": 2**31, "end": 9}),
            (*HOUR, "step"),
            "range",
            "2147483648",
            "1 up",
        ),
        # durations
        ({"intervals": [{"every": "1h30m"}]}, EVERY, "duration", "is no duration", "write `90m`"),
        ({"intervals": [{"every": " 6h"}]}, EVERY, "duration", "is no duration", "write `6h`"),
        ({"intervals": [{"every": "soon"}]}, EVERY, "duration", "is no duration", "ms, s, m, h, d, w, y"),
        ({"intervals": [{"every": 0}]}, EVERY, "duration", "longer than 0, not `0`", "`1s` or more"),
        ({"intervals": [{"every": "-5m"}]}, EVERY, "duration", 'longer than 0, not `"-5m"`', "`1s`"),
        ({"intervals": [{"every": 60}]}, EVERY, "duration", "`60` is 60 ms", "for 60 seconds write `1m`"),
        ({"intervals": [{"every": "100"}]}, EVERY, "duration", "100 ms", "write `1s`"),
        ({"intervals": [{"every": "1.5s"}]}, EVERY, "duration", "1500 ms", "write `2s`"),
        ({"intervals": [{"every": "4.1m"}]}, EVERY, "duration", "245999.99999999997 ms", "write `246s`"),
        ({"intervals": [{"every": "300y"}]}, EVERY, "duration", "longer than 292 years", "shorter"),
        ({"intervals": [{"every": True}]}, EVERY, "type", "not `true`", "`6h`"),
        ({"intervals": [{"every": 3600000.0}]}, EVERY, "type", "not `3600000.0`", "write `3600000`"),
        ({"intervals": [{"every": 0.5}]}, EVERY, "type", "not `0.5`", "`6h`"),
        ({"jitter": "-1s"}, ("jitter",), "duration", 'a jitter is 0 or longer, not `"-1s"`', "minus"),
        ({"jitter": "1.1h"}, ("jitter",), "duration", "3960000.0000000005 ms", "write `66m`"),
        ({"jitter": []}, ("jitter",), "type", "not a list", "`6h`"),
        # what never fires
        (in_calendar(hour=[]), HOUR, "never-fires", "an empty list matches no hour", '`hour: "*"`'),
        (
            in_calendar(dayOfMonth=30, month="FEBRUARY"),
            ("calendars", 0),
            "never-fires",
            "no date has day of the month 30 and month FEBRUARY",
            "the longest of its months has 29 days",
        ),
        (
            in_calendar(dayOfMonth=31, month=["APRIL", "JUNE"]),
            ("calendars", 0),
            "never-fires",
            "day of the month 31 and month APRIL, JUNE",
            "30 days",
        ),
        (
            in_calendar(dayOfMonth=29, month="FEBRUARY", year=[2026, 2027]),
            ("calendars", 0),
            "never-fires",
            "year 2026, 2027",
            "leap years",
        ),
        (
            in_calendar(dayOfMonth=1, month="JANUARY", dayOfWeek=["SUNDAY"], year=2026),
            ("calendars", 0),
            "never-fires",
            "day of the week SUNDAY",
            "leave out `dayOfWeek` or `year`",
        ),
        (
            in_calendar(dayOfMonth=30, month="FEBRUARY", year={"start": 2026, "end": 2040}),
            ("calendars", 0),
            "never-fires",
            "year 2026, 2027, 2028 (of 15)",
            "29 days",
        ),
    ],
)
def test_an_error_has_its_place_its_reason_and_the_way_out(
    raw: Any, path: tuple[str | int, ...], kind: str, says: str, hint: str
) -> None:
    (problem,) = (problem for problem in check(raw) if problem.is_error)
    assert (problem.path, problem.kind) == (path, kind)
    assert says in problem.summary
    assert hint in (problem.hint or "")


@pytest.mark.parametrize(
    ("raw", "path", "hint"),
    [
        ({"calender": []}, ("calender",), "did you mean `calendars`?"),
        ({"cron": "0 6 * * *"}, ("cron",), "one of `calendars`"),
        ({"every": "6h"}, ("every",), "`intervals: [{every: 6h}]`"),
        ({"timezone": "Europe/Berlin"}, ("timezone",), "UTC"),
        ({"x" * 5000: 1}, ("x" * 5000,), "known keys: `calendars`, `intervals`, `jitter`"),
        ({7: 1}, (7,), "known keys"),
        (in_calendar(hours=5), ("calendars", 0, "hours"), "did you mean `hour`?"),
        (in_calendar(day_of_week="MONDAY"), ("calendars", 0, "day_of_week"), "did you mean `dayOfWeek`?"),
        (in_calendar(weekday="MONDAY"), ("calendars", 0, "weekday"), "did you mean `dayOfWeek`?"),
        (in_calendar(day=1), ("calendars", 0, "day"), "`dayOfMonth` or `dayOfWeek`"),
        (in_calendar(hour={"start": 1, "to": 5}), (*HOUR, "to"), "did you mean `end`?"),
        ({"intervals": [{"every": "1h", "offset": "5m"}]}, ("intervals", 0, "offset"), "Unix epoch"),
    ],
)
def test_an_unknown_key_is_an_error_at_the_key(raw: Any, path: tuple[str | int, ...], hint: str) -> None:
    (problem,) = check(raw)
    assert (problem.path, problem.kind, problem.is_error, problem.on_key) == (path, "unknown-key", True, True)
    assert hint in (problem.hint or "")


def test_a_step_without_end_is_at_the_key() -> None:
    (problem,) = check(in_calendar(hour=[{"start": 3, "step": 2}]))
    assert (problem.path, problem.on_key) == ((*HOUR, 0, "step"), True)


def test_all_problems_are_found_at_once_and_in_order() -> None:
    raw = {
        "calendars": [
            {"hour": {"start": "1", "end": 99, "step": 0}, "dayOfWeek": [1, "tue"]},
            {"minute": -1},
        ],
        "intervals": [{"every": 0}, {"each": "1h"}],
        "jitter": True,
    }
    assert [problem.path for problem in check(raw)] == [
        (*HOUR, "start"),
        (*HOUR, "end"),
        (*HOUR, "step"),
        (*WEEKDAY, 0),
        (*WEEKDAY, 1),
        ("calendars", 1, "minute"),
        EVERY,
        ("intervals", 1, "each"),
        ("intervals", 1),
        ("jitter",),
    ]


# Warnings


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            in_calendar(hour={"start": 0}),
            Problem(
                (*HOUR, "start"),
                "ambiguous-start",
                is_error=False,
                summary="the platform may read `{start: 0}` as `{start: 0, end: 1}`, "
                "and that is what jobsync sends",
                hint="write `0` if only 0 is meant",
            ),
        ),
        (
            in_calendar(dayOfWeek=["FRIDAY", {"start": "SUNDAY"}]),
            Problem(
                (*WEEKDAY, 1, "start"),
                "ambiguous-start",
                is_error=False,
                summary="the platform may read `{start: SUNDAY}` as `{start: SUNDAY, end: MONDAY}`, "
                "and that is what jobsync sends",
                hint="write `SUNDAY` if only SUNDAY is meant",
            ),
        ),
        (
            in_calendar(dayOfWeek={"start": "FRIDAY", "end": "SUNDAY"}),
            Problem(
                (*WEEKDAY, "end"),
                "wrapped-range",
                is_error=False,
                summary="a range does not wrap: from `FRIDAY` to `SUNDAY` is `FRIDAY` alone",
                hint="write `[{start: FRIDAY, end: SATURDAY}, SUNDAY]`",
            ),
        ),
        (
            in_calendar(hour={"start": 22, "end": 4, "step": 2}),
            Problem(
                (*HOUR, "end"),
                "wrapped-range",
                is_error=False,
                summary="a range does not wrap: from `22` to `4` is `22` alone",
                hint="write `22`, or an `end` that is not before it",
            ),
        ),
        (
            in_calendar(year=[]),
            Problem(
                ("calendars", 0, "year"),
                "empty",
                is_error=False,
                summary="an empty list of years means every year",
                hint="leave `year` out",
            ),
        ),
    ],
)
def test_what_the_platform_reads_unexpectedly_is_a_warning(raw: Any, expected: Problem) -> None:
    assert check(raw) == [expected]


@pytest.mark.parametrize(
    "raw", [{}, {"calendars": []}, {"calendars": None, "intervals": []}, {"jitter": "5m"}]
)
def test_a_schedule_without_times_is_a_warning(raw: Any) -> None:
    (problem,) = check(raw)
    assert (problem.path, problem.kind, problem.is_error) == ((), "empty", False)
    assert problem.hint == "write `schedule: null`"


# What is fine


@pytest.mark.parametrize(
    "raw",
    [
        {"calendars": [{}]},
        {"intervals": [{"every": "6h"}], "jitter": "10m"},
        {"intervals": [{"every": 1000}], "jitter": 0},
        {"intervals": [{"every": "1 Week"}], "calendars": None, "jitter": None},
        in_calendar(hour="*", minute={"start": 0, "step": 15, "end": 59}),
        in_calendar(
            second=[0, 30], hour=[{"start": 1}, {"start": 5, "end": 7}, {"start": 9, "step": 2, "end": 23}]
        ),
        in_calendar(dayOfMonth=29, month="FEBRUARY", comment="leap day"),
        *(in_calendar(dayOfMonth=29, month="FEBRUARY", dayOfWeek=weekday) for weekday in WEEKDAYS),
        *(in_calendar(dayOfMonth=1, month="MARCH", dayOfWeek=weekday) for weekday in WEEKDAYS),
        in_calendar(dayOfMonth=31, month=["APRIL", "MAY"]),
        in_calendar(hour={"start": 1, "end": None, "step": None}, comment=None, year=None),
        in_calendar(year={"start": 2026}),
    ],
)
def test_a_schedule_within_the_grammar_has_no_problem(raw: Any) -> None:
    assert check(raw) == []


@pytest.mark.parametrize(
    "raw",
    [
        {"intervals": [{"every": "${var.every}"}], "jitter": "${env.JITTER}"},
        in_calendar(dayOfMonth="${each.value.day}", month="FEBRUARY"),
        in_calendar(dayOfMonth=30, month=["FEBRUARY", "${each.key}"]),
        in_calendar(hour={"start": "${var.first}", "end": 2, "step": "${var.step}"}),
    ],
)
def test_a_reference_is_taken_on_trust(raw: Any) -> None:
    assert check(raw) == []


@given(meanings.flatmap(written))
def test_every_way_to_write_a_schedule_within_the_grammar_passes(raw: dict[str, Any]) -> None:
    assert {problem.kind for problem in check(raw) if problem.is_error} <= {"never-fires"}


# The dates

CENTURIES = [date(2000, 1, 1) + timedelta(days=n) for n in range(146_097)]
DATES_OF_EVERY_YEAR = {(day.month, day.day, day.isoweekday() % 7) for day in CENTURIES}


def dates_of(years: frozenset[int]) -> set[tuple[int, int, int]]:
    return {(day.month, day.day, day.isoweekday() % 7) for day in CENTURIES if day.year in years}


def some(values: range) -> st.SearchStrategy[frozenset[int]]:
    few = st.frozensets(st.sampled_from(values), min_size=1, max_size=2)
    return few | st.just(frozenset(values))


@given(
    days=some(range(1, 32)) | st.sampled_from([frozenset({29}), frozenset({30, 31}), frozenset({31})]),
    months=some(range(1, 13)) | st.just(frozenset({2})),
    weekdays=some(range(7)),
    years=st.none() | st.frozensets(st.integers(2000, 2399), min_size=1, max_size=2),
    data=st.data(),
)
def test_a_calendar_is_said_never_to_fire_exactly_where_no_date_matches(
    days: frozenset[int],
    months: frozenset[int],
    weekdays: frozenset[int],
    years: frozenset[int] | None,
    data: st.DataObject,
) -> None:
    raw = {
        "dayOfMonth": data.draw(field_value(DAY_OF_MONTH, days)),
        "month": data.draw(field_value(MONTH, months)),
        "dayOfWeek": data.draw(field_value(DAY_OF_WEEK, weekdays)),
        "year": None if years is None else sorted(years),
    }
    dates = DATES_OF_EVERY_YEAR if years is None else dates_of(years)
    fires = any(month in months and day in days and weekday in weekdays for month, day, weekday in dates)
    errors = [problem for problem in check({"calendars": [raw]}) if problem.is_error]
    assert [problem.kind for problem in errors] == ([] if fires else ["never-fires"])


def test_the_ambiguous_start_counts_as_what_is_sent() -> None:
    new_year = {"dayOfMonth": 1, "month": "JANUARY", "dayOfWeek": {"start": "SUNDAY"}}
    by_weekday = {WEEKDAYS[date(year, 1, 1).isoweekday() % 7]: year for year in range(2020, 2040)}
    for weekday, fires in (("SUNDAY", True), ("MONDAY", True), ("TUESDAY", False)):
        problems = check({"calendars": [{**new_year, "year": by_weekday[weekday]}]})
        assert ("never-fires" not in {problem.kind for problem in problems}) == fires


# Whatever is written

_KEYS = (
    "calendars",
    "intervals",
    "jitter",
    "every",
    "hour",
    "minute",
    "dayOfWeek",
    "month",
    "year",
    "comment",
)
_WORDS = ("*", "MONDAY", "monday", "1h", "1h30m", "-1s", "5", "${var.x}", "*/5", "MON-FRI", "", "JANUARY")
_scalars = (
    st.none() | st.booleans() | st.integers(-2, 70) | st.integers() | st.floats(allow_nan=False)
) | st.sampled_from(_WORDS)
_values = st.recursive(
    _scalars | st.fixed_dictionaries({}, optional=dict.fromkeys(("start", "end", "step"), _scalars)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)
_fields = st.fixed_dictionaries({}, optional=dict.fromkeys(_KEYS[4:], _values))
_schedules = st.fixed_dictionaries(
    {},
    optional={
        "calendars": st.lists(_fields | _values, max_size=2),
        "intervals": st.lists(st.fixed_dictionaries({"every": _scalars}), max_size=2),
        "jitter": _scalars,
        "else": _values,
    },
)


@given(_schedules | _values)
def test_every_problem_has_a_place_that_is_there(raw: object) -> None:
    for problem in check(raw):
        place: Any = raw
        for step in problem.path:
            place = place[step]
        assert problem.summary
        assert problem.hint
        assert len(problem.summary) < 200
        assert not problem.summary.endswith(".")


@given(_schedules)
def test_what_has_no_error_can_be_sent_and_read(raw: dict[str, Any]) -> None:
    if "${" not in str(raw) and not any(problem.is_error for problem in check(raw)):
        sent = emit(raw)
        assert {problem.kind for problem in check(sent)} <= {"empty", "wrapped-range"}
        read(sent)
