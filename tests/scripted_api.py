"""An API that answers by a script, time that passes only when somebody waits, and a server of raw bytes."""

from __future__ import annotations

import json
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from jobsync.remote.client import JobsClient
from jobsync.remote.pace import Pace

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

URL = "https://api.test/api/v1/workspace"
WORKSPACE = "2f1c6a52-9d0e-4b7e-8a35-6f4f0f6f7a10"
KEY = "itk_MARKER-7c1f0d9b"
TODAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

JOB: dict[str, Any] = {
    "id": "prices-daily",
    "payload": [{"apiName": "list", "parameters": {}}],
    "configuration": {},
}
BODY = {key: item for key, item in JOB.items() if key != "id"}


@dataclass(frozen=True)
class Reply:
    """One answer of the script; a body that is no bytes is sent as JSON."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


CREATED = Reply(201, {"id": JOB["id"], "message": "created"})
FOUND = Reply(200, JOB)
NOT_THERE = Reply(404, {"code": "not-found", "category": "user", "message": "job not found"})
BUSY = Reply(503, b"<title>busy</title>")
LIMIT = Reply(429, {"message": "slow down"})
LOST: list[Exception] = [
    httpx.ReadError("reset"),
    httpx.ReadTimeout("silence"),
    httpx.RemoteProtocolError("closed"),
    httpx.WriteError("broken pipe"),
]
UNSENT: list[Exception] = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")]

GOOD_ANSWERS = {
    "list": Reply(200, []),
    "get": FOUND,
    "update": Reply(200, {"id": JOB["id"], "message": "updated job successfully"}),
    "delete": Reply(204),
    "pause": Reply(200, {"message": "Paused"}),
    "resume": Reply(200, {"message": "Resumed"}),
}
"""What each operation that may be repeated is answered when all is well."""


def call(client: JobsClient, operation: str) -> Any:
    """Call an operation by its name, for the job of this module."""
    arguments = {"list": [], "create": [JOB["id"], BODY], "update": [JOB["id"], BODY]}
    return getattr(client, operation)(*arguments.get(operation, [JOB["id"]]))


@dataclass(frozen=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class ScriptedApi:
    """Answers each request with the next entry of the script, then with the last; raises what is an error."""

    def __init__(self, *script: Reply | Exception) -> None:
        self.script = list(script)
        self.asked: list[Asked] = []
        self.before_answer: Callable[[], None] = lambda: None

    @property
    def sequence(self) -> list[str]:
        """The methods in order, with the last part of the path where it is a verb."""
        return [f"{asked.method} {asked.path.partition('/jobs')[2]}".strip() for asked in self.asked]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        content = environ["wsgi.input"].read()
        headers = {name: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
        body = json.loads(content) if content else None
        self.asked.append(Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], headers, body))
        self.before_answer()
        entry = self.script[min(len(self.asked), len(self.script)) - 1]
        if isinstance(entry, Exception):
            raise entry
        start_response(
            f"{entry.status} {_phrase(entry.status)}",
            [("Content-Type", "application/json"), *entry.headers.items()],
        )
        return [entry.content]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unnamed"


class PatientTime:
    """A clock that moves only by waiting; `waits` are the seconds that were waited."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.waits: list[float] = []
        self.now = 1000.0
        self._lock = threading.Lock()

    def wait(self, seconds: float) -> bool:
        with self._lock:
            self.waits.append(seconds)
            self.now += seconds
        return self.stop.is_set()

    def pace(self, chance: float = 0.5) -> Pace:
        return Pace(
            self.stop,
            clock=lambda: self.now,
            wait=self.wait,
            today=lambda: TODAY + timedelta(seconds=self.now - 1000.0),
            chance=lambda: chance,
        )


def client_of(api: ScriptedApi, time: PatientTime | None = None, **options: Any) -> JobsClient:
    """Return a client whose requests go to the script and whose pauses take no time."""
    pace = (time or PatientTime()).pace()
    options = {"transport": httpx.WSGITransport(app=api), "pace": pace, **options}
    return JobsClient(options.pop("url", URL), WORKSPACE, "shop", KEY, **options)


def http_bytes(body: bytes, *, status: str = "200 OK", length: int | None = None, extra: str = "") -> bytes:
    """Write a whole answer; with another `length` it promises more or less than it holds."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n{extra}\r\n"
    return head.encode() + body


RESET = object()
_TLS_HELLO = b"\x16"
HANG = object()


@contextmanager
def raw_server(*script: Any, tls: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """Serve one connection after another on loopback; yield the base URL and the requests that came.

    Each entry is what the next connection gets: bytes and then the end, `RESET`, `HANG`, or a tuple of those.
    The last entry serves all further connections.
    """
    requests: list[bytes] = []
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.02)

        def accept() -> None:
            served = 0
            while not is_over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                entry = script[min(served, len(script) - 1)]
                served += 1
                with suppress(OSError), _talking(connection, tls) as talk:
                    requests.append(_whole_request(talk))
                    for step in entry if isinstance(entry, tuple) else (entry,):
                        _act(talk, step)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"{'https' if tls else 'http'}://localhost:{server.getsockname()[1]}/api", requests
        finally:
            is_over.set()
            thread.join()


def _talking(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    connection.settimeout(5)
    if tls is None:
        return connection
    try:
        return tls.wrap_socket(connection, server_side=True)
    except OSError:
        connection.close()
        raise


def _whole_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return received
        received += part
        if received.startswith(_TLS_HELLO):
            return received
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _act(connection: socket.socket, step: Any) -> None:
    if step is RESET:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif step is HANG:
        connection.recv(1)  # returns when the client has had enough
    else:
        connection.sendall(step)


def client_at(url: str, **options: Any) -> JobsClient:
    """Return a client of a real address, impatient and without pauses."""
    options = {
        "timeout": 0.2,
        "list_timeout": 0.2,
        "connect_timeout": 1.0,
        "pace": PatientTime().pace(),
        **options,
    }
    return JobsClient(url, WORKSPACE, "shop", KEY, **options)
