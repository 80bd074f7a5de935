"""A job as the files declare it, with what jobsync must know beyond the platform's fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobsync.diagnostics import Span
    from jobsync.model.job import JobInput
    from jobsync.model.paths import Path


@dataclass(frozen=True, slots=True)
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
