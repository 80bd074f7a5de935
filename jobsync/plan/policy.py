"""What a plan must not exceed; each refusal carries its numbers and its way out."""

from __future__ import annotations

from dataclasses import dataclass

from jobsync.diagnostics import Diagnostic, Severity
from jobsync.plan.change import Delete, Plan

DEFAULT_DELETES = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one apply may do. `deletes` counts jobs; `allow_delete` is the user's word for this run."""

    deletes: int = DEFAULT_DELETES
    allow_delete: int | None = None


def judge(plan: Plan, limits: Limits) -> tuple[Diagnostic, ...]:
    """Return the limits that the plan breaks, as errors."""
    allowed = limits.deletes if limits.allow_delete is None else limits.allow_delete
    deletes = sum(1 for change in plan.changes if isinstance(change, Delete))
    if deletes <= allowed:
        return ()
    return (
        Diagnostic(
            code="P002",
            severity=Severity.ERROR,
            summary=f"plan deletes {deletes} of {plan.managed} managed jobs; the limit is {allowed}",
            hint=f"pass --allow-delete {deletes} if this is intended",
        ),
    )
