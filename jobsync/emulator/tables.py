"""The tables of the emulator: jobs and their runs, as rows and as values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

SCHEMA = """
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace TEXT NOT NULL, project TEXT NOT NULL, id TEXT NOT NULL,
  body TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, reason TEXT,
  created_at TEXT NOT NULL, last_run_at TEXT,
  UNIQUE (workspace, project, id)
);
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace TEXT NOT NULL, project TEXT NOT NULL, job_id TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL, reason TEXT, started_at TEXT NOT NULL, ended_at TEXT, snapshot TEXT NOT NULL
);
CREATE INDEX runs_of_a_job ON runs (workspace, project, job_id);
"""
"""What `SCHEMA_VERSION` of the database means."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The project whose jobs a request is about."""

    workspace: str
    project: str


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job, secrets in clear. `body` has the writable fields; times are ISO texts with `Z`."""

    id: str
    body: dict[str, Any]
    source: str
    state: str
    reason: dict[str, Any] | None
    created_at: str
    last_run_at: str | None = None


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run that was triggered; `snapshot` is the body of its job at that time."""

    id: str
    job_id: str
    status: str
    reason: dict[str, Any] | None
    started_at: str
    ended_at: str | None
    snapshot: dict[str, Any]


class Tables:
    """What can be done within one hold of the connection; made by `Database.read` and `Database.write`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def jobs(self, scope: Scope) -> list[StoredJob]:
        """Return the jobs of a project in the order of their creation."""
        rows = self._connection.execute(
            f"SELECT {_JOB_COLUMNS} FROM jobs WHERE workspace = ? AND project = ? ORDER BY seq",  # noqa: S608
            (scope.workspace, scope.project),
        )
        return [_job(row) for row in rows]

    def all_jobs(self) -> list[StoredJob]:
        """Return the jobs of all projects in the order of their creation."""
        rows = self._connection.execute(f"SELECT {_JOB_COLUMNS} FROM jobs ORDER BY seq")  # noqa: S608
        return [_job(row) for row in rows]

    def job(self, scope: Scope, job_id: str) -> StoredJob | None:
        """Return one job."""
        row = self._connection.execute(
            f"SELECT {_JOB_COLUMNS} FROM jobs WHERE workspace = ? AND project = ? AND id = ?",  # noqa: S608
            (scope.workspace, scope.project, job_id),
        ).fetchone()
        return None if row is None else _job(row)

    def insert(self, scope: Scope, job: StoredJob) -> bool:
        """Add a job; return False, and do nothing, where its id is taken."""
        cursor = self._connection.execute(
            "INSERT INTO jobs (workspace, project, id, body, source, state, reason, created_at, last_run_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (scope.workspace, scope.project, job.id, *_job_values(job)),
        )
        return cursor.rowcount == 1

    def replace(self, scope: Scope, job: StoredJob) -> None:
        """Write a job that is there."""
        self._connection.execute(
            "UPDATE jobs SET body = ?, source = ?, state = ?, reason = ?, created_at = ?, last_run_at = ?"
            " WHERE workspace = ? AND project = ? AND id = ?",
            (*_job_values(job), scope.workspace, scope.project, job.id),
        )

    def delete(self, scope: Scope, job_id: str) -> None:
        """Remove a job and its runs."""
        key = (scope.workspace, scope.project, job_id)
        self._connection.execute("DELETE FROM jobs WHERE workspace = ? AND project = ? AND id = ?", key)
        self._connection.execute("DELETE FROM runs WHERE workspace = ? AND project = ? AND job_id = ?", key)

    def runs(self, scope: Scope, job_id: str) -> list[StoredRun]:
        """Return the runs of a job, the newest first."""
        rows = self._connection.execute(
            "SELECT id, job_id, status, reason, started_at, ended_at, snapshot FROM runs"
            " WHERE workspace = ? AND project = ? AND job_id = ? ORDER BY seq DESC",
            (scope.workspace, scope.project, job_id),
        )
        return [_run(row) for row in rows]

    def add_run(self, scope: Scope, run: StoredRun) -> None:
        """Add a run."""
        self._connection.execute(
            "INSERT INTO runs"
            " (workspace, project, job_id, id, status, reason, started_at, ended_at, snapshot)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (scope.workspace, scope.project, run.job_id, run.id, *_run_values(run), json.dumps(run.snapshot)),
        )

    def replace_run(self, run: StoredRun) -> None:
        """Write a run that is there."""
        self._connection.execute(
            "UPDATE runs SET status = ?, reason = ?, started_at = ?, ended_at = ? WHERE id = ?",
            (*_run_values(run), run.id),
        )


_JOB_COLUMNS = "id, body, source, state, reason, created_at, last_run_at"


def _job(row: tuple[Any, ...]) -> StoredJob:
    job_id, body, source, state, reason, created_at, last_run_at = row
    return StoredJob(job_id, json.loads(body), source, state, _loaded(reason), created_at, last_run_at)


def _job_values(job: StoredJob) -> tuple[str | None, ...]:
    body = json.dumps(job.body)
    return (body, job.source, job.state, _dumped(job.reason), job.created_at, job.last_run_at)


def _run(row: tuple[Any, ...]) -> StoredRun:
    run_id, job_id, status, reason, started_at, ended_at, snapshot = row
    return StoredRun(run_id, job_id, status, _loaded(reason), started_at, ended_at, json.loads(snapshot))


def _run_values(run: StoredRun) -> tuple[str | None, ...]:
    return (run.status, _dumped(run.reason), run.started_at, run.ended_at)


def _loaded(text: str | None) -> dict[str, Any] | None:
    loaded: dict[str, Any] | None = None if text is None else json.loads(text)
    return loaded


def _dumped(value: dict[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value)
