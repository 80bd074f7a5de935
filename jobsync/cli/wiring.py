"""From the project directory to everything a command needs: settings, desired jobs, the API, the ledger."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jobsync import settings
from jobsync.errors import DiagnosticsError
from jobsync.source import codes, files
from jobsync.source.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobsync.cli.output import Output
    from jobsync.diagnostics import Diagnostic
    from jobsync.model.desired import DesiredJob
    from jobsync.ports import JobsApi, LedgerStore
    from jobsync.reconcile import Draft
    from jobsync.settings import Settings, Target

STATE = Path(".jobsync")
"""Where the local ledgers and the emulator's database are, in the project's directory."""


@dataclass(frozen=True, slots=True)
class Project:
    """The project of the current directory, its jobsync.yaml sound."""

    settings: Settings
    output: Output
    diagnostics: tuple[Diagnostic, ...]

    @classmethod
    def here(cls, output: Output) -> Project:
        """Read jobsync.yaml; raises `UsageError` where there is none, `DiagnosticsError` for errors in it."""
        found, diagnostics = settings.read(Path())
        if found is None or any(diagnostic.is_error for diagnostic in diagnostics):
            raise DiagnosticsError(diagnostics)
        return cls(found, output, tuple(diagnostics))

    @contextmanager
    def connect(self, environment: str | None) -> Iterator[Connection]:
        """Open the API and the ledger of an environment; every variable that it needs must be set."""
        target, diagnostics = settings.resolve_environment(
            self.settings, environment, os.environ, is_strict=True
        )
        self.output.keep_secret(target.secrets)
        if any(diagnostic.is_error for diagnostic in diagnostics):
            raise DiagnosticsError([*self.diagnostics, *diagnostics])
        from jobsync.cli.remotes import open_api, open_ledger

        stop = threading.Event()
        with open_api(target, STATE, stop=stop, redact=self.output.redact) as api:
            yield Connection(self, target, api, open_ledger(target, STATE), stop, tuple(diagnostics))


@dataclass(frozen=True, slots=True)
class Connection:
    """One environment, open. Setting `stop` ends every wait and every retry."""

    project: Project
    target: Target
    api: JobsApi
    store: LedgerStore
    stop: threading.Event
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    def load(self, *, allow_empty: bool = False) -> list[DesiredJob]:
        """Load the jobs, every reference resolved; shows warnings, raises `DiagnosticsError` for errors.

        `allow_empty`: that there is no job file at all is none.
        """
        found = files.read_jobs(Path(), self.project.settings.jobs)
        unread = [
            problem for problem in found.diagnostics if problem.code != codes.NO_FILES or not allow_empty
        ]
        loaded = load(found.sources, self.target.scope, self.project.settings.document)
        output = self.project.output
        output.keep_secret(loaded.secrets)
        problems = [
            *self.project.diagnostics,
            *self.diagnostics,
            *unread,
            *loaded.diagnostics,
        ]
        if any(diagnostic.is_error for diagnostic in problems):
            raise DiagnosticsError(problems)
        output.diagnostics(problems)
        return loaded.jobs

    def declared_ids(self) -> set[str]:
        """Return the ids that the files declare, whatever else is wrong with them."""
        found = files.read_jobs(Path(), self.project.settings.jobs)
        scope = replace(self.target.scope, is_strict=False)
        return {job.job.id for job in load(found.sources, scope, self.project.settings.document).jobs}

    def plan(self, desired: Sequence[DesiredJob], *, allow_delete: int | None, allow_empty: bool) -> Draft:
        """Plan; see `jobsync.reconcile.reconcile`."""
        from jobsync.plan.build import Rules
        from jobsync.plan.policy import Limits
        from jobsync.reconcile import reconcile

        rules = Rules(owns=self.target.owns, on_remove=self.target.on_remove)
        limits = Limits(self.target.deletes, allow_delete, allow_empty)
        return reconcile(desired, api=self.api, store=self.store, rules=rules, limits=limits)

    def plan_destroy(self) -> Draft:
        """Plan to remove everything that is managed; a file with an error forbids that too."""
        from jobsync.plan.build import Rules
        from jobsync.reconcile import reconcile_destroy

        return reconcile_destroy(
            self.load(allow_empty=True), api=self.api, store=self.store, rules=Rules(owns=self.target.owns)
        )
