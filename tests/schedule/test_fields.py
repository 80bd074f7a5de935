from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedules import field_text, field_value

from jobsync.schedule.fields import (
    AMBIGUOUS_ZERO,
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    EVERY,
    FIELDS,
    HOUR,
    MINUTE,
    MONTH,
    SECOND,
    YEAR,
    Field,
    ScheduleError,
    as_sent,
    expand,
    explicit,
    is_ambiguous,
)


def test_the_fields_are_those_of_a_calendar_with_their_bounds() -> None:
    assert [(field.name, field.minimum, field.maximum) for field in FIELDS] == [
        ("second", 0, 59),
        ("minute", 0, 59),
        ("hour", 0, 23),
        ("dayOfMonth", 1, 31),
        ("month", 1, 12),
        ("dayOfWeek", 0, 6),
        ("year", 1970, 9999),
    ]
    assert (DAY_OF_WEEK.text(0), MONTH.text(1), MONTH.text(12)) == ("SUNDAY", "JANUARY", "DECEMBER")


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_absent_is_zero_for_times_and_every_for_dates(field: Field) -> None:
    assert expand(field, None) == ({0} if field in (SECOND, MINUTE, HOUR) else EVERY)


@pytest.mark.parametrize(
    ("field", "raw", "values"),
    [
        (HOUR, 5, {5}),
        (HOUR, [5], {5}),
        (HOUR, [5, 5], {5}),
        (HOUR, {"start": 5}, {5}),
        (HOUR, {"start": 5, "end": 5}, {5}),
        (HOUR, [{"start": 5, "step": 1, "end": 5}], {5}),
        (HOUR, {"start": 0, "end": 0}, {0}),
        (HOUR, {"start": 22, "end": 2}, {22}),
        (HOUR, {"start": 22, "end": 2, "step": 2}, {22}),
        (HOUR, [{"start": 1, "end": 5}, {"start": 4, "end": 7}, 6, 20], {1, 2, 3, 4, 5, 6, 7, 20}),
        (MINUTE, {"start": 0, "step": 15, "end": 59}, {0, 15, 30, 45}),
        (MINUTE, {"start": 5, "step": 100, "end": 59}, {5}),
        (DAY_OF_WEEK, {"start": "MONDAY", "end": "FRIDAY"}, {1, 2, 3, 4, 5}),
        (DAY_OF_WEEK, {"start": "FRIDAY", "end": "MONDAY"}, {5}),
        (MONTH, {"start": "JANUARY", "step": 3, "end": "DECEMBER"}, {1, 4, 7, 10}),
        (HOUR, [], set()),
        (DAY_OF_MONTH, [], set()),
    ],
)
def test_a_value_matches_what_the_platform_says(field: Field, raw: Any, values: set[int]) -> None:
    assert expand(field, raw) == frozenset(values)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_everything_written_out_is_every(field: Field) -> None:
    whole = {"start": field_text(field, field.minimum), "end": field_text(field, field.maximum)}
    for raw in ("*", whole, {**whole, "step": 1}, [whole]):
        assert expand(field, raw) is EVERY


def test_an_empty_list_of_years_is_every_year() -> None:
    assert expand(YEAR, []) is EVERY


@pytest.mark.parametrize(
    ("field", "raw", "values"),
    [
        (HOUR, "0", {0}),
        (HOUR, ["1", "2"], {1, 2}),
        (HOUR, 5.0, {5}),
        (HOUR, {"start": "5", "step": "2", "end": "9"}, {5, 7, 9}),
        (HOUR, {"start": 5, "step": 2}, {5}),
        (HOUR, {"start": 0, "step": 1}, {0}),
        (HOUR, {"start": 1, "end": 3, "step": None}, {1, 2, 3}),
        (HOUR, {"start": 1, "end": 3, "step": 0}, {1, 2, 3}),
        (HOUR, ["*", 3], EVERY),
        (MONTH, "2", {2}),
        (MONTH, [{"start": 1, "end": 3, "step": 1}], {1, 2, 3}),
        (MONTH, "march", {3}),
        (DAY_OF_WEEK, 0, {0}),
        (DAY_OF_WEEK, {"start": "1", "end": "FRIDAY"}, {1, 2, 3, 4, 5}),
        (HOUR, {"start": 3, "unknown": 1}, {3}),
    ],
)
def test_what_older_servers_return_is_understood(field: Field, raw: Any, values: set[int] | None) -> None:
    assert expand(field, raw) == values


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        (HOUR, True),
        (HOUR, 24),
        (HOUR, -1),
        (HOUR, 1.5),
        (HOUR, "*/5"),
        (HOUR, "1-5"),
        (HOUR, " 5"),
        (HOUR, "\u0665"),
        (HOUR, {"end": 5}),
        (HOUR, {"start": 5, "end": 24}),
        (HOUR, {"start": 5, "end": 9, "step": "all"}),
        (HOUR, {"start": None}),
        (HOUR, [[5]]),
        (HOUR, [None]),
        (DAY_OF_WEEK, 7),
        (DAY_OF_WEEK, "MON"),
        (MONTH, 0),
    ],
)
def test_what_cannot_be_understood_is_an_error(field: Field, raw: Any) -> None:
    with pytest.raises(ScheduleError):
        expand(field, raw)


AMBIGUOUS = [
    (SECOND, {"start": 0}),
    (MINUTE, [{"start": 0}]),
    (HOUR, {"start": 0, "end": None}),
    (HOUR, {"start": "0"}),
    (DAY_OF_WEEK, {"start": "SUNDAY"}),
]


@pytest.mark.parametrize(("field", "raw"), AMBIGUOUS)
def test_a_start_at_zero_without_end_is_neither_zero_nor_zero_to_one(field: Field, raw: Any) -> None:
    assert expand(field, raw) == frozenset({AMBIGUOUS_ZERO})
    assert as_sent(expand(field, raw)) == frozenset({0, 1})


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ([{"start": 0}, 0], {AMBIGUOUS_ZERO}),
        ([{"start": 0}, 5], {AMBIGUOUS_ZERO, 5}),
        ([{"start": 0}, 1], {0, 1}),
        ([{"start": 0}, {"start": 1, "end": 23}], EVERY),
    ],
)
def test_where_both_readings_agree_nothing_is_ambiguous(raw: Any, values: set[int] | None) -> None:
    assert expand(HOUR, raw) == values


@pytest.mark.parametrize("field", [DAY_OF_MONTH, MONTH, YEAR], ids=lambda field: field.name)
def test_a_field_without_a_zero_has_no_ambiguous_start(field: Field) -> None:
    assert not is_ambiguous(field, {"start": field.text(field.minimum)})


@pytest.mark.parametrize(
    ("field", "raw", "sent"),
    [
        (HOUR, {"start": 0}, {"start": 0, "end": 1}),
        (HOUR, {"start": 0, "end": None, "step": None}, {"start": 0, "end": 1}),
        (HOUR, [3, {"start": 0}], [3, {"start": 0, "end": 1}]),
        (DAY_OF_WEEK, {"start": "SUNDAY"}, {"start": "SUNDAY", "end": "MONDAY"}),
        (HOUR, {"start": 1}, {"start": 1}),
        (HOUR, {"start": 0, "end": 0}, {"start": 0, "end": 0}),
        (HOUR, "*", "*"),
        (HOUR, 0, 0),
    ],
)
def test_only_the_ambiguous_start_is_sent_otherwise_than_written(field: Field, raw: Any, sent: Any) -> None:
    assert explicit(field, raw) == sent


@given(st.data())
def test_every_way_to_write_a_set_matches_that_set(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([field for field in FIELDS if field is not YEAR]))
    values = data.draw(st.frozensets(st.sampled_from(sorted(field.everything)), min_size=1))
    raw = data.draw(field_value(field, values))
    assert expand(field, raw) == (EVERY if values == field.everything else values)
