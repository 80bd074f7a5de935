"""Each row of the decision table, and that nothing foreign is ever touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from strategies import declared, desired_sets, job_bodies

from jobsync.model.body import create_body
from jobsync.model.job import Job
from jobsync.model.ledger import Claim, Identity, Ledger
from jobsync.plan.build import Rules, build
from jobsync.plan.change import (
    Adopt,
    Change,
    Create,
    Delete,
    Forget,
    Keep,
    Origin,
    Plan,
    Release,
    SetState,
    StateAction,
    Update,
)
from jobsync.plan.claims import announced, held
from jobsync.plan.policy import Limits, judge

if TYPE_CHECKING:
    from jobsync.model.desired import DesiredJob

IDENTITY = Identity(environment="test", url="local", workspace="w", project="p")
EMPTY = Ledger(lineage="l", serial=3, salt="s" * 32, identity=IDENTITY)
BODY: dict[str, Any] = {
    "payload": [{"apiName": "list", "parameters": {}}],
    "configuration": {"maxConcurrentRequests": 2},
}
NAME = "prices-1"


def desired(**fields: Any) -> DesiredJob:
    return declared(NAME, {**BODY, **fields})


def remote(job: DesiredJob | None = None, **fields: Any) -> Job:
    return Job.model_validate({**create_body((job or desired()).job), "state": "ACTIVE", **fields})


def ledger(claim: Claim | None) -> Ledger:
    return EMPTY.with_jobs({NAME: claim} if claim else {})


HELD = held(desired(), remote(), EMPTY)
PENDING = announced(desired(), EMPTY)
ADOPTED = Claim(status="held")
CHANGED: dict[str, Any] = {"configuration": {"maxConcurrentRequests": 3}}
EVERYTHING = Rules(owns="all")
GLOB = Rules(owns=("prices-*",))

ROWS: dict[str, tuple[DesiredJob | None, Job | None, Claim | None, Rules, type[Change] | str | None]] = {
    "declared, absent, unclaimed": (desired(), None, None, Rules(), Create),
    "declared, absent, held: somebody deleted it": (desired(), None, HELD, Rules(), Create),
    "declared, absent, pending: the create never came": (desired(), None, PENDING, Rules(), Create),
    "declared, as declared, held": (desired(), remote(), HELD, Rules(), Keep),
    "declared, other, held": (desired(**CHANGED), remote(), HELD, Rules(), Update),
    "declared, as announced, pending": (desired(), remote(), PENDING, Rules(), Adopt),
    "declared anew, as announced before, pending": (desired(**CHANGED), remote(), PENDING, Rules(), Update),
    "declared, not as announced, pending": (desired(), remote(**CHANGED), PENDING, Rules(), "P001"),
    "declared, there, unclaimed": (desired(), remote(), None, Rules(), "P001"),
    "declared, there, unclaimed, another glob": (desired(), remote(), None, Rules(owns=("x*",)), "P001"),
    "declared, as declared, owned": (desired(), remote(), None, EVERYTHING, Adopt),
    "declared, other, owned by a glob": (desired(**CHANGED), remote(), None, GLOB, Update),
    "declared, code": (desired(), remote(source="CODE"), None, Rules(), "P003"),
    "declared, code, owned": (desired(), remote(source="CODE"), None, EVERYTHING, "P003"),
    "declared, code, held": (desired(), remote(source="CODE"), HELD, Rules(), "P003"),
    "declared paused, active": (desired(state="PAUSED"), remote(), HELD, Rules(), SetState),
    "declared active, paused": (desired(state="ACTIVE"), remote(state="PAUSED"), HELD, Rules(), SetState),
    "state undeclared, paused": (desired(), remote(state="PAUSED"), HELD, Rules(), Keep),
    "gone from the files, held": (None, remote(), HELD, Rules(), Delete),
    "gone from the files, adopted": (None, remote(), ADOPTED, Rules(), Delete),
    "gone from the files, held, on_remove pause": (None, remote(), HELD, Rules(on_remove="pause"), Release),
    "gone from the files, held, on_remove release": (
        None,
        remote(),
        HELD,
        Rules(on_remove="release"),
        Release,
    ),
    "gone from the files, protected": (
        None,
        remote(),
        HELD.model_copy(update={"prevent_delete": True}),
        Rules(),
        "P004",
    ),
    "gone from the files, protected, on_remove release": (
        None,
        remote(),
        HELD.model_copy(update={"prevent_delete": True}),
        Rules(on_remove="release"),
        Release,
    ),
    "gone from the files, as announced, pending": (None, remote(), PENDING, Rules(), Delete),
    "gone from the files, not as announced, pending": (None, remote(**CHANGED), PENDING, Rules(), Forget),
    "undeclared, unclaimed": (None, remote(), None, Rules(), None),
    "undeclared, owned": (None, remote(), None, EVERYTHING, Delete),
    "undeclared, owned by a glob": (None, remote(), None, GLOB, Delete),
    "undeclared, code, owned": (None, remote(source="CODE"), None, EVERYTHING, None),
    "undeclared, code now, held": (None, remote(source="CODE"), HELD, Rules(), Forget),
    "undeclared, gone, held": (None, None, HELD, Rules(), Forget),
    "destroyed, held": (None, remote(), HELD, Rules(destroys=True), Delete),
    "destroyed, held, on_remove release": (
        None,
        remote(),
        HELD,
        Rules(on_remove="release", destroys=True),
        Delete,
    ),
    "destroyed, owned but never claimed": (None, remote(), None, Rules(owns="all", destroys=True), None),
    "destroyed, protected by its file": (
        None,
        remote(),
        HELD,
        Rules(destroys=True, protected=frozenset({NAME})),
        "P004",
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_each_row_of_the_table_has_its_change(
    row: tuple[DesiredJob | None, Job | None, Claim | None, Rules, type[Change] | str | None],
) -> None:
    wanted, found, claim, rules, expected = row

    plan = build([wanted] if wanted else [], [found] if found else [], ledger(claim), rules)

    if isinstance(expected, str):
        assert [diagnostic.code for diagnostic in plan.diagnostics] == [expected]
        assert plan.is_blocked
        assert plan.changes == ()
    elif expected is None:
        assert plan.unmanaged == (NAME,)
        assert plan.is_empty
    else:
        assert [type(change) for change in plan.changes] == [expected]
        assert plan.diagnostics == ()


def test_an_announced_job_is_recognised_although_the_server_filled_in_what_the_file_left_out() -> None:
    items = [
        {"apiName": "a", "parameters": {}, "retry": {"maximumAttempts": 3}},
        {"apiName": "b", "parameters": {}},
    ]
    wanted = desired(payload=items)
    filled = [{**item, "retry": {"maximumAttempts": 3}} for item in items]

    plan = build(
        [wanted],
        [remote(wanted, payload=filled, configuration={"maxConcurrentRequests": 2, "maxRuns": 4})],
        ledger(announced(wanted, EMPTY)),
        Rules(),
    )

    assert plan.diagnostics == ()


def only_update(plan: Plan) -> Update:
    (change,) = plan.changes
    assert isinstance(change, Update)
    return change


def test_an_update_says_who_changed_each_field() -> None:
    mine = desired(configuration={"maxConcurrentRequests": 4, "requestTimeout": 60})
    theirs = remote(configuration={"maxConcurrentRequests": 3, "maxRuns": 7})

    fields = only_update(build([mine], [theirs], ledger(HELD), Rules())).fields

    assert [(field.path[-1], field.applied, field.before, field.after, field.origin) for field in fields] == [
        ("maxConcurrentRequests", "2", "3", "4", Origin.BOTH),
        ("maxRuns", None, "7", None, Origin.REMOTE),
        ("requestTimeout", "600", "600", "60", Origin.CONFIGURATION),
    ]


def test_of_an_adopted_job_nobody_can_say_who_changed_it() -> None:
    fields = only_update(build([desired(**CHANGED)], [remote()], ledger(ADOPTED), Rules())).fields

    assert [field.origin for field in fields] == [None]


def test_an_update_also_brings_the_job_to_its_declared_state() -> None:
    change = only_update(build([desired(**CHANGED, state="PAUSED")], [remote()], ledger(HELD), Rules()))

    assert change.state is StateAction.PAUSE


@pytest.mark.parametrize("masked", ["***", "AKIA****", "[REDACTED]", "\u2022\u2022\u2022\u2022", None])
def test_a_masked_secret_is_compared_by_what_was_last_applied(masked: str | None) -> None:
    def with_secret(secret: str) -> DesiredJob:
        return desired(
            sink={
                "type": "s3",
                "bucket": "b",
                "region": "r",
                "accessKeyId": "AK-1",
                "secretAccessKey": secret,
            }
        )

    declared_job = with_secret("first-secret")
    body: dict[str, Any] = create_body(declared_job.job)
    sink = {**body["sink"], "secretAccessKey": masked}
    found = Job.model_validate({**body, "sink": sink})
    claim = held(declared_job, found, EMPTY)

    assert build([declared_job], [found], ledger(claim), Rules()).is_empty
    rotated = only_update(build([with_secret("rotated-secret")], [found], ledger(claim), Rules()))
    assert [field.path for field in rotated.fields] == [("sink", "secretAccessKey")]
    assert "first-secret" not in ledger(claim).model_dump_json()


def test_a_secret_that_is_shown_and_was_changed_by_somebody_is_an_update() -> None:
    wanted = desired(proxy="http://user:secret@proxy")
    claim = held(wanted, remote(wanted), EMPTY)

    plan = build([wanted], [remote(wanted, proxy="http://user:other@proxy")], ledger(claim), Rules())

    assert [field.origin for field in only_update(plan).fields] == [Origin.REMOTE]


def test_what_the_server_fills_in_is_no_difference_until_it_changes() -> None:
    wanted = desired(configuration={})
    filled = remote(wanted, configuration={"maxConcurrentRequests": 5})
    claim = held(wanted, filled, EMPTY)

    assert build([wanted], [filled], ledger(claim), Rules()).is_empty
    changed = remote(wanted, configuration={"maxConcurrentRequests": 9})
    fields = only_update(build([wanted], [changed], ledger(claim), Rules())).fields
    assert [(field.before, field.after, field.origin) for field in fields] == [("9", "5", Origin.REMOTE)]


def test_a_list_of_exactly_fifty_jobs_is_suspicious() -> None:
    jobs = [remote(id=f"job-number-{number}") for number in range(50)]

    assert [diagnostic.code for diagnostic in build([], jobs, EMPTY, Rules()).diagnostics] == ["P005"]
    assert build([], jobs[1:], EMPTY, Rules()).diagnostics == ()


@pytest.mark.parametrize(("allow", "is_refused"), [(None, True), (5, True), (6, False), (7, False)])
def test_more_deletes_than_the_limit_are_refused_with_the_numbers(
    allow: int | None, *, is_refused: bool
) -> None:
    names = [f"job-number-{number}" for number in range(14)]
    claims = {name: held(declared(name, BODY), None, EMPTY) for name in names}
    jobs = [remote(id=name) for name in names]
    keep = [declared(name, BODY) for name in names[6:]]

    plan = build(keep, jobs, EMPTY.with_jobs(claims), Rules())
    refusals = judge(plan, Limits(allow_delete=allow))

    assert bool(refusals) is is_refused
    if allow is None:
        assert refusals[0].summary == "plan deletes 6 of 14 managed jobs; the limit is 5"
        assert refusals[0].hint == "pass --allow-delete 6 if this is intended"


@given(
    st.data(),
    desired_sets(),
    st.sampled_from([Rules(), Rules(on_remove="pause"), Rules(on_remove="release"), Rules(destroys=True)]),
)
@examples(150)
def test_only_claimed_jobs_are_ever_written(
    data: st.DataObject, wanted: list[DesiredJob], rules: Rules
) -> None:
    ids = [f"job-{letter}-{letter * 3}" for letter in "abcdefg"]
    found = [
        Job.model_validate(
            {
                **create_body(declared(job_id, data.draw(job_bodies())).job),
                "state": data.draw(st.sampled_from(["ACTIVE", "PAUSED"])),
                "source": data.draw(st.sampled_from(["API", "CODE", None])),
            }
        )
        for job_id in data.draw(st.lists(st.sampled_from(ids), unique=True))
    ]
    by_id = {job.id: job for job in found}
    claims = {
        job_id: Claim(status="held") for job_id in data.draw(st.lists(st.sampled_from(ids), unique=True))
    }

    plan = build(wanted, found, EMPTY.with_jobs(claims), rules)

    written = {change.job_id for change in plan.changes if not isinstance(change, Keep | Forget | Create)}
    assert written <= claims.keys()
    assert not any(by_id[job_id].is_code for job_id in written)
    assert {change.job_id for change in plan.changes if isinstance(change, Create)}.isdisjoint(by_id)
    assert list(plan.changes) == sorted(plan.changes, key=lambda change: change.job_id)
