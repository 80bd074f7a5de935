"""Two jobs are the same iff they mean the same to the platform: each trap as a pair."""

from __future__ import annotations

from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from strategies import JSON, declared, job_bodies

from jobsync.model.canonical import canonical
from jobsync.model.job import JOBS, Job
from jobsync.model.values import canonical_text


def body(**fields: Any) -> dict[str, Any]:
    return {"payload": [], "configuration": {}, **fields}


def calendar(**fields: Any) -> dict[str, Any]:
    return body(schedule={"calendars": [fields]})


def item(**fields: Any) -> dict[str, Any]:
    return body(payload=[{"apiName": "a", "parameters": {}, **fields}])


WEBHOOK = {"type": "webhook", "url": "https://x.example"}

SAME = {
    "an absent request timeout is 600": (body(), body(configuration={"requestTimeout": 600})),
    "an absent retry is three attempts": (body(), body(configuration={"retry": {"maximumAttempts": 3}})),
    "an empty retry is three attempts": (body(), body(configuration={"retry": {}})),
    "an item's absent timeout is 600": (item(), item(requestTimeout=600)),
    "an item's empty retry is three attempts": (item(retry={}), item(retry={"maximumAttempts": 3})),
    "absent parameters of 2024 are none": (item(), body(payload=[{"apiName": "a"}])),
    "an absent sink is null": (body(), body(sink=None)),
    "a sink skips nothing by default": (body(sink=WEBHOOK), body(sink={**WEBHOOK, "skipOnFail": False})),
    "a sink's absent and null keys": (body(sink=WEBHOOK), body(sink={**WEBHOOK, "apisToSend": None})),
    "no headers are absent headers": (body(sink=WEBHOOK), body(sink={**WEBHOOK, "headers": {}})),
    "the order of apisToSend": (
        body(sink={**WEBHOOK, "apisToSend": ["a", "b", "a"]}),
        body(sink={**WEBHOOK, "apisToSend": ["b", "a"]}),
    ),
    "a session checks three times": (
        body(auth_session={"id": "s"}),
        body(auth_session={"id": "s", "checkAttempts": 3, "createAttempts": 3}),
    ),
    "the list's proxy object": (body(proxy="http://p"), body(proxy={"version": "v1", "url": "http://p"})),
    "units of a duration": (
        body(schedule={"intervals": [{"every": "1h"}]}),
        body(schedule={"intervals": [{"every": "60 minutes"}, {"every": 3_600_000}]}),
    ),
    "a number and the list of it": (calendar(hour=5), calendar(hour=[5, 5])),
    "a number and its range": (calendar(hour=5), calendar(hour={"start": 5, "step": 1, "end": 5})),
    "a start alone, above zero": (calendar(hour=5), calendar(hour={"start": 5})),
    "every is the full range": (calendar(hour="*"), calendar(hour={"start": 0, "end": 23})),
    "every is an absent day": (calendar(), calendar(dayOfMonth="*", month="*", dayOfWeek="*", year="*")),
    "an absent hour is 0": (calendar(), calendar(hour=0, minute=0, second=0)),
    "steps are the values they reach": (
        calendar(minute={"start": 0, "step": 15, "end": 59}),
        calendar(minute=[45, 0, 30, 15]),
    ),
    "the order of calendars": (
        body(schedule={"calendars": [{"hour": 1}, {"hour": 2}]}),
        body(schedule={"calendars": [{"hour": 2}, {"hour": 1}, {"hour": 1}]}),
    ),
    "a schedule that never fires is none": (body(), body(schedule={"intervals": [], "calendars": []})),
    "an absent jitter is none": (
        body(schedule={"intervals": [{"every": "1h"}]}),
        body(schedule={"intervals": [{"every": "1h"}], "jitter": "0s"}),
    ),
    "2.0 is 2": (item(parameters={"n": 2.0}), item(parameters={"n": 2})),
    "the order of keys": (item(parameters={"a": 1, "b": 2}), item(parameters={"b": 2, "a": 1})),
    "no notifications": (body(), body(notifications=[])),
    "the order of notifications": (
        body(notifications=[{"type": "webhook", "url": "u1"}, {"type": "webhook", "url": "u2"}]),
        body(
            notifications=[
                {"type": "webhook", "url": "u2"},
                {"type": "webhook", "url": "u1", "headers": None},
            ]
        ),
    ),
    "keys nobody knows": (body(), body(configuration={"future": 1}, shiny=True)),
}

DIFFERENT = {
    "true is not 1": (item(parameters={"n": True}), item(parameters={"n": 1})),
    "null is not absent in parameters": (item(parameters={"n": None}), item(parameters={})),
    "lists in parameters are ordered": (item(parameters={"n": [1, 2]}), item(parameters={"n": [2, 1]})),
    "the payload is ordered": (
        body(payload=[{"apiName": "a", "parameters": {}}, {"apiName": "b", "parameters": {}}]),
        body(payload=[{"apiName": "b", "parameters": {}}, {"apiName": "a", "parameters": {}}]),
    ),
    "an item twice is not once": (
        body(payload=[{"apiName": "a", "parameters": {}}] * 2),
        body(payload=[{"apiName": "a", "parameters": {}}]),
    ),
    "an item's retry is not the absent one": (item(), item(retry={"maximumAttempts": 3})),
    "a start of zero alone is not zero": (calendar(hour=0), calendar(hour={"start": 0})),
    "a start of zero alone is not zero to one": (
        calendar(hour={"start": 0, "end": 1}),
        calendar(hour={"start": 0}),
    ),
    "a start of Sunday alone is not Sunday": (
        calendar(dayOfWeek="SUNDAY"),
        calendar(dayOfWeek={"start": "SUNDAY"}),
    ),
    "a comment is data": (calendar(comment="nightly"), calendar()),
    "apisToSend empty is not all": (body(sink=WEBHOOK), body(sink={**WEBHOOK, "apisToSend": []})),
    "sinks of two types": (
        body(sink=WEBHOOK),
        body(sink={"type": "s3", "bucket": "b", "region": "r", "accessKeyId": "x", "secretAccessKey": "y"}),
    ),
    "a header's name counts as typed": (
        body(sink={**WEBHOOK, "headers": {"X-A": "1"}}),
        body(sink={**WEBHOOK, "headers": {"x-a": "1"}}),
    ),
    "a limit is not no limit": (body(), body(configuration={"maxConcurrentRequests": 1})),
    "strings count exactly": (item(parameters={"n": "\u00e9"}), item(parameters={"n": "e\u0301"})),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME.keys())
def test_two_spellings_of_one_meaning_are_the_same(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert canonical(pair[0]) == canonical(pair[1])


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_two_meanings_are_different(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert canonical(pair[0]) != canonical(pair[1])


def test_under_order_irrelevant_the_payload_is_compared_as_a_multiset() -> None:
    items = [{"apiName": name, "parameters": {}} for name in "aab"]
    one = canonical(body(payload=items), is_unordered=True)

    assert one == canonical(body(payload=items[::-1]))
    assert one != canonical(body(payload=[*items, items[0]]))


def test_details_list_and_2024_spellings_of_one_job_are_the_same() -> None:
    common = {"id": "prices-1", "payload": [], "configuration": {}}
    listed = {
        **common,
        "proxy": {"version": "v1", "url": "http://p"},
        "auth_session": {"id": "s"},
        "state": "PAUSED",
    }
    detailed = {
        **common,
        "proxy": "http://p",
        "auth_session": {"id": "s"},
        "state": "PAUSED",
        "projectId": "p",
    }
    of_2024 = {**common, "proxy": "http://p", "authSession": {"id": "s"}, "state": {"status": "PAUSED"}}

    jobs = JOBS.validate_python([listed, detailed, of_2024])

    assert canonical(jobs[0].body()) == canonical(jobs[1].body()) == canonical(jobs[2].body())
    assert [job.is_paused for job in jobs] == [True] * 3
    assert [job.unknown for job in jobs] == [{}] * 3


@pytest.mark.parametrize("state", [None, {}, {"status": None}, "ACTIVE", {"status": "ACTIVE"}])
def test_a_state_of_any_era_without_a_status_is_active(state: object) -> None:
    assert not Job.model_validate({"id": "x", "state": state}).is_paused


def test_a_reason_and_a_time_of_unknown_form_are_no_reason_to_refuse_a_list() -> None:
    job = Job.model_validate({"id": "x", "reason": "why", "next_run_time": "soon", "created_at": 5.5})

    assert (job.reason, job.next_run_time) == (None, None)


def test_unknown_keys_are_kept_aside() -> None:
    job = Job.model_validate(
        {"id": "x", "tags": ["a"], "created_at": "2026-01-01T00:00:00Z", "message": "hello"}
    )

    assert job.unknown == {"tags": ["a"]}


@given(job_bodies())
@examples(200)
def test_a_job_is_the_same_as_its_body_sent_and_returned_in_any_key_order(raw: dict[str, Any]) -> None:
    sent = declared("prices-1", raw).job.body()
    returned = Job.model_validate({"id": "prices-1", **dict(reversed(sent.items()))})

    assert canonical(returned.body()) == canonical(sent)


@given(JSON, JSON)
def test_canonical_texts_are_equal_iff_the_values_are(one: Any, other: Any) -> None:
    def strict(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strict(item) for key, item in value.items()}
        if isinstance(value, list):
            return [strict(item) for item in value]
        return ("bool", value) if isinstance(value, bool) else value

    assert (canonical_text(one) == canonical_text(other)) == (strict(one) == strict(other))


@given(st.dictionaries(st.text(max_size=5), JSON))
def test_any_remote_body_has_a_canonical_form(junk: dict[str, Any]) -> None:
    for key in ("payload", "configuration", "schedule", "sink", "auth_session", "notifications", "proxy"):
        for value in junk.values():
            canonical({"payload": [], "configuration": {}, key: value})
