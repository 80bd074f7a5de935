"""Why two jobs differ, field by field and payload item by payload item.

Equality is decided elsewhere (`jobsync.model`); this only says why, for pairs already known to differ.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from jobsync.model.ledger import DIGEST_MARK
from jobsync.model.paths import parse
from jobsync.model.sameness import payload_digest
from jobsync.model.values import canonical_text
from jobsync.plan.change import FieldChange, ItemChange, Origin, PayloadChange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobsync.model.ledger import Claim
    from jobsync.model.paths import Path
    from jobsync.model.sameness import Comparison, Digest
    from jobsync.model.values import Json

PAIRED_ITEMS = 100
"""With more unmatched payload items than this on a side, they are only counted as added and removed."""

LIKENESS = 0.5
"""Two items are one that changed, if at least this share of what either holds is the same."""


def explain_fields(comparison: Comparison, claim: Claim | None, digest: Digest) -> tuple[FieldChange, ...]:
    """Return every field that differs, sorted by path, each with who changed it where we know."""
    before, after = comparison.remote.fields, comparison.desired.fields
    return tuple(
        FieldChange(
            path=parse(path),
            before=before.get(path),
            after=after.get(path),
            origin=_origin(path, before.get(path), after.get(path), claim, digest),
            applied=_applied(path, claim),
        )
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )


def _applied(path: str, claim: Claim | None) -> str | None:
    """Return what we last applied, unless it is a digest."""
    text = claim.applied.get(path) if claim else None
    if text is None or text.startswith(DIGEST_MARK):
        return None
    try:
        json.loads(text)
    except ValueError:  # somebody edited the ledger; then nobody knows what was applied
        return None
    return text


def _origin(
    path: str, before: str | None, after: str | None, claim: Claim | None, digest: Digest
) -> Origin | None:
    if claim is None or not claim.is_held or not claim.applied:
        return None
    applied = claim.applied.get(path)
    is_readable = path not in claim.unreadable
    return _who(
        by_us=not _is_recorded(after, applied, digest),
        by_them=is_readable and not _is_recorded(before, applied, digest),
    )


def _is_recorded(text: str | None, recorded: str | None, digest: Digest) -> bool:
    if text is None or recorded is None:
        return text is recorded
    return recorded == (digest(text) if recorded.startswith(DIGEST_MARK) else text)


def _who(*, by_us: bool, by_them: bool) -> Origin:
    if by_us and by_them:
        return Origin.BOTH
    return Origin.REMOTE if by_them else Origin.CONFIGURATION


def explain_payload(comparison: Comparison, claim: Claim | None, digest: Digest) -> PayloadChange | None:
    """Return how the payload differs, aligned by content, or None where it means the same.

    An item inserted in front of 4,000 is one item added; a changed order of the same items is only that.
    """
    if comparison.desired.same_payload(comparison.remote):
        return None
    before, after = comparison.remote.payload, comparison.desired.payload
    removed, added = _unmatched(before, after), _unmatched(after, before)
    pairs = _pairs(removed, added, before, after)
    paired_before = {index for index, _ in pairs}
    paired_after = {index for _, index in pairs}
    return PayloadChange(
        count_before=len(before),
        count_after=len(after),
        added=tuple((index, after[index]) for index in added if index not in paired_after),
        removed=tuple((index, before[index]) for index in removed if index not in paired_before),
        changed=tuple(_item_change(old, before[old], new, after[new]) for old, new in pairs),
        is_reordered=not (comparison.desired.is_unordered or comparison.remote.is_unordered)
        and _is_reordered(before, after, removed, added, pairs),
        origin=_payload_origin(comparison, claim, digest),
    )


def _payload_origin(comparison: Comparison, claim: Claim | None, digest: Digest) -> Origin | None:
    if claim is None or not claim.is_held or claim.payload is None:
        return None
    is_unordered = comparison.desired.is_unordered
    before, after = (
        payload_digest(side.payload, digest, is_unordered=is_unordered)
        for side in (comparison.remote, comparison.desired)
    )
    return _who(by_us=after != claim.payload, by_them=before != claim.payload)


def _unmatched(items: Sequence[str], others: Sequence[str]) -> list[int]:
    """Return the positions of items that have no equal partner on the other side, duplicates counted.

    Of several equal items the last ones are left over, so that an appended duplicate is what is shown.
    """
    partners = Counter(others)
    left: list[int] = []
    for index, item in enumerate(items):
        if partners[item] > 0:
            partners[item] -= 1
        else:
            left.append(index)
    return left


def _is_reordered(
    before: Sequence[str],
    after: Sequence[str],
    removed: list[int],
    added: list[int],
    pairs: list[tuple[int, int]],
) -> bool:
    """Whether the items that both sides have, changed ones included, stand in another order."""
    gone, new = set(removed), set(added)
    old_mark = {old: f"\0{number}" for number, (old, _) in enumerate(pairs)}
    new_mark = {index: f"\0{number}" for number, (_, index) in enumerate(pairs)}
    kept_before = [old_mark.get(i, item) for i, item in enumerate(before) if i not in gone or i in old_mark]
    kept_after = [new_mark.get(i, item) for i, item in enumerate(after) if i not in new or i in new_mark]
    return kept_before != kept_after


def _pairs(
    removed: list[int], added: list[int], before: Sequence[str], after: Sequence[str]
) -> list[tuple[int, int]]:
    """Pair what went with what came, where one item plainly became the other; likest first."""
    if not removed or not added or max(len(removed), len(added)) > PAIRED_ITEMS:
        return []
    old_leaves = {index: _leaves(before[index]) for index in removed}
    new_leaves = {index: _leaves(after[index]) for index in added}
    candidates: dict[str, list[int]] = defaultdict(list)
    for index in removed:
        candidates[_api_name(before[index])].append(index)
    likenesses = sorted(
        (-_likeness(old_leaves[old], new_leaves[new]), abs(old - new), old, new)
        for new in added
        for old in candidates[_api_name(after[new])]
    )
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for negative, _distance, old, new in likenesses:
        if -negative >= LIKENESS and old not in taken_old and new not in taken_new:
            taken_old.add(old)
            taken_new.add(new)
            pairs.append((old, new))
    return sorted(pairs, key=lambda pair: pair[1])


def _api_name(text: str) -> str:
    item = json.loads(text)
    return str(item.get("apiName")) if isinstance(item, dict) else ""


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 1.0


def _leaves(text: str) -> frozenset[str]:
    """Return what an item holds besides its API: one text for each leaf, with its path."""
    item = json.loads(text)
    if isinstance(item, dict):
        item = {key: value for key, value in item.items() if key != "apiName"}
    return frozenset(f"{path}={canonical_text(value)}" for path, value in _walk(item, ()))


def _walk(value: Json, path: Path) -> list[tuple[Path, Json]]:
    if isinstance(value, dict) and value:
        return [leaf for key, item in value.items() for leaf in _walk(item, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for index, item in enumerate(value) for leaf in _walk(item, (*path, index))]
    return [(path, value)]


def _item_change(index_before: int, before: str, index_after: int, after: str) -> ItemChange:
    """Explain one pair. DeepDiff names the places; it is asked nothing else (it takes `true` for 1)."""
    from deepdiff import DeepDiff

    old, new = json.loads(before), json.loads(after)
    places: set[Path] = set()
    tree = DeepDiff(old, new, view="tree")
    for changes in tree.values():
        places.update(tuple(change.path(output_format="list")) for change in changes)
    fields = tuple(
        FieldChange(path=path, before=_text_at(old, path), after=_text_at(new, path))
        for path in sorted(places, key=lambda path: [(isinstance(part, str), part) for part in path])
        if _text_at(old, path) != _text_at(new, path)
    )
    return ItemChange(index_before, index_after, str(new.get("apiName")), fields)


def _text_at(value: Json, path: Path) -> str | None:
    """Return the canonical text at a path, None where there is nothing."""
    for part in path:
        if isinstance(value, dict):
            inner = value.get(str(part), _NOTHING)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            inner = value[part]
        else:
            return None
        if isinstance(inner, _Nothing):
            return None
        value = inner
    return canonical_text(value)


class _Nothing:
    """Tells an absent key from one that holds null."""


_NOTHING = _Nothing()
