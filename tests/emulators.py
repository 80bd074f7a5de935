"""The emulator for everybody's tests: in process or on a port, under any answer the API may give."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

import httpx
from hypothesis import strategies as st

from jobsync.emulator import BASE_PATH
from jobsync.emulator.app import Emulator, create_app
from jobsync.emulator.faults import Severed
from jobsync.emulator.serve import listening
from jobsync.emulator.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from jobsync.emulator.answers import Answer

WORKSPACE = "2f1c6a52-9d0e-4b7e-8a35-6f4f0f6f7a10"
PROJECT = "shop"
KEY = "key-for-tests"

BASE_URL = f"http://emulator.test{BASE_PATH}"
"""The base URL in process; any host would do."""


def new_emulator(path: Any = ":memory:", **options: Any) -> Emulator:
    """Return an emulator of the project above, empty; `options` as those of `create_app`."""
    return create_app(path, **{"api_key": KEY, "workspace": WORKSPACE, "projects": {PROJECT}, **options})


def serving(emulator: Emulator) -> AbstractContextManager[str]:
    """Serve on a free loopback port while the block runs; yields the base URL."""
    return listening(emulator)


def in_process(emulator: Emulator) -> httpx.BaseTransport:
    """Return a transport to the emulator without sockets; faults raise what httpx raises for real ones."""
    return _InProcess(emulator)


def project_client(emulator: Emulator, *, project: str = PROJECT, key: str = KEY) -> httpx.Client:
    """Return a bare HTTP client of one project: its paths are `jobs`, `jobs/prices-daily/pause` and so on."""
    return httpx.Client(
        transport=in_process(emulator),
        base_url=f"{BASE_URL}/{WORKSPACE}/projects/{project}",
        headers={"x-api-key": key},
    )


def switches(**fixed: Any) -> st.SearchStrategy[Switches]:
    """Draw a platform: every combination of the answers that the contract leaves open, except `fixed`."""
    hints = get_type_hints(Switches)
    drawn = {
        field.name: st.just(fixed[field.name]) if field.name in fixed else _values(hints[field.name])
        for field in fields(Switches)
    }
    return st.builds(Switches, **drawn)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    """The default comes first, so that examples shrink towards the likeliest platform."""
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if hint is bool:
        return st.booleans()
    return st.integers(0, 99) if hint is int else st.sampled_from((None, 1, 5, 25))


class _InProcess(httpx.BaseTransport):
    def __init__(self, emulator: Emulator) -> None:
        self._wsgi = httpx.WSGITransport(app=emulator)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._wsgi.handle_request(request)
        except Severed as fault:
            return _acted_out(fault, request)


def _acted_out(fault: Severed, request: httpx.Request) -> httpx.Response:
    """Do at once what the same fault does over a socket, where a hang takes its time."""
    if fault.kind == "reset":
        raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
    if fault.kind == "hang":
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and patience < fault.seconds:
            raise httpx.ReadTimeout("timed out", request=request)
        if fault.answer is None:
            raise httpx.RemoteProtocolError("server disconnected without a response", request=request)
        return _response(fault.answer, httpx.ByteStream(fault.answer.body))
    assert fault.answer is not None
    return _response(fault.answer, _CutShort(fault.answer.body))


def _response(answer: Answer, stream: httpx.SyncByteStream) -> httpx.Response:
    return httpx.Response(answer.status, headers=answer.header_list(), stream=stream)


class _CutShort(httpx.SyncByteStream):
    """The status and headers arrive, and so does half of the body."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body[: len(self._body) // 2]
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")
