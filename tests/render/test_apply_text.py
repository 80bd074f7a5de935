"""An apply as text and as JSON lines: each step, and how it ended."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_cases import ONE_OF_EACH, plan_of

from jobsync.plan.outcome import Outcome, Phase, Progress, Result, Status
from jobsync.render import apply_json
from jobsync.render.apply_text import closing, duration, progress_line
from jobsync.render.style import COLOUR

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CHANGES = {change.job_id: change for change in plan_of(ONE_OF_EACH).pending}


def result(*problems: Outcome, **facts: Any) -> Result:
    """Return an apply of one change of each kind; those in `problems` did not succeed."""
    bad = {outcome.change.job_id: outcome for outcome in problems}
    outcomes = tuple(bad.get(job_id) or Outcome(change, Status.DONE) for job_id, change in CHANGES.items())
    return Result(outcomes, **facts)


FAILED = Outcome(
    CHANGES["changed-job"],
    Status.FAILED,
    "PUT /jobs/changed-job answered 400: schedule is invalid (correlation id abc)",
    "unchanged",
    "run `jobsync validate`",
)
UNVERIFIED = Outcome(
    CHANGES["created-job"],
    Status.UNVERIFIED,
    "it reads back with another `schedule`",
    "created, but not as declared: schedule",
)
HELD_BACK = Outcome(
    CHANGES["deleted-job"],
    Status.SKIPPED,
    "1 of the changes before did not succeed, so nothing is removed",
    "unchanged",
)


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (Progress("x", Phase.CREATE), "job.x: Creating..."),
        (Progress("x", Phase.CREATE, 1.9), "job.x: Creation complete after 1s"),
        (Progress("x", Phase.UPDATE), "job.x: Modifying..."),
        (Progress("x", Phase.UPDATE, 0.2), "job.x: Modifications complete after 0s"),
        (Progress("x", Phase.DELETE), "job.x: Destroying..."),
        (Progress("x", Phase.DELETE, 65), "job.x: Destruction complete after 1m5s"),
        (Progress("x", Phase.PAUSE), "job.x: Pausing..."),
        (Progress("x", Phase.PAUSE, 1), "job.x: Pausing complete after 1s"),
        (Progress("x", Phase.RESUME), "job.x: Resuming..."),
        (Progress("x", Phase.RESUME, 1), "job.x: Resuming complete after 1s"),
        (Progress("x", Phase.CREATE, 2, "no answer"), "job.x: Creation failed after 2s: no answer"),
        (Progress("x", Phase.PAUSE, None, "no answer"), "job.x: Pausing failed: no answer"),
        (Progress("x\x1b[2J", Phase.CREATE, 2, "a\nb"), "job.x\\u001b[2J: Creation failed after 2s: a\\nb"),
    ],
)
def test_a_step_is_told_in_terraforms_words(progress: Progress, line: str) -> None:
    assert progress_line(progress) == line


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59.9, "59s"), (60, "1m0s"), (3661, "1h1m1s"), (-0.1, "0s")]
)
def test_a_time_that_passed_is_told_in_whole_seconds(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_an_apply_that_succeeded_says_what_it_did() -> None:
    assert closing(result()) == (
        "Apply complete! Resources: 1 added, 1 changed, 1 destroyed.\n"
        "Also: 1 adopted, 1 paused, 1 resumed, 1 forgotten."
    )


def test_an_apply_of_nothing_is_complete() -> None:
    assert closing(Result(())) == "Apply complete! Resources: 0 added, 0 changed, 0 destroyed."


def test_a_destroy_speaks_of_nothing_else() -> None:
    destroyed = Result((Outcome(CHANGES["deleted-job"], Status.DONE),))
    assert closing(destroyed, destroys=True) == "Destroy complete! Resources: 1 destroyed."


def test_what_failed_is_told_with_why_what_is_now_and_the_way_out() -> None:
    assert closing(result(FAILED, UNVERIFIED, HELD_BACK)) == (
        "error: job.changed-job could not be updated\n"
        "  why : PUT /jobs/changed-job answered 400: schedule is invalid (correlation id\n"
        "        abc)\n"
        "  now : unchanged\n"
        "  hint: run `jobsync validate`\n"
        "\n"
        "error: job.created-job was created, but this could not be verified\n"
        "  why : it reads back with another `schedule`\n"
        "  now : created, but not as declared: schedule\n"
        "\n"
        "Not destroyed: job.deleted-job\n"
        "  why : 1 of the changes before did not succeed, so nothing is removed\n"
        "\n"
        "Apply incomplete! Resources: 0 added, 0 changed, 0 destroyed.\n"
        "Also: 1 adopted, 1 paused, 1 resumed, 1 forgotten.\n"
        "Not done: 1 failed, 1 unverified, 1 skipped; run `jobsync plan` to see what is\n"
        "left."
    )


def test_an_interrupted_apply_says_what_was_not_begun() -> None:
    skipped = [
        Outcome(CHANGES[job_id], Status.SKIPPED, "interrupted") for job_id in ("created-job", "deleted-job")
    ]
    assert closing(result(*skipped, is_interrupted=True)) == (
        "Interrupted: 2 of 7 changes not begun.\n"
        "\n"
        "Not created: job.created-job\n"
        "\n"
        "Not destroyed: job.deleted-job\n"
        "\n"
        "Apply incomplete! Resources: 0 added, 1 changed, 0 destroyed.\n"
        "Also: 1 adopted, 1 paused, 1 resumed, 1 forgotten.\n"
        "Not done: 2 skipped; run `jobsync plan` to see what is left."
    )


def test_a_ledger_that_could_not_be_written_is_told_although_every_job_is_done() -> None:
    assert closing(result(ledger_problem="somebody else wrote it")) == (
        "error: the ledger could not be written\n"
        "  why : somebody else wrote it\n"
        "  now : the jobs are as said here, but the ledger does not know it yet\n"
        "  hint: apply again before anything else changes: what was done is recognised\n"
        "\n"
        "Apply incomplete! Resources: 1 added, 1 changed, 1 destroyed.\n"
        "Also: 1 adopted, 1 paused, 1 resumed, 1 forgotten.\n"
        "Run `jobsync plan` to see what is left."
    )


def test_every_delete_that_was_held_back_is_named() -> None:
    applied = [{"id": f"old-crawl-{number:02}"} for number in range(12)]
    outcomes = [
        Outcome(change, Status.SKIPPED, "1 of the changes before did not succeed, so nothing is removed")
        for change in plan_of({"applied": applied}).pending
    ]
    shown = closing(Result(tuple(outcomes)))
    assert shown.startswith("Not destroyed: job.old-crawl-00, job.old-crawl-01, job.old-crawl-02,\n  job.old")
    assert shown.count("job.old-crawl-") == 12
    assert shown.count("why :") == 1


STATUSES = st.sampled_from([Status.DONE, Status.FAILED, Status.UNVERIFIED, Status.SKIPPED])
SAID = st.none() | st.text(max_size=20)


@given(st.lists(st.tuples(STATUSES, SAID, SAID, SAID), max_size=7), st.booleans(), SAID)
def test_whatever_happened_the_counts_add_up_and_nothing_moves_the_cursor(
    fates: list[tuple[Status, str | None, str | None, str | None]],
    is_interrupted: bool,  # noqa: FBT001
    ledger_problem: str | None,
) -> None:
    outcomes = tuple(Outcome(change, *fate) for change, fate in zip(CHANGES.values(), fates, strict=False))
    ended = Result(outcomes, is_interrupted=is_interrupted, ledger_problem=ledger_problem)
    shown = closing(ended)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert closing(ended, style=COLOUR)
    assert ("Apply complete!" in shown) == ended.is_success
    summary: Any = apply_json.closing_records(ended, NOW)[-1]
    numbers = [number for name, number in summary["changes"].items() if name != "operation"]
    assert sum(numbers) == len(outcomes)
    assert all(outcome.change.job_id in shown for outcome in outcomes if outcome.status is not Status.DONE)


def test_a_step_is_a_record_in_terraforms_shape() -> None:
    assert apply_json.progress_record(Progress("x", Phase.CREATE), NOW) == {
        "@level": "info",
        "@message": "job.x: Creating...",
        "@module": "jobsync.ui",
        "@timestamp": "2026-11-22T03:00:00Z",
        "type": "apply_start",
        "hook": {
            "resource": {"addr": "job.x", "resource_type": "job", "resource_name": "x"},
            "action": "create",
        },
    }


@pytest.mark.parametrize(
    ("progress", "kind", "level"),
    [
        (Progress("x", Phase.DELETE, 2.5), "apply_complete", "info"),
        (Progress("x", Phase.DELETE, 2.5, "no answer"), "apply_errored", "error"),
        (Progress("x", Phase.DELETE, None, "no answer"), "apply_errored", "error"),
    ],
)
def test_how_a_step_ended_is_in_its_type(progress: Progress, kind: str, level: str) -> None:
    record: Any = apply_json.progress_record(progress, NOW)
    assert (record["type"], record["@level"]) == (kind, level)
    assert record["hook"].get("problem") == progress.problem
    assert record["hook"].get("elapsed_seconds") == (None if progress.seconds is None else 2)


def test_the_last_records_say_what_is_not_done_and_then_count() -> None:
    records: Any = apply_json.closing_records(
        result(FAILED, HELD_BACK, ledger_problem="somebody else wrote it"), NOW
    )
    assert json.loads(json.dumps(records)) == records
    assert [record["type"] for record in records] == [
        "outcome",
        "outcome",
        "ledger_errored",
        "change_summary",
    ]
    assert records[0] == {
        "@level": "error",
        "@message": "job.changed-job could not be updated",
        "@module": "jobsync.ui",
        "@timestamp": "2026-11-22T03:00:00Z",
        "type": "outcome",
        "resource": {
            "addr": "job.changed-job",
            "resource_type": "job",
            "resource_name": "changed-job",
        },
        "action": "update",
        "status": "failed",
        "problem": FAILED.problem,
        "now": "unchanged",
        "hint": "run `jobsync validate`",
    }
    assert (records[1]["@level"], records[1]["status"]) == ("warn", "skipped")
    assert records[-1]["changes"] == {
        "add": 1,
        "change": 0,
        "destroy": 0,
        "adopt": 1,
        "protect": 0,
        "unprotect": 0,
        "release": 0,
        "pause": 1,
        "resume": 1,
        "forget": 1,
        "failed": 1,
        "unverified": 0,
        "skipped": 1,
        "operation": "apply",
    }
    assert (records[-1]["@level"], records[-1]["is_success"]) == ("error", False)


def test_a_success_is_one_summary_with_the_sentence_of_the_text() -> None:
    (record,) = apply_json.closing_records(result(), NOW, destroys=True)
    assert record["@message"] == (
        "Destroy complete! Resources: 1 destroyed. Also: 1 adopted, 1 paused, 1 resumed, 1 forgotten."
    )
    assert record["@level"] == "info"
