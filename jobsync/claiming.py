"""Taking over a job that exists, and letting go of one, by name: only the ledger changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.diagnostics import Diagnostic, Severity
from jobsync.model.ledger import Claim

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jobsync.model.job import Job
    from jobsync.model.ledger import Ledger


def adopt(
    job_ids: Sequence[str], remote: Mapping[str, Job], ledger: Ledger
) -> tuple[Ledger, tuple[Diagnostic, ...]]:
    """Return the ledger with a claim on each job, or the problems for which none of them is claimed.

    Nothing is known yet of what we last applied, so the next plan compares the job with its file alone.
    """
    problems = tuple(filter(None, (_why_not_adopt(job_id, remote.get(job_id)) for job_id in job_ids)))
    if problems:
        return ledger, problems
    held = {
        job_id: ledger.jobs.get(job_id, Claim(status="held")).model_copy(
            update={"status": "held", "applied": {}, "payload": None}
        )
        for job_id in job_ids
        if job_id not in ledger.jobs or not ledger.jobs[job_id].is_held
    }
    return (ledger.with_jobs({**ledger.jobs, **held}) if held else ledger), ()


def release(job_ids: Collection[str], ledger: Ledger) -> tuple[Ledger, tuple[Diagnostic, ...]]:
    """Return the ledger without the claims on these jobs, or the problems for which all of them stay."""
    problems = tuple(
        Diagnostic(
            code="P008",
            severity=Severity.ERROR,
            summary=f"job `{job_id}` is not managed",
            hint="`jobsync status` lists what is",
        )
        for job_id in job_ids
        if job_id not in ledger.jobs
    )
    if problems:
        return ledger, problems
    return ledger.with_jobs({key: claim for key, claim in ledger.jobs.items() if key not in job_ids}), ()


def _why_not_adopt(job_id: str, remote: Job | None) -> Diagnostic | None:
    if remote is None:
        return Diagnostic(
            code="P006",
            severity=Severity.ERROR,
            summary=f"job `{job_id}` does not exist",
            hint="`jobsync status` lists the jobs that do",
        )
    if remote.is_code:
        return Diagnostic(
            code="P007",
            severity=Severity.ERROR,
            summary=f"job `{job_id}` is managed by the project's code and cannot be adopted",
            hint="remove it from the project's code and deploy, then declare it here",
        )
    return None
