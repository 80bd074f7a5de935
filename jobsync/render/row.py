"""What is shown of one attribute, as values; how they are laid out is `jobsync.render.row_lines`."""

from __future__ import annotations

from dataclasses import dataclass

from jobsync.plan.change import Origin

ADDED, CHANGED, REMOVED, CONFLICT = "+", "~", "-", "!"


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute that comes, goes or changes; every text is masked, and neither cut nor escaped.

    `before` or `after` is None where there is nothing on that side, or where one text says it all. `wraps`:
    the texts are words, to be wrapped rather than cut. `items` are the payload's, `hidden` says which of
    them are not listed. `short` says in a word what happened, where the name is not enough.
    """

    mark: str
    name: str
    before: str | None
    after: str | None
    notes: tuple[str, ...] = ()
    wraps: bool = False
    items: tuple[ItemView, ...] = ()
    hidden: str | None = None
    short: str | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One payload item: its position from 0 (a removed one's before, else after), and what it is or was.

    `fields` are a changed item's, `more` counts those that are not listed.
    """

    mark: str
    index: int
    text: str
    fields: tuple[Row, ...] = ()
    more: int = 0


def mark_of(old: object, new: object, origin: Origin | None) -> str:
    """Return the sign before a row."""
    if origin is Origin.BOTH:
        return CONFLICT
    if old is None:
        return ADDED
    return REMOVED if new is None else CHANGED


def origin_notes(old: object, new: object, origin: Origin | None) -> tuple[str, ...]:
    """Say what somebody else did, if anybody: `old` is what they left, `new` is what is declared."""
    if origin is Origin.BOTH:
        return ("also changed remotely",)
    if origin is not Origin.REMOTE:
        return ()
    if old is None:
        return ("removed remotely",)
    return ("added remotely",) if new is None else ("changed remotely",)
