"""JSON with comments and trailing commas to a document: all else is JSON to the letter.

The platform's own `.job.json` and `.job.jsonc` files are read with it. No library gives positions of
values, and it is a small grammar.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jobsync.source import codes, mistakes, scalars
from jobsync.source.document import MAX_DEPTH, Document, Parsed, Unreadable
from jobsync.source.finding import Finding
from jobsync.source.text import Place

if TYPE_CHECKING:
    from jobsync.model.values import Json
    from jobsync.source.node import Entry, Node
    from jobsync.source.text import SourceText

_BETWEEN = re.compile(r"(?:[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)*+", re.DOTALL)
_STRING = re.compile(r'"([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+)"')
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)", re.ASCII)
_WORD = re.compile(r"[-+]?[\w.$]+")
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB]..)\\u([dD][c-fC-F]..)|u(....)|(.))")

_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity", "+Infinity"})
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def parse(source: SourceText) -> Parsed:
    """Read the one value of a JSON file; never raises for what is in it."""
    reader = _Reader(source)
    try:
        value, node = reader.whole()
    except Unreadable as stop:
        return Parsed((), (*reader.findings, stop.finding), is_complete=False)
    document = Document(source, value, node, not reader.findings, frozenset(reader.mistaken))
    return Parsed((document,), tuple(reader.findings))


class _Reader:
    """Recursive descent over the text; `_at` is the offset it has come to."""

    def __init__(self, source: SourceText) -> None:
        self.findings: list[Finding] = []
        self.mistaken: set[int] = set()
        self._source = source
        self._text = source.text
        self._at = 0

    def whole(self) -> tuple[Json, Node]:
        """Read the value and see that nothing follows it."""
        self._skip()
        read = self._value(0)
        self._skip()
        if self._at < len(self._text):
            raise self._stop("something follows the end of the JSON value", "remove it; a file holds one job")
        return read

    def _skip(self) -> str:
        """Go past blanks and comments; return the character that comes then, empty at the end."""
        match = _BETWEEN.match(self._text, self._at)
        self._at = match.end() if match else self._at
        if self._text.startswith("/*", self._at):
            raise self._stop("a comment is not closed", "write `*/`")
        return self._text[self._at : self._at + 1]

    def _value(self, depth: int) -> tuple[Json, Node]:
        character = self._text[self._at : self._at + 1]
        if character == '"':
            return self._string()
        if character in {"{", "["}:
            if depth == MAX_DEPTH:
                raise Unreadable(mistakes.too_deep(Place(self._source, self._at, self._at + 1)))
            return (self._object if character == "{" else self._array)(depth + 1)
        word = _WORD.match(self._text, self._at)
        if word is None:
            raise self._stop(*_MISSING.get(character, ("a value is missing here", "write it")))
        return self._word(word)

    def _word(self, match: re.Match[str]) -> tuple[Json, Node]:
        word, start, end = match.group(), match.start(), match.end()
        number = _NUMBER.match(self._text, start)
        value: Json = None
        if word in _WORDS:
            value = _WORDS[word]
        elif number and number.end() >= end:
            end = number.end()
            value = self._number(number)
        elif word in _NOT_FINITE:
            error = scalars.NotJsonError("JSON has neither infinity nor NaN", "use a string, or null")
            self._refuse_number(error, start, end)
        else:
            raise self._stop("this is not a JSON value", 'put a text in double quotes: `"like this"`')
        self._at = end
        return value, (start, end, None)

    def _number(self, match: re.Match[str]) -> int | float | None:
        try:
            return scalars.real(match.group()) if match[2] else scalars.integer(match[1])
        except scalars.NotJsonError as error:
            self._refuse_number(error, match.start(), match.end())
            return None

    def _refuse_number(self, error: scalars.NotJsonError, start: int, end: int) -> None:
        self.mistaken.add(start)
        self.findings.append(mistakes.not_json(Place(self._source, start, end), error))

    def _string(self) -> tuple[str, Node]:
        match = _STRING.match(self._text, self._at)
        if match is None:
            raise self._stop(
                "a string is not closed on its line, or holds a bad `\\` escape",
                "write the closing quote, `\\n` for a line break and `\\\\` for a backslash",
            )
        node: Node = (self._at, match.end(), None)
        self._at = match.end()
        text = match[1]
        if "\\" in text:
            text = _ESCAPE.sub(_unescape, text)
            if scalars.FORBIDDEN.search(text):
                self.mistaken.add(node[0])
                self.findings.append(mistakes.forbidden_character(Place(self._source, *node[:2])))
        return text, node

    def _array(self, depth: int) -> tuple[Json, Node]:
        start = self._at
        values: list[Json] = []
        nodes: list[Node] = []
        self._at += 1
        while self._skip() != "]":
            value, node = self._value(depth)
            values.append(value)
            nodes.append(node)
            self._separator("]", "an array", start)
        self._at += 1
        return values, (start, self._at, nodes)

    def _object(self, depth: int) -> tuple[Json, Node]:
        start = self._at
        values: dict[str, Json] = {}
        entries: dict[str, Entry] = {}
        self._at += 1
        while (character := self._skip()) != "}":
            if character != '"':
                raise self._stop("a key in double quotes is missing here", 'write `"key": value`')
            key, (key_start, key_end, _) = self._string()
            if self._skip() != ":":
                raise self._stop("a `:` is missing after the key", 'write `"key": value`')
            self._at += 1
            self._skip()
            value, node = self._value(depth)
            if key in values:
                place = Place(self._source, key_start, key_end)
                self.findings.append(mistakes.duplicate_key(place, key, entries[key]))
            else:
                values[key] = value
                entries[key] = (key_start, key_end, node)
            self._separator("}", "an object", start)
        self._at += 1
        return values, (start, self._at, entries)

    def _separator(self, closing: str, what: str, start: int) -> None:
        character = self._skip()
        if character == ",":
            self._at += 1
        elif character != closing:
            beginning = Place(self._source, start, start + 1)
            is_far = self._source.line_end(start) < self._at
            related = ((f"{what} begins here", beginning),) if is_far else ()
            raise self._stop(f"a `,` or `{closing}` is missing before this", "write it", related)

    def _stop(self, summary: str, hint: str, related: tuple[tuple[str, Place], ...] = ()) -> Unreadable:
        start = min(self._at, len(self._text.rstrip()))
        place = Place(self._source, start, min(start + 1, len(self._text)))
        return Unreadable(Finding(codes.SYNTAX, summary, place, hint=hint, related=related))


_MISSING: Final = {
    "'": ("JSON has no single quotes", 'write `"text"`'),
    "#": ("JSON has no `#` comments", "begin a comment with `//`"),
}


def _unescape(match: re.Match[str]) -> str:
    high, low, code, character = match.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    return chr(int(code, 16)) if code else _ESCAPES.get(character, character)
