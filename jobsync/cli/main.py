"""The command line: finds the command, and turns what stops it into a message and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import TYPE_CHECKING

import click

from jobsync import __version__
from jobsync.cli.output import Output
from jobsync.cli.streams import OutputLost
from jobsync.errors import INTERRUPTED, JobsyncError

if TYPE_CHECKING:
    from collections.abc import Sequence

REPORT_HINT = "this is a bug in jobsync; please report it with the lines above and how to make it happen"

COMMANDS = {
    "init": "Start a project in this directory.",
    "validate": "Check the files; needs no network and no credentials.",
    "plan": "Show what an apply would change.",
    "apply": "Make the remote jobs what the files declare.",
    "destroy": "Delete every job that jobsync manages.",
    "adopt": "Manage jobs that exist already.",
    "release": "Stop managing jobs without deleting them.",
    "status": "List the remote jobs with their state and runs.",
    "server": "Serve the emulated Jobs API on this machine.",
    "schema": "Print the JSON Schema of a job file.",
    "version": "Print the version.",
}


class Commands(click.Group):
    """Commands by name, each imported when it is asked for, so that one does not pay for another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order a user meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for a name that is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"jobsync.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  each module of that package ends in one
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, with a suggestion for one that was misspelt."""
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else "; `jobsync --help` lists them"
            raise click.UsageError(f"there is no command `{args[0]}`{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-C", "--chdir", type=click.Path(file_okay=False), help="Run as if started in this directory.")
@click.option("--no-color", is_flag=True, help="No colours, as with NO_COLOR in the environment.")
@click.version_option(__version__, "--version", message="jobsync %(version)s")
def jobsync(chdir: str | None, *, no_color: bool) -> None:
    """Keep the Jobs of an Intuned project equal to a directory of YAML files."""
    del no_color  # taken into account where the output was made, before click read the flags
    change_directory(chdir)


def change_directory(chdir: str | None) -> None:
    """Go to the directory that `-C` names; raises `click.UsageError` where there is none."""
    if chdir is None:
        return
    try:
        os.chdir(chdir)
    except OSError as error:
        raise click.UsageError(f"cannot change to `{chdir}`: {error.strerror}") from error


def main(arguments: Sequence[str]) -> int:
    """Run one command line; return 0, 1 for any error, 2 for pending changes, 130 when interrupted."""
    _configure_logging()
    output = Output.of_terminal(no_color="--no-color" in arguments)
    try:
        with jobsync.make_context("jobsync", list(arguments), obj=output) as context:
            code = jobsync.invoke(context)
        output.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        output.say(error.format_message())
        return 1
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        _show_usage(error, output)
        return 1
    except (click.Abort, KeyboardInterrupt):
        output.say("\ninterrupted")
        return INTERRUPTED
    except OutputLost as error:
        if not error.is_silent:
            output.error(error.summary)
        return error.exit_code
    except JobsyncError as error:
        output.stopped(error)
        return error.exit_code
    except Exception:  # noqa: BLE001  the one place where a bug becomes a message
        show_bug(output)
        return 1
    return code if isinstance(code, int) else 0


def show_bug(output: Output) -> None:
    """Show the exception that is being handled, which nobody foresaw, and where to report it."""
    output.say(traceback.format_exc().rstrip())
    output.error(f"jobsync {__version__} on Python {sys.version.split()[0]} failed", REPORT_HINT)


def _show_usage(error: click.ClickException, output: Output) -> None:
    """Show click's message as our own errors look; click's own exit code 2 means pending changes here."""
    context = getattr(error, "ctx", None)
    hint = f"`{context.command_path} --help` shows how it is used" if context else None
    message = error.format_message().rstrip(".")
    output.error(message[:1].lower() + message[1:], hint)


def _configure_logging() -> None:
    level = os.environ.get("JOBSYNC_LOG", "").upper()
    if level in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        import logging

        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
        logging.getLogger("jobsync").setLevel(level)
