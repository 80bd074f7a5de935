"""`jobsync adopt`: manage jobs that exist already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobsync import claiming
from jobsync.cli import options
from jobsync.cli.wiring import Project
from jobsync.errors import DiagnosticsError

if TYPE_CHECKING:
    from jobsync.cli.output import Output


@click.command("adopt")
@click.argument("job_ids", metavar="ID...", nargs=-1, required=True)
@options.environment
@options.chdir
@click.pass_obj
def command(output: Output, job_ids: tuple[str, ...], environment: str | None) -> None:
    """Manage jobs that exist already: from now on, plan compares them with the files.

    Nothing is sent to the jobs. All of them are adopted, or none.
    """
    with Project.here(output).connect(environment) as connection:
        ledger, version = connection.store.read()
        remote = {job.id: job for job in connection.api.list()}
        claimed, problems = claiming.adopt(job_ids, remote, ledger)
        if problems:
            raise DiagnosticsError(problems)
        if claimed is not ledger:
            connection.store.write(claimed, if_version=version)
        declared = connection.declared_ids()
    for job_id in dict.fromkeys(job_ids):
        already = job_id in ledger.jobs and ledger.jobs[job_id].is_held
        output.data(f"job.{job_id} is managed already" if already else f"job.{job_id} is managed now")
    for job_id in sorted(set(job_ids) - declared):
        output.say(f"warning: no file declares job.{job_id}: the next apply would remove it")
