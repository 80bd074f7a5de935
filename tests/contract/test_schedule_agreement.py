"""Two readings of the schedule grammar, jobsync's and the emulator's, written apart, must agree."""

from __future__ import annotations

from typing import Any

from emulators import new_emulator, project_client
from examples import examples
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from schedules import meanings, written

from jobsync.emulator.switches import Switches
from jobsync.emulator.temporal import BOUNDS, MONTHS, WEEKDAYS
from jobsync.schedule import spec

JOB: dict[str, Any] = {"id": "prices-daily", "payload": [], "configuration": {}}


def echo(schedule: dict[str, Any], answers: Switches) -> Any:
    """Create a job with a schedule as jobsync sends it; return what the list shows."""
    with new_emulator(switches=answers) as emulator, project_client(emulator) as api:
        response = api.post("jobs", json={**JOB, "schedule": spec.emit(schedule)})
        assert response.status_code == 201, response.text
        return api.get("jobs").json()[0]["schedule"]


@settings(deadline=None)
@given(raw=meanings.flatmap(written))
def test_a_schedule_means_the_same_however_the_platform_writes_it_back(raw: dict[str, Any]) -> None:
    assert spec.canonical(echo(raw, Switches(schedule_echo="verbatim"))) == spec.canonical(raw)
    assert spec.canonical(echo(raw, Switches(schedule_echo="canonical"))) == spec.canonical(raw)


ODD = (None, True, 1.5, 2.0, "5", "", "*", "monday", "JAN", -1)
"""Values that are wrong, or at least strange, in some place or other."""


def scalars(name: str) -> st.SearchStrategy[Any]:
    """Draw a value that fits a calendar field, mostly."""
    first, last = BOUNDS[name]
    fitting: st.SearchStrategy[Any] = st.integers(first, last)
    if name in ("dayOfWeek", "month"):
        fitting = st.sampled_from(WEEKDAYS if name == "dayOfWeek" else MONTHS)
    return fitting | fitting | fitting | st.sampled_from((*ODD, first - 1, last + 1))


def fields(name: str) -> st.SearchStrategy[Any]:
    scalar = scalars(name)
    steps = st.integers(-1, 20) | st.sampled_from(ODD)
    spans = st.fixed_dictionaries(
        {}, optional={"start": scalar, "end": scalar, "step": steps, "stop": scalar}
    )
    return scalar | spans | st.lists(scalar | spans, max_size=2)


calendars = st.fixed_dictionaries(
    {}, optional={name: fields(name) for name in ("second", "dayOfMonth", "dayOfWeek", "month", "year")}
) | st.fixed_dictionaries({}, optional={"hour": fields("hour"), "comment": st.text(), "hours": st.just(1)})
durations = st.sampled_from(
    [
        *(0, -5, 999, 1000, 1500, 60_000, 3_600_000, True, 1.5, 2000.0, None),
        *(
            "1h",
            "1 Hour",
            "90s",
            "1.5m",
            "0.5s",
            "999ms",
            "1000",
            "0",
            "-1s",
            "1h30m",
            " 1h",
            "1h ",
            "1mo",
            "",
        ),
    ]
)
plausible = st.fixed_dictionaries(
    {},
    optional={
        "calendars": st.lists(calendars, max_size=1),
        "intervals": st.lists(st.fixed_dictionaries({"every": durations}), max_size=1),
        "jitter": durations,
    },
)


@examples(600)
@given(raw=plausible)
@example(raw={})
@example(raw={"calendars": [{"minute": {"start": 0}}]})
def test_what_jobsync_lets_through_no_platform_refuses(raw: dict[str, Any]) -> None:
    problems = [problem for problem in spec.check(raw) if problem.is_error]
    event("refused by jobsync" if problems else "let through")
    if problems:
        return
    sent = spec.canonical(spec.emit(raw))
    assert spec.canonical(echo(raw, Switches(unknown_keys="refused"))) == sent
