"""Answers of the API, refusals included, in the words of its schema."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from http.client import responses
from typing import Any

from jobsync.emulator import wire

JSON = "application/json"
HTML = "text/html; charset=utf-8"

_CODES = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    429: "too-many-requests",
    500: "internal-server-error",
    502: "bad-gateway",
    503: "service-unavailable",
    504: "gateway-timeout",
}
_FIRST_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, whole."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def status_line(self) -> str:
        """Status and phrase, as WSGI wants them."""
        return f"{self.status} {responses.get(self.status, 'Unknown')}"

    def header_list(self) -> list[tuple[str, str]]:
        """All headers, those that describe the body included."""
        length = ("Content-Length", str(len(self.body)))
        return [*([("Content-Type", self.content_type), length] if self.body else []), *self.headers]


def of_json(status: int, value: Any) -> Answer:
    """Return an answer with a JSON body."""
    return Answer(status, wire.dump(value))


def error_body(status: int, message: str, details: Any = None) -> dict[str, Any]:
    """Return the typed error body; `retirable` is how the platform spells retriable."""
    is_ours = status >= _FIRST_SERVER_ERROR
    body = {
        "code": _CODES.get(status, "error"),
        "category": "infrastructure" if is_ours else "user",
        "message": message,
        "retirable": is_ours or status == _TOO_MANY_REQUESTS,
        "correlationId": str(uuid.uuid4()),
    }
    return body if details is None else {**body, "details": details}


@dataclass(eq=False)
class Refusal(Exception):
    """Ends a request with an error answer. `message` goes to the client and never repeats a secret."""

    status: int
    message: str
    details: Any = None
    headers: tuple[tuple[str, str], ...] = ()

    def answer(self) -> Answer:
        """Return what the client gets."""
        body = error_body(self.status, self.message, self.details)
        return Answer(self.status, wire.dump(body), headers=self.headers)
