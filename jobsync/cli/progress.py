"""Progress of an apply: a bar where somebody watches many changes, else a line a step."""

from __future__ import annotations

import contextlib
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobsync.cli.streams import OutputLost
from jobsync.render import apply_json, apply_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from jobsync.cli.output import Output
    from jobsync.plan.outcome import Progress as Step

    Report: TypeAlias = Callable[[Step], None]

MANY = 30
"""Above so many changes a terminal shows a bar, and only failures as lines."""


@contextmanager
def reporting(output: Output, *, changes: int, as_json: bool) -> Iterator[Report]:
    """Yield what to call with each step, from any thread."""
    if as_json:
        yield _Lines(lambda step: output.json_line(apply_json.progress_record(step, datetime.now(UTC))))
    elif not output.err.isatty():
        yield _Lines(lambda step: _say(step, output), only_ends=True)
    elif changes > MANY:
        with _bar(output, changes) as report:
            yield report
    else:
        yield _Lines(lambda step: _say(step, output))


def _say(step: Step, output: Output) -> None:
    output.say(apply_text.progress_line(step, style=output.err_style))


class _Lines:
    """Prints each step, one at a time; `only_ends` leaves out what merely began."""

    def __init__(self, show: Report, *, only_ends: bool = False) -> None:
        self._show = show
        self._only_ends = only_ends
        self._lock = threading.Lock()

    def __call__(self, step: Step) -> None:
        is_begin = step.seconds is None and step.problem is None
        if self._only_ends and is_begin:
            return
        with self._lock, contextlib.suppress(OSError, OutputLost):
            self._show(step)  # that nobody reads it any more must not stop an apply


@contextmanager
def _bar(output: Output, changes: int) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=output.err, markup=False, highlight=False, no_color=not output.err_style.codes)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    done: set[str] = set()
    lock = threading.Lock()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Applying", total=changes)

        def report(step: Step) -> None:
            if step.problem is not None:
                text = apply_text.progress_line(step, style=output.err_style)
                bar.console.print(output.redact(text), soft_wrap=True)
            if step.seconds is None:
                return
            with lock:
                done.add(step.job_id)
                bar.update(task, completed=len(done))

        yield report
