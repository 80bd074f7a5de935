"""`jobsync plan`: show what an apply would change; sends one request and writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobsync.cli import options
from jobsync.cli.wiring import Project

if TYPE_CHECKING:
    from jobsync.cli.output import Output

PENDING = 2


@click.command("plan")
@options.environment
@options.allow_removal
@click.option("--concise", is_flag=True, help="One line a change.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when changes are pending.")
@options.as_json
@options.chdir
@click.pass_obj
def command(
    output: Output,
    environment: str | None,
    allow_delete: int | None,
    *,
    allow_empty: bool,
    concise: bool,
    detailed_exitcode: bool,
    as_json: bool,
) -> int:
    """Show what an apply would change.

    Exits with 0, with 1 on any error, and with --detailed-exitcode with 2 when changes are pending.
    """
    from jobsync.cli.plan_output import plan_document, show_plan

    project = Project.here(output)
    with project.connect(environment) as connection:
        desired = connection.load(allow_empty=allow_empty)
        draft = connection.plan(desired, allow_delete=allow_delete, allow_empty=allow_empty)
    if as_json:
        output.json(plan_document(draft.plan))
    else:
        show_plan(draft.plan, output, concise=concise)
    if draft.plan.is_blocked:
        return 1
    return PENDING if detailed_exitcode and not draft.plan.is_empty else 0
