"""Diagnostics as text, for people and for editors that read `file:line:column`, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobsync.render.screen import ELLIPSIS, MIN_WIDTH, cells, safe
from jobsync.render.style import PLAIN, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobsync.diagnostics import Diagnostic, Span
    from jobsync.model.values import Json
    from jobsync.render.style import Style

DEFAULT_WIDTH: Final = 80

_TAB = 4
_INDENT = "  "


def to_text(diagnostics: Iterable[Diagnostic], *, width: int = DEFAULT_WIDTH, style: Style = PLAIN) -> str:
    """Write diagnostics, sorted, a blank line between two and no line end after the last.

    Excerpts are cut to `width` terminal columns. A hint is written once, however many it is the way out of.
    """
    told: set[str] = set()
    blocks: list[str] = []
    for diagnostic in sorted(diagnostics, key=lambda diagnostic: diagnostic.order):
        hint = diagnostic.hint if diagnostic.hint not in told else None
        if hint is not None:
            told.add(hint)
        blocks.append("\n".join(_block(diagnostic, hint, width, style)))
    return "\n\n".join(blocks)


def to_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Json]]:
    """Return diagnostics, sorted, with Terraform's names for what Terraform has too."""
    return [_object(diagnostic) for diagnostic in sorted(diagnostics, key=lambda item: item.order)]


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """Count them: `2 errors, 1 warning`; empty where there are none."""
    items = list(diagnostics)
    errors = sum(1 for diagnostic in items if diagnostic.is_error)
    counts = ((errors, "error"), (len(items) - errors, "warning"))
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)


def _block(diagnostic: Diagnostic, hint: str | None, width: int, style: Style) -> Iterator[str]:
    role = Role.REMOVE if diagnostic.is_error else Role.WARN
    place = "" if diagnostic.span is None else style.paint(Role.BOLD, f"{diagnostic.span}:") + " "
    kind = style.paint(role, f"{diagnostic.severity.value}[{diagnostic.code}]:")
    yield f"{place}{kind} {safe(diagnostic.summary)}"
    if diagnostic.detail:
        yield from (f"{_INDENT}{safe(line)}" for line in diagnostic.detail.splitlines())
    if diagnostic.span is not None and diagnostic.excerpt is not None:
        yield from _excerpt(diagnostic.excerpt, diagnostic.span, width, style, role)
    for related in diagnostic.related:
        yield f"{_INDENT}{style.paint(Role.BOLD, f'{related.span}:')} {safe(related.message)}"
    if hint is not None:
        yield f"{_INDENT}{style.paint(Role.BOLD, 'hint:')} {safe(hint)}"


def _excerpt(line: str, span: Span, width: int, style: Style, caret: Role) -> Iterator[str]:
    """Write the line with its number, and carets below the part of it that the span covers."""
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    text, first, last = _expanded(line, span.column - 1, end)
    number = str(span.line)
    room = max(width, MIN_WIDTH) - len(f"{_INDENT}{number} | ")
    text, first, last = _cut(text, first, last, room)
    carets = style.paint(caret, "^" * max(1, cells(text[first:last])))
    yield f"{_INDENT}{style.paint(Role.DIM, f'{number} |')} {text}".rstrip()
    below = style.paint(Role.DIM, f"{' ' * len(number)} |")
    yield f"{_INDENT}{below} {' ' * cells(text[:first])}{carets}"


def _expanded(line: str, first: int, last: int) -> tuple[str, int, int]:
    """Replace tabs by blanks up to the next stop, and what no terminal shows; move the offsets along."""
    first = min(first, len(line))
    last = max(first + 1, min(last, len(line)))
    moved: list[int] = []
    text = ""
    column = 0
    for character in line:
        moved.append(len(text))
        shown = " " * (_TAB - column % _TAB) if character == "\t" else character
        text += shown if shown.isprintable() else "\ufffd"
        column += cells(shown)
    moved.append(len(text))
    return text, moved[first], moved[last] if last < len(moved) else len(text) + 1


def _cut(text: str, first: int, last: int, room: int) -> tuple[str, int, int]:
    """Cut a line to `room` columns so that what the carets point at stays, with some of what is before it."""
    widths = [cells(character) for character in text]
    if sum(widths) <= room:
        return text, first, last
    room -= 2 * len(ELLIPSIS)
    start, used = first, 0
    before = max(room // 3, room - sum(widths[first:]))
    while start > 0 and used + widths[start - 1] <= before:
        start -= 1
        used += widths[start]
    end = first
    while end < len(text) and used + widths[end] <= room:
        used += widths[end]
        end += 1
    left, right = ELLIPSIS if start else "", ELLIPSIS if end < len(text) else ""
    moved = len(left) - start
    return f"{left}{text[start:end]}{right}", first + moved, max(first + 1, min(last, end)) + moved


def _object(diagnostic: Diagnostic) -> dict[str, Json]:
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "summary": diagnostic.summary,
        "detail": diagnostic.detail,
        "hint": diagnostic.hint,
        "range": None if diagnostic.span is None else _range(diagnostic.span),
        "excerpt": diagnostic.excerpt,
        "related": [
            {"message": related.message, "range": _range(related.span)} for related in diagnostic.related
        ],
    }


def _range(span: Span) -> dict[str, Json]:
    return {
        "filename": span.file,
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }
