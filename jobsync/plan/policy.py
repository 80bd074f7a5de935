"""What a plan must not exceed; each refusal carries its numbers and its way out."""

from __future__ import annotations

from dataclasses import dataclass

from jobsync.diagnostics import Diagnostic, Severity
from jobsync.plan.change import Delete, Plan, Release

DEFAULT_DELETES = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one apply may do.

    `deletes` counts jobs that are deleted, paused for good, or let go; `allow_delete` and `allow_empty` are
    the user's word for this run.
    """

    deletes: int = DEFAULT_DELETES
    allow_delete: int | None = None
    allow_empty: bool = False


def judge(plan: Plan, limits: Limits) -> tuple[Diagnostic, ...]:
    """Return the limits that the plan breaks, as errors."""
    return tuple(filter(None, (_too_many_removals(plan, limits), _nothing_declared(plan, limits))))


def _too_many_removals(plan: Plan, limits: Limits) -> Diagnostic | None:
    allowed = limits.deletes if limits.allow_delete is None else limits.allow_delete
    deletes = sum(1 for change in plan.changes if isinstance(change, Delete))
    releases = sum(1 for change in plan.changes if isinstance(change, Release))
    if deletes + releases <= allowed:
        return None
    of = f"of {plan.managed} managed " if deletes + releases <= plan.managed else ""
    verb, number = ("deletes", deletes) if not releases else ("removes", deletes + releases)
    return Diagnostic(
        code="P002",
        severity=Severity.ERROR,
        summary=f"plan {verb} {number} {of}jobs; the limit is {allowed}",
        hint=f"pass --allow-delete {number} if this is intended",
    )


def _nothing_declared(plan: Plan, limits: Limits) -> Diagnostic | None:
    removals = sum(1 for change in plan.changes if isinstance(change, Delete | Release))
    if plan.declared or not removals or limits.allow_empty:
        return None
    return Diagnostic(
        code="P009",
        severity=Severity.ERROR,
        summary="the files declare no job at all, and "
        f"{removals} managed {'job' if removals == 1 else 'jobs'} would go",
        hint="pass --allow-empty if this is intended",
    )
