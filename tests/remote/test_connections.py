"""What happens below HTTP: resets, silence, half answers; and every fault of the emulator."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import pytest
from emulators import BASE_URL, PROJECT, in_process, new_emulator, serving
from emulators import KEY as EMULATOR_KEY
from emulators import WORKSPACE as EMULATOR_WORKSPACE
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scripted_api import (
    BODY,
    HANG,
    JOB,
    RESET,
    PatientTime,
    call,
    client_at,
    http_bytes,
    raw_server,
)

from jobsync.emulator.faults import CATALOGUE, Fault, Faults, RandomFaults, Rule
from jobsync.errors import ApiError, ConnectionFailed, RemoteError, UnreadableAnswer
from jobsync.remote.client import JobsClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobsync.emulator.faults import FaultSource

# Over real sockets


def failure(kind: type[RemoteError], *script: Any, operation: str = "list", **options: Any) -> RemoteError:
    """Call an operation of a server that behaves so; return the error, with `HOST` for the server."""
    with raw_server(*script) as (url, _), client_at(url, **options) as client, pytest.raises(kind) as failed:
        call(client, operation)
    host = url.removeprefix("http://").removesuffix("/api")
    return kind(failed.value.summary.replace(host, "HOST"), hint=failed.value.hint)


@pytest.mark.parametrize(
    "trouble",
    [
        RESET,
        b"",
        b"HTTP/1.1 200 OK\r\nConte",
        http_bytes(b'[{"id": "pri', length=500),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[]   \r\n",
        http_bytes(b"no gzip at all", extra="Content-Encoding: gzip\r\n"),
        (http_bytes(b"[", length=500), HANG),
        HANG,
    ],
    ids=["reset", "closed", "half a head", "half a body", "no last chunk", "no gzip", "stuck", "silent"],
)
def test_an_answer_that_is_lost_on_the_way_is_asked_for_again(trouble: Any) -> None:
    with raw_server(trouble, trouble, http_bytes(b"[]")) as (url, requests), client_at(url) as client:
        assert client.list() == []
    assert len(requests) == 3


def test_a_connection_that_breaks_is_told_in_words() -> None:
    error = failure(ConnectionFailed, RESET, max_attempts=2)
    said = "the connection to HOST broke before GET /jobs was answered: connection reset by peer"
    assert error.summary == said
    assert error.hint == "try again"


def test_an_answer_that_is_cut_short_is_unreadable() -> None:
    error = failure(UnreadableAnswer, http_bytes(b'[{"id": "pri', length=500), max_attempts=2)
    assert error.summary.startswith("the answer to GET /jobs was cut short: peer closed connection")


def test_an_answer_that_stops_in_the_middle_is_cut_short() -> None:
    error = failure(UnreadableAnswer, (http_bytes(b"[", length=500), HANG), max_attempts=1)
    assert error.summary == "the answer to GET /jobs was cut short: timed out"


def test_silence_ends_after_the_timeout() -> None:
    error = failure(ConnectionFailed, HANG, operation="update", max_attempts=1)
    assert error.summary == "no answer to PUT /jobs/prices-daily within 0.2 s"
    assert error.hint == "it may have been done all the same: run `jobsync plan` to see"


def test_what_speaks_no_http_is_told_in_words() -> None:
    error = failure(ConnectionFailed, b"SSH-2.0-OpenSSH_9\r\n\r\n", max_attempts=1)
    assert "the connection to HOST broke before GET /jobs was answered: illegal status line" in error.summary


def test_a_refusal_whose_body_is_lost_counts_all_the_same() -> None:
    half = http_bytes(b'{"mess', status="403 Forbidden", length=99)
    with raw_server(half) as (url, requests), client_at(url) as client, pytest.raises(ApiError) as refused:
        client.list()
    assert refused.value.summary == "GET /jobs answered 403: forbidden"
    assert len(requests) == 1


def test_a_port_without_a_server_is_told_in_words() -> None:
    with raw_server(b"") as (url, _):
        pass
    with client_at(url, max_attempts=2) as client, pytest.raises(ConnectionFailed) as failed:
        client.list()
    host = url.removeprefix("http://").removesuffix("/api")
    assert failed.value.summary == f"could not connect to {host}: connection refused"
    assert failed.value.hint == "check the environment's `url` and the network"


def test_https_where_http_is_spoken_is_told_in_words() -> None:
    with raw_server(http_bytes(b"[]")) as (url, _):
        client = client_at(url.replace("http:", "https:"), max_attempts=1)
        with client, pytest.raises(ConnectionFailed, match=r": TLS failed: \w"):
            client.list()


def test_a_name_that_does_not_exist_is_told_in_words() -> None:
    client = client_at("https://no-such-host.invalid", max_attempts=1)
    with client, pytest.raises(ConnectionFailed) as failed:
        client.list()
    assert failed.value.summary == "could not connect to no-such-host.invalid: its name cannot be resolved"


# Against the emulator


@contextmanager
def emulated(faults: FaultSource, *, over_sockets: bool = False) -> Iterator[JobsClient]:
    with ExitStack() as stack:
        emulator = stack.enter_context(new_emulator(faults=faults))
        url = stack.enter_context(serving(emulator)) if over_sockets else BASE_URL
        transport = None if over_sockets else in_process(emulator)
        pace = PatientTime().pace()
        yield stack.enter_context(
            JobsClient(url, EMULATOR_WORKSPACE, PROJECT, EMULATOR_KEY, transport=transport, pace=pace)
        )


def live_and_die(client: JobsClient) -> None:
    """Let a job go through its whole life, and check what is there after each step."""
    client.create(JOB["id"], BODY)
    client.update(JOB["id"], {**BODY, "proxy": "http://proxy.test:1"})
    client.pause(JOB["id"])
    (job,) = client.list()
    assert (job.is_paused, job.proxy) == (True, "http://proxy.test:1")
    client.resume(JOB["id"])
    details = client.get(JOB["id"])
    assert details is not None
    assert not details.is_paused
    client.delete(JOB["id"])
    assert client.get(JOB["id"]) is None


PASSING = [fault for fault in CATALOGUE if fault.kind not in {"not-json", "not-array"}]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "GET"])
@pytest.mark.parametrize("fault", PASSING, ids=repr)
def test_two_faults_of_any_kind_in_a_row_are_overcome(fault: Fault, method: str) -> None:
    with emulated(Faults(Rule(fault, method, times=2))) as client:
        live_and_die(client)


@pytest.mark.parametrize("fault", PASSING, ids=repr)
def test_faults_are_overcome_over_sockets_too(fault: Fault) -> None:
    fault = replace(fault, seconds=0.1)
    with emulated(Faults(Rule(fault), Rule(fault, nth=4), Rule(fault, nth=8)), over_sockets=True) as client:
        live_and_die(client)


@pytest.mark.parametrize("kind", ["not-json", "not-array"])
def test_a_list_in_disguise_is_told_and_not_asked_for_again(kind: Literal["not-json", "not-array"]) -> None:
    with emulated(Faults(Rule(Fault(kind), "GET"))) as client:
        with pytest.raises(UnreadableAnswer):
            client.list()
        assert client.list() == []


@given(seed=st.integers(0, 10**6))
@examples(60)
def test_whatever_goes_wrong_a_create_tells_the_truth(seed: int) -> None:
    """It was made, or it was not; where neither is sure, the error is none of 4xx."""
    with new_emulator(faults=RandomFaults(seed, 0.6, at_most=5)) as emulator:
        pace = PatientTime().pace()
        options: dict[str, Any] = {"transport": in_process(emulator), "pace": pace}
        sure: list[str] | None
        with JobsClient(BASE_URL, EMULATOR_WORKSPACE, PROJECT, EMULATOR_KEY, **options) as client:
            try:
                client.create(JOB["id"], BODY)
            except ApiError as error:
                sure = [] if error.status in range(400, 500) and error.status != 429 else None
            except RemoteError:
                sure = None
            else:
                sure = [JOB["id"]]
        assert sure in (None, [job["id"] for job in emulator.jobs()])
