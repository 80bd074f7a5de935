"""Flags that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from jobsync.cli.main import change_directory

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., object]")


def _enter(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    change_directory(value)


def chdir(function: F) -> F:
    """Let `-C` stand behind the command's name as well as before it."""
    return click.option(
        "-C",
        "--chdir",
        type=click.Path(file_okay=False),
        is_eager=True,
        expose_value=False,
        callback=_enter,
        help="Run as if started in this directory.",
    )(function)


def environment(function: F) -> F:
    """Add `-e NAME`."""
    return click.option(
        "-e",
        "--env",
        "environment",
        envvar="JOBSYNC_ENV",
        metavar="NAME",
        help="Environment of jobsync.yaml; else JOBSYNC_ENV, else `default_environment`.",
    )(function)


def as_json(function: F) -> F:
    """Add `--json`, which also has problems printed as JSON."""

    def note(context: click.Context, _parameter: click.Parameter, value: bool) -> bool:  # noqa: FBT001
        context.obj.is_json = value
        return value

    return click.option("--json", "as_json", is_flag=True, callback=note, help="Print JSON instead of text.")(
        function
    )


def auto_approve(function: F) -> F:
    """Add `--auto-approve`."""
    return click.option("-y", "--auto-approve", is_flag=True, help="Do not ask.")(function)


def parallelism(function: F) -> F:
    """Add `--parallelism N`."""
    return click.option(
        "--parallelism",
        type=click.IntRange(1, 20),
        default=10,
        show_default=True,
        help="How many requests may be in flight at once, at most 20.",
    )(function)


def allow_removal(function: F) -> F:
    """Add `--allow-delete N` and `--allow-empty`."""
    delete = click.option(
        "--allow-delete",
        type=click.IntRange(min=0),
        metavar="N",
        help="Let this run remove up to N jobs, instead of the limit of the environment.",
    )
    empty = click.option(
        "--allow-empty", is_flag=True, help="Let this run remove every job, where the files declare none."
    )
    return delete(empty(function))
