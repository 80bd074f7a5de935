"""`jobsync version`: as `--version`; as JSON with what a bug report wants."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import click

from jobsync import __version__
from jobsync.cli import options

if TYPE_CHECKING:
    from jobsync.cli.output import Output


@click.command("version")
@options.as_json
@options.chdir
@click.pass_obj
def command(output: Output, *, as_json: bool) -> None:
    """Print the version."""
    if as_json:
        output.json(
            {"jobsync": __version__, "python": platform.python_version(), "platform": platform.platform()}
        )
    else:
        output.data(f"jobsync {__version__}")
