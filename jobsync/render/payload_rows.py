"""How a payload changes, told by content: a count, and a few items of each kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jobsync.model.job_input import DEFAULT_TIMEOUT_S
from jobsync.render import values
from jobsync.render.field_rows import field_row
from jobsync.render.masking import mask
from jobsync.render.row import ADDED, CHANGED, REMOVED, ItemView, Row, mark_of, origin_notes

if TYPE_CHECKING:
    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.plan.change import ItemChange, PayloadChange
    from jobsync.render.field_rows import Patterns

SHOWN_ITEMS = 3
"""So many items of each kind (removed, added, changed) are listed; the rest is counted."""

SHOWN_FIELDS = 4
"""So many fields of a changed item are listed."""


def payload_row(payload: PayloadChange, patterns: Patterns) -> Row:
    """Return the payload's row: `+2 -1 of 4,000 items`, the first items of each kind, a count of the rest."""
    removed, added, changed = len(payload.removed), len(payload.added), len(payload.changed)
    numbers = ((ADDED, added), (REMOVED, removed), (CHANGED, changed))
    delta = " ".join(f"{mark}{number:,}" for mark, number in numbers if number)
    total = values.count(payload.count_before or payload.count_after, "item")
    told = [f"{delta} of {total}"] if delta else []
    if payload.is_reordered:
        told.append("reordered" if told else f"{total} reordered")
    short = ", ".join(filter(None, (delta, "reordered" if payload.is_reordered else "")))
    return Row(
        mark=mark_of(total, total, payload.origin),
        name="payload",
        before=None,
        after=", ".join(told),
        notes=origin_notes(total, total, payload.origin),
        wraps=True,
        items=_items(payload, patterns),
        hidden=_hidden(added, removed, changed),
        short=short,
    )


def _items(payload: PayloadChange, patterns: Patterns) -> tuple[ItemView, ...]:
    """List items in the order of their positions, what went before what came."""
    views = [
        *(_item(REMOVED, index, text, patterns) for index, text in payload.removed[:SHOWN_ITEMS]),
        *(_item(ADDED, index, text, patterns) for index, text in payload.added[:SHOWN_ITEMS]),
        *(_changed(change, patterns) for change in payload.changed[:SHOWN_ITEMS]),
    ]
    return tuple(sorted(views, key=lambda view: (view.index, _ORDER[view.mark])))


_ORDER = {REMOVED: 0, ADDED: 1, CHANGED: 2}


def _hidden(added: int, removed: int, changed: int) -> str | None:
    kinds = ((added, "added"), (removed, "removed"), (changed, "changed"))
    told = [f"{number - SHOWN_ITEMS:,} more {word}" for number, word in kinds if number > SHOWN_ITEMS]
    return ", ".join(told) or None


def _item(mark: str, index: int, text: str, patterns: Patterns) -> ItemView:
    return ItemView(mark, index, _item_text(mask(("payload", index), json.loads(text), patterns).value))


def _item_text(item: Json) -> str:
    """Write an item as its API, its parameters, and what is not the platform's default."""
    if not isinstance(item, dict):
        return values.plain(item)
    parts = [values.bare(item.get("apiName")), values.plain(item.get("parameters", {}))]
    if item.get("requestTimeout", DEFAULT_TIMEOUT_S) != DEFAULT_TIMEOUT_S:
        parts.append(f"requestTimeout {values.plain(item['requestTimeout'])}")
    if item.get("retry") is not None:
        parts.append(values.settings({"retry": item["retry"]}))
    return " ".join(parts)


def _changed(change: ItemChange, patterns: Patterns) -> ItemView:
    below: Path = ("payload", change.index_after)
    name = mask((*below, "apiName"), change.api_name, patterns).value
    fields = tuple(
        field_row(field, patterns, below=() if field.path[:1] == ("payload",) else below)
        for field in change.fields[:SHOWN_FIELDS]
    )
    more = max(len(change.fields) - SHOWN_FIELDS, 0)
    return ItemView(CHANGED, change.index_after, values.bare(name), fields, more)
