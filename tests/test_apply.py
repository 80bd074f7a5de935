"""What an apply does, in which order, and what it says where something goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from strategies import declared
from worlds import World, world

from jobsync.emulator.faults import Fault, Faults, Rule
from jobsync.emulator.switches import Switches
from jobsync.errors import LedgerConflict
from jobsync.plan.build import Rules
from jobsync.plan.change import Adopt, Create, Update
from jobsync.plan.outcome import Result, Status

if TYPE_CHECKING:
    from jobsync.model.desired import DesiredJob

BODY: dict[str, Any] = {"payload": [], "configuration": {}}


def job(name: str, **fields: Any) -> DesiredJob:
    return declared(name, {**BODY, **fields})


CHANGED: dict[str, Any] = {"configuration": {"maxConcurrentRequests": 5}}


def statuses(result: Result) -> dict[str, Status]:
    return {outcome.change.job_id: outcome.status for outcome in result.outcomes}


def test_writes_come_first_then_the_list_is_read_then_deletes() -> None:
    with world() as here:
        assert here.apply([job("changes"), job("goes-away")]).is_success
        before = len(here.emulator.requests)

        assert here.apply([job("changes", **CHANGED), job("new-job")], parallelism=1).is_success

        sent = [
            (request.method, request.path.partition("/jobs")[2])
            for request in here.emulator.requests[before:]
        ]
        assert sent == [
            ("GET", ""),
            ("PUT", "/changes"),
            ("POST", ""),
            ("GET", ""),
            ("DELETE", "/goes-away"),
        ]


def test_a_job_declared_paused_is_created_and_paused_at_once() -> None:
    with world() as here:
        assert here.apply([job("paused-job", state="PAUSED"), job("running-job")], parallelism=1).is_success

        assert here.writes() == [("POST", ""), ("POST", "/paused-job/pause"), ("POST", "")]
        assert here.stored()["paused-job"]["state"] == "PAUSED"


@pytest.mark.parametrize("keeps", [True, False])
def test_an_update_never_resumes_a_job_that_somebody_paused(*, keeps: bool) -> None:
    with world(Switches(put_keeps_paused=keeps)) as here:
        assert here.apply([job("prices-1")]).is_success
        here.api.pause("prices-1")

        assert here.apply([job("prices-1", **CHANGED)]).is_success

        assert here.stored()["prices-1"]["state"] == "PAUSED"


def test_a_refused_create_blocks_every_delete_and_says_why() -> None:
    refuse = Faults(Rule(Fault("status", status=400), "POST", nth=2, times=1))
    with world(faults=refuse) as here:
        assert here.apply([job("goes-away")]).is_success

        result = here.apply([job("refused-job")])

        assert statuses(result) == {"goes-away": Status.SKIPPED, "refused-job": Status.FAILED}
        assert here.stored().keys() == {"goes-away"}
        by_id = {outcome.change.job_id: outcome for outcome in result.outcomes}
        assert "answered 400" in (by_id["refused-job"].problem or "")
        assert by_id["refused-job"].now == "it does not exist"
        assert "1 of the changes before did not succeed" in (by_id["goes-away"].problem or "")
        assert here.ledger.jobs.keys() == {"goes-away"}
        assert here.apply([job("refused-job")]).is_success
        assert here.stored().keys() == {"refused-job"}


def test_a_job_that_reads_back_differently_is_unverified_and_blocks_deletes() -> None:
    with world(Switches(era=2025, unknown_keys="stripped")) as here:
        assert here.apply([job("goes-away")]).is_success

        result = here.apply([job("prices-1", configuration={"maxRuns": 3})])

        assert statuses(result) == {"goes-away": Status.SKIPPED, "prices-1": Status.UNVERIFIED}
        problem = next(outcome.problem for outcome in result.outcomes if outcome.change.job_id == "prices-1")
        assert problem == "the API accepted it, but it reads back differently at `configuration.maxRuns`"
        assert "goes-away" in here.stored()


def test_where_nothing_can_be_read_back_nothing_is_deleted() -> None:
    with world() as here:
        assert here.apply([job("goes-away")]).is_success
        draft = here.plan([job("new-job")])
        here.emulator_faults(Rule(Fault("not-json"), "GET", "/jobs$", times=None))

        result = here.carry_out(draft)

        assert statuses(result) == {"goes-away": Status.SKIPPED, "new-job": Status.UNVERIFIED}
        assert here.stored().keys() == {"goes-away", "new-job"}


def test_a_job_that_somebody_changed_after_the_plan_is_not_deleted() -> None:
    with world() as here:
        assert here.apply([job("goes-away"), job("stays-here")]).is_success
        draft = here.plan([job("stays-here")])
        here.api.update("goes-away", {**BODY, **CHANGED})

        result = here.carry_out(draft)

        assert statuses(result) == {"goes-away": Status.FAILED}
        assert "changed by somebody since it was planned" in (result.outcomes[0].problem or "")
        assert "goes-away" in here.stored()


def test_a_job_that_is_gone_already_counts_as_deleted() -> None:
    with world() as here:
        assert here.apply([job("goes-away"), job("stays-here")]).is_success
        draft = here.plan([job("stays-here")])
        here.api.delete("goes-away")

        assert here.carry_out(draft).is_success
        assert here.ledger.jobs.keys() == {"stays-here"}


def test_a_create_that_landed_although_its_answer_was_lost_is_made_once_and_is_ours() -> None:
    lost = Faults(Rule(Fault("reset", "after"), "POST"))
    with world(faults=lost) as here:
        assert here.apply([job("prices-1")]).is_success

        assert here.writes() == [("POST", "")]
        assert here.ledger.jobs["prices-1"].is_held


def test_a_create_cut_off_for_good_is_claimed_by_the_next_plan_where_it_landed() -> None:
    def outage(draft_of: World) -> None:
        draft_of.emulator_faults(
            Rule(Fault("reset", "after"), "POST"),
            Rule(Fault("reset"), "GET", times=None),
        )

    with world() as here:
        draft = here.plan([job("prices-1")])
        outage(here)
        result = here.carry_out(draft)
        assert statuses(result) == {"prices-1": Status.FAILED}
        assert result.outcomes[0].now == "unknown: the request may or may not have been carried out"
        assert not here.ledger.jobs["prices-1"].is_held

        here.weather.is_calm = True
        again = here.plan([job("prices-1")])

        assert [type(change) for change in again.plan.changes] == [Adopt]
        assert here.carry_out(again).is_success
        assert here.writes() == [("POST", "")]


def test_a_create_of_a_killed_run_that_lands_after_the_next_plan_is_recognised() -> None:
    with world() as here:
        draft = here.plan([job("prices-1")])
        here.emulator_faults(Rule(Fault("reset"), times=None))
        assert not here.carry_out(draft).is_success
        here.weather.is_calm = True
        late = here.plan([job("prices-1")])
        here.emulator.seed({"id": "prices-1", **BODY})

        assert here.carry_out(late).is_success
        assert here.ledger.jobs["prices-1"].is_held
        assert here.plan([job("prices-1")]).plan.is_empty


def test_a_job_that_somebody_made_after_the_plan_is_not_taken_over() -> None:
    with world() as here:
        draft = here.plan([job("prices-1")])
        here.emulator.seed({"id": "prices-1", **BODY})

        result = here.carry_out(draft)

        assert statuses(result) == {"prices-1": Status.FAILED}
        assert here.ledger.jobs == {}


def test_a_refused_key_ends_the_run_instead_of_failing_a_thousand_times() -> None:
    refuse = Faults(Rule(Fault("status", status=401), "POST", times=None))
    with world(faults=refuse) as here:
        result = here.apply([job(f"job-number-{number}") for number in range(30)], parallelism=1)

        assert len(here.writes()) == 1
        assert sorted(set(statuses(result).values())) == [Status.FAILED, Status.SKIPPED]
        skipped = {outcome.problem for outcome in result.outcomes if outcome.status is Status.SKIPPED}
        assert skipped == {"the API refused the key"}
        assert here.ledger.jobs == {}


def test_an_interrupted_run_finishes_what_is_in_flight_and_records_it() -> None:
    with world() as here:
        draft = here.plan([job(f"job-number-{number}") for number in range(9)])

        def stop_after_three(_step: object) -> None:
            here.clock.stopped = len(here.stored()) >= 3

        here.on_report = stop_after_three
        result = here.carry_out(draft, parallelism=1)

        assert result.is_interrupted
        assert list(statuses(result).values()).count(Status.DONE) == len(here.stored()) == 3
        assert {claim for claim, held in here.ledger.jobs.items() if held.is_held} == here.stored().keys()
        here.on_report = lambda _step: None
        here.clock.stopped = False
        assert here.apply([job(f"job-number-{number}") for number in range(9)]).is_success
        assert len(here.writes()) == 9


def test_an_apply_on_a_ledger_that_moved_sends_no_write() -> None:
    with world() as here:
        stale = here.plan([job("prices-1")])
        assert here.apply([job("other-job")]).is_success
        before = here.writes()

        with pytest.raises(LedgerConflict):
            here.carry_out(stale)

        assert here.writes() == before


def test_a_job_deleted_behind_our_back_is_created_again() -> None:
    with world() as here:
        assert here.apply([job("prices-1")]).is_success
        here.api.delete("prices-1")

        draft = here.plan([job("prices-1")])

        (change,) = draft.plan.changes
        assert isinstance(change, Create)
        assert change.was_managed
        assert here.carry_out(draft).is_success


def test_an_unknown_key_of_the_server_survives_an_update() -> None:
    with world(Switches(unknown_keys="kept")) as here:
        assert here.apply([job("prices-1")]).is_success
        here.api.update(
            "prices-1",
            {"payload": [], "configuration": {"shiny": {"new": 1}}, "tags": ["a"]},
        )
        assert here.plan([job("prices-1")]).plan.is_empty

        assert here.apply([job("prices-1", **CHANGED)]).is_success

        stored = here.stored()["prices-1"]
        assert stored["configuration"] == {
            "shiny": {"new": 1},
            "maxConcurrentRequests": 5,
            "requestTimeout": 600,
        }
        assert stored["tags"] == ["a"]


def test_what_a_file_no_longer_declares_is_cleared_whatever_an_update_does_to_omitted_fields() -> None:
    sink = {"type": "webhook", "url": "https://x.example"}
    schedule = {"intervals": [{"every": "1h"}]}
    full = job("prices-1", sink=sink, schedule=schedule, proxy="http://p.example", auth_session={"id": "s"})
    for platform in (Switches(put_omitted="keeps"), Switches(put_omitted="clears")):
        with world(platform) as here:
            assert here.apply([full]).is_success
            assert here.apply([job("prices-1")]).is_success

            stored = here.stored()["prices-1"]
            assert {stored.get(key) for key in ("sink", "schedule", "proxy", "auth_session")} == {None}


def test_a_server_without_updates_is_reported_and_the_job_stays() -> None:
    with world(Switches(has_put=False)) as here:
        assert here.apply([job("prices-1")]).is_success

        result = here.apply([job("prices-1", **CHANGED)])

        assert statuses(result) == {"prices-1": Status.FAILED}
        assert result.outcomes[0].hint
        assert "prices-1" in here.stored()


def test_a_code_job_whose_source_is_hidden_is_refused_by_the_server_and_never_retried() -> None:
    with world(Switches(source="hidden")) as here:
        here.emulator.seed({"id": "prices-1", **BODY}, source="CODE")

        draft = here.plan([job("prices-1", **CHANGED)], Rules(owns="all"))
        assert [type(change) for change in draft.plan.changes] == [Update]
        result = here.carry_out(draft)

        assert statuses(result) == {"prices-1": Status.FAILED}
        assert here.writes() == [("PUT", "/prices-1")]
        assert "code" in (result.outcomes[0].hint or "")


def test_removed_jobs_are_paused_and_released_where_the_environment_says_so() -> None:
    with world() as here:
        assert here.apply([job("goes-away"), job("stays-here")]).is_success

        assert here.apply([job("stays-here")], Rules(on_remove="pause")).is_success

        assert here.stored()["goes-away"]["state"] == "PAUSED"
        assert here.ledger.jobs.keys() == {"stays-here"}
        assert here.plan([job("stays-here")], Rules(on_remove="pause")).plan.is_empty


def test_a_new_protection_is_recorded_although_no_request_is_needed() -> None:
    with world() as here:
        assert here.apply([job("prices-1")]).is_success
        before = here.writes()

        assert here.apply([declared("prices-1", BODY, prevent_delete=True)]).is_success

        assert here.writes() == before
        assert [refusal.code for refusal in here.plan([]).plan.diagnostics] == ["P004"]
