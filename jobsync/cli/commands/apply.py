"""`jobsync apply`: make the remote jobs what the files declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobsync.cli import options
from jobsync.cli.wiring import Project

if TYPE_CHECKING:
    from jobsync.cli.output import Output


@click.command("apply")
@options.environment
@options.auto_approve
@options.parallelism
@options.allow_removal
@click.option("--concise", is_flag=True, help="Show the plan with one line a change.")
@options.as_json
@options.chdir
@click.pass_obj
def command(
    output: Output,
    environment: str | None,
    parallelism: int,
    allow_delete: int | None,
    *,
    allow_empty: bool,
    auto_approve: bool,
    concise: bool,
    as_json: bool,
) -> int:
    """Make the remote jobs what the files declare: plan, ask, carry out, read back.

    With --json, prints one JSON object a line.
    """
    from jobsync.cli.carry_out import Manner, show_and_carry_out

    with Project.here(output).connect(environment) as connection:
        draft = connection.plan(
            connection.load(allow_empty=allow_empty), allow_delete=allow_delete, allow_empty=allow_empty
        )
        manner = Manner(
            question=f"Do you want to change the jobs of environment {connection.target.name}?",
            auto_approve=auto_approve,
            parallelism=parallelism,
            as_json=as_json,
            concise=concise,
        )
        return show_and_carry_out(draft, connection, output, manner)
