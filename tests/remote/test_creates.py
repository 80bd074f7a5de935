"""A create is sent once for certain: what is done when nobody knows what became of it."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scripted_api import (
    BODY,
    BUSY,
    CREATED,
    FOUND,
    JOB,
    LIMIT,
    LOST,
    NOT_THERE,
    UNSENT,
    Reply,
    ScriptedApi,
    client_at,
    client_of,
    http_bytes,
    raw_server,
)

from jobsync.errors import ApiError, ConnectionFailed, JobExists, RemoteError
from jobsync.remote.creation import Verdict, judge


@pytest.mark.parametrize(
    "trouble", [*(Reply(status) for status in (500, 502, 503, 504, 520)), *LOST], ids=repr
)
def test_a_create_that_may_have_been_done_is_looked_up_before_it_is_repeated(trouble: Any) -> None:
    found = ScriptedApi(trouble, FOUND)
    with client_of(found) as client:
        assert client.create(JOB["id"], BODY) is False
    assert found.sequence == ["POST", "GET /prices-daily"]
    not_found = ScriptedApi(trouble, NOT_THERE, CREATED)
    with client_of(not_found) as client:
        assert client.create(JOB["id"], BODY) is True
    assert not_found.sequence == ["POST", "GET /prices-daily", "POST"]


@pytest.mark.parametrize(
    "answer", [Reply(200, b"<html>"), Reply(200, b""), Reply(202, {}), Reply(200, {"id": "x"})]
)
def test_a_success_that_says_nothing_is_looked_up(answer: Reply) -> None:
    api = ScriptedApi(answer, FOUND)
    with client_of(api) as client:
        assert client.create(JOB["id"], BODY) is False
    assert api.sequence == ["POST", "GET /prices-daily"]


@pytest.mark.parametrize("trouble", [LIMIT, *UNSENT], ids=repr)
def test_a_create_that_was_certainly_not_done_is_simply_repeated(trouble: Any) -> None:
    api = ScriptedApi(trouble, CREATED)
    with client_of(api) as client:
        assert client.create(JOB["id"], BODY) is True
    assert api.sequence == ["POST", "POST"]


@pytest.mark.parametrize("status", [400, 409])
def test_an_id_that_was_perhaps_taken_by_ourselves_is_no_conflict(status: int) -> None:
    api = ScriptedApi(httpx.ReadTimeout("silence"), NOT_THERE, Reply(status, {"message": "duplicate"}), FOUND)
    with client_of(api) as client:
        assert client.create(JOB["id"], BODY) is False


@pytest.mark.parametrize("trouble", [LIMIT, *UNSENT], ids=repr)
def test_an_id_that_cannot_have_been_taken_by_ourselves_is_a_conflict(trouble: Any) -> None:
    api = ScriptedApi(trouble, Reply(409, {"message": "duplicate"}), FOUND)
    with client_of(api) as client, pytest.raises(JobExists, match="duplicate"):
        client.create(JOB["id"], BODY)


def test_where_nobody_knows_a_create_is_not_repeated() -> None:
    api = ScriptedApi(httpx.ReadError("reset"), Reply(500))
    with client_of(api) as client, pytest.raises(ConnectionFailed) as failed:
        client.create(JOB["id"], BODY)
    assert api.sequence.count("POST") == 1
    assert failed.value.hint == "it may have been done all the same: run `jobsync plan` to see"


@pytest.mark.parametrize("refusal", [Reply(401), Reply(403), Reply(404), Reply(422)])
def test_a_refusal_after_a_doubt_does_not_end_the_doubt(refusal: Reply) -> None:
    """A 4xx would tell the caller that nothing was made."""
    api = ScriptedApi(Reply(504, b"<title>gateway</title>"), NOT_THERE, refusal)
    with client_of(api) as client, pytest.raises(ApiError, match="504: gateway"):
        client.create(JOB["id"], BODY)


def test_a_refusal_after_a_doubt_counts_where_the_job_is_looked_up_and_not_there() -> None:
    api = ScriptedApi(Reply(504), NOT_THERE, Reply(400, {"message": "bad schedule"}), NOT_THERE)
    with client_of(api) as client, pytest.raises(ApiError, match="bad schedule"):
        client.create(JOB["id"], BODY)


def test_a_create_ends_after_the_last_attempt() -> None:
    api = ScriptedApi(*[BUSY, NOT_THERE] * 9)
    with client_of(api, max_attempts=3) as client, pytest.raises(ApiError, match="503: busy"):
        client.create(JOB["id"], BODY)
    assert api.sequence.count("POST") == 3


@given(
    outcomes=st.lists(
        st.sampled_from([*LOST, *UNSENT, BUSY, LIMIT, Reply(500), Reply(400), CREATED]), max_size=8
    ),
    is_there=st.lists(st.booleans(), min_size=9, max_size=9),
)
@examples(200)
def test_a_create_is_never_sent_again_while_nobody_knows(outcomes: list[Any], is_there: list[bool]) -> None:
    posts = iter([*outcomes, CREATED, CREATED])
    lookups = iter([*is_there, *[True] * 9])
    log: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            there = next(lookups)
            log.append("there" if there else "not there")
            return httpx.Response(200, json=JOB) if there else httpx.Response(404)
        outcome = next(posts)
        log.append("doubt" if outcome in LOST or outcome is BUSY or outcome == Reply(500) else "post")
        if isinstance(outcome, Exception):
            raise outcome
        return httpx.Response(outcome.status, content=outcome.content)

    with client_of(ScriptedApi(), transport=httpx.MockTransport(answer)) as client:
        try:
            made = client.create(JOB["id"], BODY)
        except RemoteError:
            made = False
    followers = [after for before, after in itertools.pairwise(log) if before == "doubt"]
    assert set(followers) <= {"there", "not there"}
    assert log.count("there") <= 1
    assert not made or log[-1] == "post"


@pytest.mark.parametrize("status", [200, 201])
def test_a_success_that_is_cut_short_counts_by_its_status(status: int) -> None:
    half = http_bytes(b'{"id": "prices', status=f"{status} OK", length=99)
    with raw_server(half, http_bytes(b'{"id": "prices-daily"}')) as (url, requests), client_at(url) as client:
        assert client.create(JOB["id"], BODY) is (status == 201)
    assert len(requests) == (1 if status == 201 else 2)


def test_every_status_has_a_verdict() -> None:
    from jobsync.remote.answers import Answer

    verdicts = {status: judge(Answer("POST /jobs", status, b""), JOB["id"]) for status in range(200, 600)}
    assert {status for status, verdict in verdicts.items() if verdict is Verdict.MADE} == {201}
    assert {status for status, verdict in verdicts.items() if verdict is Verdict.NOT_MADE} == {429}
    assert {status for status, verdict in verdicts.items() if verdict is Verdict.PERHAPS_TAKEN} == {400, 409}
    unknown = {status for status, verdict in verdicts.items() if verdict is Verdict.UNKNOWN}
    assert unknown == {*range(200, 300), *range(500, 600)} - {201}
