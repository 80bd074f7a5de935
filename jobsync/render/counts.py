"""How changes are counted: each once, under one kind, the same in text, in JSON and after an apply.

`change` counts jobs that are updated. A job that is only paused or resumed, adopted, released or forgotten is
counted under that word, on a second line, so that the first line reads as in Terraform.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from jobsync.plan.change import (
    Adopt,
    Change,
    Create,
    Delete,
    Forget,
    Keep,
    Protect,
    Release,
    SetState,
    StateAction,
    Update,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Kind(StrEnum):
    """What happens to a job, in the order in which it is shown; what removes comes last, as in an apply."""

    CREATE = "create"
    UPDATE = "update"
    PAUSE = "pause"
    RESUME = "resume"
    ADOPT = "adopt"
    PROTECT = "protect"
    UNPROTECT = "unprotect"
    KEEP = "keep"
    RELEASE = "release"
    FORGET = "forget"
    DELETE = "delete"


RANK = {kind: rank for rank, kind in enumerate(Kind)}


def kind_of(change: Change) -> Kind:
    """Return the one kind under which a change is shown and counted."""
    match change:
        case Create():
            return Kind.CREATE
        case Update():
            return Kind.UPDATE
        case SetState():
            return Kind.PAUSE if change.state is StateAction.PAUSE else Kind.RESUME
        case Adopt():
            return Kind.ADOPT
        case Protect():
            return Kind.PROTECT if change.desired.prevent_delete else Kind.UNPROTECT
        case Release():
            return Kind.RELEASE
        case Forget():
            return Kind.FORGET
        case Delete():
            return Kind.DELETE
        case Keep():
            return Kind.KEEP
        case _:
            assert_never(change)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many changes of each kind; their sum is the number of changes that do something."""

    add: int = 0
    change: int = 0
    destroy: int = 0
    adopt: int = 0
    protect: int = 0
    unprotect: int = 0
    release: int = 0
    pause: int = 0
    resume: int = 0
    forget: int = 0

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Counts:
        """Count changes; kept jobs are not counted."""
        kinds = Counter(map(kind_of, changes))
        return cls(
            add=kinds[Kind.CREATE],
            change=kinds[Kind.UPDATE],
            destroy=kinds[Kind.DELETE],
            adopt=kinds[Kind.ADOPT],
            protect=kinds[Kind.PROTECT],
            unprotect=kinds[Kind.UNPROTECT],
            release=kinds[Kind.RELEASE],
            pause=kinds[Kind.PAUSE],
            resume=kinds[Kind.RESUME],
            forget=kinds[Kind.FORGET],
        )

    @property
    def total(self) -> int:
        """How many changes do something."""
        return sum(self.as_dict().values())

    def as_dict(self) -> dict[str, int]:
        """Return the counts by their names in JSON."""
        return asdict(self)

    def planned(self) -> list[str]:
        """Say what a plan would do: Terraform's line, and a second one for what Terraform does not have."""
        first = f"Plan: {self.add:,} to add, {self.change:,} to change, {self.destroy:,} to destroy."
        return [first, *self._also(_PLANNED)]

    def done(self) -> list[str]:
        """Say what an apply did, as the sentences after `Apply complete!`."""
        first = f"Resources: {self.add:,} added, {self.change:,} changed, {self.destroy:,} destroyed."
        return [first, *self._also(_DONE)]

    def destroyed(self) -> list[str]:
        """Say what a destroy did, as the sentences after `Destroy complete!`."""
        return [f"Resources: {self.destroy:,} destroyed.", *self.done()[1:]]

    def _also(self, words: Mapping[str, str]) -> list[str]:
        told = [
            f"{number:,} {words[name]}" for name, number in self.as_dict().items() if number and name in words
        ]
        return [f"Also: {', '.join(told)}."] if told else []


_DONE = {
    "adopt": "adopted",
    "protect": "protected",
    "unprotect": "unprotected",
    "release": "released",
    "pause": "paused",
    "resume": "resumed",
    "forget": "forgotten",
}
_PLANNED = {name: f"to {name}" for name in _DONE}
