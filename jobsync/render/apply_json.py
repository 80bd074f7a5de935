"""An apply as JSON lines, in the shape of Terraform's machine-readable output.

One record a step, then one a change that is not done, then `change_summary`. The counts have the names of the
plan's `summary`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.plan.outcome import Status
from jobsync.render import values
from jobsync.render.apply_text import counted, headline, last_sentences, not_done, sentence
from jobsync.render.counts import kind_of

if TYPE_CHECKING:
    from datetime import datetime

    from jobsync.model.values import Json
    from jobsync.plan.outcome import Outcome, Progress, Result

MODULE = "jobsync.ui"


def progress_record(progress: Progress, now: datetime) -> dict[str, Json]:
    """Return the record of one step: `apply_start`, `apply_complete` or `apply_errored`."""
    hook: dict[str, Json] = {**_resource(progress.job_id), "action": progress.phase.value}
    if progress.seconds is not None:
        hook["elapsed_seconds"] = int(progress.seconds)
    if progress.problem is not None:
        hook["problem"] = progress.problem
        return _record("apply_errored", sentence(progress), now, {"hook": hook}, level="error")
    kind = "apply_start" if progress.seconds is None else "apply_complete"
    return _record(kind, sentence(progress), now, {"hook": hook})


def plan_record(plan: dict[str, Json], now: datetime) -> dict[str, Json]:
    """Return the first record of an apply: the plan, as `plan --json` prints it, on one line."""
    return _record("plan", "the plan that is carried out", now, {"plan": plan})


def closing_records(result: Result, now: datetime, *, destroys: bool = False) -> list[dict[str, Json]]:
    """Return the records after the last step; the last one is the `change_summary`."""
    records = [_outcome(outcome, now) for outcome in result.outcomes if outcome.status is not Status.DONE]
    if result.ledger_problem is not None:
        fact: dict[str, Json] = {"problem": result.ledger_problem}
        records.append(_record("ledger_errored", "the ledger could not be written", now, fact, level="error"))
    changes: dict[str, Json] = {
        **counted(result).as_dict(),
        **not_done(result),
        "operation": "destroy" if destroys else "apply",
    }
    facts: dict[str, Json] = {
        "changes": changes,
        "is_success": result.is_success,
        "is_interrupted": result.is_interrupted,
    }
    level = "info" if result.is_success else "error"
    message = " ".join(last_sentences(result, destroys=destroys))
    return [
        *records,
        _record("change_summary", message, now, facts, level=level),
    ]


def _outcome(outcome: Outcome, now: datetime) -> dict[str, Json]:
    facts: dict[str, Json] = {
        **_resource(outcome.change.job_id),
        "action": kind_of(outcome.change).value,
        "status": outcome.status.value,
        "problem": outcome.problem,
        "now": outcome.now,
        "hint": outcome.hint,
    }
    level = "warn" if outcome.status is Status.SKIPPED else "error"
    return _record("outcome", headline(outcome), now, facts, level=level)


def _resource(job_id: str) -> dict[str, Json]:
    return {"resource": {"addr": f"job.{job_id}", "resource_type": "job", "resource_name": job_id}}


def _record(
    kind: str, message: str, now: datetime, facts: dict[str, Json], *, level: str = "info"
) -> dict[str, Json]:
    return {
        "@level": level,
        "@message": message,
        "@module": MODULE,
        "@timestamp": values.iso(now),
        "type": kind,
        **facts,
    }
