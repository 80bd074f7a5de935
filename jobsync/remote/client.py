"""The jobs of one project over HTTP, as `jobsync.ports.JobsApi`.

How requests travel is in `wire`, what answers say in `answers` and `refusals`; here is what each operation
makes of them.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal, Self

from jobsync.errors import JobExists, RemoteError, UpdateUnsupported
from jobsync.model import redaction
from jobsync.remote import address, answers, refusals
from jobsync.remote.answers import Answer, NoAnswer
from jobsync.remote.creation import Verdict, judge
from jobsync.remote.pace import Pace, Patience
from jobsync.remote.wire import Wire

if TYPE_CHECKING:
    import builtins
    import threading
    from collections.abc import Callable, Collection, Mapping
    from types import TracebackType

    import httpx

    from jobsync.model.job import Job
    from jobsync.model.values import Json

CONNECT_S = 10.0
ANSWER_S = 30.0
LIST_S = 120.0
ATTEMPTS = 6

_OK = 200
_NOT_FOUND = 404
_NO_SUCH_METHOD = 405
_DONE = frozenset({200, 201, 204})
_DELETED = frozenset({200, 204})
_PERHAPS_SO_ALREADY = frozenset({400, 409})
_SUCCESSES = range(200, 300)
_HINT_NO_UPDATE = "this server can only create and delete jobs: destroy the job, then apply again"


class JobsClient:
    """The jobs of one project; one client serves up to 20 threads.

    Reads, updates, deletes, pauses and resumes are repeated after 429, 500, 502, 503, 504 and broken
    connections: at most `max_attempts` in all, with at most a minute of pauses. A create is looked up before
    it is repeated. 429 and 503 slow all threads down. Once `stop` is set, waits end at once and nothing is
    repeated; a request in flight finishes. `pace`, for tests, comes with a `stop` of its own.

    `timeout` and `list_timeout` are the seconds without a byte after which an answer counts as lost.
    `redact` is applied to every text of the server before it is shown; the key and the secrets of the body
    that was sent are hidden anyway. `transport` replaces the network, for the emulator in process; without
    it, plain http is for loopback hosts only.
    """

    def __init__(
        self,
        base_url: str,
        workspace: str,
        project: str,
        api_key: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = ANSWER_S,
        list_timeout: float = LIST_S,
        connect_timeout: float = CONNECT_S,
        max_attempts: int = ATTEMPTS,
        stop: threading.Event | None = None,
        redact: Callable[[str], str] = str,
        pace: Pace | None = None,
    ) -> None:
        place = (address.segment(workspace, "the workspace id"), address.segment(project, "the project name"))
        self._path = f"/{place[0]}/projects/{place[1]}/jobs"
        self._key = address.key(api_key)
        self._timeout = timeout
        self._list_timeout = list_timeout
        self._max_attempts = max_attempts
        self._redact = redact
        self._pace = pace or Pace(stop)
        self._wire = Wire(
            base_url,
            self._key,
            self._pace,
            attempts=max_attempts,
            connect_s=connect_timeout,
            transport=transport,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._wire.address + self._path!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the client is of no use afterwards."""
        self._wire.close()

    def list(self) -> builtins.list[Job]:
        """Return every job of the project, or raise: an answer that is cut short is never a short list."""
        answer = self._answer("GET", timeout=self._list_timeout)
        if answer.status != _OK:
            raise _problem(answer)
        return answers.jobs(answer)

    def get(self, job_id: str) -> Job | None:
        """Return one job's details (no `source`, no `notifications`), or None where there is none."""
        answer = self._answer("GET", job_id)
        if answer.status == _NOT_FOUND:
            return None
        if answer.status != _OK:
            raise _problem(answer)
        return answers.job(answer)

    def create(self, job_id: str, body: Mapping[str, Json]) -> bool:
        """Create a job, once: an ambiguous answer is looked up before the request is repeated.

        True: the API confirmed that this call made it. False: after an ambiguous answer a job of that id was
        found. Raises `JobExists` where it was there before, and an error of 4xx only where it is certain that
        nothing was made.
        """
        content: dict[str, Json] = {"id": job_id, **body}
        patience = Patience(self._pace, self._max_attempts)
        doubt: Answer | NoAnswer | None = None
        while True:
            outcome = self._attempt("POST", body=content)
            verdict = judge(outcome, job_id)
            if verdict is Verdict.MADE:
                return True
            if verdict is Verdict.PERHAPS_TAKEN:
                return self._understand(outcome, doubt, job_id)
            if verdict is Verdict.UNKNOWN:
                doubt = outcome
            if verdict is Verdict.REFUSED or not patience.wait(outcome.retry_after):
                raise _problem(doubt or outcome)
            if verdict is Verdict.UNKNOWN and self._has(job_id, otherwise=outcome):
                return False

    def update(self, job_id: str, body: Mapping[str, Json]) -> None:
        """Replace a job's writable fields; repeated after transient errors.

        Raises `UpdateUnsupported` where the server has the job but no way to update it, as in 2024.
        """
        answer = self._answer("PUT", job_id, body=body)
        if answer.status in (_NOT_FOUND, _NO_SUCH_METHOD) and self._exists(job_id):
            raise refusals.error_for(answer, kind=UpdateUnsupported, hint=_HINT_NO_UPDATE)
        _check_done(answer, _DONE)

    def delete(self, job_id: str) -> None:
        """Delete a job; one that is gone already counts as deleted."""
        answer = self._answer("DELETE", job_id)
        if answer.status != _NOT_FOUND:
            _check_done(answer, _DELETED)

    def pause(self, job_id: str) -> None:
        """Stop new runs of a job; one that is paused already stays so."""
        self._switch(job_id, "pause", "PAUSED")

    def resume(self, job_id: str) -> None:
        """Let a job run again; one that is active already stays so."""
        self._switch(job_id, "resume", "ACTIVE")

    def _switch(self, job_id: str, verb: str, state: str) -> None:
        answer = self._answer("POST", job_id, f"/{verb}")
        if answer.status in _PERHAPS_SO_ALREADY:
            # what the API answers to pausing twice is not documented; after a lost answer we do just that
            job = self._found(job_id)
            if job is not None and job.state == state:
                return
        _check_done(answer, _DONE)

    def _understand(
        self, outcome: Answer | NoAnswer, doubt: Answer | NoAnswer | None, job_id: str
    ) -> Literal[False]:
        """Return where a create was refused because an earlier request of it made the job; else raise."""
        if not self._has(job_id, otherwise=doubt or outcome):
            raise _problem(outcome)
        if doubt is None:
            raise _taken(outcome, job_id)
        return False

    def _found(self, job_id: str) -> Job | None:
        """Look a job up to understand a refusal; None where that fails too, for then the refusal is told."""
        with suppress(RemoteError):
            return self.get(job_id)
        return None

    def _exists(self, job_id: str) -> bool:
        return self._found(job_id) is not None

    def _has(self, job_id: str, *, otherwise: Answer | NoAnswer) -> bool:
        """Look up whether a create was done; where that fails, raise what the create itself ended with."""
        try:
            return self.get(job_id) is not None
        except RemoteError:
            raise _problem(otherwise) from None

    def _answer(
        self,
        method: str,
        job_id: str | None = None,
        verb: str = "",
        *,
        body: Mapping[str, Json] | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """Send a request that may be repeated, and return the answer it ended with."""
        outcome = self._attempt(method, job_id, verb, body=body, timeout=timeout)
        if isinstance(outcome, NoAnswer):
            raise outcome.error
        return outcome

    def _attempt(
        self,
        method: str,
        job_id: str | None = None,
        verb: str = "",
        *,
        body: Mapping[str, Json] | None = None,
        timeout: float | None = None,
    ) -> Answer | NoAnswer:
        item = "" if job_id is None else f"/{address.segment(job_id, 'the id of a job')}{verb}"
        secrets = (self._key, *redaction.submitted(dict(body or {})))
        return self._wire.send(
            method,
            self._path + item,
            shown=f"{method} /jobs{item}",
            job_id=job_id,
            body=body,
            patience_s=timeout or self._timeout,
            may_repeat=(method, job_id) != ("POST", None),
            redact=lambda text: self._redact(redaction.hide(text, secrets)),
        )


def _problem(outcome: Answer | NoAnswer) -> RemoteError:
    if isinstance(outcome, NoAnswer):
        return outcome.error
    return answers.not_promised(outcome) if outcome.status in _SUCCESSES else refusals.error_for(outcome)


def _taken(outcome: Answer | NoAnswer, job_id: str) -> RemoteError:
    if isinstance(outcome, NoAnswer):
        return outcome.error
    hint = f"run `jobsync adopt {job_id}` to manage the job that is there"
    return refusals.error_for(outcome, kind=JobExists, hint=hint)


def _check_done(answer: Answer, promised: Collection[int]) -> None:
    """Raise unless the answer says that a write was done, in its status and in its body."""
    if answer.status not in promised or not answers.is_done(answer):
        raise _problem(answer)
