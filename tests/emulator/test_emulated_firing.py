"""When the emulator says a job runs next, against a search second by second and against worked examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsync.emulator.durations import to_ms
from jobsync.emulator.firing import next_run
from jobsync.emulator.temporal import BOUNDS, WEEKDAYS, canonical

NOW = datetime(2026, 11, 22, 12, 30, 15, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("100", 100),
        ("1.5 s", 1500),
        (".5m", 30_000),
        ("2 Hours", 7_200_000),
        ("1d", 86_400_000),
        ("1w", 604_800_000),
        ("1y", 31_557_600_000),
        ("-1s", -1000),
        ("1h30m", None),
        (" 1h", None),
        ("1 month", None),
        ("", None),
        ("h", None),
        ("1" * 101, None),
    ],
)
def test_durations_follow_the_grammar_of_ms(text: str, milliseconds: int | None) -> None:
    assert to_ms(text) == milliseconds


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"intervals": [{"every": "1h"}, {"every": "10m"}]}, at("2026-11-22 12:40:00")),
        ({"intervals": [{"every": 1500}]}, at("2026-11-22 12:30:16")),
        ({"intervals": [{"every": "60y"}]}, at("2030-01-01 00:00:00")),
        ({"intervals": [{"every": "9000y"}]}, None),
        ({"calendars": [{"minute": {"start": 0}, "hour": 13}]}, at("2026-11-22 13:00:00")),
        ({"calendars": [{"hour": {"start": 0}}]}, at("2026-11-23 00:00:00")),
        ({"calendars": [{"minute": "*", "hour": "*"}]}, at("2026-11-22 12:31:00")),
        ({"calendars": [{"second": "*", "minute": 30, "hour": 12}]}, at("2026-11-22 12:30:16")),
        ({"calendars": [{"dayOfWeek": {"start": "FRIDAY", "end": "MONDAY"}}]}, at("2026-11-27 00:00:00")),
        ({"calendars": [{"dayOfMonth": 13, "dayOfWeek": "FRIDAY"}]}, at("2027-08-13 00:00:00")),
        ({"calendars": [{"year": 2031}]}, at("2031-01-01 00:00:00")),
        ({"calendars": [{"year": {"start": 2027}}]}, at("2027-01-01 00:00:00")),
        ({"calendars": [{"year": 2025}]}, None),
        ({"calendars": [{"year": []}]}, at("2026-11-23 00:00:00")),
        ({"calendars": [{"minute": []}, {"hour": 5}]}, at("2026-11-23 05:00:00")),
    ],
)
def test_worked_examples(schedule: dict[str, Any], expected: datetime | None) -> None:
    assert next_run(schedule, NOW) == expected


def test_a_range_from_zero_without_an_end_also_means_one() -> None:
    schedule = {"calendars": [{"minute": {"start": 0}, "hour": "*"}]}
    first = next_run(schedule, at("2026-11-22 12:59:59"))
    assert first == at("2026-11-22 13:00:00")
    assert next_run(schedule, first) == at("2026-11-22 13:01:00")


def fields(name: str) -> st.SearchStrategy[Any]:
    first, last = BOUNDS[name]
    scalar: st.SearchStrategy[Any] = st.integers(first, last)
    if name == "dayOfWeek":
        scalar = st.sampled_from(WEEKDAYS)
    item = scalar | st.fixed_dictionaries({"start": scalar}, optional={"end": scalar})
    stepped = st.fixed_dictionaries({"start": scalar, "step": st.integers(1, 20), "end": scalar})
    return st.just("*") | item | stepped | st.lists(item | stepped, max_size=3)


CALENDARS = st.fixed_dictionaries(
    {}, optional={name: fields(name) for name in ("second", "minute", "hour", "dayOfWeek")}
)
SCHEDULES = st.fixed_dictionaries({"calendars": st.lists(CALENDARS, min_size=1, max_size=2)})


@settings(deadline=None)
@given(SCHEDULES, st.integers(0, 86_400 * 7))
def test_no_fire_time_is_skipped(schedule: dict[str, Any], offset: int) -> None:
    """What fires next from any moment before a fire time is never later than that fire time."""
    fire = next_run(schedule, NOW)
    if fire is not None:
        assert fire > NOW
        moment = min(NOW + timedelta(seconds=offset), fire - timedelta(seconds=1))
        assert next_run(schedule, moment) == fire


@settings(deadline=None)
@given(SCHEDULES)
def test_the_canonical_form_fires_at_the_same_times_and_is_its_own(schedule: dict[str, Any]) -> None:
    encoded = canonical(schedule)
    assert canonical(encoded) == encoded
    moment: datetime | None = NOW
    for _ in range(3):
        assert moment is not None
        following = next_run(schedule, moment)
        assert next_run(encoded, moment) == following
        moment = following
        if moment is None:
            break
