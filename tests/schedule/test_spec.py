from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedules import EVERYTHING, Meaning, Times, meanings, written

from jobsync.schedule.fields import AMBIGUOUS_ZERO, FIELDS, YEAR
from jobsync.schedule.spec import Calendar, Schedule, canonical, emit, json_schema, read


def in_calendar(**fields: Any) -> dict[str, Any]:
    return {"calendars": [fields]}


DAILY_AT_SIX = in_calendar(hour=6)


# Sameness


@given(meanings, st.data())
def test_two_ways_to_write_one_meaning_are_equal(meaning: Meaning, data: st.DataObject) -> None:
    assert canonical(data.draw(written(meaning))) == canonical(data.draw(written(meaning)))


@given(meanings, meanings, st.data())
def test_two_meanings_are_different_however_they_are_written(
    one: Meaning, other: Meaning, data: st.DataObject
) -> None:
    same = canonical(data.draw(written(one))) == canonical(data.draw(written(other)))
    assert same == (one == other)


@given(meanings.filter(lambda meaning: bool(meaning.calendars)), st.data())
def test_one_value_more_or_less_is_another_meaning(meaning: Meaning, data: st.DataObject) -> None:
    changed = data.draw(st.sampled_from(sorted(meaning.calendars, key=repr)))
    place = data.draw(st.sampled_from([place for place, field in enumerate(FIELDS) if field is not YEAR]))
    bounds = FIELDS[place].minimum, FIELDS[place].maximum
    values = changed.values[place] ^ {data.draw(st.integers(*bounds))}
    if values:
        sets = (*changed.values[:place], frozenset(values), *changed.values[place + 1 :])
        other = replace(meaning, calendars=meaning.calendars - {changed} | {replace(changed, values=sets)})
        same = canonical(data.draw(written(meaning))) == canonical(data.draw(written(other)))
        assert same == (meaning == other)


@given(meanings, st.data())
def test_a_meaning_is_read_as_it_is(meaning: Meaning, data: st.DataObject) -> None:
    schedule = read(data.draw(written(meaning)))
    assert schedule == Schedule(
        frozenset(_calendar(times) for times in meaning.calendars), meaning.intervals, meaning.jitter
    )


def _calendar(times: Times) -> Calendar:
    sets = zip(FIELDS, times.values, strict=True)
    second, minute, hour, day, month, weekday, year = (
        None if values == EVERYTHING[field] else values for field, values in sets
    )
    return Calendar(second, minute, hour, day, month, weekday, year, times.comment)


@given(meanings, st.data())
def test_canonical_is_json_that_survives_a_round_trip(meaning: Meaning, data: st.DataObject) -> None:
    plain = canonical(data.draw(written(meaning)))
    assert json.loads(json.dumps(plain)) == plain
    assert plain is not None
    assert set(plain) <= {"calendars", "intervals", "jitter"}
    assert all(plain.values())


@given(meanings, st.data())
def test_a_server_that_writes_every_field_as_ranges_in_milliseconds_means_the_same(
    meaning: Meaning, data: st.DataObject
) -> None:
    as_2024: dict[str, Any] = {
        "calendars": [
            {
                field.name: [{"start": str(n), "end": n, "step": 1} for n in sorted(values)]
                for field, values in zip(FIELDS, times.values, strict=True)
                if values != EVERYTHING[field] or field.default is not None
            }
            | {"comment": times.comment}
            for times in sorted(meaning.calendars, key=repr)
        ],
        "intervals": [{"every": every + 0.25, "offset": 0} for every in sorted(meaning.intervals)],
        "jitter": meaning.jitter,
        "timezone": "UTC",
    }
    assert canonical(as_2024) == canonical(data.draw(written(meaning)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"intervals": [{"every": "1h"}]}, {"intervals": [{"every": 3_600_000}, {"every": "60m"}]}),
        ({"intervals": [{"every": "4.1m"}]}, {"intervals": [{"every": 246_000}]}),
        ({"intervals": [{"every": "1 hour"}]}, {"intervals": [{"every": "3600s"}], "jitter": "0s"}),
        ({**DAILY_AT_SIX, "intervals": []}, {**DAILY_AT_SIX, "jitter": None}),
        (DAILY_AT_SIX, in_calendar(hour=[6], minute=0, second=0, dayOfMonth="*", month="*", dayOfWeek="*")),
        (
            in_calendar(dayOfWeek={"start": "MONDAY", "end": "FRIDAY"}),
            in_calendar(dayOfWeek=[5, "4", 3, 2, 1]),
        ),
        (in_calendar(minute="*"), in_calendar(minute={"start": 0, "end": 59})),
        (in_calendar(year=[]), in_calendar()),
        (in_calendar(hour={"start": 22, "end": 3}), in_calendar(hour=22)),
        (in_calendar(comment=None), in_calendar()),
        ({"calendars": [{"hour": 1}, {"hour": 2}]}, {"calendars": [{"hour": 2}, {"hour": 1}, {"hour": [2]}]}),
        (None, {}),
        ({"jitter": "5m"}, {"intervals": [], "calendars": []}),
        ({"calendars": None, "intervals": None}, {"unknown": 1}),
    ],
)
def test_these_mean_the_same(one: Any, other: Any) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (in_calendar(hour={"start": 0}), in_calendar(hour=0)),
        (in_calendar(hour={"start": 0}), in_calendar(hour={"start": 0, "end": 0})),
        (in_calendar(hour={"start": 0}), in_calendar(hour={"start": 0, "end": 1})),
        (in_calendar(dayOfWeek={"start": "SUNDAY"}), in_calendar(dayOfWeek="SUNDAY")),
        (in_calendar(dayOfWeek={"start": "SUNDAY"}), in_calendar(dayOfWeek=["SUNDAY", "MONDAY"])),
        (in_calendar(comment="nightly"), in_calendar()),
        (in_calendar(comment=""), in_calendar()),
        (in_calendar(hour="*"), in_calendar()),
        (in_calendar(hour=[]), in_calendar()),
        (in_calendar(), None),
        ({"intervals": [{"every": "1d"}]}, in_calendar()),
        ({"intervals": [{"every": "1d"}], "jitter": 1}, {"intervals": [{"every": "1d"}]}),
        ({"calendars": [{"hour": 1}, {"hour": 2}]}, in_calendar(hour=[1, 2])),
    ],
)
def test_these_do_not_mean_the_same(one: Any, other: Any) -> None:
    assert canonical(one) != canonical(other)


def test_canonical_leaves_out_what_is_the_default() -> None:
    raw = {
        "calendars": [
            {"hour": [18, 6], "minute": 0, "dayOfWeek": "*", "comment": "twice"},
            {"minute": {"start": 0, "step": 20, "end": 59}, "hour": {"start": 0}, "month": "MARCH"},
        ],
        "intervals": [{"every": "1d"}, {"every": "6h"}],
        "jitter": "10m",
    }
    assert canonical(raw) == {
        "calendars": [
            {"comment": "twice", "hour": [6, 18]},
            {"hour": ["0 or 0-1"], "minute": [0, 20, 40], "month": [3]},
        ],
        "intervals": [21_600_000, 86_400_000],
        "jitter": 600_000,
    }


# Reading


def test_a_schedule_is_read_into_sets() -> None:
    assert read({**in_calendar(hour={"start": 0}, dayOfWeek="MONDAY"), "jitter": "1s"}) == Schedule(
        frozenset(
            {
                Calendar(
                    second=frozenset({0}),
                    minute=frozenset({0}),
                    hour=frozenset({AMBIGUOUS_ZERO}),
                    day_of_month=None,
                    month=None,
                    day_of_week=frozenset({1}),
                    year=None,
                )
            }
        ),
        frozenset(),
        1000,
    )


@pytest.mark.parametrize(
    "raw",
    [
        *(3, "1h", [], True),
        *({"calendars": {}}, {"calendars": [None]}, {"calendars": "*"}, in_calendar(comment=3)),
        *(in_calendar(hour=10**5000), in_calendar(hour={"start": 10**5000}), {"jitter": 10**5000}),
        *(in_calendar(hour="soon"), in_calendar(hour=[[1]]), in_calendar(dayOfWeek="MON")),
        *({"intervals": ["1h"]}, {"intervals": [{}]}, {"intervals": [{"every": None}]}),
        *(
            {"intervals": [{"every": 0}]},
            {"intervals": [{"every": "-1h"}]},
            {"intervals": [{"every": "soon"}]},
        ),
        *({"jitter": -1}, {"jitter": "soon"}, {"jitter": True}),
    ],
)
def test_a_shape_that_cannot_be_understood_is_an_error(raw: Any) -> None:
    for reading in (read, canonical):
        with pytest.raises(ValueError, match=r"\w"):
            reading(raw)


# Sending


@given(meanings.flatmap(written))
def test_what_is_sent_means_what_was_written(raw: dict[str, Any]) -> None:
    sent = emit(raw)
    assert canonical(sent) == canonical(raw)
    assert emit(sent) == sent
    assert "null" not in json.dumps(sent)


def test_what_is_sent_is_as_written_but_for_the_ambiguous_start() -> None:
    raw = {
        "calendars": [
            {
                "hour": {"start": 0},
                "minute": [5, {"start": 0, "end": None}],
                "dayOfWeek": {"start": "SUNDAY"},
            },
            {"hour": {"start": 0, "end": 0}, "month": None, "comment": "as it is"},
        ],
        "intervals": [{"every": "60 Minutes"}],
        "jitter": None,
    }
    before = copy.deepcopy(raw)
    sent = emit(raw)
    assert sent == {
        "calendars": [
            {
                "hour": {"start": 0, "end": 1},
                "minute": [5, {"start": 0, "end": 1}],
                "dayOfWeek": {"start": "SUNDAY", "end": "MONDAY"},
            },
            {"hour": {"start": 0, "end": 0}, "comment": "as it is"},
        ],
        "intervals": [{"every": "60 Minutes"}],
    }
    sent["calendars"][0]["minute"].append(7)
    sent["intervals"][0]["every"] = "1h"
    assert raw == before


@pytest.mark.parametrize("raw", [{}, {"calendars": []}, {"calendars": [], "intervals": [], "jitter": 0}])
def test_an_empty_schedule_is_sent_as_it_is(raw: dict[str, Any]) -> None:
    assert emit(raw) == raw


# The schema for editors


def test_the_schema_has_the_keys_of_the_grammar_and_no_others() -> None:
    schema = json_schema()
    calendars = schema["properties"]["calendars"]["anyOf"][0]["items"]
    assert set(schema["properties"]) == {"calendars", "intervals", "jitter"}
    assert set(calendars["properties"]) == {*(field.name for field in FIELDS), "comment"}
    assert calendars["additionalProperties"] is schema["additionalProperties"] is False
    assert all(key["description"] for key in calendars["properties"].values())
    assert "$ref" not in json.dumps(schema)


def test_the_schema_of_a_field_has_its_bounds_or_names() -> None:
    fields = json_schema()["properties"]["calendars"]["anyOf"][0]["items"]["properties"]
    for field in FIELDS:
        value = fields[field.name]["anyOf"][0]["anyOf"][0]
        bounds = {"type": "integer", "minimum": field.minimum, "maximum": field.maximum}
        assert value == ({"enum": list(field.names)} if field.names else bounds)


def test_a_schema_that_was_changed_by_its_reader_is_whole_the_next_time() -> None:
    json_schema()["properties"].clear()
    assert "calendars" in json_schema()["properties"]
