"""What became of each change of an apply, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobsync.plan.change import Change


class Status(StrEnum):
    """What we know about a change after the apply.

    `done`: carried out and, where it wrote, read back. `failed`: refused, or its result is unknown.
    `unverified`: the API accepted it, and the job reads back as something else. `skipped`: not begun.
    """

    DONE = "done"
    FAILED = "failed"
    UNVERIFIED = "unverified"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One change and what became of it.

    `problem` is one sentence saying what failed and why, None when done; `now` says what is known about the
    remote job at this moment (`unchanged`, `created, but not as declared: …`); `hint` is the way out.
    """

    change: Change
    status: Status
    problem: str | None = None
    now: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """An apply, whole. `outcomes` are in the order of the plan's pending changes.

    `ledger_problem` says why the ledger could not be written, None where it was.
    """

    outcomes: tuple[Outcome, ...]
    is_interrupted: bool = False
    ledger_problem: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether every change is done and recorded."""
        return (
            not self.is_interrupted
            and self.ledger_problem is None
            and all(outcome.status is Status.DONE for outcome in self.outcomes)
        )


class Phase(StrEnum):
    """What is being done to one job, for progress."""

    CREATE = "create"
    UPDATE = "update"
    PAUSE = "pause"
    RESUME = "resume"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of one job began (`seconds` is None) or ended; `problem` says why it failed."""

    job_id: str
    phase: Phase
    seconds: float | None = None
    problem: str | None = None
