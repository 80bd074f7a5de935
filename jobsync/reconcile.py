"""What happens on `plan`, in order: load, fetch, build, judge. What happens after it is in `apply.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobsync.plan.build import Rules, build
from jobsync.plan.policy import Limits, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobsync.model.desired import DesiredJob
    from jobsync.model.ledger import Ledger
    from jobsync.plan.change import Plan
    from jobsync.ports import JobsApi, LedgerStore


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan with the ledger it was made on, which is what an apply needs."""

    plan: Plan
    ledger: Ledger
    version: str | None


def reconcile(
    desired: Sequence[DesiredJob], *, api: JobsApi, store: LedgerStore, rules: Rules, limits: Limits
) -> Draft:
    """Plan how to make the remote jobs what is declared. Sends one request, a list, and writes nothing.

    Raises a `RemoteError` where the list cannot be read whole, a `LedgerError` where the ledger cannot be
    used; what must not happen is an error in the plan's diagnostics.
    """
    ledger, version = store.read()
    remote = api.list()
    plan = build(desired, remote, ledger, rules)
    return Draft(_judged(plan, limits), ledger, version)


def reconcile_destroy(
    desired: Sequence[DesiredJob], *, api: JobsApi, store: LedgerStore, rules: Rules
) -> Draft:
    """Plan the removal of every managed job; `desired` only tells which of them are protected."""
    protected = frozenset(job.job.id for job in desired if job.prevent_delete)
    ledger, version = store.read()
    remote = api.list()
    plan = build((), remote, ledger, replace(rules, destroys=True, protected=protected))
    return Draft(replace(plan, declared=len(desired)), ledger, version)


def _judged(plan: Plan, limits: Limits) -> Plan:
    return replace(plan, diagnostics=(*plan.diagnostics, *judge(plan, limits)))
