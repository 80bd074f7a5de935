"""What is repeated and what is not, and what ends it all."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest
from scripted_api import (
    BODY,
    BUSY,
    FOUND,
    GOOD_ANSWERS,
    JOB,
    LIMIT,
    LOST,
    NOT_THERE,
    UNSENT,
    PatientTime,
    Reply,
    ScriptedApi,
    call,
    client_of,
)

from jobsync.errors import ApiError, ConnectionFailed, RemoteError
from jobsync.remote.client import ATTEMPTS
from jobsync.remote.pace import TOTAL_PAUSE_S

# What may be repeated is


@pytest.mark.parametrize("operation", GOOD_ANSWERS)
@pytest.mark.parametrize(
    "trouble", [*(Reply(status) for status in (429, 500, 502, 503, 504)), *LOST, *UNSENT], ids=repr
)
def test_what_may_be_repeated_is_after_every_passing_trouble(operation: str, trouble: Any) -> None:
    api = ScriptedApi(trouble, trouble, GOOD_ANSWERS[operation])
    with client_of(api) as client:
        call(client, operation)
    assert len(api.asked) == 3
    assert len(set(api.sequence)) == 1


@pytest.mark.parametrize("operation", GOOD_ANSWERS)
@pytest.mark.parametrize("status", [400, 402, 409, 413, 422, 501, 505])
def test_a_refusal_is_not_repeated(operation: str, status: int) -> None:
    api = ScriptedApi(Reply(status))
    with client_of(api) as client, pytest.raises(ApiError):
        call(client, operation)
    assert api.sequence.count(api.sequence[0]) == 1


@pytest.mark.parametrize("operation", [*GOOD_ANSWERS, "create"])
@pytest.mark.parametrize("trouble", [Reply(500), LIMIT, *LOST, *UNSENT], ids=repr)
def test_it_ends_after_the_last_attempt(operation: str, trouble: Any) -> None:
    clock = PatientTime()
    api = ScriptedApi(trouble)
    with client_of(api, clock, max_attempts=4) as client, pytest.raises(RemoteError):
        call(client, operation)
    assert api.sequence.count(api.sequence[0]) <= 4
    assert sum(clock.waits) <= 4 * TOTAL_PAUSE_S


def test_long_silence_is_not_waited_for_as_often_as_short_troubles() -> None:
    api = ScriptedApi(httpx.ReadTimeout("silence"))
    said = "no answer to GET /jobs within 120 s"
    with client_of(api) as client, pytest.raises(ConnectionFailed, match=said):
        client.list()
    assert len(api.asked) == 3 < ATTEMPTS


def test_a_retried_delete_that_finds_nothing_is_done() -> None:
    api = ScriptedApi(httpx.ReadError("reset"), NOT_THERE)
    with client_of(api) as client:
        client.delete(JOB["id"])
    assert api.sequence == ["DELETE /prices-daily"] * 2


# Stopping


@pytest.mark.parametrize("operation", [*GOOD_ANSWERS, "create"])
@pytest.mark.parametrize("trouble", [BUSY, LIMIT, *LOST, *UNSENT], ids=repr)
def test_once_stopped_nothing_is_repeated(operation: str, trouble: Any) -> None:
    clock = PatientTime()
    api = ScriptedApi(trouble)
    api.before_answer = clock.stop.set
    with client_of(api, clock) as client, pytest.raises(RemoteError):
        call(client, operation)
    assert len(api.asked) == 1
    assert clock.waits == []


def test_the_last_answer_is_what_a_stopped_request_ends_with() -> None:
    clock = PatientTime()
    api = ScriptedApi(Reply(503, {"message": "maintenance"}))
    api.before_answer = clock.stop.set
    with client_of(api, clock) as client, pytest.raises(ApiError, match="503: maintenance"):
        client.update(JOB["id"], BODY)


def test_a_request_in_flight_finishes() -> None:
    clock = PatientTime()
    api = ScriptedApi(FOUND)
    api.before_answer = clock.stop.set
    with client_of(api, clock) as client:
        assert client.get(JOB["id"]) is not None


def test_a_request_that_waits_for_the_gate_is_not_sent_once_stopped() -> None:
    clock = PatientTime()
    api = ScriptedApi(BUSY, GOOD_ANSWERS["update"])
    with client_of(api, clock, max_attempts=1) as client:
        with pytest.raises(ApiError):
            client.update(JOB["id"], BODY)
        clock.stop.set()
        said = "PUT /jobs/prices-daily was not sent, because the run was stopped"
        with pytest.raises(ConnectionFailed, match=said):
            client.update(JOB["id"], BODY)
    assert len(api.asked) == 1


def test_stopping_ends_a_long_wait_at_once() -> None:
    stop = threading.Event()
    api = ScriptedApi(Reply(429, b"", {"Retry-After": "50"}))
    api.before_answer = threading.Timer(0.05, stop.set).start
    transport = httpx.WSGITransport(app=api)
    began = time.monotonic()
    with client_of(api, transport=transport, pace=None, stop=stop) as client, pytest.raises(ApiError):
        client.list()
    assert time.monotonic() - began < 5
