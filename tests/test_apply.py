"""What an apply does, in which order, and what it says where something goes wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from strategies import declared
from worlds import World, world

from jobsync.claiming import release
from jobsync.emulator.faults import Fault, Faults, Rule
from jobsync.emulator.switches import Switches
from jobsync.errors import LedgerConflict
from jobsync.model.body import masked_unknown
from jobsync.model.job import Job
from jobsync.plan.build import Rules, build
from jobsync.plan.change import Adopt, Create, Update
from jobsync.plan.outcome import Result, Status
from jobsync.plan.verify import changed_since

if TYPE_CHECKING:
    from jobsync.model.desired import DesiredJob

if TYPE_CHECKING:
    from jobsync.model.paths import Path
    from jobsync.plan.build import OnRemove

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


def test_a_plan_whose_ledger_moved_deletes_and_updates_nothing() -> None:
    with world() as here:
        assert here.apply([job("stays-here"), job("goes-away")]).is_success
        stale = here.plan([job("stays-here", **CHANGED)])
        released, _ = release(["goes-away"], here.ledger)
        here.store.write(released, if_version=here.store.read()[1])
        before = here.writes()

        with pytest.raises(LedgerConflict):
            here.carry_out(stale)

        assert here.writes() == before


def test_an_apply_that_breaks_off_loses_no_claim() -> None:
    with world() as here:
        assert here.apply([job("goes-away"), job("changes")]).is_success
        draft = here.plan([job("changes", **CHANGED), job("new-job")])

        def fail(_step: object) -> None:
            raise ZeroDivisionError

        here.on_report = fail
        with pytest.raises(ZeroDivisionError):
            here.carry_out(draft, parallelism=1)

        assert here.ledger.jobs.keys() >= here.stored().keys()
        here.on_report = lambda _step: None
        assert here.apply([job("changes", **CHANGED), job("new-job")]).is_success
        assert here.stored().keys() == {"changes", "new-job"}


def with_secret(secret: str) -> DesiredJob:
    sink = {"type": "s3", "bucket": "b", "region": "r", "accessKeyId": "id-of-key", "secretAccessKey": secret}
    return job("prices-1", sink=sink)


def test_a_secret_that_was_put_back_after_an_unread_update_is_written_again() -> None:
    with world(Switches(secrets="masked")) as here:
        assert here.apply([with_secret("first-secret")]).is_success
        draft = here.plan([with_secret("second-secret")])
        here.emulator_faults(Rule(Fault("not-json"), "GET", "/jobs$", times=None))
        assert not here.carry_out(draft).is_success
        here.weather.is_calm = True

        assert here.apply([with_secret("first-secret")]).is_success

        assert here.stored()["prices-1"]["sink"]["secretAccessKey"] == "first-secret"


def test_a_url_that_the_server_did_not_take_is_unverified_although_it_may_hold_secrets() -> None:
    with world(Switches(era=2025, unknown_keys="stripped")) as here:
        result = here.apply([job("prices-1", configuration={"proxy": "http://user:secret@proxy.example"})])

        assert statuses(result) == {"prices-1": Status.UNVERIFIED}
        assert "`configuration.proxy`" in (result.outcomes[0].problem or "")


def test_a_job_whose_sink_moved_elsewhere_after_the_plan_is_not_deleted() -> None:
    def sink(host: str) -> dict[str, Any]:
        return {"type": "webhook", "url": f"https://{host}/in"}

    with world() as here:
        assert here.apply([job("goes-away", sink=sink("a.example")), job("stays-here")]).is_success
        draft = here.plan([job("stays-here")])
        here.api.update("goes-away", {**BODY, "sink": sink("b.example")})

        assert statuses(here.carry_out(draft)) == {"goes-away": Status.FAILED}


def test_a_code_job_that_took_the_id_after_the_plan_is_not_deleted() -> None:
    with world() as here:
        assert here.apply([job("goes-away"), job("stays-here")]).is_success
        draft = here.plan([job("stays-here")])
        here.emulator.seed({"id": "goes-away", **BODY}, source="CODE")

        assert statuses(here.carry_out(draft)) == {"goes-away": Status.FAILED}
        assert "DELETE" not in {method for method, _ in here.writes()}


def test_a_managed_job_that_a_stale_list_did_not_show_stays_managed() -> None:
    with world() as here:
        assert here.apply([job("prices-1")]).is_success
        stale = build([job("prices-1")], [], here.ledger, Rules())
        draft = replace(here.plan([job("prices-1")]), plan=stale)

        result = here.carry_out(draft)

        assert statuses(result) == {"prices-1": Status.FAILED}
        assert here.ledger.jobs["prices-1"].is_held
        assert here.plan([job("prices-1")]).plan.is_empty


def test_an_earlier_announcement_that_landed_late_is_still_recognised_after_an_edit() -> None:
    with world() as here:
        draft = here.plan([job("prices-1")])
        here.emulator_faults(Rule(Fault("reset"), times=None))
        assert not here.carry_out(draft).is_success
        here.weather.is_calm = True
        edited = here.plan([job("prices-1", **CHANGED)])
        here.emulator.seed({"id": "prices-1", **BODY})
        assert not here.carry_out(edited).is_success

        assert here.apply([job("prices-1", **CHANGED)]).is_success
        assert here.stored()["prices-1"]["configuration"]["maxConcurrentRequests"] == 5


def test_a_job_that_was_only_found_is_never_paused_unless_it_is_as_declared() -> None:
    with world() as here:
        lost = job("prices-1", state="PAUSED")
        draft = here.plan([lost])
        here.emulator_faults(Rule(Fault("reset"), "POST"))
        here.emulator.seed({"id": "prices-1", **BODY, "proxy": "http://somebody.example"})

        assert statuses(here.carry_out(draft)) == {"prices-1": Status.UNVERIFIED}

        assert here.stored()["prices-1"]["state"] == "ACTIVE"
        assert ("POST", "/prices-1/pause") not in here.writes()


def test_a_paused_job_is_paused_again_at_once_where_an_update_resumed_it() -> None:
    with world(Switches(put_keeps_paused=False)) as here:
        assert here.apply([job("prices-1")]).is_success
        here.api.pause("prices-1")
        draft = here.plan([job("prices-1", **CHANGED)])
        here.emulator_faults(Rule(Fault("not-json"), "GET", "/jobs$", times=None))

        assert not here.carry_out(draft).is_success

        assert here.stored()["prices-1"]["state"] == "PAUSED"


@pytest.mark.parametrize("on_remove", ["delete", "pause", "release"])
def test_with_owned_jobs_that_nobody_declares_a_second_plan_is_empty(on_remove: OnRemove) -> None:
    rules = Rules(owns="all", on_remove=on_remove)
    with world() as here:
        here.emulator.seed({"id": "foreign-job", **BODY})
        assert here.apply([job("prices-1")], rules).is_success

        assert here.plan([job("prices-1")], rules).plan.is_empty


def test_a_released_job_that_is_gone_needs_no_pause() -> None:
    with world() as here:
        assert here.apply([job("goes-away"), job("stays-here")]).is_success
        draft = here.plan([job("stays-here")], Rules(on_remove="pause"))
        here.api.delete("goes-away")

        assert here.carry_out(draft).is_success


def test_what_came_from_the_environment_stands_nowhere_in_the_ledger_in_clear() -> None:
    marker = "m4rk3r"
    body = {
        "payload": [{"apiName": "a", "parameters": {"x": marker}}],
        "configuration": {},
        "schedule": {"calendars": [{"hour": 3, "comment": marker}]},
        "sink": {"type": "webhook", "url": f"https://{marker}.example", "apisToSend": [marker]},
        "auth_session": {"id": marker},
    }
    sensitive: set[Path] = {
        ("payload", 0, "parameters", "x"),
        ("schedule", "calendars", 0, "comment"),
        ("sink", "url"),
        ("sink", "apisToSend", 0),
        ("auth_session", "id"),
    }
    wanted = replace(declared("prices-1", body), sensitive=frozenset(sensitive))
    with world() as here:
        assert here.apply([wanted]).is_success

        assert marker not in here.ledger.model_dump_json()
        assert here.plan([wanted]).plan.is_empty


def test_a_masked_key_that_nobody_knows_is_never_overwritten_with_its_mask() -> None:
    with world(Switches(unknown_keys="kept")) as here:
        assert here.apply([job("prices-1")]).is_success
        here.api.update("prices-1", {"payload": [], "configuration": {"signingSecret": "***"}})
        before = here.writes()

        result = here.apply([job("prices-1", **CHANGED)])

        assert statuses(result) == {"prices-1": Status.FAILED}
        assert "`configuration.signingSecret`" in (result.outcomes[0].problem or "")
        assert here.writes() == before


def test_a_masked_unknown_key_is_found_wherever_it_stands_and_the_users_own_data_is_left_alone() -> None:
    def found(**fields: Any) -> str | None:
        return masked_unknown(Job.model_validate({"id": "prices-1", **fields}))

    assert found(payload=[{"apiName": "a"}, {"apiName": "b", "token": "***"}]) == "payload[1].token"
    assert found(notifications=[{"type": "webhook", "url": "u", "key": "***"}]) == "notifications[0].key"
    assert found(configuration={"retry": {"maximumAttempts": 1, "key": "***"}}) == "configuration.retry.key"
    assert found(signing_key="***") == "signing_key"
    assert found(sink={"type": "s3", "secretAccessKey": "***"}) is None
    assert (
        found(payload=[{"apiName": "a", "parameters": {"x": "***"}}], configuration={"new": "plain"}) is None
    )


def test_unknown_keys_of_items_sinks_and_notifications_survive_an_update() -> None:
    sink: dict[str, Any] = {"type": "webhook", "url": "https://x.example", "future": 1}
    item: dict[str, Any] = {"apiName": "a", "parameters": {}, "future": 2}
    notification: dict[str, Any] = {"type": "webhook", "url": "https://n.example", "future": 3}
    plain = {
        "payload": [{"apiName": "a", "parameters": {}}],
        "sink": {"type": "webhook", "url": "https://x.example"},
        "notifications": [{"type": "webhook", "url": "https://n.example"}],
    }
    with world(Switches(unknown_keys="kept")) as here:
        assert here.apply([job("prices-1", **plain)]).is_success
        here.api.update(
            "prices-1",
            {**BODY, "payload": [item], "sink": sink, "notifications": [notification]},
        )

        assert here.apply([job("prices-1", **plain, **CHANGED)]).is_success

        stored = here.stored()["prices-1"]
        assert stored["payload"][0]["future"] == 2
        assert stored["sink"]["future"] == 1
        assert stored["notifications"][0]["future"] == 3
        s3 = {"type": "s3", "bucket": "b", "region": "r", "accessKeyId": "key-id", "secretAccessKey": "key"}
        assert here.apply([job("prices-1", **{**plain, "sink": s3}, **CHANGED)]).is_success
        assert "future" not in here.stored()["prices-1"]["sink"]


def test_a_plan_that_the_remote_moved_away_from_is_refused_job_by_job() -> None:
    with world() as here:
        names = ["changed-job", "gone-job", "deleted-job", "calm-job"]
        assert here.apply([job(name) for name in names]).is_success
        wanted = [job(name, **CHANGED) for name in ("changed-job", "gone-job", "calm-job")]
        plan = here.plan([*wanted, job("new-job")]).plan
        assert changed_since(plan, here.api.list()) == ()
        here.api.update("changed-job", {**BODY, "proxy": "http://p.example"})
        here.api.delete("gone-job")
        here.api.update("deleted-job", {**BODY, **CHANGED})
        here.emulator.seed({"id": "new-job", **BODY})

        found = changed_since(plan, here.api.list())

        assert [problem.summary for problem in found] == [
            "job `changed-job` moved on since it was planned: it was changed by somebody",
            "job `deleted-job` moved on since it was planned: it was changed by somebody",
            "job `gone-job` moved on since it was planned: it is gone",
            "job `new-job` moved on since it was planned: it exists now",
        ]
