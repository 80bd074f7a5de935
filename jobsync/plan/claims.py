"""What the ledger says about a job, before and after an apply."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from jobsync.model.ledger import Claim
from jobsync.model.sameness import (
    announced_payload,
    learn,
    patterns,
    payload_digest,
    record,
    with_filled,
)

if TYPE_CHECKING:
    from jobsync.model.canonical import Canonical
    from jobsync.model.desired import DesiredJob
    from jobsync.model.job import Job
    from jobsync.model.ledger import Ledger


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
