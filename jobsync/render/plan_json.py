"""A plan as JSON, in the shape of Terraform's `show -json`, with what only jobsync knows beside it.

Sensitive values are replaced, not only flagged. `FORMAT_VERSION` grows in its first number when a reader
could break, in its second when something is added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from jobsync.model.paths import to_text
from jobsync.model.secrets import SENSITIVE, is_secret_place
from jobsync.plan.change import (
    Adopt,
    Create,
    Delete,
    Forget,
    Keep,
    Origin,
    Protect,
    Release,
    SetState,
    StateAction,
    Update,
)
from jobsync.render import bodies, view
from jobsync.render.bodies import NOTHING
from jobsync.render.counts import Counts, Kind, kind_of
from jobsync.render.masking import Masked, mask_text, patterns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.plan.change import Change, FieldChange, Plan

FORMAT_VERSION = "1.0"


def render(
    plan: Plan, *, diagnostics: Sequence[dict[str, Json]] = (), is_targeted: bool = False
) -> dict[str, Json]:
    """Return a plan as one document, ready for `json.dumps`.

    `diagnostics` are put in as they are. `is_targeted` says that only some of the jobs were planned, so that
    an apply does not make everything as declared.
    """
    counts = Counts.of(plan.pending)
    summary: dict[str, Json] = {**counts.as_dict(), "unmanaged": len(plan.unmanaged)}
    return {
        "format_version": FORMAT_VERSION,
        "environment": plan.identity.environment,
        "project": plan.identity.project,
        "applyable": bool(plan.pending) and not plan.is_blocked,
        "complete": not plan.is_blocked and not is_targeted,
        "errored": plan.is_blocked,
        "resource_changes": [_resource_change(change) for change in plan.changes],
        "resource_drift": list(_drift(plan.changes)),
        "diagnostics": list(diagnostics),
        "summary": summary,
    }


def _resource(change: Change) -> dict[str, Json]:
    return {
        "address": f"job.{change.job_id}",
        "mode": "managed",
        "type": "job",
        "name": change.job_id,
    }


def _resource_change(change: Change) -> dict[str, Json]:
    before, after = bodies.sides(change)
    shown = _shown(_action(change), before, after)
    if _is_claimed_now(change):
        shown["importing"] = {"id": change.job_id}
    return {
        **_resource(change),
        "change": shown,
        "action_reason": _action_reason(change),
        "operations": _operations(change),
        "changed_paths": list(_changed_paths(change)),
        "source": view.position_of(change),
    }


def _shown(action: str, before: Masked, after: Masked) -> dict[str, Json]:
    return {
        "actions": [action],
        "before": before.value,
        "after": after.value,
        "before_sensitive": _flags(before),
        "after_sensitive": _flags(after),
    }


def _flags(side: Masked) -> Json:
    """Write Terraform's form: false for no object, an empty one where nothing in it is hidden."""
    if side.value is None:
        return False
    return side.sensitive or {}


def _action(change: Change) -> str:
    match change:
        case Create():
            return "create"
        case Update() | SetState():
            return "update"
        case Delete():
            return "delete"
        case Release() | Forget():
            return "forget"  # Terraform's word for what leaves the state and is not destroyed
        case Adopt() | Protect() | Keep():
            return "no-op"
        case _:
            assert_never(change)


def _is_claimed_now(change: Change) -> bool:
    return isinstance(change, Adopt) or (isinstance(change, Update | SetState) and change.claims)


def _action_reason(change: Change) -> Json:
    """Return Terraform's reason where it has one; a released or forgotten job's is ours."""
    if isinstance(change, Delete):
        return "delete_because_no_resource_config" if change.because else None
    return change.reason if isinstance(change, Forget) else None


def _operations(change: Change) -> list[Json]:
    """Return what an apply does, in its order; `adopt`, `release` and `forget` only touch the ledger."""
    kind = kind_of(change)
    first = kind.value if kind in {Kind.CREATE, Kind.UPDATE, Kind.DELETE} else None
    last = kind.value if kind in {Kind.RELEASE, Kind.FORGET, Kind.PROTECT, Kind.UNPROTECT} else None
    if _is_claimed_now(change):
        last = Kind.ADOPT.value
    return [operation for operation in (first, _state_operation(change), last) if operation is not None]


def _state_operation(change: Change) -> str | None:
    match change:
        case Create():
            is_paused = change.desired.job.state == "PAUSED"
        case Update() | SetState():
            return change.state.value if change.state is not None else None
        case Release():
            is_paused = change.pauses
        case Adopt() | Protect() | Delete() | Forget() | Keep():
            return None
        case _:
            assert_never(change)
    return StateAction.PAUSE.value if is_paused else None


def _changed_paths(change: Change) -> Iterable[Json]:
    """Return where a job differs; what is inside the payload is told by its items' fields."""
    if isinstance(change, SetState):
        yield "state"
    if not isinstance(change, Update):
        return
    yield from (to_text(field.path) for field in change.fields)
    if change.payload is not None:
        yield "payload"
    if change.state is not None:
        yield "state"


def _drift(changes: Iterable[Change]) -> Iterable[Json]:
    """Return what somebody else changed, from what we last applied to what was found.

    `before` and `after` hold only the fields that drifted, by path: the ledger keeps no whole bodies.
    """
    for change in changes:
        if isinstance(change, Create) and change.was_managed:
            gone = _shown("delete", Masked({"id": change.job_id}), NOTHING)
            yield {**_resource(change), "change": gone, "changed_paths": []}
        elif isinstance(change, Update):
            paths = [to_text(field.path) for field in change.fields if field.origin in _THEIRS]
            if change.payload is not None and change.payload.origin in _THEIRS:
                paths.append("payload")
            if paths:
                drift = _shown("update", *_drifted_sides(change))
                yield {**_resource(change), "change": drift, "changed_paths": list(paths)}


_THEIRS = frozenset({Origin.REMOTE, Origin.BOTH})


def _drifted_sides(change: Update) -> tuple[Masked, Masked]:
    patterns = patterns_of(change)
    before, after = {}, {}
    for field in change.fields:
        if field.origin in _THEIRS:
            before[to_text(field.path)] = _applied(field, patterns)
            after[to_text(field.path)] = mask_text(field.path, field.before, patterns) or NOTHING
    return _joined(before), _joined(after)


def _applied(field: FieldChange, patterns: Collection[Path]) -> Masked:
    """Return what we last applied: where only the remote side changed, that is what is declared."""
    text = field.after if field.origin is Origin.REMOTE else field.applied
    if text is None and is_secret_place(field.path):
        return Masked(SENSITIVE, sensitive=True)  # the ledger has a digest only
    return mask_text(field.path, text, patterns) or NOTHING


def _joined(fields: Mapping[str, Masked]) -> Masked:
    flags: dict[str, Json] = {name: field.sensitive for name, field in fields.items() if field.sensitive}
    return Masked({name: field.value for name, field in fields.items()}, flags or False)
