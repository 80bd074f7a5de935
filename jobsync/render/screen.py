"""Text on a terminal: how wide it is, how it is shortened, and that it cannot move the cursor.

Ids, values and messages come from files and from the API. A control character among them could rewrite what
the user has read, so nothing reaches the screen but through `safe`; `Line.paint` makes sure of it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobsync.render.style import Role, Style

MIN_WIDTH = 40
"""Narrower than this no layout is kept; the terminal breaks the lines."""

ELLIPSIS = "…"

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def safe(text: str) -> str:
    """Return the text with everything unprintable written as an escape.

    That is every control, format (bidirectional overrides too) and unassigned character, lone surrogates, and
    all blanks but the plain space. Safe text stays as it is.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    code = ord(char)
    return _NAMED.get(char) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")  # noqa: PLR2004


def cells(text: str) -> int:
    """Return how many columns safe text takes: two a wide character, none a combining one."""
    return len(text) if text.isascii() else sum(map(_char_cells, text))


def _char_cells(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def padded(text: str, width: int) -> str:
    """Fill safe text with blanks up to a width."""
    return text + " " * (width - cells(text))


def shorten(text: str, room: int) -> str:
    """Cut safe text in the middle so that it fits into so many columns, at least 1."""
    if cells(text) <= room:
        return text
    tail = (room - 1) // 2
    return _head(text, room - 1 - tail) + ELLIPSIS + _tail(text, tail)


def _head(text: str, room: int) -> str:
    used = 0
    for end, char in enumerate(text):
        used += _char_cells(char)
        if used > room:
            return text[:end]
    return text


def _tail(text: str, room: int) -> str:
    return _head(text[::-1], room)[::-1]


def shorten_pair(before: str, after: str, room: int) -> tuple[str, str]:
    """Shorten two texts; where that makes them look the same, show what surrounds the first difference."""
    short = shorten(before, room), shorten(after, room)
    if short[0] != short[1] or before == after:
        return short
    same = next(
        (at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other),
        min(len(before), len(after)),
    )
    start = max(same - room // 3, 0)
    return _from(before, start, room), _from(after, start, room)


def _from(text: str, start: int, room: int) -> str:
    """Show what begins at `start`, the difference being in the first third of it."""
    lead = ELLIPSIS if start else ""
    rest = text[start:]
    if cells(rest) <= room - len(lead):
        return lead + rest
    return lead + _head(rest, room - len(lead) - 1) + ELLIPSIS


def wrap(text: str, room: int) -> list[str]:
    """Break safe text at blanks into lines of at most so many columns; a longer word stays whole."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and cells(lines[-1]) + 1 + cells(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


Segment: TypeAlias = "tuple[str, Role | None]"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in pieces, each with its role."""

    segments: tuple[Segment, ...] = ()

    def add(self, text: str, role: Role | None = None) -> Line:
        """Return the line with a piece more; what is unprintable in it is escaped."""
        return Line((*self.segments, (safe(text), role)))

    def pad(self, width: int) -> Line:
        """Return the line filled with blanks up to a width."""
        return self.add(" " * max(width - self.width, 0))

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return sum(cells(text) for text, _ in self.segments)

    def paint(self, style: Style) -> str:
        """Return it as it goes to the terminal, without blanks at its end in a plain style."""
        return "".join(style.paint(role, safe(text)) for text, role in self.segments).rstrip(" ")


def paint(lines: Iterable[Line], style: Style) -> str:
    """Return lines as one text, without a line break at its end."""
    return "\n".join(line.paint(style) for line in lines)
