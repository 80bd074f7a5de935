"""The Jobs API as a WSGI application.

Checks come in the platform's order: route, key, workspace and project, method, content type and JSON; what
depends on a job comes after, in `operations`.
"""

from __future__ import annotations

import hmac
import sqlite3
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import unquote

from werkzeug.wrappers import Request

from jobsync.emulator import LOCAL_PROJECT, LOCAL_WORKSPACE, routes, wire
from jobsync.emulator.answers import JSON, Answer, Refusal
from jobsync.emulator.db import Database
from jobsync.emulator.operations import Call, Operations
from jobsync.emulator.render import timestamp
from jobsync.emulator.schema import read_seed
from jobsync.emulator.switches import Switches
from jobsync.emulator.tables import Scope, StoredJob
from jobsync.emulator.traffic import Note, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from jobsync.emulator.faults import FaultSource
    from jobsync.emulator.routes import Operation
    from jobsync.emulator.traffic import Request as LoggedRequest


class Emulator:
    """The Jobs API, callable as WSGI from many threads at once; made by `create_app`."""

    def __init__(
        self,
        db: Database,
        operations: Operations,
        *,
        api_key: str,
        workspace: str | None,
        projects: Collection[str] | None,
        faults: FaultSource | None,
        latency: float,
        keep_requests: int,
    ) -> None:
        self._db = db
        self._operations = operations
        self._api_key = api_key.encode()
        self._workspace = workspace
        self._projects = None if projects is None else frozenset(projects)
        self._faults = faults
        self._latency = latency
        self._traffic = Traffic(keep_requests)
        self._methods = routes.methods(operations)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request; raises `faults.Severed` where a fault breaks the connection itself."""
        answer = self._serve(Request(environ), routes.path_of(environ))
        start_response(answer.status_line, answer.header_list())
        return [answer.body]

    @property
    def requests(self) -> list[LoggedRequest]:
        """The requests that are over, in the order in which they came."""
        return self._traffic.requests

    @property
    def peak_in_flight(self) -> int:
        """The most requests that were in flight at once."""
        return self._traffic.peak_in_flight

    def jobs(self) -> list[dict[str, Any]]:
        """Return all stored jobs, secrets in clear, in the order of their creation.

        Each has `id`, `source`, `state`, `reason`, `created_at`, `last_run_time` and its writable fields.
        """
        with self._db.read() as tables:
            stored = tables.all_jobs()
        return [
            {
                **job.body,
                "id": job.id,
                "source": job.source,
                "state": job.state,
                "reason": job.reason,
                "created_at": job.created_at,
                "last_run_time": job.last_run_at,
            }
            for job in stored
        ]

    def seed(
        self,
        job: dict[str, Any],
        source: Literal["API", "CODE"] = "API",
        state: Literal["ACTIVE", "PAUSED"] = "ACTIVE",
        *,
        reason: dict[str, Any] | None = None,
        project: str | None = None,
    ) -> None:
        """Put a job there as if it had always been, in place of one of the same id.

        `job` is the body of a create; its id may be any. `reason` is what the list shows for a paused job.
        The project is the emulator's own, or the local one. Raises `InvalidBody` as a create would.
        """
        body = read_seed(job, self._operations.switches)
        job_id = body.pop("id")
        created_at = timestamp(self._operations.now())
        if state == "PAUSED" and reason is None:
            reason = {"type": "paused", "message": "Paused by user", "timestamp": created_at}
        scope = Scope(
            self._workspace or LOCAL_WORKSPACE, project or min(self._projects or (), default=LOCAL_PROJECT)
        )
        stored = StoredJob(job_id, body, source, state, reason, created_at)
        with self._db.write() as tables:
            if not tables.insert(scope, stored):
                tables.replace(scope, stored)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Self:
        """Return itself; closed at the end of the block."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the database."""
        self.close()

    def _serve(self, request: Request, path: str) -> Answer:
        with self._traffic.request(request.method, unquote(path)) as note:
            if self._latency:
                time.sleep(self._latency)
            fault = note.fault = self._faults.pick(request.method, path) if self._faults else None
            if fault is None:
                answer = self._answer(request, path, note)
            elif fault.is_after_commit:
                answer = fault.disturb(self._answer(request, path, note))
            else:
                note.content = request.get_data()
                answer = fault.disturb(None)
            note.status = answer.status
        return answer

    def _answer(self, request: Request, path: str, note: Note) -> Answer:
        note.content = request.get_data()
        try:
            operation, call = self._checked(request, path, note)
            return operation(call)
        except Refusal as refusal:
            return refusal.answer()
        except sqlite3.DatabaseError as error:
            is_busy = getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            return Refusal(503 if is_busy else 500, f"the database failed: {error}").answer()

    def _checked(self, request: Request, path: str, note: Note) -> tuple[Operation, Call]:
        """Do the checks that need no job; raises `Refusal`."""
        endpoint, names = routes.match(path)
        note.job_id = names.get("job_id")
        if not hmac.compare_digest(request.headers.get("x-api-key", "").encode(), self._api_key):
            raise Refusal(401, "the x-api-key header is missing or wrong")
        if self._workspace not in (None, names["workspace"]):
            raise Refusal(404, "workspace not found")
        if self._projects is not None and names["project"] not in self._projects:
            raise Refusal(404, "project not found")
        methods = self._methods[endpoint]
        if request.method not in methods:
            allow = (("Allow", ", ".join(sorted(methods))),)
            raise Refusal(405, f"{request.method} is not supported here", headers=allow)
        body = _body(request) if (endpoint, request.method) in routes.WITH_BODY else None
        if note.job_id is None and isinstance(body, dict) and isinstance(body.get("id"), str):
            note.job_id = body["id"]
        scope = Scope(names["workspace"], names["project"])
        call = Call(scope, names.get("job_id", ""), names.get("run_id", ""), body)
        return methods[request.method], call


def create_app(
    db_path: Path | str,
    *,
    api_key: str,
    workspace: str | None = None,
    projects: Collection[str] | None = None,
    switches: Switches | None = None,
    faults: FaultSource | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    latency: float = 0.0,
    keep_requests: int = 10_000,
) -> Emulator:
    """Return the Jobs API on a SQLite file, or on `":memory:"`.

    It serves one workspace and these projects, or any where none is given. `now` is the clock, aware;
    `latency`, in seconds, is added to every request; the last `keep_requests` requests are remembered with
    their bodies. Raises `RemoteError` where the file cannot be used.
    """
    db = Database(db_path)
    return Emulator(
        db,
        Operations(db, switches or Switches(), now),
        api_key=api_key,
        workspace=workspace,
        projects=projects,
        faults=faults,
        latency=latency,
        keep_requests=keep_requests,
    )


def _body(request: Request) -> Any:
    if request.mimetype != JSON:
        raise Refusal(400, f"the content type must be {JSON}")
    try:
        return wire.parse(request.get_data())
    except wire.NotJson as error:
        raise Refusal(400, str(error)) from error
