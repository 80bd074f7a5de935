"""Whole jobs before and after a change, as they may be shown."""

from __future__ import annotations

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
from jobsync.render.masking import Masked, mask, patterns_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from jobsync.model.job import Job
    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.plan.change import Change

NOTHING = Masked(None)
"""The side on which a job does not exist."""


def sides(change: Change) -> tuple[Masked, Masked]:
    """Return a job before and after; after is what is declared, since an update replaces the whole."""
    patterns = patterns_of(change)
    match change:
        case Create():
            return NOTHING, _declared(change, change.desired.job.state or "ACTIVE", patterns)
        case Update():
            return _found(change.remote, patterns), _declared(change, _state_after(change), patterns)
        case SetState():
            before = _found(change.remote, patterns)
            return before, _with_state(before, _state_after(change))
        case Adopt() | Protect() | Keep():
            found = _found(change.remote, patterns)
            return found, found
        case Delete():
            return _found(change.remote, patterns), NOTHING
        case Release():
            # What the file hid is not known any more, so no more is told than where the job stands.
            return Masked({"id": change.job_id, "state": change.remote.state}), NOTHING
        case Forget():
            return NOTHING, NOTHING
        case _:
            assert_never(change)


def _state_after(change: Update | SetState) -> str:
    if change.state is None:
        return change.remote.state
    return "PAUSED" if change.state is StateAction.PAUSE else "ACTIVE"


def _found(job: Job, patterns: Collection[Path]) -> Masked:
    return mask((), {"id": job.id, **_ordered(job.body()), "state": job.state}, patterns)


def _declared(change: Create | Update, state: str, patterns: Collection[Path]) -> Masked:
    body = _ordered(change.desired.job.body())
    return mask((), {"id": change.job_id, **body, "state": state}, patterns)


def _ordered(body: dict[str, Json]) -> dict[str, Json]:
    """Sort the attributes, so that the same plan is the same text."""
    return {key: body[key] for key in sorted(body)}


def _with_state(side: Masked, state: str) -> Masked:
    body = side.value if isinstance(side.value, dict) else {}
    return Masked({**body, "state": state}, side.sensitive)
