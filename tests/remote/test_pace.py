"""How long a client waits, and how one refused request slows all threads down."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_api import (
    BODY,
    CREATED,
    FOUND,
    GOOD_ANSWERS,
    JOB,
    LIMIT,
    NOT_THERE,
    TODAY,
    PatientTime,
    Reply,
    ScriptedApi,
    call,
    client_of,
)

from jobsync.errors import ApiError
from jobsync.remote.pace import (
    LARGEST_SPACING_S,
    LONGEST_PAUSE_S,
    TOTAL_PAUSE_S,
    Pace,
    Patience,
    seconds_asked,
)

# How long it waits


def test_pauses_grow_from_half_a_second_to_a_minute() -> None:
    pace = PatientTime().pace(chance=0.5)
    pauses = [pace.pause(retries, None, 0.0) for retries in range(14)]
    assert pauses[:4] == [0.5, 0.75, 1.125, 1.6875]
    assert pauses[-1] == LONGEST_PAUSE_S


@given(chance=st.floats(0, 1, exclude_max=True), retries=st.integers(0, 8))
def test_chance_spreads_pauses_by_half_in_both_directions(chance: float, retries: int) -> None:
    pause = PatientTime().pace(chance).pause(retries, None, 0.0)
    assert 0.5 * 0.5 * 1.5**retries <= pause <= 1.5 * 0.5 * 1.5**retries


@given(
    retries=st.integers(0, 20),
    asked=st.none() | st.integers(0, 10**9).map(str) | st.text(max_size=10),
    spent=st.floats(0, 2 * TOTAL_PAUSE_S),
)
def test_no_pause_is_longer_than_what_is_left(retries: int, asked: str | None, spent: float) -> None:
    pause = PatientTime().pace().pause(retries, asked, spent)
    assert 0 <= pause <= max(0.0, TOTAL_PAUSE_S - spent)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 120 ", 120),
        ("1.5", 1.5),
        (format_datetime(TODAY + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(TODAY - timedelta(seconds=90), usegmt=True), None),
        ("Sun, 22 Nov 2026 12:00:30", 30),
        ("", None),
        (None, None),
        ("-5", None),
        ("soon", None),
        ("9" * 400, None),
        ("1e9", None),
        ("Sun, 99 Nov 99999 99:99:99 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_asked(header, TODAY) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_is_too_strange(header: str) -> None:
    seconds = seconds_asked(header, TODAY)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("operation", ["update", "create"])
def test_what_the_api_asks_to_wait_is_waited(status: int, operation: str) -> None:
    clock = PatientTime()
    api = ScriptedApi(Reply(status, b"", {"Retry-After": "20"}), NOT_THERE, CREATED)
    if operation == "update" or status == 429:
        api.script = [api.script[0], Reply(201, {})]
    with client_of(api, clock) as client:
        call(client, operation)
    assert 20 <= sum(clock.waits) < 21


def test_a_date_to_wait_for_is_waited_for() -> None:
    clock = PatientTime()
    date = format_datetime(TODAY + timedelta(seconds=30), usegmt=True)
    api = ScriptedApi(Reply(503, b"", {"Retry-After": date}), GOOD_ANSWERS["update"])
    with client_of(api, clock) as client:
        client.update(JOB["id"], BODY)
    assert 30 <= sum(clock.waits) < 31


@pytest.mark.parametrize("operation", ["update", "create"])
@pytest.mark.parametrize("asked", ["45", "3600", "99999999"])
def test_no_call_waits_for_more_than_a_minute(operation: str, asked: str) -> None:
    clock = PatientTime()
    api = ScriptedApi(Reply(429, {"message": "quota"}, {"Retry-After": asked}))
    with client_of(api, clock) as client, pytest.raises(ApiError, match="quota"):
        call(client, operation)
    assert 1 < len(api.asked) <= 3
    assert 60 <= sum(clock.waits) <= 60 + LONGEST_PAUSE_S  # the gate is closed for what the last answer asked


def test_patience_is_for_so_many_attempts_and_so_many_seconds() -> None:
    clock = PatientTime()
    patience = Patience(clock.pace(), 3)
    assert [patience.wait(None) for _ in range(4)] == [True, True, False, False]
    impatient = Patience(clock.pace(), 10)
    assert [impatient.wait("50") for _ in range(3)] == [True, True, False]


# One slows down all


def test_a_refusal_for_haste_holds_every_request_of_the_client_back() -> None:
    clock = PatientTime()
    pace = clock.pace()
    assert pace.admit()
    pace.slow_down(clock.now, "10")
    assert clock.waits == []
    assert pace.admit()
    assert clock.now == pytest.approx(1010)


def test_without_a_word_about_it_the_gate_closes_for_a_second() -> None:
    clock = PatientTime()
    pace = clock.pace()
    pace.slow_down(clock.now, None)
    assert pace.admit()
    assert clock.now == pytest.approx(1001)


def test_a_gate_that_is_closed_longer_is_not_opened_earlier() -> None:
    clock = PatientTime()
    pace = clock.pace()
    pace.slow_down(clock.now, "30")
    pace.slow_down(clock.now, "1")
    assert pace.admit()
    assert clock.now == pytest.approx(1030)


def test_after_a_refusal_requests_follow_each_other_at_a_distance() -> None:
    clock = PatientTime()
    pace = clock.pace()
    pace.slow_down(clock.now, "1")
    starts = []
    for _ in range(4):
        assert pace.admit()
        starts.append(round(clock.now - 1000, 3))
    assert starts == [1.0, 1.05, 1.1, 1.15]


def test_a_burst_that_is_refused_together_counts_once() -> None:
    clock = PatientTime()
    pace = clock.pace()
    sent_at = clock.now
    for _ in range(20):
        clock.now += 0.001
        pace.slow_down(sent_at, "1")
    pace.admit()
    opened = clock.now
    pace.admit()
    assert clock.now - opened == pytest.approx(0.05)


def test_distances_grow_with_each_refusal_and_have_a_limit() -> None:
    clock = PatientTime()
    pace = clock.pace()
    distances = []
    for _ in range(8):
        pace.slow_down(clock.now, "0")
        pace.admit()
        opened = clock.now
        pace.admit()
        distances.append(round(clock.now - opened, 3))
    assert distances == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, LARGEST_SPACING_S]


def test_good_answers_bring_requests_together_again() -> None:
    clock = PatientTime()
    pace = clock.pace()
    pace.slow_down(clock.now, "0")
    for _ in range(60):
        pace.speed_up()
    pace.admit()
    opened = clock.now
    for _ in range(20):
        pace.admit()
    assert clock.now == opened


def test_one_refused_request_holds_back_what_the_same_client_sends_next() -> None:
    clock = PatientTime()
    api = ScriptedApi(Reply(429, b"", {"Retry-After": "30"}), Reply(200, []), FOUND)
    with client_of(api, clock, max_attempts=1) as client:
        with pytest.raises(ApiError):
            client.list()
        client.list()
        client.get(JOB["id"])
    assert clock.waits == pytest.approx([30.0, 0.05])


def test_the_gate_of_one_client_is_not_that_of_another() -> None:
    api = ScriptedApi(LIMIT, Reply(200, []))
    first, second = PatientTime(), PatientTime()
    with client_of(api, first, max_attempts=1) as client, pytest.raises(ApiError):
        client.list()
    with client_of(api, second) as client:
        client.list()
    assert second.waits == []


def test_twenty_threads_respect_a_limit_together() -> None:
    """The API takes 5 requests in each tenth of a second; without the gate 20 threads are refused often."""
    began = time.monotonic()
    lock = threading.Lock()
    taken: dict[int, int] = {}
    refused = []

    def limited(request: httpx.Request) -> httpx.Response:
        with lock:
            window = int((time.monotonic() - began) * 10)
            taken[window] = taken.get(window, 0) + 1
            if taken[window] > 5:
                refused.append(request)
                return httpx.Response(429, headers={"Retry-After": "0.1"})
        return httpx.Response(200, json=JOB)

    client = client_of(ScriptedApi(), transport=httpx.MockTransport(limited), pace=Pace(threading.Event()))
    with client, ThreadPoolExecutor(20) as pool:
        assert all(pool.map(lambda _: client.get(JOB["id"]) is not None, range(60)))
    assert len(refused) < 30
