"""A plan as text: the cases of `cases/render`, and what holds for every plan."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from render_cases import Case, plan_of, read_cases
from render_plans import MARK, plans, shuffled_plans

from jobsync.render import text, view
from jobsync.render.screen import cells
from jobsync.render.style import COLOUR

if TYPE_CHECKING:
    from jobsync.plan.change import Plan

CASES = [
    case
    for path in sorted((Path(__file__).parent.parent / "cases" / "render").glob("*.md"))
    for case in read_cases(path)
]
WIDTHS = st.integers(40, 130)
SLOW = examples(40)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_looks_as_written(case: Case) -> None:
    shown = view.build(case.plan)
    assert case.expected
    for expected in case.expected:
        rendered = text.render(shown, width=expected.width, concise=expected.is_concise)
        assert rendered == expected.text


@SLOW
@given(plans(), WIDTHS)
def test_no_secret_is_in_a_plan_however_it_is_shown(plan: Plan, width: int) -> None:
    shown = view.build(plan)
    assert MARK not in repr(shown)
    assert MARK not in text.render(shown, width=width)
    assert MARK not in text.render(shown, width=width, concise=True)


SENTENCES = re.compile(r"(Plan|Also): |No changes\. |Blocked by ")
"""What is never broken, so that it can be searched for in a log."""


@SLOW
@given(plans(), WIDTHS, st.booleans())
def test_no_line_is_wider_than_it_may_be(plan: Plan, width: int, concise: bool) -> None:  # noqa: FBT001
    lines = text.render(view.build(plan), width=width, concise=concise).split("\n")
    assert [line for line in lines if cells(line) > width and not SENTENCES.match(line)] == []


@SLOW
@given(shuffled_plans())
def test_the_same_plan_is_the_same_text(pair: tuple[Plan, Plan]) -> None:
    one, other = (text.render(view.build(plan)) for plan in pair)
    assert one == other


@SLOW
@given(plans())
def test_everything_printed_is_printable_and_colour_adds_nothing_but_colour(plan: Plan) -> None:
    shown = view.build(plan)
    plain = text.render(shown)
    assert all(line.isprintable() for line in plain.split("\n"))
    coloured = text.render(shown, style=COLOUR)
    assert [line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", coloured).split("\n")] == plain.split("\n")


def test_a_thousand_changes_are_a_thousand_lines() -> None:
    declared = [{"id": f"prices-{number:04}", "at": "jobs/a.yaml:1"} for number in range(1000)]
    rendered = text.render(view.build(plan_of({"declared": declared})), concise=True)
    lines = rendered.split("\n")
    assert lines[:4] == [
        "jobsync: environment production, project shop",
        "  (1,000 jobs declared, 0 managed, 0 unmanaged)",
        "",
        "+ prices-0000  1 item (list)",
    ]
    assert lines[-3:] == [
        "+ prices-0999  1 item (list)",
        "",
        "Plan: 1,000 to add, 0 to change, 0 to destroy.",
    ]
    assert len(lines) == 3 + 1000 + 2


def test_a_destroy_with_nothing_to_do_says_so() -> None:
    rendered = text.render(view.build(plan_of({})), destroys=True)
    assert rendered.endswith("No changes. There is no managed job to destroy.")


def test_a_payload_of_any_size_is_told_in_a_few_lines() -> None:
    items = [{"apiName": "list", "parameters": {"page": number}} for number in range(4000)]
    changed = [{"apiName": "get", "parameters": {}}, *items[:-1], {"apiName": "get", "parameters": {"id": 1}}]
    applied = {"id": "contracts", "payload": items}
    plan = plan_of({"applied": [applied], "declared": [{"id": "contracts", "payload": changed}]})
    assert "~ payload : +2 -1 of 4,000 items\n" in text.render(view.build(plan))
