"""Carrying out a plan from the command line: progress, Ctrl-C, the closing lines, the exit code."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobsync.apply import apply
from jobsync.cli.plan_output import confirm, show_plan, show_plan_record
from jobsync.cli.progress import reporting
from jobsync.errors import INTERRUPTED, DiagnosticsError
from jobsync.plan.verify import changed_since
from jobsync.render import apply_json, apply_text

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from jobsync.cli.output import Output
    from jobsync.cli.wiring import Connection
    from jobsync.plan.outcome import Result
    from jobsync.reconcile import Draft


class StoppableClock:
    """Real time, which a stop cuts short."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def monotonic(self) -> float:
        """Return seconds from some fixed moment."""
        return time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Let time pass; returns True, at once, when the run is being stopped."""
        return self._stop.wait(seconds)

    def is_stopped(self) -> bool:
        """Whether the user asked to stop."""
        return self._stop.is_set()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a plan is carried out: the question to ask first, and how to print."""

    question: str
    auto_approve: bool
    parallelism: int
    as_json: bool = False
    concise: bool = False
    destroys: bool = False


def show_and_carry_out(draft: Draft, connection: Connection, output: Output, manner: Manner) -> int:
    """Show a plan, ask, apply it and say what became of it; return the exit code."""
    if manner.as_json:
        show_plan_record(draft.plan, output)
    else:
        show_plan(draft.plan, output, concise=manner.concise, destroys=manner.destroys)
    if draft.plan.is_blocked:
        return 1
    if not draft.plan.is_empty and not manner.auto_approve:
        confirm(manner.question, output)
        # However long the question stood there, what was shown is what happens, or nothing does.
        moved = changed_since(draft.plan, connection.api.list())
        if moved:
            raise DiagnosticsError(moved)
    result = _apply(draft, connection, output, manner)
    _show(result, output, as_json=manner.as_json, destroys=manner.destroys)
    if result.is_interrupted:
        return INTERRUPTED
    return 0 if result.is_success else 1


def _apply(draft: Draft, connection: Connection, output: Output, manner: Manner) -> Result:
    changes = len(draft.plan.pending)
    with (
        graceful(connection.stop, output),
        reporting(output, changes=changes, as_json=manner.as_json) as report,
    ):
        return apply(
            draft.plan,
            api=connection.api,
            store=connection.store,
            ledger=draft.ledger,
            version=draft.version,
            clock=StoppableClock(connection.stop),
            report=report,
            parallelism=manner.parallelism,
        )


@contextmanager
def graceful(stop: threading.Event, output: Output) -> Iterator[None]:
    """Turn the first SIGINT or SIGTERM into a request to stop, and the second SIGINT into an end at once."""

    def on_signal(number: int, _frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()
        output.say("\nstopping: finishing what is in flight and recording it; Ctrl-C again to give that up")

    previous = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _show(result: Result, output: Output, *, as_json: bool, destroys: bool) -> None:
    if as_json:
        for record in apply_json.closing_records(result, datetime.now(UTC), destroys=destroys):
            output.json_line(record)
        return
    output.data("\n" + apply_text.closing(result, destroys=destroys, width=output.width, style=output.style))
