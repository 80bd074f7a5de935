"""The jobs of a project as they are now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsync.model.job import Job
from jobsync.render.screen import cells
from jobsync.render.status_text import document, render
from jobsync.render.values import instant, iso


def job(**fields: Any) -> Job:
    return Job.model_validate(fields)


JOBS = [
    job(
        id="prices",
        next_run_time="2026-11-23T02:30:00Z",
        last_run_time="2026-11-20T04:30:00+02:00",
    ),
    job(id="by-code", source="CODE"),
    job(
        id="contracts",
        state="PAUSED",
        reason={"type": "paused", "message": "the auth session is not valid any more"},
    ),
    job(id="foreign", state={"status": "PAUSED", "reason": "by hand"}),
]
CLAIMED = {"prices", "contracts", "vanished"}


WIDE = """\
ID         STATE                                       NEXT RUN           LAST RUN           MANAGED
by-code    ACTIVE                                      -                  -                  code
contracts  PAUSED                                      -                  -                  yes
  (the auth session is not valid any more)
foreign    PAUSED (by hand)                            -                  -                  no
prices     ACTIVE                                      2026-11-23 02:30Z  2026-11-20 02:30Z  yes
vanished   MISSING (it is managed and does not exist)  -                  -                  yes"""

NARROW = """\
ID         STATE             NEXT RUN           LAST RUN           MANAGED
by-code    ACTIVE            -                  -                  code
contracts  PAUSED            -                  -                  yes
  (the auth session is not valid any more)
foreign    PAUSED (by hand)  -                  -                  no
prices     ACTIVE            2026-11-23 02:30Z  2026-11-20 02:30Z  yes
vanished   MISSING           -                  -                  yes
  (it is managed and does not exist)"""


@pytest.mark.parametrize(("width", "table"), [(100, WIDE), (80, NARROW)])
def test_every_job_is_a_row_and_a_managed_one_that_is_gone_too(width: int, table: str) -> None:
    assert render(JOBS, CLAIMED, width=width) == table


def test_a_project_without_jobs_says_so() -> None:
    assert render([], ()) == "No jobs."
    assert document([], ()) == {"format_version": "1.0", "jobs": []}


def test_a_code_job_is_never_shown_as_ours() -> None:
    (entry,) = entries([job(id="by-code", source="CODE")], {"by-code"})
    assert entry["managed"] == "code"


def test_the_document_has_the_same_jobs_in_the_same_order() -> None:
    assert [entry["id"] for entry in entries(JOBS, CLAIMED)] == [
        *("by-code", "contracts", "foreign", "prices", "vanished")
    ]
    assert entries(JOBS, CLAIMED)[1] == {
        "id": "contracts",
        "state": "PAUSED",
        "reason": "the auth session is not valid any more",
        "next_run_time": None,
        "last_run_time": None,
        "managed": "yes",
    }
    assert entries(JOBS, CLAIMED)[3]["last_run_time"] == "2026-11-20T02:30:00Z"


def entries(jobs: list[Job], claimed: set[str]) -> list[dict[str, Any]]:
    found: Any = document(jobs, claimed)["jobs"]
    return list(found)


@given(st.lists(st.tuples(st.text(min_size=1), st.text(), st.none() | st.text())), st.integers(40, 120))
def test_nothing_that_the_api_says_moves_the_cursor(
    facts: list[tuple[str, str, str | None]], width: int
) -> None:
    jobs = [job(id=name, state=state, reason={"message": message}) for name, state, message in facts]
    assert all(line.isprintable() for line in render(jobs, (), width=width).split("\n"))


@given(
    st.lists(st.from_regex("[a-z]{3,12}", fullmatch=True), unique=True),
    st.none() | st.from_regex("[a-z ]{3,60}", fullmatch=True),
)
def test_a_table_of_common_ids_fits_into_80_columns(ids: list[str], reason: str | None) -> None:
    jobs = [job(id=name, state="PAUSED", reason={"message": reason}) for name in ids]
    assert all(cells(line) <= 80 for line in render(jobs, ()).split("\n"))


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 23, 2, 30, 59, tzinfo=UTC), "2026-11-23 02:30Z"),
        (datetime(2026, 11, 23, 1, tzinfo=timezone(timedelta(hours=2))), "2026-11-22 23:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01 00:00Z"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "0001-01-01 00:00Z"),
    ],
)
def test_a_moment_is_told_in_utc_to_the_minute(moment: datetime, shown: str) -> None:
    assert instant(moment) == shown
    assert iso(moment)[:16] == shown[:16].replace(" ", "T")
