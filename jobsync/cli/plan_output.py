"""Showing a plan, and asking whether to carry it out."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobsync.errors import JobsyncError, UsageError

if TYPE_CHECKING:
    from jobsync.cli.output import Output
    from jobsync.model.values import Json
    from jobsync.plan.change import Plan


class Declined(JobsyncError):
    """The user did not answer `yes`."""


def show_plan(plan: Plan, output: Output, *, concise: bool = False, destroys: bool = False) -> None:
    """Print a plan as text, and its problems as talk."""
    from jobsync.render import text, view

    shown = text.render(
        view.build(plan), width=output.width, style=output.style, concise=concise, destroys=destroys
    )
    output.data(shown)
    output.flush()
    output.diagnostics(plan.diagnostics)


def plan_document(plan: Plan) -> dict[str, Json]:
    """Return a plan as a JSON document, its problems in it."""
    from jobsync.render import plan_json
    from jobsync.render.diagnostics import to_json

    return plan_json.render(plan, diagnostics=to_json(plan.diagnostics))


def show_plan_record(plan: Plan, output: Output) -> None:
    """Print a plan as the first line of the JSON lines of an apply."""
    from jobsync.render.apply_json import plan_record

    output.json_line(plan_record(plan_document(plan), datetime.now(UTC)))


def confirm(question: str, output: Output) -> None:
    """Ask; only `yes` is yes. Raises where nobody can answer, or somebody says no."""
    if not output.is_interactive:
        raise UsageError(
            "this needs your approval, and there is no terminal to ask on",
            hint="read the plan, then pass --auto-approve",
        )
    output.say(f"\n{question}\n  Only `yes` will be accepted.")
    output.err.write("\n  Enter a value: ")
    output.err.flush()
    answer = sys.stdin.readline()
    output.say("")
    if answer.strip() != "yes":
        raise Declined("nothing was changed")
