"""`jobsync destroy`: delete every managed job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobsync.cli import options
from jobsync.cli.wiring import Project

if TYPE_CHECKING:
    from jobsync.cli.output import Output


@click.command("destroy")
@options.environment
@options.auto_approve
@options.parallelism
@options.as_json
@options.chdir
@click.pass_obj
def command(
    output: Output, environment: str | None, parallelism: int, *, auto_approve: bool, as_json: bool
) -> int:
    """Delete every job that jobsync manages in an environment; jobs it does not manage stay.

    With --json, prints one JSON object a line.
    """
    from jobsync.cli.carry_out import Manner, show_and_carry_out

    with Project.here(output).connect(environment) as connection:
        name = connection.target.name
        manner = Manner(
            question=f"Do you really want to destroy all managed jobs of environment {name}?",
            auto_approve=auto_approve,
            parallelism=parallelism,
            as_json=as_json,
            destroys=True,
        )
        return show_and_carry_out(connection.plan_destroy(), connection, output, manner)
