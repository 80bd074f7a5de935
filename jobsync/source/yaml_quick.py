"""The quick way through a YAML file with nothing unusual in it: values, and places of top-level keys only.

Most files have no mistake, and of those nobody asks where each value stands; leaving that out saves a
third of the time. Whatever is out of the ordinary (anchors, tags, escapes, a key twice, a number that JSON
cannot hold) is left to `YamlBuilder`, which reads the file again. Where both can read a file they agree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from jobsync.source import scalars
from jobsync.source.document import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobsync.model.values import Json
    from jobsync.source.node import Entry, Node

_NEVER_PLAIN: Final = ("\\", "\x85", "\u2028", "\u2029")
"""What begins an escape, and the line breaks that YAML 1.2 no longer has."""

_INDICATORS: Final = ("&", "*", "!")
_INDICATED = re.compile(r"(?<![^\s,\[\]{}:?])[&*!]")
"""Where an anchor, an alias or a tag may begin: not inside a word, and not behind a quote."""

_MAYBE_NOT_TEXT: Final = scalars.MAYBE_NOT_TEXT | {""}


class NotPlainError(Exception):
    """There is something unusual in the file."""


def is_plain(text: str) -> bool:
    """Whether it is worth trying."""
    if any(character in text for character in _NEVER_PLAIN):
        return False
    has_indicator = any(character in text for character in _INDICATORS)
    return not has_indicator or _INDICATED.search(text) is None


def read(next_event: Callable[[], Any]) -> list[tuple[Json, Node]]:
    """Return the value of each document of a plain text, and a node of its top level.

    In it a mapping or a list looks empty and ends where the next key begins. Raises `NotPlainError`,
    `NotJsonError`, and what the parser raises.
    """
    reader = _Reader(next_event)
    found: list[tuple[Json, Node]] = []
    next_event()
    while type(next_event()) is DocumentStartEvent:
        found.append(reader.document())
        next_event()
    return found


class _Reader:
    """Recursive, which `MAX_DEPTH` bounds. Scalars are read in place: a call each would double the cost."""

    def __init__(self, next_event: Callable[[], Any]) -> None:
        self._next = next_event

    def document(self) -> tuple[Json, Node]:
        root = self._next()
        kind = type(root)
        if kind is not MappingStartEvent:
            raise NotPlainError
        values: dict[str, Json] = {}
        places: list[tuple[int, int, int, int]] = []
        while True:
            event = self._next()
            kind = type(event)
            if kind is MappingEndEvent:
                end = event.start_mark.index
                return values, (root.start_mark.index, event.end_mark.index, _entries(values, places, end))
            key = _key(event)
            if key in values:
                raise NotPlainError
            item = self._next()
            values[key] = _scalar(item) if type(item) is ScalarEvent else self._collection(item, 1)
            places.append(
                (event.start_mark.index, event.end_mark.index, item.start_mark.index, item.end_mark.index)
            )

    def _collection(self, event: Any, depth: int) -> Json:
        kind = type(event)
        if depth < MAX_DEPTH and kind is MappingStartEvent:
            return self._mapping(depth + 1)
        if depth < MAX_DEPTH and kind is SequenceStartEvent:
            return self._sequence(depth + 1)
        raise NotPlainError

    def _sequence(self, depth: int) -> list[Json]:
        next_event = self._next
        values: list[Json] = []
        while True:
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                text = event.value
                is_text = event.style or text[:1] not in _MAYBE_NOT_TEXT
                values.append(text if is_text else scalars.resolve(text))
            elif kind is SequenceEndEvent:
                return values
            else:
                values.append(self._collection(event, depth))

    def _mapping(self, depth: int) -> dict[str, Json]:
        next_event = self._next
        values: dict[str, Json] = {}
        while True:
            event = next_event()
            kind = type(event)
            if kind is MappingEndEvent:
                return values
            key = _key(event)
            if key in values:
                raise NotPlainError
            event = next_event()
            if type(event) is ScalarEvent:
                text = event.value
                is_text = event.style or text[:1] not in _MAYBE_NOT_TEXT
                values[key] = text if is_text else scalars.resolve(text)
            else:
                values[key] = self._collection(event, depth)


def _key(event: Any) -> str:
    key: str
    if type(event) is ScalarEvent:
        key = event.value
        if event.style or key[:1] not in _MAYBE_NOT_TEXT:
            return key
        if key != "<<" and scalars.resolve(key) is key:
            return key
    raise NotPlainError


def _scalar(event: Any) -> Json:
    text: str = event.value
    return text if event.style or text[:1] not in _MAYBE_NOT_TEXT else scalars.resolve(text)


def _entries(values: dict[str, Json], places: list[tuple[int, int, int, int]], end: int) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    following = [*(place[0] for place in places), end]
    for number, (key, value) in enumerate(values.items()):
        key_start, key_end, start, stop = places[number]
        if isinstance(value, dict):
            entries[key] = (key_start, key_end, (start, following[number + 1], {}))
        elif isinstance(value, list):
            entries[key] = (key_start, key_end, (start, following[number + 1], []))
        else:
            entries[key] = (key_start, key_end, (start, stop, None))
    return entries
