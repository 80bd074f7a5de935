"""Turns an answer that is no yes into an error with a hint, by its status and then by what it says."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from jobsync.errors import ApiError, AuthenticationFailed, JobNotFound
from jobsync.remote import error_bodies

if TYPE_CHECKING:
    from jobsync.remote.answers import Answer
    from jobsync.remote.error_bodies import ErrorBody

_CLIENT_ERRORS = range(400, 500)
_SERVER_ERRORS = range(500, 600)
_MANAGED_BY_CODE = re.compile(
    r"\bCODE\b"
    r"|(?i:\b(?:origin|source)\b.{0,40}\bcode\b|\bjobs?[ -]as[ -]code\b|\bcode[ -](?:managed|defined)\b"
    r"|\b(?:managed|defined|declared|created|owned|deployed) (?:by|in|from|via|through) (?:\S+ ){0,3}code\b)"
)
"""The platform refuses to update or delete jobs of the project's code; its status for that is unknown."""

_HINT_KEY = "check that `INTUNED_API_KEY` holds a valid key of this workspace"
_HINTS = {
    HTTPStatus.UNAUTHORIZED: _HINT_KEY,
    HTTPStatus.FORBIDDEN: _HINT_KEY,
    HTTPStatus.NOT_FOUND: "check the environment's `url`, `workspace` and `project`",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "split the job's payload over several jobs",
    HTTPStatus.TOO_MANY_REQUESTS: "try again later, or with a smaller `--parallelism`",
}
_HINT_SERVER = "the fault is on the API's side: try again later"
_HINT_BILLING = "the workspace's plan, quota or billing does not allow this: see its billing page"
_HINT_CODE = "the job is managed by the project's code: change it there, or take it out of these files"
_HINT_REDIRECT = "check the environment's `url`: the API key is never sent to another address"


def error_for(answer: Answer, *, kind: type[ApiError] | None = None, hint: str | None = None) -> ApiError:
    """Build the error for a refusal; `kind` and `hint` go before what its status and its words ask for."""
    body = error_bodies.read(answer.body, answer.redact)
    if answer.redirect is not None:
        target = error_bodies.one_line(answer.redact(answer.redirect))
        body = error_bodies.ErrorBody(message=f"a redirect to {target}, which is not followed")
    return (kind or _kind(answer, body))(
        status=answer.status,
        message=body.message or _phrase(answer.status),
        request=answer.request,
        code=body.code,
        correlation_id=body.correlation_id,
        hint=hint or _hint(answer, body),
    )


def _kind(answer: Answer, body: ErrorBody) -> type[ApiError]:
    if _is_billing(answer, body) or _is_managed_by_code(answer, body):
        return ApiError
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return AuthenticationFailed
    return JobNotFound if _is_about_a_missing_job(answer) else ApiError


def _hint(answer: Answer, body: ErrorBody) -> str | None:
    if _is_billing(answer, body):
        return _HINT_BILLING
    if _is_managed_by_code(answer, body):
        return _HINT_CODE
    if answer.redirect is not None:
        return _HINT_REDIRECT
    if answer.status in _SERVER_ERRORS:
        return _HINT_SERVER
    if answer.status in _HINTS and not _is_about_a_missing_job(answer):
        return _HINTS[HTTPStatus(answer.status)]
    return f"see {body.doc_url}" if body.doc_url and body.doc_url.startswith("https://") else None


def _is_billing(answer: Answer, body: ErrorBody) -> bool:
    return answer.status == HTTPStatus.PAYMENT_REQUIRED or (body.category or "").lower() == "billing"


def _is_managed_by_code(answer: Answer, body: ErrorBody) -> bool:
    writes = answer.job_id is not None and answer.request.startswith(("PUT ", "DELETE "))
    said = f"{body.code} {body.message}"
    return writes and answer.status in _CLIENT_ERRORS and _MANAGED_BY_CODE.search(said) is not None


def _is_about_a_missing_job(answer: Answer) -> bool:
    return answer.status == HTTPStatus.NOT_FOUND and answer.job_id is not None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "no message"
