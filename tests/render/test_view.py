"""Order and counts, which every format shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from examples import examples
from hypothesis import given
from render_cases import ONE_OF_EACH, plan_of
from render_plans import plans

from jobsync.render import view
from jobsync.render.counts import RANK, Counts, Kind

if TYPE_CHECKING:
    from jobsync.plan.change import Plan

SLOW = examples(40)


def test_what_does_something_is_shown_by_kind_and_what_removes_comes_last() -> None:
    shown = view.build(plan_of(ONE_OF_EACH))
    assert [(change.kind, change.job_id) for change in shown.changes] == [
        (Kind.CREATE, "created-job"),
        (Kind.UPDATE, "changed-job"),
        (Kind.PAUSE, "paused-job"),
        (Kind.RESUME, "resumed-job"),
        (Kind.ADOPT, "adopted-job"),
        (Kind.FORGET, "vanished-job"),
        (Kind.DELETE, "deleted-job"),
    ]


def test_each_change_is_counted_once_and_jobs_that_stay_are_not() -> None:
    shown = view.build(plan_of(ONE_OF_EACH))
    assert shown.counts == Counts(add=1, change=1, destroy=1, adopt=1, pause=1, resume=1, forget=1)
    assert (shown.declared, shown.managed, shown.unmanaged, shown.errors) == (6, 6, 1, 0)
    assert shown.counts.planned() == [
        "Plan: 1 to add, 1 to change, 1 to destroy.",
        "Also: 1 to adopt, 1 to pause, 1 to resume, 1 to forget.",
    ]
    assert shown.counts.done() == [
        "Resources: 1 added, 1 changed, 1 destroyed.",
        "Also: 1 adopted, 1 paused, 1 resumed, 1 forgotten.",
    ]


def test_a_released_job_is_neither_changed_nor_destroyed() -> None:
    released = plan_of({"applied": [{"id": "let-go-of"}], "rules": [{"on_remove": "release"}]})
    assert view.build(released).counts == Counts(release=1)


@SLOW
@given(plans())
def test_the_counts_add_up_to_the_changes_whatever_the_plan(plan: Plan) -> None:
    shown = view.build(plan)
    assert shown.counts.total == len(shown.changes) == len(plan.pending)
    order = [(RANK[change.kind], change.job_id) for change in shown.changes]
    assert order == sorted(order)


@SLOW
@given(plans())
def test_an_update_always_says_what_it_changes(plan: Plan) -> None:
    updates = [change for change in view.build(plan).changes if change.kind is Kind.UPDATE]
    assert all(change.rows for change in updates)
