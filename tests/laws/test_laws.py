"""The laws, over generated jobs and every answer of the API that nobody knows, with faults."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from emulators import BASE_URL, KEY, PROJECT, WORKSPACE, switches
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from strategies import JSON, declared, desired_sets, job_bodies
from worlds import Weather, World, world

from jobsync.emulator.faults import RandomFaults
from jobsync.errors import RemoteError, UnreadableAnswer
from jobsync.model.body import create_body
from jobsync.model.canonical import canonical
from jobsync.plan.change import Delete
from jobsync.remote.client import JobsClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobsync.emulator.switches import Switches
    from jobsync.model.desired import DesiredJob

MODEST = examples(60)
FOREIGN = {"id": "foreign-job", "payload": [], "configuration": {"maxConcurrentRequests": 9}}
CODE = {"id": "api", "payload": [], "configuration": {}}

ERAS = st.sampled_from([2025, 2026])


@st.composite
def stories(draw: st.DrawFn) -> tuple[Switches, list[list[DesiredJob]]]:
    """A platform, and what the files declared from one apply to the next."""
    era = draw(ERAS)
    sets = st.lists(desired_sets(is_2026=era == 2026), min_size=1, max_size=3)
    return draw(switches(era=era, has_put=True)), draw(sets)


def holds_exactly(here: World, desired: list[DesiredJob], *, besides: tuple[str, ...] = ()) -> None:
    """Check what the server really stores, in clear, against what is declared."""
    stored = here.stored()
    assert stored.keys() == {job.job.id for job in desired} | set(besides)
    for job in desired:
        declared_body, found = job.job.body(), stored[job.job.id]
        is_unordered = job.job.configuration.runMode is not None
        wanted = canonical(declared_body, is_unordered=is_unordered)
        held = canonical(found)
        extra = held.fields.keys() - wanted.fields.keys()
        assert extra <= {"configuration.maxConcurrentRequests"}
        assert {path: text for path, text in held.fields.items() if path not in extra} == wanted.fields
        assert without_retries(held.payload, is_unordered=is_unordered) == without_retries(
            wanted.payload, is_unordered=is_unordered
        )
        if job.job.state is not None:
            assert found["state"] == job.job.state


def without_retries(payload: tuple[str, ...], *, is_unordered: bool) -> list[Any]:
    """Leave out what some servers fill in."""
    items = [{key: value for key, value in json.loads(text).items() if key != "retry"} for text in payload]
    return sorted(items, key=str) if is_unordered else items


def settled(here: World, desired: list[DesiredJob]) -> None:
    before = here.writes()
    draft = here.plan(desired)
    assert draft.plan.is_empty, draft.plan.pending
    assert here.carry_out(draft).is_success
    assert here.writes() == before


@given(stories())
@MODEST
def test_a_plan_right_after_an_apply_is_empty_and_sends_nothing(
    story: tuple[Switches, list[list[DesiredJob]]],
) -> None:
    platform, sets = story
    with world(platform) as here:
        for desired in sets:
            result = here.apply(desired)
            assert result.is_success, result.outcomes
            holds_exactly(here, desired)
            settled(here, desired)


@given(stories(), st.integers(0, 2**16))
@MODEST
def test_under_faults_a_few_applies_converge_and_nothing_is_duplicated_or_lost(
    story: tuple[Switches, list[list[DesiredJob]]], seed: int
) -> None:
    platform, sets = story
    weather = Weather(RandomFaults(seed=seed, probability=0.3, at_most=40))
    with world(platform, faults=weather) as here:
        for desired in sets:
            weather.is_calm = False
            converge(here, desired)
            weather.is_calm = True
            holds_exactly(here, desired)
            settled(here, desired)


def converge(here: World, desired: list[DesiredJob]) -> None:
    for _ in range(60):
        try:
            draft = here.plan(desired)
        except RemoteError:
            continue
        assert not draft.plan.is_blocked, draft.plan.diagnostics
        if here.carry_out(draft).is_success:
            return
    raise AssertionError("did not converge in 60 applies")


@given(stories(), st.integers(0, 2**16))
@MODEST
def test_no_job_that_is_not_ours_is_ever_written(
    story: tuple[Switches, list[list[DesiredJob]]], seed: int
) -> None:
    platform, sets = story
    with world(platform, faults=RandomFaults(seed=seed, probability=0.2, at_most=20)) as here:
        here.emulator.seed(FOREIGN)
        here.emulator.seed(CODE, source="CODE")
        before = {job_id: job for job_id, job in here.stored().items() if job_id in {"foreign-job", "api"}}
        for desired in [*sets, []]:
            converge(here, desired)
        after = here.stored()
        assert {job_id: after[job_id] for job_id in before} == before
        assert not [path for _, path in here.writes() if "foreign-job" in path or "/api" in path]
        assert after.keys() == before.keys()


class Killed(BaseException):
    """The process is gone; nothing that would still run counts."""


class Mortal:
    """Passes calls on to the API or the ledger until the process is killed at the n-th of them."""

    def __init__(self, real: Any, names: set[str], life: Life) -> None:
        self._real, self._names, self._life = real, names, life

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)
        return partial(self._life.spend, method) if name in self._names else method


class Life:
    """How many effects are left, and whether the last one still happens."""

    def __init__(self, left: int, *, dies_after: bool) -> None:
        self.left, self.dies_after = left, dies_after

    def spend(self, effect: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            if self.left == -1 and self.dies_after:
                effect(*arguments, **options)
            raise Killed
        return effect(*arguments, **options)


REQUESTS = {"list", "create", "update", "delete", "pause", "resume"}


@given(stories(), st.integers(0, 25), st.booleans(), st.integers(1, 4))
@MODEST
def test_an_apply_killed_before_or_after_any_effect_is_mended_by_the_next_one(
    story: tuple[Switches, list[list[DesiredJob]]],
    left: int,
    dies_after: bool,  # noqa: FBT001
    parallelism: int,
) -> None:
    platform, sets = story
    with world(platform) as here:
        here.emulator.seed(FOREIGN)
        api, store = here.api, here.store
        for desired in sets:
            life = Life(left, dies_after=dies_after)
            here.api, here.store = Mortal(api, REQUESTS, life), Mortal(store, {"write"}, life)
            with suppress(Killed):
                here.apply(desired, parallelism=parallelism)
            here.api, here.store = api, store
            converge(here, desired)
            holds_exactly(here, desired, besides=("foreign-job",))
            settled(here, desired)


@given(desired_sets(), desired_sets(), st.integers(0, 2**16))
@MODEST
def test_no_delete_is_sent_in_a_run_with_a_failed_or_unverified_write(
    first: list[DesiredJob], second: list[DesiredJob], seed: int
) -> None:
    with world(faults=RandomFaults(seed=seed, probability=0.5, at_most=200)) as here:
        for desired in (first, second, first):
            try:
                draft = here.plan(desired)
            except RemoteError:
                continue
            before = len(here.writes())
            result = here.carry_out(draft)
            deletes = [path for method, path in here.writes()[before:] if method == "DELETE"]
            writes_succeeded = all(
                outcome.status == "done"
                for outcome in result.outcomes
                if not isinstance(outcome.change, Delete)
            )
            assert writes_succeeded or not deletes


MARKER = "m4rk3rS3cr3t"


@given(job_bodies(), switches(has_put=True, era=2026))
@MODEST
def test_no_secret_reaches_the_ledger(raw: dict[str, Any], platform: Switches) -> None:
    raw = {**raw, "proxy": f"http://user:{MARKER}@proxy.example", "sink": sink_with(MARKER)}
    with world(platform) as here:
        assert here.apply([declared("prices-1", raw)]).is_success
        rotated = declared("prices-1", {**raw, "sink": sink_with(MARKER + "2")})
        draft = here.plan([rotated])
        assert not draft.plan.is_empty
        assert here.carry_out(draft).is_success
        settled(here, [rotated])
        assert MARKER not in here.ledger.model_dump_json()
        assert here.stored()["prices-1"]["sink"]["secretAccessKey"] == MARKER + "2"


def sink_with(secret: str) -> dict[str, Any]:
    return {"type": "s3", "bucket": "b", "region": "r", "accessKeyId": secret, "secretAccessKey": secret}


def answering(content: bytes) -> JobsClient:
    """Return a client of a server whose every answer is this."""

    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [content]

    return JobsClient(BASE_URL, WORKSPACE, PROJECT, KEY, transport=httpx.WSGITransport(app=app))


@given(st.lists(job_bodies(), min_size=1, max_size=3), st.data())
@MODEST
def test_a_list_cut_at_any_byte_is_never_a_shorter_list(
    bodies: list[dict[str, Any]], data: st.DataObject
) -> None:
    jobs = [create_body(declared(f"prices-{number}", body).job) for number, body in enumerate(bodies)]
    content = json.dumps(jobs).encode()
    cut = data.draw(st.integers(0, len(content) - 1))

    with answering(content) as api:
        assert [job.id for job in api.list()] == [job["id"] for job in jobs]
    with answering(content[:cut]) as api, pytest.raises(UnreadableAnswer):
        api.list()


@given(JSON.filter(lambda value: value != []))
@MODEST
def test_an_answer_that_is_no_list_of_jobs_is_never_no_jobs(value: Any) -> None:
    with answering(json.dumps(value).encode()) as api, pytest.raises(UnreadableAnswer):
        api.list()
