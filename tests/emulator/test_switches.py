"""Each thing the contract leaves open, under each of its answers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from emulators import new_emulator, project_client, switches
from examples import examples
from hypothesis import given

from jobsync.emulator.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from jobsync.emulator.app import Emulator

JOB: dict[str, Any] = {"id": "prices-daily", "payload": [], "configuration": {}}
UPDATE: dict[str, Any] = {"payload": [], "configuration": {}}
WEBHOOK = {
    "type": "webhook",
    "url": "https://user:pass@hook.test/in?token=abcdefgh#top",
    "headers": {"Authorization": "Bearer abcdefgh"},
    "skipOnFail": False,
}


@contextmanager
def platform(**answers: Any) -> Iterator[tuple[Emulator, httpx.Client]]:
    with new_emulator(switches=Switches(**answers)) as emulator, project_client(emulator) as api:
        yield emulator, api


def shown(api: httpx.Client, **fields: Any) -> Any:
    """Create a job and return its list item."""
    assert api.post("jobs", json={**JOB, **fields}).status_code == 201
    [item] = api.get("jobs").json()
    return item


@pytest.mark.parametrize(("status", "code"), [(400, "bad-request"), (409, "conflict")])
def test_duplicate_id_status(status: int, code: str) -> None:
    with platform(duplicate_id_status=status) as (_, api):
        shown(api)
        response = api.post("jobs", json=JOB)
        assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize("status", [400, 403, 409])
def test_code_refusal_status(status: int) -> None:
    with platform(code_refusal_status=status) as (emulator, api):
        emulator.seed(JOB, source="CODE")
        for response in (api.put("jobs/prices-daily", json=UPDATE), api.delete("jobs/prices-daily")):
            assert response.status_code == status
            assert "code" in response.json()["message"]


def test_pausing_twice_may_be_refused() -> None:
    with platform(pausing_twice="refused") as (_, api):
        shown(api)
        statuses = [
            api.post(f"jobs/prices-daily/{verb}").status_code
            for verb in ("resume", "pause", "pause", "resume", "resume")
        ]
        assert statuses == [400, 200, 400, 200, 400]


def test_without_put_an_update_is_405_and_the_job_stays() -> None:
    with platform(has_put=False) as (_, api):
        before = shown(api, payload=[{"apiName": "a", "parameters": {}}])
        response = api.put("jobs/prices-daily", json=UPDATE)
        assert (response.status_code, response.headers["allow"]) == (405, "DELETE, GET")
        assert api.get("jobs").json() == [before]


def test_put_status() -> None:
    with platform(put_status=201) as (_, api):
        shown(api)
        assert api.put("jobs/prices-daily", json=UPDATE).status_code == 201


def test_put_may_keep_what_it_leaves_out_but_null_still_clears() -> None:
    schedule = {"intervals": [{"every": "1h"}]}
    with platform(put_omitted="keeps") as (_, api):
        shown(api, schedule=schedule, sink=WEBHOOK)
        api.put("jobs/prices-daily", json={**UPDATE, "sink": None})
        details = api.get("jobs/prices-daily").json()
        assert (details["schedule"], details["sink"]) == (schedule, None)


@pytest.mark.parametrize(("keeps", "state"), [(True, "PAUSED"), (False, "ACTIVE")])
def test_put_may_unpause(keeps: bool, state: str) -> None:  # noqa: FBT001  a parametrized value
    with platform(put_keeps_paused=keeps) as (_, api):
        shown(api)
        api.post("jobs/prices-daily/pause")
        api.put("jobs/prices-daily", json=UPDATE)
        [item] = api.get("jobs").json()
        assert item["state"] == state
        assert (item["reason"] is None) is (state == "ACTIVE")


def test_omitted_retries_and_concurrency_may_be_filled_in() -> None:
    with platform(fills_retry=True, fills_item_retry=True, max_concurrent_default=5) as (_, api):
        item = shown(api, payload=[{"apiName": "a", "parameters": {}}])
        assert item["configuration"] == {
            "requestTimeout": 600,
            "retry": {"maximumAttempts": 3},
            "maxConcurrentRequests": 5,
        }
        assert item["payload"][0]["retry"] == {"maximumAttempts": 3}


def test_nulls_may_be_left_out() -> None:
    with platform(nulls="omitted") as (_, api):
        item = shown(api, payload=[{"apiName": "a", "parameters": {"stays": None}}])
        assert None not in item.values()
        assert item["payload"][0]["parameters"] == {"stays": None}
        assert None not in api.get("jobs/prices-daily").json().values()


def ids(api: httpx.Client) -> list[str]:
    return [item["id"] for item in api.get("jobs").json()]


def test_the_list_may_come_in_any_order() -> None:
    names = [f"prices-{number:02}" for number in range(20)]
    orders: dict[str, list[list[str]]] = {}
    for order in ("insertion", "newest", "random", "random"):
        with platform(list_order=order, seed=7) as (emulator, api):
            for name in names:
                emulator.seed({**JOB, "id": name})
            orders.setdefault(order, []).append(ids(api) + ids(api))
    assert orders["insertion"] == [names + names]
    assert orders["newest"] == [names[::-1] + names[::-1]]
    once, again = orders["random"]
    assert once == again
    assert sorted(once[:20]) == names
    assert once[:20] != once[20:]


def test_a_schedule_may_read_back_as_temporal_encodes_it() -> None:
    schedule = {
        "jitter": "1.5m",
        "intervals": [{"every": "1 Hour"}, {"every": 90_000}],
        "calendars": [
            {
                "second": {"start": 0},
                "minute": 5,
                "hour": [1, {"start": 4, "end": 6}, {"start": 8, "step": 2, "end": 12}],
                "dayOfWeek": {"start": "SUNDAY"},
                "month": {"start": "MARCH"},
                "dayOfMonth": "*",
                "year": "*",
                "comment": "early",
            },
            {"hour": [], "dayOfWeek": {"start": "FRIDAY", "end": "MONDAY"}},
        ],
    }
    with platform(schedule_echo="canonical") as (emulator, api):
        item = shown(api, schedule=schedule)
        assert emulator.jobs()[0]["schedule"] == schedule
    assert item["schedule"] == {
        "jitter": 90_000,
        "intervals": [{"every": 3_600_000}, {"every": 90_000}],
        "calendars": [
            {
                "second": [{"start": 0, "end": 1, "step": 1}],
                "minute": [{"start": 5, "end": 5, "step": 1}],
                "hour": [
                    {"start": 1, "end": 1, "step": 1},
                    {"start": 4, "end": 6, "step": 1},
                    {"start": 8, "end": 12, "step": 2},
                ],
                "dayOfWeek": [{"start": "SUNDAY", "end": "MONDAY", "step": 1}],
                "month": [{"start": "MARCH", "end": "MARCH", "step": 1}],
                "dayOfMonth": [{"start": 1, "end": 31, "step": 1}],
                "year": [],
                "comment": "early",
            },
            {"hour": [], "dayOfWeek": [{"start": "FRIDAY", "end": "FRIDAY", "step": 1}]},
        ],
    }


SECRETS: dict[str, Any] = {
    "sink": WEBHOOK,
    "proxy": "http://user:pass@proxy.test:8080",
    "configuration": {"proxy": "http://proxy.test", "requestTimeout": 1},
    "notifications": [{"type": "webhook", "url": "https://hook.test?key=abcdefgh", "headers": {"X": "xyz"}}],
}


def test_secrets_may_be_masked_by_a_constant() -> None:
    with platform(secrets="masked") as (emulator, api):
        item = shown(api, **SECRETS)
        assert item["sink"]["url"] == "https://***@hook.test/in?***#top"
        assert item["sink"]["headers"] == {"Authorization": "***"}
        assert item["proxy"]["url"] == "http://***@proxy.test:8080"
        assert item["configuration"] == {"proxy": "http://proxy.test", "requestTimeout": 1}
        assert item["notifications"][0]["url"] == "https://hook.test?***"
        assert item["notifications"][0]["headers"] == {"X": "***"}
        assert api.get("jobs/prices-daily").json()["proxy"] == "http://***@proxy.test:8080"
        assert emulator.jobs()[0]["sink"] == WEBHOOK


def test_secrets_may_be_masked_in_part() -> None:
    s3 = {"type": "s3", "bucket": "b", "region": "r", "accessKeyId": "AKIAEXAMPLE", "secretAccessKey": "abc"}
    with platform(secrets="partly masked") as (_, api):
        item = shown(api, sink=s3)
        assert item["sink"]["accessKeyId"] == "AKIA*******"
        assert item["sink"]["secretAccessKey"] == "a***"


def test_secrets_may_be_another_token_at_every_read() -> None:
    with platform(secrets="random") as (_, api):
        tokens = {shown(api, **SECRETS)["sink"]["headers"]["Authorization"]}
        tokens |= {api.get("jobs").json()[0]["sink"]["headers"]["Authorization"] for _ in range(3)}
        assert len(tokens) == 4
        assert not any("*" in token or "abcd" in token for token in tokens)


def test_the_source_may_be_hidden() -> None:
    with platform(source="hidden") as (emulator, api):
        emulator.seed(JOB, source="CODE")
        assert "source" not in api.get("jobs").json()[0]
        assert api.delete("jobs/prices-daily").status_code == 400


@pytest.mark.parametrize(("answer", "is_null"), [("null", True), ("shown", False)])
def test_the_next_run_of_a_paused_job_may_be_shown(answer: str, is_null: bool) -> None:  # noqa: FBT001  a parametrized value
    with platform(paused_next_run=answer) as (_, api):
        shown(api, schedule={"intervals": [{"every": "1h"}]})
        api.post("jobs/prices-daily/pause")
        assert (api.get("jobs").json()[0]["next_run_time"] is None) is is_null


@pytest.mark.parametrize("unknown_keys", ["stripped", "kept", "refused"])
def test_extra_fields_appear_change_and_are_ignored_when_sent_back(unknown_keys: str) -> None:
    with platform(extra_fields=True, unknown_keys=unknown_keys) as (emulator, api):
        first = shown(api, sink=WEBHOOK)
        [second] = api.get("jobs").json()
        for place, stable, volatile in (
            (None, "tier", "revision"),
            ("configuration", "engine", "lease"),
            ("sink", "delivery", "lastDeliveryId"),
        ):
            one, two = ((item if place is None else item[place]) for item in (first, second))
            assert one[stable] == two[stable]
            assert one[volatile] != two[volatile]
        update = {key: second[key] for key in ("payload", "configuration", "sink", "tier", "revision")}
        assert api.put("jobs/prices-daily", json=update).status_code == 200
        assert emulator.jobs()[0]["sink"] == WEBHOOK
        assert emulator.jobs()[0]["configuration"] == {"requestTimeout": 600}


@examples(100)
@given(answers=switches())
def test_on_every_platform_a_job_can_be_made_seen_and_removed(answers: Switches) -> None:
    with new_emulator(switches=answers) as emulator, project_client(emulator) as api:
        item = shown(api, schedule={"calendars": [{"hour": 5}]}, proxy="http://user:pass@proxy.test")
        assert item["id"] == api.get("jobs/prices-daily").json()["id"]
        assert api.delete("jobs/prices-daily").status_code == 204
        assert emulator.jobs() == []
