"""A plan as text: what changes, why, and what it means, at a given width.

Nothing is cut that the reader may have to copy (ids, positions); values too long for their line are shortened
in the middle, after they were masked. Readable without colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.render import values
from jobsync.render.counts import Kind
from jobsync.render.row_lines import comment_lines, row_lines
from jobsync.render.screen import MIN_WIDTH, Line, cells, padded, paint, safe, shorten, wrap
from jobsync.render.style import PLAIN, Role, Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobsync.render.row import Row
    from jobsync.render.view import ChangeView, PlanView

NO_CHANGES = "No changes. The remote jobs match the configuration."
NOTHING_TO_DESTROY = "No changes. There is no managed job to destroy."

WIDEST_ID = 32
"""In the concise form, ids up to this width are aligned."""

ROLES = {
    Kind.CREATE: Role.ADD,
    Kind.UPDATE: Role.CHANGE,
    Kind.PAUSE: Role.CHANGE,
    Kind.RESUME: Role.CHANGE,
    Kind.ADOPT: Role.ADD,
    Kind.PROTECT: Role.CHANGE,
    Kind.UNPROTECT: Role.CHANGE,
    Kind.RELEASE: Role.REMOVE,
    Kind.FORGET: Role.DIM,
    Kind.DELETE: Role.REMOVE,
}


def render(
    view: PlanView, *, width: int = 80, style: Style = PLAIN, concise: bool = False, destroys: bool = False
) -> str:
    """Return a plan as text, without a line break at its end.

    `concise` gives each change one line; `destroys` says that it is the plan of a destroy, for the sentence
    where there is nothing to do.
    """
    width = max(width, MIN_WIDTH)
    lines = [*_header(view, width), Line()]
    if concise:
        lines += _concise(view, width)
    else:
        for change in view.changes:
            lines += [*_block(change, width), Line()]
    return paint([*lines, *_closing(view, destroys=destroys)], style)


def _header(view: PlanView, width: int) -> Iterator[Line]:
    place = f"jobsync: environment {safe(view.environment)}, project {safe(view.project)}"
    jobs = values.count(view.declared, "job")
    numbers = f"({jobs} declared, {view.managed:,} managed, {view.unmanaged:,} unmanaged)"
    if cells(place) + 1 + cells(numbers) <= width:
        yield Line().add(f"{place} {numbers}", Role.BOLD)
    else:
        for number, part in enumerate([*wrap(place, width - 2), *wrap(numbers, width - 2)]):
            yield Line().add("  " if number else "").add(part, Role.BOLD)


def _closing(view: PlanView, *, destroys: bool) -> Iterator[Line]:
    if not view.changes and not view.errors:
        yield Line().add(NOTHING_TO_DESTROY if destroys else NO_CHANGES, Role.BOLD)
        return
    for sentence in view.counts.planned():
        yield Line().add(sentence, Role.BOLD)
    if view.errors:
        yield Line().add(
            f"Blocked by {values.count(view.errors, 'error')}: nothing can be applied.", Role.WARN
        )


def _block(change: ChangeView, width: int) -> Iterator[Line]:
    if change.kind in {Kind.CREATE, Kind.UPDATE}:
        yield from _heading(change, "#", width)
        yield from _reason(change, width)
        yield from _body(change, width)
    elif change.kind is Kind.DELETE:
        yield from _heading(change, "#", width)
        yield from _reason(change, width)
        yield from _deleted(change, width)
    else:
        yield from _heading(change, change.symbol, width)
        for text in filter(None, (change.reason, change.fact)):
            yield from comment_lines(text, 4, width)


def _heading(change: ChangeView, sign: str, width: int) -> Iterator[Line]:
    """Say what will happen; where the job is declared stands at the right edge, or else below."""
    role = Role.DIM if sign == "#" else ROLES[change.kind]
    line = Line().add("  ").add(sign, role).add(" ").add(change.sentence, Role.BOLD)
    if change.position is None:
        yield line
        return
    position = safe(change.position)
    if line.width + 2 + cells(position) <= width:
        yield line.pad(width - cells(position)).add(position, Role.DIM)
    else:
        yield line
        yield Line().add("    ").add(f"({position})", Role.DIM)


def _reason(change: ChangeView, width: int) -> Iterator[Line]:
    if change.reason is None:
        return
    for text in wrap(safe(f"(because {change.reason})"), width - 4):
        yield Line().add("  ").add(f"# {text}", Role.DIM)


def _body(change: ChangeView, width: int) -> Iterator[Line]:
    opening = Line().add("  ").add(change.symbol, ROLES[change.kind]).add(f' job "{change.job_id}"')
    yield opening.add(" {")
    yield from row_lines(change.rows, indent=6, width=width)
    if change.unchanged:
        hidden = f"({values.count(change.unchanged, 'unchanged attribute')} hidden)"
        yield from comment_lines(hidden, 8, width)
    yield Line().add("    }")


def _deleted(change: ChangeView, width: int) -> Iterator[Line]:
    line = Line().add("  ").add(change.symbol, ROLES[change.kind]).add(f' job "{change.job_id}"')
    fact = f"# {safe(change.fact or '')}"
    if line.width + 3 + cells(fact) <= width:
        yield line.add("   ").add(fact, Role.DIM)
    else:
        yield line
        yield from comment_lines(change.fact or "", 4, width)


def _concise(view: PlanView, width: int) -> Iterator[Line]:
    column = max((cells(safe(change.job_id)) for change in view.changes), default=0)
    for change in view.changes:
        yield _concise_line(change, min(column, WIDEST_ID), width)
    if view.changes:
        yield Line()


def _concise_line(change: ChangeView, column: int, width: int) -> Line:
    line = Line().add(change.symbol, ROLES[change.kind]).add(" ")
    line = line.add(padded(safe(change.job_id), column)).add("  ")
    return line.add(_fitting(_gist(change), width - line.width), Role.DIM)


def _gist(change: ChangeView) -> list[str]:
    """Name in a few words each thing that a change does."""
    if change.kind is Kind.CREATE:
        return [safe(row.after or "") for row in change.rows if row.name in {"schedule", "payload"}]
    if change.kind is Kind.UPDATE:
        return [safe(_row_gist(row)) for row in change.rows]
    return [safe(text) for text in (change.fact or change.reason,) if text]


def _row_gist(row: Row) -> str:
    conflict = "!" if row.mark == "!" else ""
    return conflict + row.name + (f" ({row.short})" if row.short else "")


def _fitting(words: list[str], room: int) -> str:
    """Write as many words as fit into a line, and count the others."""
    for kept in range(len(words), 0, -1):
        more = len(words) - kept
        text = ", ".join(words[:kept]) + (f" and {more:,} more" if more else "")
        if cells(text) <= room:
            return text
    return (
        shorten(words[0] if len(words) == 1 else values.count(len(words), "attribute"), max(room, 1))
        if words
        else ""
    )
