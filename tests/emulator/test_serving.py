"""The emulator over a port: connections that stay open, many at once, and an end that finishes its work."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from emulators import KEY, PROJECT, WORKSPACE, new_emulator, serving

from jobsync.emulator import BASE_PATH
from jobsync.emulator.serve import listening
from jobsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobsync.emulator.app import Emulator

JOB: dict[str, Any] = {"id": "prices-daily", "payload": [], "configuration": {}}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with new_emulator() as made:
        yield made


def client_of(url: str, **options: Any) -> httpx.Client:
    return httpx.Client(
        base_url=f"{url}/{WORKSPACE}/projects/{PROJECT}", headers={"x-api-key": KEY}, **options
    )


def raw_request(url: str, lines: str, body: bytes = b"") -> bytes:
    return (
        f"{lines.format(path=f'{urlsplit(url).path}/{WORKSPACE}/projects/{PROJECT}')}\r\n\r\n".encode() + body
    )


def test_it_listens_on_the_loopback_address_only(emulator: Emulator) -> None:
    with serving(emulator) as url:
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith(BASE_PATH)


def test_a_connection_serves_many_requests_whatever_their_bodies(emulator: Emulator) -> None:
    with serving(emulator) as url, client_of(url) as api:
        streams = set()
        for response in (
            api.post("jobs", json=JOB),
            api.post("jobs", content=iter([b'{"id":', b'"prices-hourly","payload":[],"configuration":{}}'])),
            api.patch("jobs", json=JOB),
            api.post("nowhere", json=JOB),
            api.head("jobs"),
            api.delete("jobs/prices-daily"),
            api.get("jobs"),
        ):
            streams.add(response.extensions["network_stream"].get_extra_info("client_addr"))
        assert response.status_code == 200
        assert len(streams) == 1


def test_a_body_in_chunks_is_read(emulator: Emulator) -> None:
    with serving(emulator) as url, client_of(url) as api:
        chunks = iter([b'{"id":"prices-daily",', b'"payload":[],"configuration":{}}'])
        response = api.post("jobs", content=chunks, headers={"content-type": "application/json"})
        assert response.status_code == 201


def test_a_client_that_waits_with_its_body_is_told_to_go_on(emulator: Emulator) -> None:
    body = b'{"id":"prices-daily","payload":[],"configuration":{}}'
    head = (
        "POST {path}/jobs HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        f"x-api-key: {KEY}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    with (
        serving(emulator) as url,
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), 10) as raw,
    ):
        raw.sendall(raw_request(url, head))
        assert raw.recv(1000).startswith(b"HTTP/1.1 100 ")
        raw.sendall(body)
        assert raw.recv(1000).startswith(b"HTTP/1.1 201 ")


@pytest.mark.parametrize("length", ["-1", "many"])
def test_a_length_that_is_none_ends_the_connection_with_an_answer(emulator: Emulator, length: str) -> None:
    head = (
        f"POST {{path}}/jobs HTTP/1.1\r\nHost: x\r\nx-api-key: {KEY}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}"
    )
    with (
        serving(emulator) as url,
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), 10) as raw,
    ):
        raw.sendall(raw_request(url, head))
        answer = b"".join(iter(lambda: raw.recv(1000), b""))
        assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_quoted_slash_stays_inside_its_segment() -> None:
    with (
        new_emulator(projects={"shop/eu"}) as emulator,
        serving(emulator) as url,
        httpx.Client(headers={"x-api-key": KEY}) as api,
    ):
        assert api.get(f"{url}/{WORKSPACE}/projects/shop%2Feu/jobs").json() == []


def test_twenty_threads_create_one_id_and_exactly_one_succeeds(emulator: Emulator) -> None:
    with serving(emulator) as url, client_of(url) as api, ThreadPoolExecutor(20) as pool:
        statuses = [*pool.map(lambda _: api.post("jobs", json=JOB).status_code, range(20))]
    assert sorted(statuses) == [201] + [400] * 19
    assert len(emulator.jobs()) == 1


def test_a_thousand_creates_in_twenty_threads_all_arrive(emulator: Emulator) -> None:
    with serving(emulator) as url, client_of(url) as api, ThreadPoolExecutor(20) as pool:
        bodies = [{**JOB, "id": f"prices-{number:04}"} for number in range(1000)]
        assert {*pool.map(lambda body: api.post("jobs", json=body).status_code, bodies)} == {201}
        assert len(api.get("jobs").json()) == 1000
    assert emulator.peak_in_flight <= 20


def test_a_request_in_flight_is_answered_before_the_end() -> None:
    arrived = threading.Event()

    class Gate:
        def pick(self, _method: str, _path: str) -> None:
            arrived.set()

    with new_emulator(latency=0.3, faults=Gate()) as emulator, ThreadPoolExecutor(1) as pool:
        with serving(emulator) as url:
            api = client_of(url)
            answer = pool.submit(api.post, "jobs", json=JOB)
            assert arrived.wait(20)
        assert answer.result().status_code == 201
        api.close()


def test_idle_connections_do_not_hold_up_the_end(emulator: Emulator) -> None:
    with serving(emulator) as url:
        idle = client_of(url)
        assert idle.get("jobs").status_code == 200
    with pytest.raises(httpx.TransportError):
        idle.get("jobs")
    idle.close()


def test_a_port_that_is_taken_is_an_error_with_a_way_out(emulator: Emulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} is in use") as raised, listening(emulator, port):
            pass
    assert raised.value.hint


def test_a_bug_is_answered_with_500_and_a_traceback_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    def broken(_environ: Any, _start_response: Any) -> Any:
        raise LookupError("a bug")

    with listening(broken) as url, httpx.Client() as client:
        assert client.get(url).status_code == 500
    assert "LookupError: a bug" in capfd.readouterr().err


SERVER = """
    import sys
    from jobsync.emulator.app import create_app
    from jobsync.emulator.serve import serve

    app = create_app(sys.argv[1], api_key=sys.argv[2])
    serve(app, 0, on_ready=lambda url: print(url, flush=True))
    app.close()
    print("ended")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_and_the_jobs_are_there_after_a_restart(
    tmp_path: Path, number: signal.Signals
) -> None:
    database = tmp_path / "local.db"
    for expected in (201, 400):
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SERVER), str(database), KEY],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            with client_of(url) as api:
                assert api.post("jobs", json=JOB).status_code == expected
                server.send_signal(number)
                out, err = server.communicate(timeout=20)
        assert (out, err, server.returncode) == ("ended\n", "", 0)
    assert [file.name for file in tmp_path.iterdir()] == ["local.db"]
