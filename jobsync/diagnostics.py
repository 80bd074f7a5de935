"""A problem in what the user wrote or planned, as a value.

Codes are stable: S for the files (sources), P for the plan. Each has a section in
docs/reference/diagnostics.md and a case in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops the run before any write; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file: lines and columns count from 1, columns in characters; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        """`file:line:column`, as editors and CI annotations read it."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that belongs to a problem, such as the first of two duplicates."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem.

    `summary` is one sentence, lower case, no full stop, literals in backticks; `hint` says the way out.
    `excerpt` is the line of source at `span`, with every secret in it already masked. `span` is None where
    the problem has no place in a file.
    """

    code: str
    severity: Severity
    summary: str
    span: Span | None = None
    detail: str | None = None
    hint: str | None = None
    excerpt: str | None = None
    related: tuple[Related, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether it stops the run."""
        return self.severity is Severity.ERROR

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sorts by file, line, column, code, summary; problems without a place come last."""
        if self.span is None:
            return ("\uffff", 0, 0, self.code, self.summary)
        return (self.span.file, self.span.line, self.span.column, self.code, self.summary)
