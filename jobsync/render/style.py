"""Colour as a value: the command line decides which style is passed in, renderers only name roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """What a piece of text is, to be told apart by colour as well; never by colour alone."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    DIM = "dim"
    BOLD = "bold"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Style:
    """The terminal's codes (SGR parameters, such as `1;33`) by role; a role without one is left as it is."""

    codes: Mapping[Role, str] = field(default_factory=dict)

    def paint(self, role: Role | None, text: str) -> str:
        """Return the text as it goes to the terminal."""
        code = self.codes.get(role) if role is not None else None
        return f"\x1b[{code}m{text}\x1b[0m" if code and text else text


PLAIN = Style()
"""Changes nothing: for files, pipes and `NO_COLOR`."""

COLOUR = Style(
    {
        Role.ADD: "32",
        Role.CHANGE: "33",
        Role.REMOVE: "31",
        Role.DIM: "2",
        Role.BOLD: "1",
        Role.WARN: "1;33",
    }
)
"""The eight colours every terminal has."""
