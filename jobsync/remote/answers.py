"""Reads the answers the API promises; whatever else comes is `UnreadableAnswer`, never "no jobs".

What was received is told by kind and size, never by content: a body may hold the secrets of every job.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import from_json

from jobsync.errors import UnreadableAnswer
from jobsync.model.job import JOBS, Job
from jobsync.remote.error_bodies import is_markup, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

    from jobsync.errors import RemoteError

_HINT_PAGE = (
    "something in front of the API answered, such as a proxy or a login page: check the environment's `url`"
)
_HINT_AGAIN = "try again; nothing is concluded from an answer that cannot be read"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, read to its end.

    `request` is how messages name what was asked, such as `PUT /jobs/prices`; `job_id` is set where it was
    about one job; `redirect` is the scheme and host that an answer of 3xx points to; `retry_after` the header
    as it came. Text of the body is shown only after it went through `redact`.
    """

    request: str
    status: int
    body: bytes = field(repr=False)
    job_id: str | None = None
    redirect: str | None = None
    retry_after: str | None = None
    redact: Callable[[str], str] = field(default=str, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is no answer: `sent` says whether the request may have reached the API all the same.

    `status` is that of an answer that began and broke off.
    """

    error: RemoteError
    sent: bool
    status: int | None = None
    retry_after: None = None


def jobs(answer: Answer) -> list[Job]:
    """Read the list: a bare JSON array of jobs, each id once."""
    try:
        found = JOBS.validate_json(answer.body)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
    else:
        twice = [job_id for job_id, times in Counter(job.id for job in found).items() if times > 1]
        if not twice:
            return found
        raise UnreadableAnswer(
            f"{answer.request} lists the job `{_name(answer, twice[0])}` more than once", hint=_HINT_AGAIN
        )
    raise _unreadable(answer, problem, "a list of jobs")


def job(answer: Answer) -> Job:
    """Read the details of the job that was asked for."""
    try:
        found = Job.model_validate_json(answer.body)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
    else:
        if found.id == answer.job_id:
            return found
        raise UnreadableAnswer(f"{answer.request} answered with the job `{_name(answer, found.id)}`")
    raise _unreadable(answer, problem, "a job")


def is_done(answer: Answer) -> bool:
    """Whether the body fits a write that was done: JSON, as the API sends, or nothing at all."""
    return not answer.body or _is_json(answer.body)


def not_promised(answer: Answer) -> UnreadableAnswer:
    """Build the error for a success whose status or body is none that the API promises."""
    received = _kind(answer.body)
    return UnreadableAnswer(
        f"{answer.request} answered {answer.status} with {received}, which the API does not promise",
        hint=_HINT_PAGE if is_markup(answer.body) else "run `jobsync plan` to see where things stand",
    )


def _name(answer: Answer, job_id: str) -> str:
    return one_line(answer.redact(job_id))


def _unreadable(answer: Answer, problem: ErrorDetails, promised: str) -> UnreadableAnswer:
    place = problem["loc"]
    if problem["type"] == "json_invalid" or not place:
        hint = _HINT_PAGE if is_markup(answer.body) else _HINT_AGAIN
        return UnreadableAnswer(
            f"{answer.request} answered {answer.status} with {_kind(answer.body)} in place of {promised}",
            hint=hint,
        )
    where, keys = (f"item {place[0] + 1} of ", place[1:]) if isinstance(place[0], int) else ("", place)
    name = ".".join(map(str, keys))
    flaw = f"has no `{name}`" if problem["type"] == "missing" else _flaw(name, problem["msg"])
    return UnreadableAnswer(
        f"{where}the answer to {answer.request} ({_size(answer.body)}) {flaw}",
        hint="this version of jobsync may be too old for the API",
    )


def _flaw(name: str, message: str) -> str:
    said = one_line(message[:1].lower() + message[1:])
    return f"has an unusable `{name}`: {said}" if name else f"is not a job: {said}"


def _kind(body: bytes) -> str:
    size = _size(body)
    if not body.strip():
        return f"an empty body ({size})"
    if is_markup(body):
        return f"a page of HTML or XML ({size})"
    try:
        value = from_json(body)
    except ValueError as error:
        if not body.lstrip().startswith((b"[", b"{")):
            return f"text that is not JSON ({size})"
        return f"{'JSON that breaks off' if 'EOF' in str(error) else 'broken JSON'} ({size})"
    kinds = {dict: "a JSON object", list: "a JSON array", str: "a JSON string", type(None): "JSON `null`"}
    return f"{kinds.get(type(value), 'a JSON value')} ({size})"


def _is_json(body: bytes) -> bool:
    try:
        from_json(body)
    except ValueError:
        return False
    return True


def _size(body: bytes) -> str:
    return f"{len(body):,} byte{'' if len(body) == 1 else 's'}"
