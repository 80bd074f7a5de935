"""The text of one file, and places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from jobsync.diagnostics import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text, decoded, without a byte order mark. `file` is relative to the project, with `/`.

    Offsets count characters from 0. The text stays out of `repr`, since it may hold secrets.
    """

    file: str
    text: str = field(repr=False)
    _starts: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def span(self, start: int, end: int) -> Span:
        """Return the place between two offsets as lines and columns."""
        return Span(self.file, *self._position(start), *self._position(max(start, end)))

    def line(self, number: int) -> str:
        """Return a line without its end; the first is 1. A line that is not there is empty."""
        starts = self._line_starts()
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def line_start(self, number: int) -> int:
        """Return the offset at which a line that is there begins."""
        return self._line_starts()[number - 1]

    def line_end(self, offset: int) -> int:
        """Return the offset at which the line ends that `offset` is in."""
        match = _LINE_END.search(self.text, offset)
        return match.start() if match else len(self.text)

    def _position(self, offset: int) -> tuple[int, int]:
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def _line_starts(self) -> list[int]:
        """Find the lines when the first position is asked for; most files are never asked."""
        if not self._starts:
            self._starts.append(0)
            if "\r" in self.text:
                self._starts.extend(match.end() for match in _LINE_END.finditer(self.text))
            else:
                lengths = [len(line) + 1 for line in self.text.split("\n")]
                self._starts.extend(accumulate(lengths[:-1]))
        return self._starts


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a file: from `start` up to, not including, `end`."""

    source: SourceText
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The place as lines and columns."""
        return self.source.span(self.start, self.end)
