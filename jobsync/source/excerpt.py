"""The line of a file that a problem is on, with everything secret in it masked.

Where the platform keeps secrets is known exactly once a file could be read (`Hidden`); in one with a syntax
error it is guessed from names and indentation. Values of keys that are named like a secret are hidden
anywhere: better a harmless value hidden than a password in the log of a build. A mask keeps the width of
what it hides, so that carets stay true, and leaves references such as `${env.X}` readable.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobsync.source.text import SourceText

LONGEST_LINE: Final = 4000
"""Longer lines are data on one line: they have no excerpt, only a position."""

_FURTHEST_ABOVE = 200

_WORDS = (
    r"secret|passw|passphrase|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|authorization|cookie"
    r"|signature|\bsig\b"
)
_NAMED_SECRET = re.compile(rf"""["']?[\w.-]*(?:{_WORDS})[\w.-]*["']?\s*[:=]\s*""", re.IGNORECASE)
_NAMED_SECRET_OR_HEADERS = re.compile(
    rf"""["']?[\w.-]*(?:{_WORDS}|headers)[\w.-]*["']?\s*[:=]\s*""", re.IGNORECASE
)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*+"?|' + r"'(?:''|[^'])*+'?")
_IN_QUERY = re.compile(r"[^\s&\"',;}\])]*")
_IN_FLOW = re.compile(r"(?:\$\{[^}]*\}|[^,}\]])*+")
_USERINFO = re.compile(r"""(?:(?<=://)|\b(?=[^\s/@:"']+:))(?:\$\{[^}]*\}|[^\s/@"'])*@""")
_BEARER = re.compile(r"""\bbearer\s+[^\s"',}]+""", re.IGNORECASE)
_REFERENCE = re.compile(r"\$\{[A-Za-z]+\.[\w.-]+\}")
_OBEYED = re.compile("[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_HEADER_NAME = re.compile(r"""\s*["']?[\w-]+["']?\s*:""")
_COMMENT = re.compile(r"#|(?:^|\s)//")
_INDENTATION = re.compile(r"(?:\s|-(?=\s))*")
_BRACKETS = re.compile(r"\$\{[^}]*\}|[{}\[\]]")


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is known to be secret in a file: ranges of offsets, in order and apart from each other.

    `is_all` where the whole file could be read, so that nothing but comments has to be guessed at.
    """

    ranges: Sequence[tuple[int, int]] = ()
    is_all: bool = False

    def within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield what is hidden between two offsets, counted from the first of them."""
        index = bisect_left(self.ranges, (end, 0))
        while index > 0 and self.ranges[index - 1][1] > start:
            index -= 1
            yield self.ranges[index][0] - start, self.ranges[index][1] - start


def names_secret(key: str) -> bool:
    """Whether a key is named like one that holds a secret, or several."""
    return _NAMED_SECRET_OR_HEADERS.match(f"{key}:") is not None


def masked_line(source: SourceText, number: int, hidden: Hidden) -> str | None:
    """Return a line as it may be shown; None where it is too long or blank."""
    line = source.line(number)
    if not line.strip() or len(line) > LONGEST_LINE:
        return None
    start = source.line_start(number)
    ranges = list(hidden.within(start, start + len(line)))
    if hidden.is_all and not _COMMENT.search(line):
        ranges.extend(_suspects(line, _NAMED_SECRET))
    else:
        ranges.extend(_suspects(line, _NAMED_SECRET_OR_HEADERS))
        ranges.extend(_inherited(source, number, line))
    return _masked(line, ranges)


def _masked(line: str, ranges: Sequence[tuple[int, int]]) -> str:
    characters = list(line)
    for low, high in ranges:
        start, end = max(0, low), min(high, len(line))
        if end <= start:
            continue
        if end - start > 1 and line[start] in "\"'" and line[start] == line[end - 1]:
            start, end = start + 1, end - 1  # the quotes tell nothing
        characters[start:end] = "*" * (end - start)
    for match in _REFERENCE.finditer(line):
        characters[match.start() : match.end()] = match.group()
    return printable("".join(characters))


def printable(text: str) -> str:
    """Put U+FFFD for what a terminal would obey rather than show: controls, surrogates, text direction."""
    return text if text.isprintable() else _OBEYED.sub("\ufffd", text)


def _suspects(line: str, named: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Find values behind keys that are named like a secret, and credentials in URLs."""
    for pattern in (_USERINFO, _BEARER):
        for match in pattern.finditer(line):
            yield match.span()
    for match in named.finditer(line):
        yield match.end(), _end_of_value(line, match)


def _end_of_value(line: str, key: re.Match[str]) -> int:
    start = key.end()
    if "headers" in key.group().lower():
        return len(line)  # their values may be anywhere behind it
    if quoted := _QUOTED.match(line, start):
        return quoted.end()
    if key.group().rstrip().endswith("="):
        return _match_end(_IN_QUERY, line, start)
    is_scalar = not line.startswith(("{", "["), start)
    if is_scalar and _is_in_flow(line[:start]):
        return _match_end(_IN_FLOW, line, start)
    return len(line)


def _match_end(pattern: re.Pattern[str], line: str, start: int) -> int:
    match = pattern.match(line, start)
    return match.end() if match else start


def _is_in_flow(before: str) -> bool:
    depth = 0
    for match in _BRACKETS.finditer(before):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match.group(), 0)
    return depth > 0


def _inherited(source: SourceText, number: int, line: str) -> Iterator[tuple[int, int]]:
    """Hide what stands on a line of its own below a key that is named like a secret."""
    own = indentation = _indentation(line)
    is_next = True
    for above in range(number - 1, max(0, number - _FURTHEST_ABOVE), -1):
        text = source.line(above)
        is_comment = text.lstrip().startswith(("#", "//"))
        keys = list(_NAMED_SECRET_OR_HEADERS.finditer(text))
        if is_comment and is_next and keys:
            yield own, len(line)
        if is_comment or not text.strip():
            continue
        ends_with_key = is_next and bool(keys) and keys[-1].end() == len(text)
        is_next = False
        if keys and (ends_with_key or _indentation(text) < indentation):
            is_header = indentation == own and "headers" in keys[-1].group().lower()
            yield (_behind_name(line) if is_header else own), len(line)
        indentation = min(indentation, _indentation(text))
        if indentation == 0:
            return


def _behind_name(line: str) -> int:
    """Return where a header's value begins; where the line begins with no name, all of it is a value."""
    name = _HEADER_NAME.match(line)
    return name.end() if name else _indentation(line)


def _indentation(line: str) -> int:
    match = _INDENTATION.match(line)
    return match.end() if match else 0
