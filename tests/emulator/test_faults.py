"""Faults on purpose: which request meets one, what it leaves behind, and what the client sees."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest
from emulators import KEY, PROJECT, WORKSPACE, new_emulator, project_client, serving

from jobsync.emulator.faults import CATALOGUE, Fault, Faults, RandomFaults, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from jobsync.emulator.app import Emulator

JOB: dict[str, Any] = {"id": "prices-daily", "payload": [], "configuration": {}}

Carrier: TypeAlias = "Callable[[Emulator], AbstractContextManager[httpx.Client]]"


@contextmanager
def over_a_port(emulator: Emulator) -> Iterator[httpx.Client]:
    with (
        serving(emulator) as url,
        httpx.Client(
            base_url=f"{url}/{WORKSPACE}/projects/{PROJECT}", headers={"x-api-key": KEY}, timeout=20
        ) as client,
    ):
        yield client


@pytest.fixture(params=[project_client, over_a_port], ids=["in-process", "port"])
def carrier(request: pytest.FixtureRequest) -> Any:
    return request.param


def outcome(send: Callable[[], httpx.Response]) -> str:
    """Name what a client gets: a status, or the exception that it must be ready for."""
    try:
        return str(send().status_code)
    except httpx.TransportError as error:
        return type(error).__name__


@pytest.mark.parametrize(
    ("fault", "seen", "created"),
    [
        (Fault("status", "before", 500), "500", 0),
        (Fault("status", "after", 500), "500", 1),
        (Fault("reset", "before"), "ReadError", 0),
        (Fault("reset", "after"), "ReadError", 1),
        (Fault("hang", "before"), "ReadTimeout", 0),
        (Fault("hang", "after"), "ReadTimeout", 1),
        (Fault("hang", "before", seconds=0.01), "RemoteProtocolError", 0),
        (Fault("hang", "after", seconds=0.01), "201", 1),
        (Fault("truncated"), "RemoteProtocolError", 1),
        (Fault("not-json"), "201", 1),
    ],
    ids=lambda value: f"{value.kind}-{value.moment}" if isinstance(value, Fault) else None,
)
def test_a_create_meets_a_fault_before_or_after_its_commit(
    carrier: Carrier, fault: Fault, seen: str, created: int
) -> None:
    with new_emulator(faults=Faults(Rule(fault, "POST"))) as emulator, carrier(emulator) as api:
        patience = 0.2 if seen == "ReadTimeout" else 20
        assert outcome(lambda: api.post("jobs", json=JOB, timeout=patience)) == seen
        assert len(emulator.jobs()) == created
        assert outcome(lambda: api.get("jobs")) == "200"


def test_a_list_may_come_as_a_page_as_an_object_or_cut_short(carrier: Carrier) -> None:
    rules = (Rule(Fault(kind), "GET") for kind in ("not-json", "not-array", "truncated"))
    with new_emulator(faults=Faults(*rules)) as emulator, carrier(emulator) as api:
        emulator.seed(JOB)
        page = api.get("jobs")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        with pytest.raises(ValueError, match="Expecting value"):
            page.json()
        assert [item["id"] for item in api.get("jobs").json()["data"]] == ["prices-daily"]
        assert outcome(lambda: api.get("jobs")) == "RemoteProtocolError"
        assert len(api.get("jobs").json()) == 1


def test_nothing_can_be_cut_off_an_answer_without_a_body_so_it_is_reset(carrier: Carrier) -> None:
    with (
        new_emulator(faults=Faults(Rule(Fault("truncated"), "DELETE"))) as emulator,
        carrier(emulator) as api,
    ):
        emulator.seed(JOB)
        assert outcome(lambda: api.delete("jobs/prices-daily")) == "ReadError"
        assert emulator.jobs() == []


@pytest.mark.parametrize(
    ("fault", "body", "retry_after"),
    [
        (Fault("status", status=429, retry_after=2), "too-many-requests", "2"),
        (
            Fault("status", status=503, retry_after="Sun, 22 Nov 2026 12:00:00 GMT"),
            "service-unavailable",
            "Sun, 22 Nov 2026 12:00:00 GMT",
        ),
        (Fault("status", status=402), "error", None),
    ],
)
def test_a_status_fault_has_the_typed_body_and_says_when_to_come_back(
    fault: Fault, body: str, retry_after: str | None
) -> None:
    with new_emulator(faults=Faults(Rule(fault))) as emulator, project_client(emulator) as api:
        response = api.get("jobs")
        assert response.status_code == fault.status
        assert response.json()["code"] == body
        assert response.headers.get("retry-after") == retry_after


def test_a_status_fault_may_have_the_body_of_2024_or_of_a_gateway() -> None:
    faults = Faults(Rule(Fault("status", body="2024")), Rule(Fault("status", status=502, body="html")))
    with new_emulator(faults=faults) as emulator, project_client(emulator) as api:
        assert {*api.get("jobs").json()} == {"message", "details"}
        response = api.get("jobs")
        assert response.headers["content-type"].startswith("text/html")
        assert "502" in response.text


def test_a_rule_counts_the_requests_that_it_matches_and_hits_some_of_them() -> None:
    faults = Faults(
        Rule(Fault("status", status=500), "PUT", r"/jobs/prices-", nth=2, times=2),
        Rule(Fault("status", status=502), "DELETE", times=None),
    )
    with new_emulator(faults=faults) as emulator, project_client(emulator) as api:
        update: dict[str, Any] = {"payload": [], "configuration": {}}
        statuses = [
            api.put(f"jobs/{job_id}", json=update).status_code
            for job_id in ("prices-a", "other", "prices-b", "prices-c", "prices-d")
        ]
        assert statuses == [404, 404, 500, 500, 404]
        assert [api.delete("jobs/any").status_code for _ in range(3)] == [502] * 3


def test_rules_can_be_added_between_requests() -> None:
    faults = Faults()
    with new_emulator(faults=faults) as emulator, project_client(emulator) as api:
        assert api.get("jobs").status_code == 200
        faults.add(Rule(Fault("status", status=504)))
        assert [api.get("jobs").status_code for _ in range(2)] == [504, 200]


def test_random_faults_are_those_of_their_seed_and_end() -> None:
    def throws(seed: int) -> list[Fault | None]:
        faults = RandomFaults(seed, 0.5, at_most=5)
        return [faults.pick("GET", "/") for _ in range(100)]

    assert throws(1) == throws(1)
    assert throws(1) != throws(2)
    assert sum(fault is not None for fault in throws(1)) == 5
    assert [RandomFaults(1, 0.0).pick("GET", "/") for _ in range(20)] == [None] * 20


def test_a_client_that_asks_again_gets_everything_done_in_spite_of_random_faults(carrier: Carrier) -> None:
    # Hangs are left out here: over a port each would cost its client the whole timeout.
    catalogue = tuple(fault for fault in CATALOGUE if fault.kind != "hang")
    faults = RandomFaults(3, 0.4, at_most=30, catalogue=catalogue)
    with new_emulator(faults=faults) as emulator, carrier(emulator) as api:
        for number in range(20):
            body = {**JOB, "id": f"prices-{number:02}"}
            while outcome(partial(api.post, "jobs", json=body)) not in ("201", "400"):
                assert len(emulator.requests) < 100
        assert len(emulator.jobs()) == 20


def test_a_script_is_kept_when_many_threads_ask() -> None:
    faults = Faults(Rule(Fault("status", status=500), nth=11, times=30))
    with (
        new_emulator(faults=faults) as emulator,
        project_client(emulator) as api,
        ThreadPoolExecutor(10) as pool,
    ):
        statuses = [*pool.map(lambda _: api.get("jobs").status_code, range(100))]
        assert (statuses.count(500), statuses.count(200)) == (30, 70)


# -- the log


def test_the_log_has_each_request_with_its_job_body_status_and_fault() -> None:
    fault = Fault("reset", "after")
    with (
        new_emulator(faults=Faults(Rule(fault, "POST", "pause"))) as emulator,
        project_client(emulator) as api,
    ):
        api.post("jobs", json=JOB)
        outcome(lambda: api.post("jobs/prices-daily/pause"))
        api.get("jobs/missing-job")
        created, paused, missed = emulator.requests
        assert (created.method, created.job_id, created.status) == ("POST", "prices-daily", 201)
        assert created.path.endswith(f"/{PROJECT}/jobs")
        assert created.body == JOB
        assert (paused.job_id, paused.status, paused.fault, paused.body) == (
            "prices-daily",
            None,
            fault,
            None,
        )
        assert emulator.jobs()[0]["state"] == "PAUSED"
        assert (missed.job_id, missed.status) == ("missing-job", 404)
        assert [request.is_write for request in emulator.requests] == [True, True, False]
        assert created.began < created.ended < paused.began


def test_the_log_keeps_only_the_last_requests() -> None:
    with new_emulator(keep_requests=2) as emulator, project_client(emulator) as api:
        for number in range(4):
            api.get(f"jobs/prices-{number}")
        assert [request.job_id for request in emulator.requests] == ["prices-2", "prices-3"]


def test_the_most_requests_in_flight_at_once_are_seen() -> None:
    together = threading.Barrier(4, timeout=20)

    class Meeting:
        def pick(self, _method: str, _path: str) -> Fault | None:
            together.wait()
            return None

    with (
        new_emulator(faults=Meeting()) as emulator,
        project_client(emulator) as api,
        ThreadPoolExecutor(4) as pool,
    ):
        assert {*pool.map(lambda _: api.get("jobs").status_code, range(8))} == {200}
        assert emulator.peak_in_flight == 4
