"""A plan as JSON: Terraform's shape, our facts beside it, and no secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from examples import examples
from hypothesis import given
from render_cases import ONE_OF_EACH, plan_of
from render_plans import MARK, plans, shuffled_plans

from jobsync.model.secrets import SENSITIVE
from jobsync.render import plan_json

if TYPE_CHECKING:
    from jobsync.model.values import Json
    from jobsync.plan.change import Plan

SLOW = examples(40)


def rendered(inputs: dict[str, list[dict[str, Any]]], **options: Any) -> Any:
    return json.loads(json.dumps(plan_json.render(plan_of(inputs), **options)))


def changes(document: Any) -> dict[str, Any]:
    return {entry["name"]: entry for entry in document["resource_changes"]}


def test_an_update_has_the_shape_that_terraform_gives_it() -> None:
    document = rendered(
        {
            "applied": [
                {
                    "id": "contracts",
                    "sink": {"type": "webhook", "url": "https://u:hush@h.example", "headers": {"A": "hush"}},
                }
            ],
            "declared": [
                {
                    "id": "contracts",
                    "at": "jobs/contracts.yaml:3",
                    "state": "PAUSED",
                    "payload": [{"apiName": "get", "parameters": {"token": "hush"}}],
                    "sensitive": ["payload[0].parameters.token"],
                }
            ],
        }
    )
    assert document == {
        "format_version": "1.0",
        "environment": "production",
        "project": "shop",
        "applyable": True,
        "complete": True,
        "errored": False,
        "resource_changes": [
            {
                "address": "job.contracts",
                "mode": "managed",
                "type": "job",
                "name": "contracts",
                "change": {
                    "actions": ["update"],
                    "before": {
                        "id": "contracts",
                        "configuration": {},
                        "payload": [{"apiName": "list", "parameters": {}}],
                        "sink": {
                            "type": "webhook",
                            "url": "https://***@h.example",
                            "headers": {"A": SENSITIVE},
                        },
                        "state": "ACTIVE",
                    },
                    "after": {
                        "id": "contracts",
                        "configuration": {},
                        "payload": [{"apiName": "get", "parameters": {"token": SENSITIVE}}],
                        "state": "PAUSED",
                    },
                    "before_sensitive": {"sink": {"url": True, "headers": {"A": True}}},
                    "after_sensitive": {"payload": [{"parameters": {"token": True}}]},
                },
                "action_reason": None,
                "operations": ["update", "pause"],
                "changed_paths": [
                    "sink.headers.A",
                    "sink.skipOnFail",
                    "sink.type",
                    "sink.url",
                    "payload",
                    "state",
                ],
                "source": "jobs/contracts.yaml:3",
            }
        ],
        "resource_drift": [],
        "diagnostics": [],
        "summary": {
            "add": 0,
            "change": 1,
            "destroy": 0,
            "adopt": 0,
            "protect": 0,
            "unprotect": 0,
            "release": 0,
            "pause": 0,
            "resume": 0,
            "forget": 0,
            "unmanaged": 0,
        },
    }


def test_every_job_is_there_by_address_with_what_happens_to_it() -> None:
    document = rendered(ONE_OF_EACH)
    assert [
        (entry["address"], entry["change"]["actions"], entry["operations"])
        for entry in document["resource_changes"]
    ] == [
        ("job.adopted-job", ["no-op"], ["adopt"]),
        ("job.changed-job", ["update"], ["update"]),
        ("job.created-job", ["create"], ["create"]),
        ("job.deleted-job", ["delete"], ["delete"]),
        ("job.kept-job", ["no-op"], []),
        ("job.paused-job", ["update"], ["pause"]),
        ("job.resumed-job", ["update"], ["resume"]),
        ("job.vanished-job", ["forget"], ["forget"]),
    ]


def test_what_does_not_exist_is_null_and_flagged_with_false() -> None:
    entries = changes(rendered(ONE_OF_EACH))
    created, deleted = entries["created-job"]["change"], entries["deleted-job"]["change"]
    assert (created["before"], created["before_sensitive"], created["after_sensitive"]) == (None, False, {})
    assert (deleted["after"], deleted["after_sensitive"], deleted["before_sensitive"]) == (None, False, {})
    assert created["after"]["state"] == "ACTIVE"
    assert deleted["before"]["id"] == "deleted-job"


def test_a_job_that_stays_is_the_same_before_and_after() -> None:
    kept = changes(rendered(ONE_OF_EACH))["kept-job"]["change"]
    assert kept["before"] == kept["after"]


def test_only_the_state_differs_where_only_the_state_changes() -> None:
    entry = changes(rendered(ONE_OF_EACH))["paused-job"]
    assert entry["changed_paths"] == ["state"]
    assert {**entry["change"]["before"], "state": "PAUSED"} == entry["change"]["after"]


def test_reasons_are_terraforms_where_it_has_them() -> None:
    entries = changes(rendered(ONE_OF_EACH))
    assert entries["deleted-job"]["action_reason"] == "delete_because_no_resource_config"
    assert entries["vanished-job"]["action_reason"] == "it does not exist any more"
    assert entries["changed-job"]["action_reason"] is None


def test_a_job_that_is_claimed_now_is_imported() -> None:
    entries = changes(rendered(ONE_OF_EACH))
    assert entries["adopted-job"]["change"]["importing"] == {"id": "adopted-job"}
    assert "importing" not in entries["kept-job"]["change"]


def test_a_released_job_tells_no_more_than_where_it_stands() -> None:
    document = rendered(
        {
            "applied": [
                {
                    "id": "let-go-of",
                    "payload": [{"apiName": "list", "parameters": {"token": "hush"}}],
                    "sensitive": ["payload[0].parameters.token"],
                }
            ],
            "rules": [{"on_remove": "pause"}],
        }
    )
    (entry,) = document["resource_changes"]
    assert entry["change"]["actions"] == ["forget"]
    assert entry["operations"] == ["pause", "release"]
    assert entry["change"]["before"] == {"id": "let-go-of", "state": "ACTIVE"}


def test_drift_is_what_somebody_else_changed_from_what_we_applied_to_what_is_there() -> None:
    sink = {"type": "webhook", "url": "https://a.example"}
    document = rendered(
        {
            "applied": [
                {
                    "id": "contended",
                    "configuration": {"maxRuns": 2},
                    "sink": {**sink, "headers": {"A": "one", "B": "one"}},
                },
                {"id": "deleted-by-somebody"},
            ],
            "declared": [
                {
                    "id": "contended",
                    "configuration": {"maxRuns": 3, "requestTimeout": 60},
                    "sink": {**sink, "headers": {"A": "two", "B": "one"}},
                },
                {"id": "deleted-by-somebody"},
            ],
            "remote": [
                {
                    "id": "contended",
                    "payload": [],
                    "configuration": {"maxRuns": 9, "maxConcurrentRequests": 4},
                    "sink": {**sink, "headers": {"A": "three", "B": "three"}},
                },
                {"id": "deleted-by-somebody", "gone": True},
            ],
        }
    )
    contended, deleted = document["resource_drift"]
    assert contended["address"] == "job.contended"
    assert contended["change"] == {
        "actions": ["update"],
        "before": {
            "configuration.maxConcurrentRequests": None,
            "configuration.maxRuns": 2,
            "sink.headers.A": SENSITIVE,
            "sink.headers.B": SENSITIVE,
        },
        "after": {
            "configuration.maxConcurrentRequests": 4,
            "configuration.maxRuns": 9,
            "sink.headers.A": SENSITIVE,
            "sink.headers.B": SENSITIVE,
        },
        "before_sensitive": {"sink.headers.A": True, "sink.headers.B": True},
        "after_sensitive": {"sink.headers.A": True, "sink.headers.B": True},
    }
    assert contended["changed_paths"] == [*contended["change"]["before"], "payload"]
    assert deleted["change"]["actions"] == ["delete"]
    assert deleted["change"]["before"] == {"id": "deleted-by-somebody"}


def test_a_blocked_plan_cannot_be_applied_and_carries_its_diagnostics() -> None:
    problem: dict[str, Json] = {"code": "P001", "severity": "error"}
    document = rendered(
        {"declared": [{"id": "contracts"}], "remote": [{"id": "contracts"}]}, diagnostics=[problem]
    )
    assert (document["applyable"], document["complete"], document["errored"]) == (False, False, True)
    assert document["diagnostics"] == [problem]


def test_a_plan_of_some_jobs_is_not_complete_and_one_of_nothing_cannot_be_applied() -> None:
    some = rendered({"declared": [{"id": "contracts"}]}, is_targeted=True)
    assert (some["applyable"], some["complete"]) == (True, False)
    nothing = rendered({"applied": [{"id": "contracts"}], "declared": [{"id": "contracts"}]})
    assert (nothing["applyable"], nothing["complete"]) == (False, True)


@SLOW
@given(plans())
def test_no_secret_is_in_the_document(plan: Plan) -> None:
    assert MARK not in json.dumps(plan_json.render(plan), ensure_ascii=False)


@SLOW
@given(plans())
def test_what_is_flagged_is_hidden_and_what_is_hidden_is_flagged(plan: Plan) -> None:
    for entry in json.loads(json.dumps(plan_json.render(plan)))["resource_changes"]:
        for side in ("before", "after"):
            value, flags = entry["change"][side], entry["change"][f"{side}_sensitive"]
            assert all(_is_hidden(leaf) for leaf in _flagged(value, flags))


def _flagged(value: Any, flags: Any) -> list[Any]:
    if flags is True:
        return [value]
    if isinstance(flags, list):
        return [leaf for item, flag in zip(value, flags, strict=True) for leaf in _flagged(item, flag)]
    if isinstance(flags, dict):
        return [leaf for key, flag in flags.items() for leaf in _flagged(value[key], flag)]
    assert flags is False
    return []


def _is_hidden(leaf: Any) -> bool:
    return isinstance(leaf, str) and (leaf == SENSITIVE or "***" in leaf)


@SLOW
@given(plans())
def test_the_summary_counts_the_actions(plan: Plan) -> None:
    document: Any = plan_json.render(plan)
    actions = [entry["change"]["actions"][0] for entry in document["resource_changes"]]
    summary = document["summary"]
    assert actions.count("create") == summary["add"]
    assert actions.count("delete") == summary["destroy"]
    assert actions.count("update") == summary["change"] + summary["pause"] + summary["resume"]
    assert actions.count("forget") == summary["release"] + summary["forget"]


@SLOW
@given(shuffled_plans())
def test_the_same_plan_is_the_same_document(pair: tuple[Plan, Plan]) -> None:
    one, other = (json.dumps(plan_json.render(plan)) for plan in pair)
    assert one == other
