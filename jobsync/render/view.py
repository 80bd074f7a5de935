"""A plan as it is shown: order, counts and masking are decided here, once for every format.

A view holds no secret. Its texts are not escaped for a terminal; that is what `jobsync.render.screen` is for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

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
from jobsync.render import values
from jobsync.render.counts import RANK, Counts, Kind, kind_of
from jobsync.render.field_rows import declared_rows, field_rows, rank, state_row
from jobsync.render.masking import patterns_of
from jobsync.render.payload_rows import payload_row

if TYPE_CHECKING:
    from jobsync.model.job import Job
    from jobsync.plan.change import Change, Plan
    from jobsync.render.row import Row

SYMBOLS = {
    Kind.CREATE: "+",
    Kind.UPDATE: "~",
    Kind.PAUSE: "=",
    Kind.RESUME: ">",
    Kind.ADOPT: "&",
    Kind.PROTECT: "&",
    Kind.UNPROTECT: "&",
    Kind.KEEP: " ",
    Kind.RELEASE: ".",
    Kind.FORGET: ".",
    Kind.DELETE: "-",
}

SENTENCES = {
    Kind.CREATE: "will be created",
    Kind.UPDATE: "will be updated in-place",
    Kind.PAUSE: "will be paused",
    Kind.RESUME: "will be resumed",
    Kind.ADOPT: "will be adopted",
    Kind.PROTECT: "will be protected",
    Kind.UNPROTECT: "will not be protected any more",
    Kind.KEEP: "is as declared",
    Kind.RELEASE: "will be released",
    Kind.FORGET: "will be forgotten",
    Kind.DELETE: "will be destroyed",
}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change as it is shown.

    `position` is `file:line` of the declaration, None where there is none. `reason` says why it happens,
    `fact` what is worth knowing about the job. `unchanged` counts the attributes that stay.
    """

    kind: Kind
    job_id: str
    position: str | None = None
    reason: str | None = None
    fact: str | None = None
    rows: tuple[Row, ...] = ()
    unchanged: int = 0

    @property
    def symbol(self) -> str:
        """The sign before it in a plan."""
        return SYMBOLS[self.kind]

    @property
    def sentence(self) -> str:
        """`job.ID will be created`."""
        return f"job.{self.job_id} {SENTENCES[self.kind]}"


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as it is shown.

    `changes` are those that do something, by kind (creates first, deletes last), then by id. `errors` is how
    many diagnostics block it.
    """

    environment: str
    project: str
    declared: int
    managed: int
    unmanaged: int
    changes: tuple[ChangeView, ...]
    counts: Counts
    errors: int


def build(plan: Plan) -> PlanView:
    """Return what may be shown of a plan, in the order in which it is shown."""
    pending = sorted(plan.pending, key=lambda change: (RANK[kind_of(change)], change.job_id))
    return PlanView(
        environment=plan.identity.environment,
        project=plan.identity.project,
        declared=plan.declared,
        managed=plan.managed,
        unmanaged=len(plan.unmanaged),
        changes=tuple(map(_change, pending)),
        counts=Counts.of(pending),
        errors=sum(1 for diagnostic in plan.diagnostics if diagnostic.is_error),
    )


def position_of(change: Change) -> str | None:
    """Return `file:line` of a change's declaration, None where the job is not declared."""
    match change:
        case Create() | Update() | Adopt() | Protect() | SetState() | Keep():
            return f"{change.desired.span.file}:{change.desired.span.line}"
        case Delete() | Release() | Forget():
            return None
        case _:
            assert_never(change)


def _change(change: Change) -> ChangeView:
    view = ChangeView(kind_of(change), change.job_id, position_of(change))
    match change:
        case Create():
            return replace(
                view,
                reason="it was deleted outside of jobsync" if change.was_managed else None,
                rows=declared_rows(change.desired, patterns_of(change)),
            )
        case Update():
            return replace(
                view,
                reason="it was not managed until now" if change.claims else None,
                rows=_update_rows(change),
                unchanged=change.unchanged,
            )
        case SetState():
            return replace(
                view,
                reason="it was not managed until now" if change.claims else None,
                fact=_state_fact(change),
            )
        case Adopt():
            return replace(view, fact="already as declared, nothing is sent")
        case Protect():
            return replace(view, fact="only recorded, nothing is sent")
        case Release():
            first = "paused first, then" if change.pauses else "it"
            return replace(view, fact=f"{first} stays in the project, not managed any more")
        case Forget():
            return replace(view, reason=change.reason)
        case Delete():
            return replace(view, reason=change.because, fact=_runs(change.remote))
        case Keep():
            return view
        case _:
            assert_never(change)


def _update_rows(change: Update) -> tuple[Row, ...]:
    patterns = patterns_of(change)
    rows = field_rows(change, patterns)
    if change.payload is not None:
        rows["payload"] = [payload_row(change.payload, patterns)]
    if change.state is not None:
        rows["state"] = [state_row(change.remote.state, change.state)]
    return tuple(row for name in sorted(rows, key=rank) for row in rows[name])


def _state_fact(change: SetState) -> str:
    if change.state is StateAction.PAUSE:
        return f"state: {change.remote.state} -> PAUSED"
    reason = change.remote.reason
    because = f", paused because: {reason.message}" if reason is not None and reason.message else ""
    return f"state: {change.remote.state} -> ACTIVE{because}"


def _runs(job: Job) -> str:
    """Say when a job ran and when it would run, to tell a dead job from one that matters."""
    last = f"last run {values.instant(job.last_run_time)}" if job.last_run_time else "no last run"
    if job.is_paused:
        return f"{last}, paused"
    return (
        f"{last}, next {values.instant(job.next_run_time)}" if job.next_run_time else f"{last}, no next run"
    )
