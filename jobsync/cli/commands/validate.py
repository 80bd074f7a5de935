"""`jobsync validate`: check the files; needs no network, no credentials and no variables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobsync import settings
from jobsync.cli import options
from jobsync.source import files
from jobsync.source.load import Loaded, load

if TYPE_CHECKING:
    from jobsync.cli.output import Output
    from jobsync.diagnostics import Diagnostic


@click.command("validate")
@click.argument("paths", metavar="[PATHS]...", nargs=-1, type=click.Path(path_type=Path))
@options.environment
@options.as_json
@options.chdir
@click.pass_obj
def command(output: Output, paths: tuple[Path, ...], environment: str | None, *, as_json: bool) -> int:
    """Check jobsync.yaml and the job files, all of them or those among PATHS; shows every problem at once.

    Variables of the environment need not be set. Exits with 1 where anything is an error.
    """
    loaded, diagnostics = _check(paths, environment)
    output.keep_secret(loaded.secrets)
    errors = sum(1 for diagnostic in diagnostics if diagnostic.is_error)
    if as_json:
        _print_json(output, loaded, diagnostics)
        return 1 if errors else 0
    output.diagnostics(diagnostics, as_data=True)
    if errors:
        from jobsync.render.diagnostics import tally

        output.say(f"\n{tally(diagnostics)}")
        return 1
    count = len(loaded.jobs)
    output.data(f"Success! {_counted(count, 'job')} {'is' if count == 1 else 'are'} valid.")
    return 0


def _check(paths: tuple[Path, ...], environment: str | None) -> tuple[Loaded, list[Diagnostic]]:
    project, problems = settings.read(Path())
    if project is None:
        return Loaded([], []), problems
    scope = None
    if project.environments:
        target, found = settings.resolve_environment(project, environment, os.environ, is_strict=False)
        scope = target.scope
        problems += found
    read = files.read_paths(Path(), paths) if paths else files.read_jobs(Path(), project.jobs)
    loaded = load(read.sources, scope, project.document)
    return loaded, sorted([*problems, *read.diagnostics, *loaded.diagnostics], key=lambda item: item.order)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _print_json(output: Output, loaded: Loaded, diagnostics: list[Diagnostic]) -> None:
    from jobsync.render.diagnostics import to_json

    errors = sum(1 for diagnostic in diagnostics if diagnostic.is_error)
    output.json(
        {
            "format_version": "1.0",
            "valid": errors == 0,
            "error_count": errors,
            "warning_count": len(diagnostics) - errors,
            "job_count": len(loaded.jobs),
            "diagnostics": list(to_json(diagnostics)),
        }
    )
