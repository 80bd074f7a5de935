"""The decision: desired, remote and ledger in, a plan out; no I/O, no clock.

The table it follows:

desired  remote     claim          change
yes      no         none or ours   create
yes      yes        ours           as declared: keep, or record a changed protection;
                                   else update, or pause/resume
yes      yes        none           inside `owns`: update or adopt; else blocked (P001)
yes      yes, CODE  any            blocked (P003)
no       yes        ours           `on_remove`: delete, pause and release, or release;
                                   `prevent_delete` blocks a delete (P004)
no       yes        none           inside an explicit `owns`: delete; else unmanaged
no       yes, CODE  ours           forget the claim: the project's code has taken over
no       no         any            forget the claim

A claim is ours when it is held, or when it is pending and the remote job is the one announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, TypeAlias

from jobsync.diagnostics import Diagnostic, Severity
from jobsync.model.sameness import compare, matches_announcement
from jobsync.plan.change import (
    Adopt,
    Change,
    Create,
    Delete,
    Forget,
    Keep,
    Plan,
    Protect,
    Release,
    SetState,
    StateAction,
    Update,
)
from jobsync.plan.explain import explain_fields, explain_payload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobsync.model.desired import DesiredJob
    from jobsync.model.job import Job
    from jobsync.model.ledger import Claim, Ledger

OnRemove: TypeAlias = Literal["delete", "pause", "release"]

SUSPICIOUS_LIST_LENGTH = 50
"""The platform's own command line lists 50 jobs a page; a list of just that many may be a page."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What an environment lets a plan do.

    `owns` is `ledger` (only claimed jobs are ours), `all`, or globs of ids. `destroys` plans the removal of
    everything that is ours, on the user's word instead of `on_remove`; `protected` are ids that the files
    protect from it.
    """

    owns: Literal["ledger", "all"] | tuple[str, ...] = "ledger"
    on_remove: OnRemove = "delete"
    destroys: bool = False
    protected: frozenset[str] = frozenset()

    def own(self, job_id: str) -> bool:
        """Whether a job that nobody claimed is ours by rule."""
        if isinstance(self.owns, str):
            return self.owns == "all"
        return any(fnmatchcase(job_id, pattern) for pattern in self.owns)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A row of the table that blocks."""

    diagnostic: Diagnostic


def build(desired: Sequence[DesiredJob], remote: Sequence[Job], ledger: Ledger, rules: Rules) -> Plan:
    """Decide what to do about every job; ids are unique within `desired` and within `remote`.

    Never raises for what it is given: what must not happen becomes an error in the plan's diagnostics.
    """
    declared = {job.job.id: job for job in desired}
    existing = {job.id: job for job in remote}
    changes: list[Change] = []
    diagnostics = list(_warnings(remote))
    unmanaged: list[str] = []
    for job_id in sorted(declared.keys() | existing.keys() | ledger.jobs.keys()):
        decision = _decide(
            job_id, declared.get(job_id), existing.get(job_id), ledger.jobs.get(job_id), ledger, rules
        )
        if decision is None:
            unmanaged.append(job_id)
        elif isinstance(decision, _Refusal):
            diagnostics.append(decision.diagnostic)
        else:
            changes.append(decision)
    return Plan(
        identity=ledger.identity,
        changes=tuple(changes),
        declared=len(declared),
        managed=len(ledger.jobs),
        unmanaged=tuple(unmanaged),
        diagnostics=tuple(sorted(diagnostics, key=lambda diagnostic: diagnostic.order)),
    )


def _decide(  # noqa: PLR0917  the columns of the table, in its order
    job_id: str,
    desired: DesiredJob | None,
    remote: Job | None,
    claim: Claim | None,
    ledger: Ledger,
    rules: Rules,
) -> Change | _Refusal | None:
    """Look up the row of the table; None means that the job is none of our business."""
    if desired is None:
        return _undeclared(job_id, remote, claim, ledger, rules)
    if remote is None:
        return Create(job_id, desired, was_managed=claim is not None and claim.is_held)
    if remote.is_code:
        return _Refusal(_managed_by_code(desired))
    if claim is not None and _is_ours(remote, claim, ledger):
        return _declared(desired, remote, claim, ledger, claims=not claim.is_held)
    if rules.own(job_id):
        return _declared(desired, remote, None, ledger, claims=True)
    return _Refusal(_not_managed(desired, is_announced=claim is not None))


def _is_ours(remote: Job, claim: Claim, ledger: Ledger) -> bool:
    return claim.is_held or matches_announcement(remote, claim, ledger.digest)


def _declared(
    desired: DesiredJob, remote: Job, claim: Claim | None, ledger: Ledger, *, claims: bool
) -> Change:
    """Compare a declared job that is ours with what is there."""
    comparison = compare(desired, remote, claim, ledger.digest)
    state = _state_action(desired, remote)
    if comparison.is_same:
        if state is not None:
            return SetState(remote.id, desired, remote, state, claims=claims)
        if claims:
            return Adopt(remote.id, desired, remote)
        if claim is not None and claim.prevent_delete != desired.prevent_delete:
            return Protect(remote.id, desired, remote)
        return Keep(remote.id, desired, remote)
    fields = explain_fields(comparison, claim, ledger.digest)
    payload = explain_payload(comparison, claim, ledger.digest)
    shared = comparison.desired.fields.items() & comparison.remote.fields.items()
    return Update(
        remote.id,
        desired,
        remote,
        fields=fields,
        payload=payload,
        state=state,
        unchanged=len(shared) + (1 if payload is None else 0),
        claims=claims,
        hidden=frozenset(claim.sensitive) if claim else frozenset(),
    )


def _state_action(desired: DesiredJob, remote: Job) -> StateAction | None:
    """Bring a job to its declared state; where the file says nothing, its state is nobody's business."""
    if desired.job.state is None or (desired.job.state == "PAUSED") == remote.is_paused:
        return None
    return StateAction.RESUME if remote.is_paused else StateAction.PAUSE


def _undeclared(
    job_id: str, remote: Job | None, claim: Claim | None, ledger: Ledger, rules: Rules
) -> Change | _Refusal | None:
    if remote is None:
        return Forget(job_id, "it does not exist any more")
    if remote.is_code:
        return Forget(job_id, "the project's code manages it now") if claim else None
    if claim is not None and _is_ours(remote, claim, ledger):
        return _removal(remote, claim, rules)
    if rules.own(job_id) and not rules.destroys:
        return _removal(remote, None, rules)
    return Forget(job_id, "it is not the job that was announced") if claim else None


def _removal(remote: Job, claim: Claim | None, rules: Rules) -> Change | _Refusal | None:
    """Remove a job as the environment says; one that was never claimed cannot be released, only paused."""
    deletes = rules.destroys or rules.on_remove == "delete"
    if deletes and (remote.id in rules.protected or (claim is not None and claim.prevent_delete)):
        return _Refusal(_protected(remote.id, claim))
    if deletes:
        because = None if rules.destroys else f"job.{remote.id} is not in configuration"
        return Delete(remote.id, remote, frozenset(claim.sensitive if claim else ()), because)
    pauses = rules.on_remove == "pause" and not remote.is_paused
    return Release(remote.id, remote, pauses=pauses) if claim is not None or pauses else None


def _warnings(remote: Sequence[Job]) -> list[Diagnostic]:
    if len(remote) != SUSPICIOUS_LIST_LENGTH:
        return []
    return [
        Diagnostic(
            code="P005",
            severity=Severity.WARNING,
            summary=f"the API listed exactly {SUSPICIOUS_LIST_LENGTH} jobs, which may be one page of more",
            hint="if the project has more, do not apply: a job that is not listed looks as if it were gone",
        )
    ]


def _not_managed(desired: DesiredJob, *, is_announced: bool) -> Diagnostic:
    job_id = desired.job.id
    return Diagnostic(
        code="P001",
        severity=Severity.ERROR,
        summary=f"job `{job_id}` exists and is not managed by jobsync",
        span=desired.span,
        detail=(
            "an earlier apply announced this job, but what exists now is not what it announced"
            if is_announced
            else None
        ),
        hint=f"take it over with `jobsync adopt {job_id}`, or choose another id",
    )


def _managed_by_code(desired: DesiredJob) -> Diagnostic:
    return Diagnostic(
        code="P003",
        severity=Severity.ERROR,
        summary=f"job `{desired.job.id}` is managed by the project's code",
        span=desired.span,
        hint="choose another id, or remove the job from the project's code and deploy it first",
    )


def _protected(job_id: str, claim: Claim | None) -> Diagnostic:
    return Diagnostic(
        code="P004",
        severity=Severity.ERROR,
        summary=f"job `{job_id}` would be destroyed, and `prevent_delete` protects it",
        detail=f"it was declared in {claim.source}" if claim and claim.source else None,
        hint=f"declare it again without `prevent_delete` and apply first, or let go of it with "
        f"`jobsync release {job_id}`",
    )
