"""`jobsync status`: the remote jobs with their state and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobsync.cli import options
from jobsync.cli.wiring import Project

if TYPE_CHECKING:
    from jobsync.cli.output import Output


@click.command("status")
@options.environment
@options.as_json
@options.chdir
@click.pass_obj
def command(output: Output, environment: str | None, *, as_json: bool) -> None:
    """List the remote jobs: state, next and last run, and whether jobsync manages them."""
    from jobsync.render import status_text

    with Project.here(output).connect(environment) as connection:
        ledger, _version = connection.store.read()
        jobs = connection.api.list()
    if as_json:
        output.json(status_text.document(jobs, ledger.jobs.keys()))
    else:
        output.data(status_text.render(jobs, ledger.jobs.keys(), width=output.width, style=output.style))
