"""`jobsync release`: stop managing jobs without deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobsync import claiming
from jobsync.cli import options
from jobsync.cli.wiring import Project
from jobsync.errors import DiagnosticsError

if TYPE_CHECKING:
    from jobsync.cli.output import Output


@click.command("release")
@click.argument("job_ids", metavar="ID...", nargs=-1, required=True)
@options.environment
@options.chdir
@click.pass_obj
def command(output: Output, job_ids: tuple[str, ...], environment: str | None) -> None:
    """Stop managing jobs without deleting them; they stay as they are.

    Nothing is sent to the jobs. All of them are released, or none. A job whose file stays is blocked in the
    next plan, since it exists and is not managed.
    """
    with Project.here(output).connect(environment) as connection:
        ledger, version = connection.store.read()
        released, problems = claiming.release(job_ids, ledger)
        if problems:
            raise DiagnosticsError(problems)
        connection.store.write(released, if_version=version)
    for job_id in dict.fromkeys(job_ids):
        output.data(f"job.{job_id} is not managed any more; it stays as it is")
