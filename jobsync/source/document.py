"""What the parsers make of a file: documents, each a JSON value with its positions, and problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobsync.source.node import find, find_key
from jobsync.source.text import Place

if TYPE_CHECKING:
    from collections.abc import Callable

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

    `top` is its node, or where `read_node` is given, a node of its top level only, in which mappings and
    lists look empty. `is_sound` is False where something in it had a problem. `mistaken` are the offsets of
    values that had one and are not what was written: another problem with such a value would only repeat the
    first.
    """

    source: SourceText
    value: Json = field(repr=False)
    top: Node = field(repr=False)
    is_sound: bool = True
    mistaken: frozenset[int] = frozenset()
    read_node: Callable[[], Node] | None = field(default=None, repr=False)
    _node: list[Node] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def node(self) -> Node:
        """Where every key and value stands; read when the first place below the top is asked for."""
        if self.read_node is None:
            return self.top
        if not self._node:
            self._node.append(self.read_node())
        return self._node[0]

    def value_place(self, path: Path) -> Place | None:
        """Return where the value at `path` stands: all of a scalar, the first line of anything larger."""
        node = find(self.top, path)
        if node is None or node[2] is not None:
            node = find(self.node, path)
        return None if node is None else self.place(node)

    def key_place(self, path: Path) -> Place | None:
        """Return where the last key of `path` stands."""
        key = find_key(self.top if len(path) == 1 else self.node, path)
        return None if key is None else Place(self.source, *key)

    def referring_keys(self, path: Path) -> list[str]:
        """Return the keys of the mapping at `path` that, or whose values, may hold a `${`.

        A look at the text rules out most. An escape can spell one, and an alias stands for text elsewhere.
        """
        node, text = find(self.node if path else self.top, path), self.source.text
        if node is None or not isinstance(node[2], dict):
            return []
        if "\\" in text:
            return list(node[2])
        return [
            key
            for key, (start, _, value) in node[2].items()
            if text.find("${", start, value[1]) >= 0 or text[value[0] : value[0] + 1] == "*"
        ]

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
