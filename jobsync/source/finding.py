"""A problem on its way to a diagnostic: it knows offsets, and its excerpt is cut when all is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobsync.diagnostics import Diagnostic, Related, Severity
from jobsync.source.excerpt import Hidden, masked_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobsync.source.text import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """What `Diagnostic` is, with places instead of spans and no excerpt yet."""

    code: str
    summary: str
    place: Place
    hint: str | None = None
    detail: str | None = None
    severity: Severity = Severity.ERROR
    related: tuple[tuple[str, Place], ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether it stops the run."""
        return self.severity is Severity.ERROR


def to_diagnostics(findings: Iterable[Finding], hidden: Mapping[str, Hidden]) -> list[Diagnostic]:
    """Turn findings into sorted diagnostics, each problem once.

    `hidden` says, by file, what no excerpt may show; in a file that is not in it, that is guessed.
    """
    unique: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        place = finding.place
        unique.setdefault((place.source.file, place.start, finding.code, finding.summary), finding)
    return sorted(
        (_diagnostic(finding, hidden) for finding in unique.values()),
        key=lambda diagnostic: diagnostic.order,
    )


def _diagnostic(finding: Finding, hidden: Mapping[str, Hidden]) -> Diagnostic:
    source, span = finding.place.source, finding.place.span
    return Diagnostic(
        code=finding.code,
        severity=finding.severity,
        summary=finding.summary,
        span=span,
        detail=finding.detail,
        hint=finding.hint,
        excerpt=masked_line(source, span.line, hidden.get(source.file, _UNKNOWN)),
        related=tuple(Related(message, place.span) for message, place in finding.related),
    )


_UNKNOWN = Hidden()
_LONGEST_SHOWN = 40


def shortened(text: str) -> str:
    """Make a name from a file fit to be quoted in a sentence: not too long, nothing a terminal would obey."""
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
    return printable(cut)
