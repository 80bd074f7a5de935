"""The rows of a change laid out at a width: aligned colons, what does not fit goes to the next line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.render import values
from jobsync.render.screen import Line, cells, padded, safe, shorten, shorten_pair, wrap
from jobsync.render.style import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobsync.render.row import ItemView, Row

LEAST_ROOM = 24
"""Colons are aligned only if so many columns are left for the values."""

ARROW = "-> "

ROLES = {"+": Role.ADD, "~": Role.CHANGE, "-": Role.REMOVE, "!": Role.WARN}


def row_lines(rows: Sequence[Row], *, indent: int, width: int) -> Iterator[Line]:
    """Lay out rows below each other."""
    column = max((cells(safe(row.name)) for row in rows), default=0)
    if width - indent - 2 - column - 3 < LEAST_ROOM:
        column = 0
    for row in rows:
        yield from _row(row, column, indent, width)
        for item in row.items:
            yield from _item(item, indent + 4, width)
        if row.hidden is not None:
            yield from comment_lines(f"({row.hidden})", indent + 4, width)


def comment_lines(text: str, indent: int, width: int) -> Iterator[Line]:
    """Write a comment on lines of its own."""
    room = width - indent - 2
    for number, part in enumerate(wrap(safe(text), room)):
        yield Line().add(" " * indent).add(f"{'  ' if number else '# '}{shorten(part, room)}", Role.DIM)


def _row(row: Row, column: int, indent: int, width: int) -> Iterator[Line]:
    """Write `~ name : before -> after   # note`, each part on the line before it if it fits there."""
    name = shorten(safe(row.name), width - indent - 4)
    line = Line().add(" " * indent).add(row.mark, ROLES[row.mark]).add(f" {padded(name, column)} : ")
    texts = [safe(text) for text in (row.before, row.after) if text is not None]
    if width - line.width < min(LEAST_ROOM, max(map(cells, texts), default=0)):
        yield Line(line.segments[:-1]).add(f" {name} :")
        line = Line().add(" " * (indent + 4))
    lines = _value_lines(line, texts, width, wraps=row.wraps)
    notes = [safe(note) for note in row.notes]
    if len(notes) == 1 and lines[-1].width + 3 + cells(f"# {notes[0]}") <= width:
        lines[-1] = lines[-1].add("   ").add(f"# {notes[0]}", _note_role(row))
        notes = []
    yield from lines
    for note in notes:
        yield from comment_lines(note, indent + 2, width)


def _note_role(row: Row) -> Role:
    return Role.WARN if row.mark == "!" else Role.DIM


def _value_lines(line: Line, texts: list[str], width: int, *, wraps: bool) -> list[Line]:
    """Put one value, or a value and what it becomes, behind what the line already has."""
    start = line.width
    whole = f" {ARROW}".join(texts)
    if start + cells(whole) <= width:
        return [line.add(whole)]
    room = max(width - start, 1)
    if wraps:
        parts = [[shorten(part, room) for part in wrap(text, room)] for text in texts]
    elif len(texts) == 1:
        parts = [[shorten(texts[0], room)]]
    else:
        parts = [[text] for text in shorten_pair(texts[0], texts[1], room)]
    lines: list[Line] = []
    for number, part in enumerate(parts):
        for place, text in enumerate(part):
            before = (
                line
                if not lines
                else Line().add(" " * (start if place or not number else start - len(ARROW)))
            )
            arrow = ARROW if number and not place else ""
            lines.append(before.add(f"{arrow}{text}"))
    return lines


def _item(item: ItemView, indent: int, width: int) -> Iterator[Line]:
    """Write `+ [3] shopify/list {…}`; a changed item's fields stand below it."""
    line = Line().add(" " * indent).add(item.mark, ROLES[item.mark]).add(f" [{item.index}] ")
    yield line.add(shorten(safe(item.text), max(width - line.width, 1)))
    yield from row_lines(item.fields, indent=indent + 4, width=width)
    if item.more:
        yield from comment_lines(f"({values.count(item.more, 'more field')})", indent + 4, width)
