"""The jobs of a project as they are now: a table, or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobsync.render import values
from jobsync.render.screen import Line, cells, padded, paint, safe, wrap
from jobsync.render.style import PLAIN, Role, Style

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from jobsync.model.job import Job
    from jobsync.model.values import Json

HEADINGS = ("ID", "STATE", "NEXT RUN", "LAST RUN", "MANAGED")

MISSING = "MISSING"
"""The state of a job that we manage and that is not there."""

GAP = 2

NO_JOBS = "No jobs."


@dataclass(frozen=True, slots=True)
class StatusView:
    """One job as it is shown; `managed` is `yes`, `no` or `code`."""

    job_id: str
    state: str
    reason: str | None
    next_run: str | None
    last_run: str | None
    managed: str


def build(jobs: Sequence[Job], claimed: Collection[str]) -> tuple[StatusView, ...]:
    """Return every job that exists or is claimed, by id, moments in ISO 8601."""
    existing = [_view(job, claimed) for job in jobs]
    gone = set(claimed) - {job.id for job in jobs}
    missing = [
        StatusView(job_id, MISSING, "it is managed and does not exist", None, None, "yes") for job_id in gone
    ]
    return tuple(sorted([*existing, *missing], key=lambda view: view.job_id))


def _view(job: Job, claimed: Collection[str]) -> StatusView:
    reason = job.reason.message or job.reason.type if job.reason is not None else None
    return StatusView(
        job_id=job.id,
        state=job.state,
        reason=reason,
        next_run=values.iso(job.next_run_time) if job.next_run_time else None,
        last_run=values.iso(job.last_run_time) if job.last_run_time else None,
        managed="code" if job.is_code else "yes" if job.id in claimed else "no",
    )


def render(jobs: Sequence[Job], claimed: Collection[str], *, width: int = 80, style: Style = PLAIN) -> str:
    """Return the table, sorted by id, without a last line break.

    Nothing is cut: the reason of a state stands beside it, or on a line of its own where it does not fit.
    """
    views = build(jobs, claimed)
    if not views:
        return NO_JOBS
    rows = [_cells(view) for view in views]
    widths = [max(map(cells, column)) for column in zip(HEADINGS, *rows, strict=True)]
    others = sum(widths) - widths[_STATE] + GAP * (len(widths) - 1)
    states = [_state_and_reason(view, width - others) for view in views]
    widths[_STATE] = max(widths[_STATE], *(cells(state) for state, _ in states))
    lines = [_line(HEADINGS, widths, Role.BOLD)]
    for row, (state, reason) in zip(rows, states, strict=True):
        lines.append(_line((row[0], state, *row[_STATE + 1 :]), widths, None))
        lines += [Line().add(f"  {part}", Role.DIM) for part in wrap(reason, width - 2) if reason]
    return paint(lines, style)


_STATE = HEADINGS.index("STATE")


def _cells(view: StatusView) -> tuple[str, ...]:
    texts = (view.job_id, view.state, _moment(view.next_run), _moment(view.last_run), view.managed)
    return tuple(map(safe, texts))


def _state_and_reason(view: StatusView, room: int) -> tuple[str, str]:
    """Return what stands in the column, and what stands below the row."""
    state = safe(view.state)
    if not view.reason:
        return state, ""
    whole = f"{state} ({safe(view.reason)})"
    return (whole, "") if cells(whole) <= room else (state, f"({safe(view.reason)})")


def _moment(iso: str | None) -> str:
    return "-" if iso is None else f"{iso[:16].replace('T', ' ')}Z"


def _line(row: tuple[str, ...], widths: Sequence[int], role: Role | None) -> Line:
    line = Line()
    for text, width in zip(row, widths, strict=True):
        line = line.add(padded(text, width + GAP), role)
    return line


def document(jobs: Sequence[Job], claimed: Collection[str]) -> dict[str, Json]:
    """Return the same as one JSON document."""
    return {"format_version": "1.0", "jobs": [_entry(view) for view in build(jobs, claimed)]}


def _entry(view: StatusView) -> dict[str, Json]:
    return {
        "id": view.job_id,
        "state": view.state,
        "reason": view.reason,
        "next_run_time": view.next_run,
        "last_run_time": view.last_run,
        "managed": view.managed,
    }
