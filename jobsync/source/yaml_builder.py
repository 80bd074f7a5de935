"""Parser events to values and positions, by the core schema of YAML 1.2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from jobsync.source import mistakes, scalars
from jobsync.source.document import MAX_DEPTH, Document, Unreadable
from jobsync.source.text import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobsync.model.values import Json
    from jobsync.source.finding import Finding
    from jobsync.source.node import Entry, Node
    from jobsync.source.text import SourceText

MAX_EXPANSION: Final = 16 * 1024 * 1024
"""How many characters the aliases of one document may stand for: a few lines can stand for terabytes."""

_TAG: Final = "tag:yaml.org,2002:"
_COLLECTION_TAGS: Final = {
    MappingStartEvent: (None, f"{_TAG}map", "!"),
    SequenceStartEvent: (None, f"{_TAG}seq", "!"),
}
_SCALAR_TYPES: Final = {"null": type(None), "bool": bool, "int": int, "float": float}
_MAYBE_NOT_TEXT: Final = scalars.MAYBE_NOT_TEXT | {""}


class _MergeKey(str):
    """What a plain `<<` is, as opposed to a text in quotes that reads the same."""

    __slots__ = ()


_MERGE: Final = _MergeKey("<<")


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A value that aliases may repeat; `size` is how many characters it stands for."""

    value: Json
    node: Node
    size: int


class YamlBuilder:
    """Builds one document after the other from the events that `next_event` returns.

    Problems are added to `findings`; `Unreadable` is raised where going on makes no sense. Values are built
    recursively, which `MAX_DEPTH` bounds.
    """

    def __init__(self, source: SourceText, next_event: Callable[[], Any], findings: list[Finding]) -> None:
        self._source = source
        self._next = next_event
        self._findings = findings
        self._anchors: dict[str, _Anchor | None] = {}
        self._mistaken: set[int] = set()
        self._expanded = 0

    def has_next(self) -> bool:
        """Move to the next document; return whether there is one."""
        while (kind := type(self._next())) is not DocumentStartEvent:
            if kind is StreamEndEvent:
                return False
        return True

    def document(self) -> Document | None:
        """Build a document; None where it is empty, as after a `---` too many."""
        self._anchors, self._mistaken, self._expanded = {}, set(), 0
        earlier = len(self._findings)
        root = self._next()
        value, node = self._value(root, 0)
        while type(self._next()) is not DocumentEndEvent:
            pass
        if type(root) is ScalarEvent and not (root.value or root.style or root.tag):
            return None
        is_sound = len(self._findings) == earlier
        return Document(self._source, value, node, is_sound, frozenset(self._mistaken))

    def _value(self, event: Any, depth: int) -> tuple[Json, Node]:
        kind = type(event)
        if event.anchor is not None:
            return self._alias(event) if kind is AliasEvent else self._anchored(event, depth)
        if kind is ScalarEvent:
            text = event.value
            node = (event.start_mark.index, event.end_mark.index, None)
            is_plain, is_quoted = event.implicit
            if is_plain and not event.style:
                return (self._plain(text, node) if text[:1] in _MAYBE_NOT_TEXT else text), node
            if not (is_plain or is_quoted):
                return self._tagged(event.tag.removeprefix(_TAG), text, node), node
            if event.style == '"' and scalars.FORBIDDEN.search(text):
                self._mistake(node[0], mistakes.forbidden_character(Place(self._source, *node[:2])))
            return text, node
        start = event.start_mark.index
        if event.tag not in _COLLECTION_TAGS[kind]:
            self._mistake(start, mistakes.unknown_tag(self._tag_place(start)))
        if depth == MAX_DEPTH:
            raise Unreadable(mistakes.too_deep(Place(self._source, start, start + 1)))
        return (self._mapping if kind is MappingStartEvent else self._sequence)(start, depth + 1)

    def _sequence(self, start: int, depth: int) -> tuple[Json, Node]:
        next_event, new_value = self._next, self._value
        values: list[Json] = []
        nodes: list[Node] = []
        while True:
            event = next_event()
            kind = type(event)
            if kind is SequenceEndEvent:
                return values, (start, event.end_mark.index, nodes)
            value, node = new_value(event, depth)
            values.append(value)
            nodes.append(node)

    def _mapping(self, start: int, depth: int) -> tuple[Json, Node]:
        next_event, new_value = self._next, self._value
        values: dict[str, Json] = {}
        entries: dict[str, Entry] = {}
        while True:
            event = next_event()
            kind = type(event)
            if kind is MappingEndEvent:
                return values, (start, event.end_mark.index, entries)
            is_plain_text = (
                kind is ScalarEvent and event.implicit[0] and event.value[:1] not in _MAYBE_NOT_TEXT
            )
            key = event.value if is_plain_text and event.anchor is None else self._key(event, depth)
            value, node = new_value(next_event(), depth)
            if key is _MERGE:
                self._findings.append(mistakes.merge_key(self._place(event)))
                _merge((value, node), values, entries)
            elif key in values:
                self._findings.append(mistakes.duplicate_key(self._place(event), key, entries[key]))
            elif key is None:
                self._mistaken.add(start)
            else:
                values[key] = value
                entries[key] = (event.start_mark.index, event.end_mark.index, node)

    def _key(self, event: Any, depth: int) -> str | None:
        """Return a key, `_MERGE` itself for a `<<`; None, after saying why, where it is not text."""
        if type(event) is ScalarEvent and event.implicit[0] and event.value == _MERGE:
            return _MERGE
        value, node = self._value(event, depth)
        if isinstance(value, str):
            return value
        if node[0] in self._mistaken:
            self._mistaken.discard(node[0])
        else:
            self._findings.append(mistakes.key_is_no_text(Place(self._source, *node[:2]), value))
        return None

    def _plain(self, text: str, node: Node) -> Json:
        try:
            return scalars.resolve(text)
        except scalars.NotJsonError as error:
            self._mistake(node[0], mistakes.not_json(Place(self._source, *node[:2]), error))
            return None

    def _tagged(self, name: str, text: str, node: Node) -> Json:
        """Read a scalar that says its type: only types of the core schema, and only where they fit."""
        if name in _SCALAR_TYPES:
            value = self._plain(text, node)
            if name == "float" and type(value) is int:
                return float(value)
            if type(value) is not _SCALAR_TYPES[name] and node[0] not in self._mistaken:
                self._mistake(node[0], mistakes.unfit_tag(Place(self._source, *node[:2]), name))
            return value
        if name not in {"str", "!"}:
            self._mistake(node[0], mistakes.unknown_tag(self._tag_place(node[0])))
        elif scalars.FORBIDDEN.search(text):
            self._mistake(node[0], mistakes.forbidden_character(Place(self._source, *node[:2])))
        return text

    def _anchored(self, event: Any, depth: int) -> tuple[Json, Node]:
        name, event.anchor = event.anchor, None
        self._anchors[name] = None
        before = self._expanded
        value, node = self._value(event, depth)
        self._anchors[name] = _Anchor(value, node, max(1, node[1] - node[0]) + self._expanded - before)
        return value, node

    def _alias(self, event: Any) -> tuple[Json, Node]:
        place, name = self._place(event), event.anchor
        anchor = self._anchors.get(name)
        if anchor is None:
            is_inside = name in self._anchors
            finding = mistakes.recursive_alias(place) if is_inside else mistakes.unknown_anchor(place, name)
            self._mistake(place.start, finding)
            return None, (place.start, place.end, None)
        self._expanded += anchor.size
        if self._expanded > MAX_EXPANSION:
            raise Unreadable(mistakes.alias_bomb(place, MAX_EXPANSION))
        return anchor.value, (place.start, place.end, anchor.node[2])

    def _mistake(self, start: int, finding: Finding) -> None:
        """Report that the value which begins at `start` is not what was written."""
        self._mistaken.add(start)
        self._findings.append(finding)

    def _place(self, event: Any) -> Place:
        return Place(self._source, event.start_mark.index, event.end_mark.index)

    def _tag_place(self, start: int) -> Place:
        """Return the place of a tag, whose end no event tells."""
        length = len(self._source.text[start : self._source.line_end(start)].split(" ", 1)[0])
        return Place(self._source, start, start + max(1, length))


def _merge(merged: tuple[Json, Node], values: dict[str, Json], entries: dict[str, Entry]) -> None:
    """Take in what `<<` names although it is refused, so that no key is called missing on top of it."""
    value, node = merged
    if isinstance(value, list) and isinstance(node[2], list):
        for item, place in zip(value, node[2], strict=True):
            _merge((item, place), values, entries)
    elif isinstance(value, dict) and isinstance(node[2], dict):
        for key in value:
            if key not in values:
                values[key], entries[key] = value[key], node[2][key]
