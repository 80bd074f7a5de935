"""The contract of the Jobs API, as the emulator keeps it: endpoints, errors and the order of checks."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from emulators import BASE_URL, KEY, PROJECT, WORKSPACE, in_process, new_emulator, project_client

from jobsync.emulator.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobsync.emulator.app import Emulator

NOW = datetime(2026, 11, 22, 12, 30, 15, 250_000, tzinfo=UTC)  # a Sunday

JOB: dict[str, Any] = {
    "id": "prices-daily",
    "payload": [{"apiName": "shopify/list", "parameters": {"pages": 2}}],
    "configuration": {},
}
UPDATE = {key: item for key, item in JOB.items() if key != "id"}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with new_emulator(now=lambda: NOW) as made:
        yield made


@pytest.fixture
def api(emulator: Emulator) -> Iterator[httpx.Client]:
    with project_client(emulator) as client:
        yield client


def create(api: httpx.Client, **fields: Any) -> None:
    assert api.post("jobs", json={**JOB, **fields}).status_code == 201


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    """Check the shape of an error and return its status, code and message."""
    body = response.json()
    assert {*body} - {"details"} == {"code", "category", "message", "retirable", "correlationId"}
    assert body["category"] == "user"
    assert body["retirable"] is False
    assert len(body["correlationId"]) == len(str(uuid.uuid4()))
    return response.status_code, body["code"], body["message"]


# -- endpoints


def test_create_answers_201_with_the_id_and_never_the_job(api: httpx.Client) -> None:
    response = api.post("jobs", json=JOB)
    assert (response.status_code, response.json()) == (201, {"id": "prices-daily", "message": "created"})


def test_list_of_an_empty_project_is_a_bare_empty_array(api: httpx.Client) -> None:
    response = api.get("jobs")
    assert (response.status_code, response.json()) == (200, [])
    assert response.headers["content-type"] == "application/json"


def test_a_list_item_has_snake_ids_the_proxy_as_an_object_and_its_origin(api: httpx.Client) -> None:
    create(api, proxy="http://user:pass@proxy.test:8080", schedule={"intervals": [{"every": "1h"}]})
    [item] = api.get("jobs").json()
    project_id, schedule_id = item.pop("project_id"), item.pop("schedule_id")
    assert project_id == str(uuid.UUID(project_id))
    assert isinstance(schedule_id, str)
    assert item == {
        "id": "prices-daily",
        "workspace_id": WORKSPACE,
        "configuration": {"requestTimeout": 600},
        "payload": [{"apiName": "shopify/list", "parameters": {"pages": 2}, "requestTimeout": 600}],
        "sink": None,
        "schedule": {"intervals": [{"every": "1h"}]},
        "next_run_time": "2026-11-22T13:00:00.000Z",
        "last_run_time": None,
        "created_at": "2026-11-22T12:30:15.250Z",
        "auth_session": None,
        "notifications": None,
        "proxy": {"version": "v1", "url": "http://user:pass@proxy.test:8080"},
        "reason": None,
        "state": "ACTIVE",
        "source": "API",
    }


def test_details_have_a_camel_project_id_the_proxy_as_text_and_no_origin(api: httpx.Client) -> None:
    create(api, proxy="http://proxy.test:8080")
    [item] = api.get("jobs").json()
    details = api.get("jobs/prices-daily").json()
    assert details == {
        "id": "prices-daily",
        "configuration": {"requestTimeout": 600},
        "sink": None,
        "created_at": "2026-11-22T12:30:15.250Z",
        "next_run_time": None,
        "last_run_time": None,
        "state": "ACTIVE",
        "payload": [{"apiName": "shopify/list", "parameters": {"pages": 2}, "requestTimeout": 600}],
        "schedule": None,
        "projectId": item["project_id"],
        "auth_session": None,
        "proxy": "http://proxy.test:8080",
    }


def test_details_leave_an_unset_proxy_out_and_the_list_shows_null(api: httpx.Client) -> None:
    create(api)
    assert "proxy" not in api.get("jobs/prices-daily").json()
    assert api.get("jobs").json()[0]["proxy"] is None


def test_update_replaces_every_field_and_null_unsets_one(api: httpx.Client) -> None:
    create(api, schedule={"intervals": [{"every": 60_000}]}, auth_session={"id": "portal"})
    update: dict[str, Any] = {"payload": [], "configuration": {"maxConcurrentRequests": 4}, "schedule": None}
    response = api.put("jobs/prices-daily", json=update)
    assert (response.status_code, response.json()) == (
        200,
        {"id": "prices-daily", "message": "updated job successfully"},
    )
    details = api.get("jobs/prices-daily").json()
    assert details["payload"] == []
    assert details["configuration"] == {"maxConcurrentRequests": 4, "requestTimeout": 600}
    assert details["schedule"] is None
    assert details["auth_session"] is None
    assert details["created_at"] == "2026-11-22T12:30:15.250Z"


def test_delete_answers_204_without_a_body_and_the_job_is_gone(api: httpx.Client) -> None:
    create(api)
    response = api.delete("jobs/prices-daily")
    assert (response.status_code, response.content) == (204, b"")
    assert api.get("jobs").json() == []
    assert api.delete("jobs/prices-daily").status_code == 404


def test_pause_and_resume_answer_their_exact_words_and_the_list_says_why(api: httpx.Client) -> None:
    create(api)
    assert api.post("jobs/prices-daily/pause").json() == {"message": "Paused"}
    [item] = api.get("jobs").json()
    assert item["state"] == "PAUSED"
    assert item["reason"]["type"] == "paused"
    assert api.post("jobs/prices-daily/pause").json() == {"message": "Paused"}
    assert api.post("jobs/prices-daily/resume").json() == {"message": "Resumed"}
    [item] = api.get("jobs").json()
    assert (item["state"], item["reason"]) == ("ACTIVE", None)


def test_trigger_starts_a_run_that_can_be_listed_read_and_terminated(api: httpx.Client) -> None:
    create(api)
    assert api.get("jobs/prices-daily/runs").json() == {"jobRuns": [], "totalCount": 0}
    run_id = api.post("jobs/prices-daily/trigger").json()["jobRunId"]
    runs = api.get("jobs/prices-daily/runs").json()
    assert runs["totalCount"] == 1
    assert (runs["jobRuns"][0]["id"], runs["jobRuns"][0]["status"]) == (run_id, "PENDING")
    assert api.get("jobs").json()[0]["last_run_time"] == "2026-11-22T12:30:15.250Z"
    for _ in range(2):
        assert api.post(f"jobs/prices-daily/runs/{run_id}/terminate").status_code == 200
    run = api.get(f"jobs/prices-daily/runs/{run_id}").json()["jobRun"]
    assert (run["status"], run["type"], run["end_time"]) == (
        "TERMINATED",
        "MANUAL",
        "2026-11-22T12:30:15.250Z",
    )


def test_a_job_created_anew_has_no_runs_of_the_deleted_one(api: httpx.Client) -> None:
    create(api)
    api.post("jobs/prices-daily/trigger")
    api.delete("jobs/prices-daily")
    create(api)
    assert api.get("jobs/prices-daily/runs").json()["totalCount"] == 0
    assert api.get("jobs/prices-daily").json()["last_run_time"] is None


# -- jobs that the project's code declares


def test_code_jobs_refuse_update_and_delete_and_name_the_reason(
    emulator: Emulator, api: httpx.Client
) -> None:
    emulator.seed({**JOB, "id": "api"}, source="CODE")
    assert api.get("jobs").json()[0]["source"] == "CODE"
    for response in (api.put("jobs/api", json=UPDATE), api.delete("jobs/api")):
        status, code, message = refusal(response)
        assert (status, code) == (400, "bad-request")
        assert "managed by the project's code" in message
    assert [job["id"] for job in emulator.jobs()] == ["api"]


def test_code_jobs_can_be_paused_resumed_and_triggered(emulator: Emulator, api: httpx.Client) -> None:
    emulator.seed({**JOB, "id": "api"}, source="CODE")
    for verb in ("pause", "resume", "trigger"):
        assert api.post(f"jobs/api/{verb}").status_code == 200


def test_an_update_of_a_code_job_is_refused_before_its_body_is_judged(
    emulator: Emulator, api: httpx.Client
) -> None:
    emulator.seed(JOB, source="CODE")
    _, _, message = refusal(api.put("jobs/prices-daily", json={"payload": "wrong"}))
    assert "code" in message


def test_seeding_an_id_again_replaces_the_job_as_somebody_else_would(
    emulator: Emulator, api: httpx.Client
) -> None:
    create(api)
    emulator.seed({**JOB, "payload": []}, state="PAUSED")
    [item] = api.get("jobs").json()
    assert (item["payload"], item["state"]) == ([], "PAUSED")


# -- errors


@pytest.mark.parametrize(
    "path", ["", "jobs/", "jobs/prices-daily/", "jobs/prices-daily/stop", "job", "jobs/a/runs/b/c"]
)
def test_an_unknown_route_is_404_even_without_a_key(emulator: Emulator, path: str) -> None:
    with httpx.Client(transport=in_process(emulator)) as client:
        response = client.get(f"{BASE_URL}/{WORKSPACE}/projects/{PROJECT}/{path}")
        assert refusal(response) == (404, "not-found", "no such route")


@pytest.mark.parametrize("key", ["", "wrong", KEY.upper()])
def test_a_missing_or_wrong_key_is_401(emulator: Emulator, key: str) -> None:
    with project_client(emulator, key=key) as client:
        assert refusal(client.get("jobs"))[:2] == (401, "unauthorized")


def test_another_workspace_and_another_project_are_404(emulator: Emulator) -> None:
    with httpx.Client(transport=in_process(emulator), headers={"x-api-key": KEY}) as client:
        other = client.get(f"{BASE_URL}/{uuid.uuid4()}/projects/{PROJECT}/jobs")
        assert refusal(other) == (404, "not-found", "workspace not found")
    with project_client(emulator, project="other") as client:
        assert refusal(client.get("jobs")) == (404, "not-found", "project not found")


def test_an_emulator_without_names_takes_any_workspace_and_keeps_projects_apart() -> None:
    with new_emulator(workspace=None, projects=None) as emulator:
        for project in ("shop", "läden", "shop%20eu"):
            with project_client(emulator, project=project) as client:
                assert client.post("jobs", json=JOB).status_code == 201
                assert len(client.get("jobs").json()) == 1


def test_a_method_without_meaning_is_405_and_names_those_that_have_one(api: httpx.Client) -> None:
    response = api.patch("jobs/prices-daily", json={})
    assert refusal(response)[:2] == (405, "method-not-allowed")
    assert response.headers["allow"] == "DELETE, GET, PUT"
    assert api.get("jobs/prices-daily/pause").headers["allow"] == "POST"


def test_a_body_that_is_not_declared_as_json_is_400(api: httpx.Client) -> None:
    response = api.post("jobs", content=b"{}", headers={"content-type": "text/plain"})
    assert refusal(response)[:2] == (400, "bad-request")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff{}",
        b'{"id": NaN}',
        b'{"id": 1e999}',
        b'{"id": "\\u0000"}',
        b'{"id": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_a_body_that_no_json_column_could_hold_is_400(api: httpx.Client, body: bytes) -> None:
    response = api.post("jobs", content=body, headers={"content-type": "application/json"})
    status, _, message = refusal(response)
    assert status == 400
    assert message.startswith("the body ")


@pytest.mark.parametrize(
    "verb", ["", "/pause", "/resume", "/trigger", "/runs", "/runs/x", "/runs/x/terminate"]
)
def test_a_job_that_is_not_there_is_404_everywhere(api: httpx.Client, verb: str) -> None:
    method = "GET" if verb in ("", "/runs", "/runs/x") else "POST"
    assert refusal(api.request(method, f"jobs/missing-job{verb}")) == (404, "not-found", "job not found")


def test_an_id_that_is_taken_is_refused_and_the_job_stays_as_it_was(
    emulator: Emulator, api: httpx.Client
) -> None:
    create(api)
    response = api.post("jobs", json={**JOB, "payload": []})
    assert refusal(response) == (400, "bad-request", "a job with this id already exists")
    assert len(emulator.jobs()[0]["payload"]) == 1


def test_ids_differ_by_case(api: httpx.Client) -> None:
    create(api)
    create(api, id="PRICES-DAILY")
    assert api.get("jobs/Prices-Daily").status_code == 404


# -- the order of checks: each request below is wrong in all the later ways too


def request_with(emulator: Emulator, method: str, path: str, key: str = KEY) -> httpx.Response:
    with httpx.Client(transport=in_process(emulator), headers={"x-api-key": key}) as client:
        return client.request(method, f"{BASE_URL}/{path}", content=b"{", headers={"content-type": "text/x"})


def test_checks_come_in_the_order_route_key_project_method_json_existence(emulator: Emulator) -> None:
    jobs = f"{WORKSPACE}/projects/{PROJECT}/jobs"
    elsewhere = f"{WORKSPACE}/projects/other/jobs/missing-job"
    statuses = [
        request_with(emulator, "PATCH", "nowhere", key="wrong").status_code,
        request_with(emulator, "PATCH", elsewhere, key="wrong").status_code,
        request_with(emulator, "PATCH", elsewhere).status_code,
        request_with(emulator, "PATCH", f"{jobs}/missing-job").status_code,
        request_with(emulator, "PUT", f"{jobs}/missing-job").status_code,
    ]
    assert statuses == [404, 401, 404, 405, 400]


def test_existence_comes_before_the_schema_and_the_schema_before_the_duplicate(api: httpx.Client) -> None:
    assert api.put("jobs/missing-job", json={"payload": 1}).status_code == 404
    create(api)
    assert refusal(api.post("jobs", json={**JOB, "payload": 1}))[2] == "payload: expected array, got number"


# -- next_run_time


@pytest.mark.parametrize(
    ("schedule", "next_run_time"),
    [
        ({"intervals": [{"every": "1d"}]}, "2026-11-23T00:00:00.000Z"),
        ({"intervals": [{"every": "7d"}]}, "2026-11-26T00:00:00.000Z"),
        ({"calendars": [{}]}, "2026-11-23T00:00:00.000Z"),
        ({"calendars": [{"hour": "*"}]}, "2026-11-22T13:00:00.000Z"),
        ({"calendars": [{"dayOfWeek": "MONDAY", "hour": 6}]}, "2026-11-23T06:00:00.000Z"),
        ({"calendars": [{"month": "FEBRUARY", "dayOfMonth": 29}]}, "2028-02-29T00:00:00.000Z"),
        ({"calendars": [{"month": "FEBRUARY", "dayOfMonth": 30}]}, None),
        ({"calendars": [{"hour": []}]}, None),
        ({}, None),
        (None, None),
    ],
)
def test_next_run_time_is_that_of_the_schedule(
    api: httpx.Client, schedule: dict[str, Any] | None, next_run_time: str | None
) -> None:
    create(api, schedule=schedule)
    assert api.get("jobs/prices-daily").json()["next_run_time"] == next_run_time
    assert api.get("jobs").json()[0]["next_run_time"] == next_run_time


def test_the_clock_is_the_one_that_was_given() -> None:
    hours = iter(range(100))
    with (
        new_emulator(now=lambda: NOW + timedelta(hours=next(hours))) as emulator,
        project_client(emulator) as api,
    ):
        create(api, schedule={"calendars": [{"hour": "*"}]})
        first, second = (api.get("jobs/prices-daily").json()["next_run_time"] for _ in range(2))
        assert first < second


def test_2025_shows_neither_notifications_nor_source() -> None:
    with new_emulator(switches=Switches(era=2025)) as emulator, project_client(emulator) as api:
        create(api, notifications=[], configuration={"maxRuns": 3, "proxy": "http://proxy.test"})
        [item] = api.get("jobs").json()
        assert not {"notifications", "source"} & {*item}
        assert item["configuration"] == {"requestTimeout": 600}
