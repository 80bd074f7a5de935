"""A job as the files declare it, with what jobsync must know beyond the platform's fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jobsync.model.canonical import Canonical, canonical

if TYPE_CHECKING:
    from jobsync.diagnostics import Span
    from jobsync.model.job_input import JobInput
    from jobsync.model.paths import Path


@dataclass(frozen=True)  # no slots: `meaning` is kept once it was asked for
class DesiredJob:
    """A job that should exist, every reference in it resolved.

    `span` is where the file says its id. `sensitive` are the paths, in wire names, whose values came from
    the environment or stand where the platform keeps secrets; a path covers everything below it.
    `prevent_delete` asks that no plan ever deletes the job. The job itself is left out of `repr`, since it
    holds secrets in clear.
    """

    job: JobInput = field(repr=False)
    span: Span
    sensitive: frozenset[Path] = frozenset()
    prevent_delete: bool = False

    @cached_property
    def meaning(self) -> Canonical:
        """What the job means to the platform, with which remote jobs are compared."""
        is_unordered = self.job.configuration.runMode == "Order-Irrelevant"
        return canonical(self.job.body(), is_unordered=is_unordered)
