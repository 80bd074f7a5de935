"""A plan, as data: frozen, comparable, with no client and no callable inside.

A plan holds real values, secrets included, because `apply` sends them; whoever shows one goes through
`jobsync.render.masking`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from jobsync.diagnostics import Diagnostic
    from jobsync.model.desired import DesiredJob
    from jobsync.model.job import Job
    from jobsync.model.ledger import Identity
    from jobsync.model.paths import Path


class Origin(StrEnum):
    """Who changed a field since we last applied it."""

    CONFIGURATION = "configuration"
    REMOTE = "remote"
    BOTH = "both"


class StateAction(StrEnum):
    """What brings a job to its declared state."""

    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field outside the payload, or inside one payload item.

    `before` and `after` are canonical JSON texts, None where absent. `origin` is None where we never applied
    the job. `applied` is what we last applied, where that is known and not sensitive.
    """

    path: Path
    before: str | None
    after: str | None
    origin: Origin | None = None
    applied: str | None = None


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A payload item that stayed recognisable: its positions (from 0) before and after, and what differs."""

    index_before: int
    index_after: int
    api_name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class PayloadChange:
    """How the payload differs, aligned by content.

    `added` and `removed` are pairs of position (from 0, in the new and in the old payload) and canonical
    JSON text. `is_reordered`: the items that both have stand in another order. `origin` as in `FieldChange`.
    """

    count_before: int
    count_after: int
    added: tuple[tuple[int, str], ...]
    removed: tuple[tuple[int, str], ...]
    changed: tuple[ItemChange, ...]
    is_reordered: bool
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Create:
    """Make a job that is not there; `was_managed` says that somebody deleted it behind our back."""

    job_id: str
    desired: DesiredJob
    was_managed: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """Replace a job's writable fields, and bring it to its declared state if it is in another.

    `claims`: the job was not ours until now (it lies inside `owns`). `unchanged` counts the declared fields
    that stay as they are. `hidden` are the patterns of paths whose values came from the environment when the
    job was last applied: what is there now may still be secret where the file has no reference any more.
    """

    job_id: str
    desired: DesiredJob
    remote: Job
    fields: tuple[FieldChange, ...]
    payload: PayloadChange | None
    state: StateAction | None
    unchanged: int
    claims: bool = False
    hidden: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True)
class Adopt:
    """Claim a job inside `owns`, or one whose create we announced, that is as declared; nothing is sent."""

    job_id: str
    desired: DesiredJob
    remote: Job


@dataclass(frozen=True, slots=True)
class Protect:
    """Record that `prevent_delete` of a job that is otherwise as declared was set or taken back."""

    job_id: str
    desired: DesiredJob
    remote: Job


@dataclass(frozen=True, slots=True)
class SetState:
    """Pause or resume a job that is otherwise as declared."""

    job_id: str
    desired: DesiredJob
    remote: Job
    state: StateAction
    claims: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a job that is ours, or inside `owns`, and not declared any more.

    `because` says why in a few words (`job.X is not in configuration`), None where the user asked for it;
    `sensitive` are the patterns of paths whose values must not be shown.
    """

    job_id: str
    remote: Job
    sensitive: frozenset[Path]
    because: str | None


@dataclass(frozen=True, slots=True)
class Release:
    """Stop managing a job without deleting it; with `pauses` it is paused first."""

    job_id: str
    remote: Job
    pauses: bool


@dataclass(frozen=True, slots=True)
class Forget:
    """Drop a claim whose job is gone, or which the project's code has taken over."""

    job_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Keep:
    """A job that is as declared."""

    job_id: str
    desired: DesiredJob
    remote: Job


Change: TypeAlias = Create | Update | Adopt | Protect | SetState | Delete | Release | Forget | Keep


@dataclass(frozen=True, slots=True)
class Plan:
    """What an apply would do.

    `changes` are sorted by id and hold every declared or managed job, kept ones included. `unmanaged` are
    remote jobs that nobody declares or claims, CODE jobs included. Errors in `diagnostics` block the apply.
    """

    identity: Identity
    changes: tuple[Change, ...]
    declared: int
    managed: int
    unmanaged: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def pending(self) -> tuple[Change, ...]:
        """The changes that do something, including those that only touch the ledger."""
        return tuple(change for change in self.changes if not isinstance(change, Keep))

    @property
    def is_blocked(self) -> bool:
        """Whether an error forbids the apply."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)

    @property
    def is_empty(self) -> bool:
        """Whether an apply would do nothing at all."""
        return not self.pending
