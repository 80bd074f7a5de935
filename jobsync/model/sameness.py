"""Comparing a declared job with a remote one, given what we know from the last apply.

`canonical` says when two jobs mean the same. Two things stand between it and an answer: the platform may
fill in values where a file is silent, and may return secrets masked. Both are learnt when an apply reads
back what it wrote (`learn`), kept in the claim, and used here, so that neither is ever a difference that
does not settle.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from jobsync.model.canonical import Canonical
from jobsync.model.paths import parse, to_pattern
from jobsync.model.secrets import (
    is_elsewhere,
    is_secret_place,
    is_sensitive,
    is_wholly_secret,
    looks_masked,
)
from jobsync.model.values import canonical_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from jobsync.model.desired import DesiredJob
    from jobsync.model.job import Job
    from jobsync.model.ledger import Claim
    from jobsync.model.paths import Path

Digest: TypeAlias = "Callable[[str], str]"
"""Turns a text into a keyed digest, as `Ledger.digest` does."""

ITEM_RETRY = "payload[*].retry"
"""Where the claim keeps what the server fills into payload items without a `retry`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A declared and a remote job made comparable: equal iff the job is as declared."""

    desired: Canonical
    remote: Canonical

    @property
    def is_same(self) -> bool:
        """Whether the remote job means what is declared."""
        return self.desired == self.remote


def compare(desired: DesiredJob, remote: Job, claim: Claim | None, digest: Digest) -> Comparison:
    """Make both comparable with what the claim knows of them; without a claim nothing is assumed."""
    declared = desired.meaning
    observed = remote.meaning
    if claim is not None:
        declared = with_filled(declared, claim.filled)
    return Comparison(declared, _with_secrets(observed, declared, claim, digest))


def with_filled(declared: Canonical, filled: Mapping[str, str]) -> Canonical:
    """Return the declared meaning with what the server is known to fill in where the file says nothing."""
    if not filled:
        return declared
    fields = {path: text for path, text in filled.items() if path != ITEM_RETRY and _may_fill(path, declared)}
    payload = declared.payload
    if ITEM_RETRY in filled:
        payload = tuple(_item_with_retry(text, filled[ITEM_RETRY]) for text in payload)
    return Canonical({**fields, **declared.fields}, payload, is_unordered=declared.is_unordered)


def _item_with_retry(text: str, retry: str) -> str:
    item = json.loads(text)
    return text if "retry" in item else canonical_text({**item, "retry": json.loads(retry)})


def _may_fill(path: str, declared: Canonical) -> bool:
    """Whether a server may fill this in: only inside an object that is declared, and never a secret.

    A sink or a schedule that appears where none is declared is somebody's change, not a default.
    """
    top = parse(path)[0]
    if is_secret_place(parse(path)):
        return False
    return top == "configuration" or (
        top in {"sink", "auth_session"} and any(parse(other)[0] == top for other in declared.fields)
    )


def _with_secrets(remote: Canonical, declared: Canonical, claim: Claim | None, digest: Digest) -> Canonical:
    """Put the declared secret where the remote one cannot be read and ours is what was last applied."""
    unreadable = frozenset(claim.unreadable) if claim else frozenset()
    assumed = {
        path: text
        for path, text in declared.fields.items()
        if remote.fields.get(path) != text
        and is_secret_place(parse(path))
        and (path in unreadable or looks_masked(remote.fields.get(path)))
        and not is_elsewhere(parse(path), text, remote.fields.get(path))
        and claim is not None
        and claim.applied.get(path) == digest(text)
    }
    if not assumed:
        return remote
    return Canonical({**remote.fields, **assumed}, remote.payload, is_unordered=remote.is_unordered)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What reading back a job taught: `filled` and `unreadable` as in `Claim`.

    `wrong` are the paths, as text, at which the job is not as declared although the API accepted it;
    `payload` is in it where the payload differs.
    """

    filled: dict[str, str]
    unreadable: tuple[str, ...]
    wrong: tuple[str, ...]


def learn(
    desired: DesiredJob, remote: Job, *, before: Job | None = None, claim: Claim | None = None
) -> Learnt:
    """Compare what was just written with what came back.

    `before` is the job as it was when it was updated, `claim` what was known of it: a secret that could be
    read and still is what it was before has not been written.
    """
    declared, observed = desired.meaning, remote.meaning
    filled = {
        path: text
        for path, text in observed.fields.items()
        if path not in declared.fields and _may_fill(path, declared)
    }
    differing = {
        path
        for path in declared.fields.keys() | observed.fields.keys()
        if path not in filled and declared.fields.get(path) != observed.fields.get(path)
    }
    unreadable = {
        path
        for path in differing
        if path in declared.fields
        and is_secret_place(parse(path))
        and (path in observed.fields or is_wholly_secret(parse(path)))
        and not is_elsewhere(parse(path), declared.fields[path], observed.fields.get(path))
        and not _is_unwritten(path, observed, before, claim)
    }
    wrong = differing - unreadable
    if not declared.same_payload(observed):
        retry = _filled_item_retry(declared, observed)
        if retry is None:
            wrong.add("payload")
        else:
            filled[ITEM_RETRY] = retry
    return Learnt(filled, tuple(sorted(unreadable)), tuple(sorted(wrong)))


def _is_unwritten(path: str, observed: Canonical, before: Job | None, claim: Claim | None) -> bool:
    if before is None or claim is None or path not in claim.applied or path in claim.unreadable:
        return False
    text = observed.fields.get(path)
    return text == before.meaning.fields.get(path) and not looks_masked(text)


def _filled_item_retry(declared: Canonical, observed: Canonical) -> str | None:
    """Return the one `retry` that, filled into the items without, explains the observed payload."""
    if len(declared.payload) != len(observed.payload):
        return None
    found = Counter(_retry_of(text) for text in observed.payload)
    found.subtract(Counter(_retry_of(text) for text in declared.payload))
    candidates = [retry for retry, count in found.items() if retry is not None and count > 0]
    if len(candidates) != 1:
        return None
    payload = tuple(_item_with_retry(text, candidates[0]) for text in declared.payload)
    filled = Canonical(declared.fields, payload, is_unordered=declared.is_unordered)
    return candidates[0] if filled.same_payload(observed) else None


def _retry_of(text: str) -> str | None:
    item = json.loads(text)
    return canonical_text(item["retry"]) if isinstance(item, dict) and "retry" in item else None


def record(declared: Canonical, sensitive: Collection[Path], digest: Digest) -> dict[str, str]:
    """Return the fields as the ledger may keep them: digests where anything in a value is secret."""

    def is_hidden(path: Path) -> bool:
        holds_one = any(pattern[: len(path)] == to_pattern(path) for pattern in sensitive)
        return holds_one or is_secret_place(path) or is_sensitive(path, sensitive)

    return {path: digest(text) if is_hidden(parse(path)) else text for path, text in declared.fields.items()}


def payload_digest(payload: Collection[str], digest: Digest, *, is_unordered: bool = False) -> str:
    """Return the digest of a payload, the same for every order where order is irrelevant."""
    return digest("\n".join(sorted(payload) if is_unordered else payload))


def matches_announcement(remote: Job, claim: Claim, digest: Digest) -> bool:
    """Whether a remote job is the one a pending claim announced.

    Secrets are not compared, since they may come back masked, nor is what the server may have filled in.
    """
    observed = remote.meaning
    for path, recorded in claim.applied.items():
        text = observed.fields.get(path)
        if not is_secret_place(parse(path)) and (text is None or recorded not in (text, digest(text))):
            return False
    announced = Canonical(claim.applied, ())
    extra = observed.fields.keys() - claim.applied.keys()
    if not all(_may_fill(path, announced) for path in extra):
        return False
    return claim.payload in {
        payload_digest(announced_payload(observed), digest, is_unordered=is_unordered)
        for is_unordered in (False, True)
    }


def announced_payload(meaning: Canonical) -> tuple[str, ...]:
    """Return what a pending claim announces of a payload: all but each `retry`, which may be filled in."""
    return tuple(_without_retry(text) for text in meaning.payload)


def _without_retry(text: str) -> str:
    item = json.loads(text)
    if not isinstance(item, dict):
        return text
    return canonical_text({key: value for key, value in item.items() if key != "retry"})


def patterns(desired: DesiredJob) -> frozenset[Path]:
    """Return the path patterns of a declared job whose values came from the environment."""
    return frozenset(to_pattern(path) for path in desired.sensitive)
