"""What the ledger says about a job: before an apply touches it, and after."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from jobsync.model.ledger import Claim
from jobsync.model.paths import parse
from jobsync.model.sameness import announced_payload, learn, patterns, payload_digest, record, with_filled
from jobsync.model.secrets import is_secret_place
from jobsync.plan.change import Adopt, Create, Delete, Forget, Keep, Protect, Release, SetState, Update
from jobsync.plan.outcome import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobsync.model.canonical import Canonical
    from jobsync.model.desired import DesiredJob
    from jobsync.model.job import Job
    from jobsync.model.ledger import Ledger
    from jobsync.plan.change import Change
    from jobsync.plan.outcome import Outcome

Write: TypeAlias = Create | Update | SetState


class Fate(StrEnum):
    """What is known of a create once its request was begun.

    `open`: it may or may not have been carried out. `made`: the API said that this run made the job.
    `found`: the id is taken, perhaps by what an earlier run announced. `not_made`: certainly not by this run.
    """

    OPEN = "open"
    MADE = "made"
    FOUND = "found"
    NOT_MADE = "not made"


def announce(writes: Iterable[Write], ledger: Ledger) -> dict[str, Claim]:
    """Return the claims that change before the first request.

    A create is announced. Of an update that changes a secret, it is forgotten what was applied there: should
    nobody learn whether the request was carried out, the old value must not be taken for what is there.
    """
    claims: dict[str, Claim] = {}
    for change in writes:
        claim = ledger.jobs.get(change.job_id)
        if isinstance(change, Create):
            claims[change.job_id] = announced(change.desired, ledger)
        elif isinstance(change, Update) and claim is not None:
            doubtful = {
                path
                for path in (claim.applied.keys() | set(claim.unreadable))
                if is_secret_place(parse(path)) and any(parse(path) == field.path for field in change.fields)
            }
            claims[change.job_id] = claim.model_copy(
                update={
                    "applied": {path: text for path, text in claim.applied.items() if path not in doubtful},
                    "unreadable": tuple(path for path in claim.unreadable if path not in doubtful),
                }
            )
    return claims


def announced(desired: DesiredJob, ledger: Ledger) -> Claim:
    """Return the claim on a job that is about to be created."""
    meaning = desired.meaning
    announcement = replace(meaning, payload=announced_payload(meaning))
    return _claim(desired, announcement, ledger, status="pending")


def held(desired: DesiredJob, remote: Job | None, ledger: Ledger) -> Claim:
    """Return the claim on a job that is there as declared, with what reading it back taught.

    `remote` is None where it was not read; then nothing is learnt.
    """
    meaning = desired.meaning
    if remote is None:
        return _claim(desired, meaning, ledger, status="held")
    learnt = learn(desired, remote)
    claim = _claim(desired, with_filled(meaning, learnt.filled), ledger, status="held")
    return claim.model_copy(update={"filled": learnt.filled, "unreadable": learnt.unreadable})


def claim_after(
    change: Change,
    outcome: Outcome | None,
    fate: Fate | None,
    *,
    planned: Claim | None,
    written: Claim | None,
    seen: Job | None,
    ledger: Ledger,
) -> Claim | None:
    """Return what the ledger should say about a job now; None for no claim.

    `outcome` is None where the run broke off before the change was through. `planned` is the claim the plan
    was made on, `written` the one that was announced; `seen` the job as it was read back, None where it was
    not. Only what was read back as declared counts as applied.
    """
    is_done = outcome is not None and outcome.status is Status.DONE
    match change:
        case Forget():
            return None
        case Keep() | Adopt() | Protect():
            return held(change.desired, change.remote, ledger)
        case Delete() | Release():
            return None if is_done else planned
        case Update() | SetState():
            return held(change.desired, seen, ledger) if is_done else written
        case Create():
            if is_done:
                return held(change.desired, seen, ledger)
            return _after_doubtful_create(change, fate, planned=planned, written=written, ledger=ledger)
        case _:
            assert_never(change)


def _after_doubtful_create(
    change: Create, fate: Fate | None, *, planned: Claim | None, written: Claim | None, ledger: Ledger
) -> Claim | None:
    """Return the claim on a job whose create did not end well, or was never begun (`fate` is None)."""
    match fate:
        case Fate.MADE:
            # Ours for certain, although not as declared: nothing counts as applied.
            return held(change.desired, None, ledger).model_copy(update={"applied": {}, "payload": None})
        case Fate.OPEN:
            return written
        case Fate.FOUND | Fate.NOT_MADE | None:
            return planned
        case _:
            assert_never(fate)


def _claim(
    desired: DesiredJob, meaning: Canonical, ledger: Ledger, *, status: Literal["pending", "held"]
) -> Claim:
    sensitive = patterns(desired)
    return Claim(
        status=status,
        applied=record(meaning, sensitive, ledger.digest),
        payload=payload_digest(meaning.payload, ledger.digest, is_unordered=meaning.is_unordered),
        sensitive=tuple(tuple(str(part) for part in pattern) for pattern in sorted(sensitive)),
        prevent_delete=desired.prevent_delete,
        source=str(desired.span),
    )
