"""What each endpoint does, once a request has got past routing, key, project, method and JSON."""

from __future__ import annotations

import itertools
import random
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jobsync.emulator import extras, render, schema
from jobsync.emulator.answers import Answer, Refusal, of_json
from jobsync.emulator.tables import Scope, StoredJob, StoredRun, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from jobsync.emulator.db import Database
    from jobsync.emulator.switches import Switches

ACTIVE = "ACTIVE"
PAUSED = "PAUSED"


@dataclass(frozen=True, slots=True)
class Call:
    """One request: whose project, which job and run where the path names them, and the parsed body."""

    scope: Scope
    job_id: str = ""
    run_id: str = ""
    body: Any = None


@dataclass(frozen=True, slots=True)
class Operations:
    """The endpoints of one platform. Each returns an `Answer` or raises `Refusal`."""

    db: Database
    switches: Switches
    now: Callable[[], datetime]
    _nonces: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def list_jobs(self, call: Call) -> Answer:
        """Answer every job of the project."""
        view = self._view(call)
        with self.db.read() as tables:
            jobs = tables.jobs(call.scope)
        if self.switches.list_order == "newest":
            jobs.reverse()
        elif self.switches.list_order == "random":
            random.Random(f"{self.switches.seed}:{view.nonce}").shuffle(jobs)  # noqa: S311  order is no secret
        return of_json(200, [render.list_item(job, view) for job in jobs])

    def get_job(self, call: Call) -> Answer:
        """Answer one job's details."""
        with self.db.read() as tables:
            job = _existing(tables, call)
        return of_json(200, render.details(job, self._view(call)))

    def create_job(self, call: Call) -> Answer:
        """Create a job, active."""
        try:
            body = schema.read_create(self._own_keys_removed(call.body), self.switches)
        except schema.InvalidBody as error:
            raise _refused(error) from error
        job_id = body.pop("id")
        job = StoredJob(job_id, body, "API", ACTIVE, None, self._timestamp())
        with self.db.write() as tables:
            is_new = tables.insert(call.scope, job)
        if not is_new:
            raise Refusal(self.switches.duplicate_id_status, "a job with this id already exists")
        return of_json(201, {"id": job_id, "message": "created"})

    def update_job(self, call: Call) -> Answer:
        """Replace a job's writable fields; what that means for omitted ones is a switch."""
        with self.db.write() as tables:
            job = self._writable(tables, call)
            try:
                body = schema.read_update(self._own_keys_removed(call.body), self.switches)
            except schema.InvalidBody as error:
                raise _refused(error) from error
            if self.switches.put_omitted == "keeps":
                body = {**job.body, **body}
            updated = replace(job, body=body)
            if not self.switches.put_keeps_paused:
                updated = replace(updated, state=ACTIVE, reason=None)
            tables.replace(call.scope, updated)
        return of_json(self.switches.put_status, {"id": job.id, "message": "updated job successfully"})

    def delete_job(self, call: Call) -> Answer:
        """Delete a job and its runs."""
        with self.db.write() as tables:
            tables.delete(call.scope, self._writable(tables, call).id)
        return Answer(204)

    def pause_job(self, call: Call) -> Answer:
        """Stop new runs of a job, whoever made it."""
        reason = {"type": "paused", "message": "Paused by user", "timestamp": self._timestamp()}
        self._set_state(call, PAUSED, reason)
        return of_json(200, {"message": "Paused"})

    def resume_job(self, call: Call) -> Answer:
        """Let a job run again, whoever made it."""
        self._set_state(call, ACTIVE, None)
        return of_json(200, {"message": "Resumed"})

    def trigger_job(self, call: Call) -> Answer:
        """Start a run, which stays pending, since nothing here executes it."""
        run_id = str(uuid.uuid4())
        started_at = self._timestamp()
        with self.db.write() as tables:
            job = _existing(tables, call)
            tables.add_run(
                call.scope, StoredRun(run_id, job.id, "PENDING", None, started_at, None, snapshot=job.body)
            )
            tables.replace(call.scope, replace(job, last_run_at=started_at))
        return of_json(200, {"jobRunId": run_id, "message": "Triggered"})

    def list_runs(self, call: Call) -> Answer:
        """Answer the runs of a job, the newest first."""
        view = self._view(call)
        with self.db.read() as tables:
            runs = tables.runs(call.scope, _existing(tables, call).id)
        return of_json(200, {"jobRuns": [render.run(run, view) for run in runs], "totalCount": len(runs)})

    def get_run(self, call: Call) -> Answer:
        """Answer one run."""
        with self.db.read() as tables:
            run = _existing_run(tables, call)
        return of_json(200, {"jobRun": render.run(run, self._view(call))})

    def terminate_run(self, call: Call) -> Answer:
        """End a run; one that has ended stays as it is."""
        with self.db.write() as tables:
            run = _existing_run(tables, call)
            if run.ended_at is None:
                reason = {"type": "user-request", "message": "Terminated by user"}
                tables.replace_run(
                    replace(run, status="TERMINATED", reason=reason, ended_at=self._timestamp())
                )
        return of_json(200, {"message": "Terminated"})

    def _set_state(self, call: Call, state: str, reason: dict[str, Any] | None) -> None:
        with self.db.write() as tables:
            job = _existing(tables, call)
            if job.state != state:
                tables.replace(call.scope, replace(job, state=state, reason=reason))
            elif self.switches.pausing_twice == "refused":
                raise Refusal(400, f"the job is {state.lower()} already")

    def _writable(self, tables: Tables, call: Call) -> StoredJob:
        job = _existing(tables, call)
        if job.source == "CODE":
            raise Refusal(
                self.switches.code_refusal_status,
                "this job is managed by the project's code (source CODE), not by the API",
            )
        return job

    def _own_keys_removed(self, body: Any) -> Any:
        return extras.removed(body) if self.switches.extra_fields else body

    def _view(self, call: Call) -> render.View:
        return render.View(call.scope, self.switches, self.now(), next(self._nonces))

    def _timestamp(self) -> str:
        return render.timestamp(self.now())


def _existing(tables: Tables, call: Call) -> StoredJob:
    job = tables.job(call.scope, call.job_id)
    if job is None:
        raise Refusal(404, "job not found")
    return job


def _existing_run(tables: Tables, call: Call) -> StoredRun:
    job = _existing(tables, call)
    for run in tables.runs(call.scope, job.id):
        if run.id == call.run_id:
            return run
    raise Refusal(404, "job run not found")


def _refused(error: schema.InvalidBody) -> Refusal:
    issues = [{"path": list(issue.path), "message": issue.message} for issue in error.issues]
    return Refusal(400, str(error), details={"issues": issues})
