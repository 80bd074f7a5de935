"""What the Jobs API takes in a create or an update, what it fills in, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from emulators import new_emulator, project_client

from jobsync.emulator.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

JOB: dict[str, Any] = {"id": "prices-daily", "payload": [], "configuration": {}}
S3 = {"type": "s3", "bucket": "b", "region": "r", "accessKeyId": "AKIA", "secretAccessKey": "s3cr3t"}


@pytest.fixture
def api() -> Iterator[httpx.Client]:
    with new_emulator() as emulator, project_client(emulator) as client:
        yield client


def stored(api: httpx.Client, **fields: Any) -> Any:
    """Create a job and return it as the list shows it."""
    response = api.post("jobs", json={**JOB, **fields})
    assert response.status_code == 201, response.text
    [item] = api.get("jobs").json()
    return item


def problem(api: httpx.Client, **fields: Any) -> str:
    """Return the first problem of a job that must be refused."""
    response = api.post("jobs", json={**JOB, **fields})
    assert response.status_code == 400, response.text
    return str(response.json()["message"])


def test_defaults_are_filled_in_at_every_level(api: httpx.Client) -> None:
    item = stored(
        api,
        payload=[{"apiName": "a", "parameters": {}, "retry": {}}, {"apiName": "b", "parameters": {}}],
        configuration={"retry": {}},
        sink={"type": "webhook", "url": "https://hook.test"},
        auth_session={"id": "portal"},
    )
    assert item["payload"][0]["retry"] == {"maximumAttempts": 3}
    assert "retry" not in item["payload"][1]
    assert [one["requestTimeout"] for one in item["payload"]] == [600, 600]
    assert item["configuration"] == {"retry": {"maximumAttempts": 3}, "requestTimeout": 600}
    assert item["sink"] == {"type": "webhook", "url": "https://hook.test", "skipOnFail": False}
    assert item["auth_session"] == {"id": "portal", "checkAttempts": 3, "createAttempts": 3}


def test_everything_optional_reads_back_as_it_was_sent(api: httpx.Client) -> None:
    sent: dict[str, Any] = {
        "payload": [{"apiName": "a/b", "parameters": {"x": None, "y": [1, {"z": "ü"}]}, "requestTimeout": 5}],
        "configuration": {
            "retry": {"maximumAttempts": 1},
            "maxConcurrentRequests": 2.5,
            "requestTimeout": 30,
            "maxRuns": 7,
            "proxy": "http://proxy.test",
        },
        "schedule": {"jitter": "10m", "intervals": [{"every": "6h"}], "calendars": [{"comment": "x"}]},
        "sink": {
            **S3,
            "prefix": "p/",
            "skipOnFail": True,
            "apisToSend": [],
            "endpoint": "https://store.test",
            "forcePathStyle": False,
        },
        "auth_session": {"id": "portal", "checkAttempts": 1, "createAttempts": 2, "saveTrace": True},
        "notifications": [{"type": "webhook", "url": "https://hook.test", "headers": {"X-Token": "t"}}],
    }
    item = stored(api, **sent)
    assert {key: item[key] for key in sent} == sent


def test_numbers_are_those_of_javascript(api: httpx.Client) -> None:
    parameters = {"whole": 2.0, "half": 2.5, "hundred": 1e2, "beyond": 2**53 + 1, "flag": True}
    item = stored(api, payload=[{"apiName": "a", "parameters": parameters}])
    shown = item["payload"][0]["parameters"]
    assert shown == {"whole": 2, "half": 2.5, "hundred": 100, "beyond": 2**53, "flag": True}
    assert [type(shown[key]) for key in ("whole", "hundred", "flag")] == [int, int, bool]


def test_the_order_of_the_payload_and_its_duplicates_stay(api: httpx.Client) -> None:
    items: list[dict[str, Any]] = [{"apiName": name, "parameters": {}} for name in ("b", "a", "b")]
    assert [one["apiName"] for one in stored(api, payload=items)["payload"]] == ["b", "a", "b"]


@pytest.mark.parametrize(
    "job_id", ["short", "with space", "slash/slash", "dots.dots", "ümlaut-1", "newline\n"]
)
def test_an_id_that_breaks_the_rules_is_refused(api: httpx.Client, job_id: str) -> None:
    assert problem(api, id=job_id).startswith("id: must ")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": None}, "id: expected string, got null"),
        ({"payload": None}, "payload: expected array, got null"),
        ({"payload": [{"parameters": {}}]}, "payload[0].apiName: required"),
        ({"payload": [{"apiName": "a"}]}, "payload[0].parameters: required"),
        (
            {"payload": [{"apiName": "a", "parameters": []}]},
            "payload[0].parameters: expected object, got array",
        ),
        (
            {"payload": [{"apiName": "a", "parameters": {}, "requestTimeout": "5"}]},
            "payload[0].requestTimeout: expected integer, got string",
        ),
        ({"configuration": None}, "configuration: expected object, got null"),
        ({"configuration": {"retry": None}}, "configuration.retry: expected object, got null"),
        (
            {"configuration": {"retry": {"maximumAttempts": 0}}},
            "configuration.retry.maximumAttempts: must be at least 1",
        ),
        (
            {"configuration": {"requestTimeout": True}},
            "configuration.requestTimeout: expected integer, got boolean",
        ),
        (
            {"configuration": {"maxConcurrentRequests": "2"}},
            "configuration.maxConcurrentRequests: expected number, got string",
        ),
        ({"proxy": {"version": "v1", "url": "x"}}, "proxy: expected string, got object"),
        ({"auth_session": {}}, "auth_session.id: required"),
        ({"sink": {}}, "sink.type: expected one of webhook, s3"),
        ({"sink": {"type": "ftp"}}, "sink.type: expected one of webhook, s3"),
        ({"sink": []}, "sink: expected object, got array"),
        ({"sink": {"type": "webhook"}}, "sink.url: required"),
        (
            {"sink": {"type": "webhook", "url": "u", "headers": {"X": 1}}},
            "sink.headers.X: expected string, got number",
        ),
        ({"sink": {**S3, "skipOnFail": None}}, "sink.skipOnFail: expected boolean, got null"),
        ({"notifications": [{"type": "mail"}]}, "notifications[0].type: expected one of webhook"),
        ({"schedule": {"intervals": [{}]}}, "schedule.intervals[0].every: required"),
        (
            {"schedule": {"intervals": [{"every": "1h30m"}]}},
            "schedule.intervals[0].every: expected a duration such as 30s, 10m or 1 day",
        ),
        (
            {"schedule": {"intervals": [{"every": 999}]}},
            "schedule.intervals[0].every: must be at least 1000 ms",
        ),
        ({"schedule": {"jitter": "-1s"}}, "schedule.jitter: must be at least 0 ms"),
        ({"schedule": {"jitter": 1.5}}, "schedule.jitter: expected integer milliseconds or a duration"),
    ],
)
def test_a_body_outside_the_schema_is_refused_with_its_place(
    api: httpx.Client, fields: dict[str, Any], message: str
) -> None:
    assert problem(api, **fields) == message


@pytest.mark.parametrize("body", ["[]", '"x"', "1", "null"])
def test_a_body_that_is_no_object_is_refused(api: httpx.Client, body: str) -> None:
    response = api.post("jobs", content=body, headers={"content-type": "application/json"})
    assert response.json()["message"].startswith("body: expected object")


def test_all_problems_are_listed_and_no_value_is_repeated(api: httpx.Client) -> None:
    sink = {**S3, "secretAccessKey": ["s3cr3t"], "bucket": 1}
    response = api.post("jobs", json={**JOB, "sink": sink, "proxy": ["http://u:s3cr3t@h"]})
    assert [issue["path"] for issue in response.json()["details"]["issues"]] == [
        ["sink", "bucket"],
        ["sink", "secretAccessKey"],
        ["proxy"],
    ]
    assert "s3cr3t" not in response.text


@pytest.mark.parametrize("missing", ["payload", "configuration"])
def test_an_update_is_no_patch(api: httpx.Client, missing: str) -> None:
    stored(api)
    body = {key: item for key, item in JOB.items() if key not in ("id", missing)}
    response = api.put("jobs/prices-daily", json=body)
    assert (response.status_code, response.json()["message"]) == (400, f"{missing}: required")


def test_state_and_origin_cannot_be_written(api: httpx.Client) -> None:
    item = stored(api, state="PAUSED", source="CODE", created_at="1999-01-01T00:00:00Z")
    assert (item["state"], item["source"]) == ("ACTIVE", "API")
    assert not item["created_at"].startswith("1999")


def test_an_update_cannot_change_the_id(api: httpx.Client) -> None:
    stored(api)
    assert api.put("jobs/prices-daily", json={**JOB, "id": "another-one"}).json()["id"] == "prices-daily"


# -- calendars


@pytest.mark.parametrize(
    "value",
    [
        0,
        59,
        "*",
        [],
        [1, {"start": 5}, {"start": 7, "end": 9}],
        {"start": 0, "step": 15, "end": 59},
        {"start": 3},
    ],
)
def test_a_calendar_field_in_any_of_its_shapes_reads_back_as_sent(api: httpx.Client, value: object) -> None:
    schedule = {"calendars": [{"minute": value}]}
    assert stored(api, schedule=schedule)["schedule"] == schedule


def test_a_range_with_a_step_but_no_end_loses_the_step_without_a_word(api: httpx.Client) -> None:
    item = stored(api, schedule={"calendars": [{"minute": {"start": 5, "step": 15}}]})
    assert item["schedule"] == {"calendars": [{"minute": {"start": 5}}]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("second", 60),
        ("minute", -1),
        ("hour", 24),
        ("hour", "5"),
        ("hour", 5.5),
        ("hour", True),
        ("hour", None),
        ("hour", ["*"]),
        ("hour", {"end": 5}),
        ("hour", {"start": 1, "step": 0, "end": 25}),
        ("dayOfMonth", 0),
        ("dayOfMonth", 32),
        ("dayOfWeek", 1),
        ("dayOfWeek", "monday"),
        ("month", 1),
        ("month", "JAN"),
        ("year", 26),
    ],
)
def test_a_calendar_field_outside_its_range_is_refused(api: httpx.Client, field: str, value: object) -> None:
    message = problem(api, schedule={"calendars": [{field: value}]})
    assert message.startswith(f"schedule.calendars[0].{field}: expected ")


# -- unknown keys

TYPOS = {
    "payload": [{"apiName": "a", "parameters": {}, "timeout": 5}],
    "configuration": {"maxConcurrency": 5},
    "schedule": {"cron": "* * * * *", "calendars": [{"hours": 5}]},
    "sink": {"type": "webhook", "url": "https://hook.test", "retries": 5},
    "authSession": {"id": "portal"},
}


def test_unknown_keys_vanish_without_a_word(api: httpx.Client) -> None:
    item = stored(api, **TYPOS)
    assert item["payload"] == [{"apiName": "a", "parameters": {}, "requestTimeout": 600}]
    assert item["configuration"] == {"requestTimeout": 600}
    assert item["schedule"] == {"calendars": [{}]}
    assert item["sink"] == {"type": "webhook", "url": "https://hook.test", "skipOnFail": False}
    assert item["auth_session"] is None
    assert "authSession" not in item


def test_unknown_keys_may_be_refused_each_with_its_place() -> None:
    with new_emulator(switches=Switches(unknown_keys="refused")) as emulator, project_client(emulator) as api:
        response = api.post("jobs", json={**JOB, **TYPOS})
        assert response.status_code == 400
        issues = {tuple(issue["path"]): issue["message"] for issue in response.json()["details"]["issues"]}
        assert issues == dict.fromkeys(
            [
                ("payload", 0, "timeout"),
                ("configuration", "maxConcurrency"),
                ("schedule", "cron"),
                ("schedule", "calendars", 0, "hours"),
                ("sink", "retries"),
                ("authSession",),
            ],
            "unrecognized key",
        )


def test_unknown_keys_may_be_kept_but_never_those_that_only_the_platform_writes() -> None:
    with new_emulator(switches=Switches(unknown_keys="kept")) as emulator, project_client(emulator) as api:
        item = stored(api, **TYPOS, state="PAUSED", project_id="mine")
        assert item["payload"][0]["timeout"] == 5
        assert item["configuration"]["maxConcurrency"] == 5
        assert item["schedule"]["calendars"] == [{"hours": 5}]
        assert item["authSession"] == {"id": "portal"}
        assert item["state"] == "ACTIVE"
        assert item["project_id"] != "mine"
        assert api.get("jobs/prices-daily").json()["authSession"] == {"id": "portal"}


def test_to_2025_the_fields_of_2026_are_unknown_keys() -> None:
    fields = {
        "configuration": {"maxRuns": 1},
        "notifications": [],
        "auth_session": {"id": "p", "saveTrace": True},
    }
    with (
        new_emulator(switches=Switches(era=2025, unknown_keys="refused")) as emulator,
        project_client(emulator) as api,
    ):
        issues = api.post("jobs", json={**JOB, **fields}).json()["details"]["issues"]
        assert [issue["path"] for issue in issues] == [
            ["configuration", "maxRuns"],
            ["auth_session", "saveTrace"],
            ["notifications"],
        ]
