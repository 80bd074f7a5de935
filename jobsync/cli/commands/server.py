"""`jobsync server`: the emulated Jobs API on a loopback port."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobsync.cli import options
from jobsync.errors import UsageError

if TYPE_CHECKING:
    from jobsync.cli.output import Output

KEY_VARIABLE = "INTUNED_API_KEY"


@click.command("server")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one."
)
@click.option(
    "--database",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(".jobsync/server.db"),
    show_default=True,
    help="SQLite file that keeps the jobs.",
)
@options.chdir
@click.pass_obj
def command(output: Output, port: int, database: Path) -> None:
    """Serve the emulated Jobs API on 127.0.0.1, for any workspace and project, until Ctrl-C.

    Clients must send the key that INTUNED_API_KEY holds here.
    """
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        raise UsageError(
            f"the server needs a key that its clients must send, and {KEY_VARIABLE} is not set",
            hint=f"set any, such as `{KEY_VARIABLE}=local jobsync server`",
        )
    from jobsync.emulator.app import create_app
    from jobsync.emulator.serve import serve

    output.keep_secret([key])

    def announce(url: str) -> None:
        output.say(f"serving the Jobs API from {database}; stop with Ctrl-C")
        output.data(url)
        output.flush()

    with create_app(database, api_key=key) as emulator:
        serve(emulator, port, on_ready=announce, debug=os.environ.get("JOBSYNC_LOG", "").lower() == "debug")
