"""Judging what was read back after an apply wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from jobsync.diagnostics import Diagnostic, Severity
from jobsync.model.canonical import Canonical
from jobsync.model.paths import parse
from jobsync.model.sameness import learn
from jobsync.model.secrets import public_text
from jobsync.plan.change import (
    Adopt,
    Create,
    Delete,
    Forget,
    Keep,
    Protect,
    Release,
    SetState,
    StateAction,
    Update,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobsync.model.job import Job
    from jobsync.model.ledger import Claim
    from jobsync.plan.change import Plan

SINCE = " since it was planned"

NAMED_PATHS = 4
"""A sentence names no more paths than this."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a written job reads back as it was written.

    `problem` says what is off, None where it is good; `repair` is the pause or resume that would mend it.
    """

    change: Create | Update | SetState
    problem: str | None = None
    now: str | None = None
    hint: str | None = None
    repair: StateAction | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing is off."""
        return self.problem is None


def judge(change: Create | Update | SetState, seen: Job | None, claim: Claim | None) -> Verdict:
    """Compare a written job with how it was read back; `claim` is what was known before it was written."""
    if seen is None:
        return Verdict(change, "the API accepted it, but it is not in the list of jobs", "missing")
    before = None if isinstance(change, Create) else change.remote
    wrong = learn(change.desired, seen, before=before, claim=claim).wrong
    if wrong:
        return Verdict(
            change,
            f"the API accepted it, but it reads back differently at {_named(wrong)}",
            "there, but not as declared",
            "the server may not support this value; `jobsync plan` shows what it holds",
        )
    repair = _repair(change, seen)
    if repair is not None:
        return Verdict(
            change,
            f"it is {seen.state} and should not be",
            "as declared except for its state",
            "run `jobsync apply` again",
            repair,
        )
    return Verdict(change)


def _repair(change: Create | Update | SetState, seen: Job) -> StateAction | None:
    """Return what brings a job to its declared state, or back to PAUSED where a PUT resumed it."""
    declared = change.desired.job.state
    if declared is None:
        was_paused = not isinstance(change, Create) and change.remote.is_paused
        return StateAction.PAUSE if was_paused and not seen.is_paused else None
    if (declared == "PAUSED") == seen.is_paused:
        return None
    return StateAction.RESUME if seen.is_paused else StateAction.PAUSE


def _named(paths: tuple[str, ...]) -> str:
    named = ", ".join(f"`{path}`" for path in paths[:NAMED_PATHS])
    more = len(paths) - NAMED_PATHS
    return f"{named} and {more} more" if more > 0 else named


def why_not_remove(planned: Job, seen: Job | None) -> str | None:
    """Return why a job must not be removed although the plan says so, None where it may be.

    It must still mean what the plan saw; secrets are not compared, since some servers mask them anew at every
    read. A job that is gone may be removed.
    """
    if seen is None:
        return None
    if seen.is_code:
        return "the project's code manages it now"
    if _without_secrets(planned) != _without_secrets(seen):
        return f"it was changed by somebody{SINCE}"
    return None


def changed_since(plan: Plan, remote: Iterable[Job]) -> tuple[Diagnostic, ...]:
    """Return an error for each job that a plan touches and that is not what the plan saw any more."""
    existing = {job.id: job for job in remote}
    problems = []
    for change in plan.pending:
        seen = existing.get(change.job_id)
        match change:
            case Create():
                problem = "it exists now" if seen is not None else None
            case Update() | SetState() | Delete() | Release():
                problem = "it is gone" if seen is None else why_not_remove(change.remote, seen)
            case Adopt() | Protect() | Forget() | Keep():
                problem = None
            case _:
                assert_never(change)
        if problem is not None:
            problems.append(_moved(change.job_id, problem))
    return tuple(problems)


def _moved(job_id: str, problem: str) -> Diagnostic:
    return Diagnostic(
        code="P010",
        severity=Severity.ERROR,
        summary=f"job `{job_id}` moved on since it was planned: {problem.removesuffix(SINCE)}",
        hint="plan again to see what it is now",
    )


def _without_secrets(job: Job) -> Canonical:
    """Return what a job means, less what a server may mask: of a URL, its place stays."""
    meaning = job.meaning
    fields = {path: public_text(parse(path), text) for path, text in meaning.fields.items()}
    return Canonical({path: text for path, text in fields.items() if text is not None}, meaning.payload)
