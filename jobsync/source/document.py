"""What the parsers make of a file: documents, each a JSON value with its positions, and problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobsync.source.node import find, find_key
from jobsync.source.text import Place

if TYPE_CHECKING:
    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.source.finding import Finding
    from jobsync.source.node import Node
    from jobsync.source.text import SourceText

MAX_DEPTH = 100
"""How deep mappings and lists may nest; far beyond any job, far below Python's own limit."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file.

    `is_sound` is False where something in it had a problem. `mistaken` are the offsets of values that had
    one and are not what was written: another problem with such a value would only repeat the first.
    """

    source: SourceText
    value: Json = field(repr=False)
    node: Node = field(repr=False)
    is_sound: bool = True
    mistaken: frozenset[int] = frozenset()

    def value_place(self, path: Path) -> Place | None:
        """Return where the value at `path` stands: all of a scalar, the first line of anything larger."""
        node = find(self.node, path)
        return None if node is None else self.place(node)

    def key_place(self, path: Path) -> Place | None:
        """Return where the last key of `path` stands."""
        key = find_key(self.node, path)
        return None if key is None else Place(self.source, *key)

    def may_refer(self, path: Path) -> bool:
        """Whether there may be a `${` in the value at `path`; a look at the text is enough to rule it out.

        An escape can spell one, and an alias stands for text elsewhere.
        """
        text, node = self.source.text, find(self.node, path)
        return (
            "\\" in text
            or node is None
            or text[node[0] : node[0] + 1] == "*"
            or "${" in text[node[0] : node[1]]
        )

    def place(self, node: Node) -> Place:
        """Return where a node of this document stands."""
        start, end, children = node
        return Place(self.source, start, end if children is None else min(end, self.source.line_end(start)))


@dataclass(frozen=True, slots=True)
class Parsed:
    """All of a file. Where it has a syntax error, it is not complete: `documents` are those before it."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]
    is_complete: bool = True


class Unreadable(Exception):
    """The rest of a file cannot be read; the way out of a parser, caught inside this package."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.summary)
        self.finding = finding
