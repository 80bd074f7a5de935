"""`jobsync schema`: the JSON Schema of a job file, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jobsync.cli import options

if TYPE_CHECKING:
    from jobsync.cli.output import Output


@click.command("schema")
@options.chdir
@click.pass_obj
def command(output: Output) -> None:
    """Print the JSON Schema of a job file.

    Save it beside the jobs and name it in the first line of a file, so that an editor completes and checks:
    `# yaml-language-server: $schema=../.jobsync/job.schema.json`.
    """
    from jobsync.source.job_schema import job_schema

    output.json(job_schema())
