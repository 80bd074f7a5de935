"""`jobsync init`: start a project in this directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobsync.cli import options
from jobsync.errors import UsageError

if TYPE_CHECKING:
    from jobsync.cli.output import Output

PROJECT_FILE = """\
version: 1
jobs: jobs
default_environment: local

environments:
  local:
    url: local # the emulator, in process; its database is .jobsync/local.db

  # The real project. Set INTUNED_API_KEY and INTUNED_WORKSPACE_ID, then `jobsync plan -e production`.
  # production:
  #   workspace: ${env.INTUNED_WORKSPACE_ID}
  #   project: my-project
"""

JOB_FILE = """\
# yaml-language-server: $schema=../.jobsync/job.schema.json
id: example-job
payload:
  - apiName: list # the API under your project's `api` folder
    parameters:
      url: https://shop.example/products
configuration:
  retry: { maximumAttempts: 3 }
schedule:
  calendars:
    - { dayOfWeek: { start: MONDAY, end: FRIDAY }, hour: 6 } # Monday to Friday, 06:00 UTC
"""

SCHEMA = Path(".jobsync/job.schema.json")
IGNORED = ".jobsync/"


@click.command("init")
@options.chdir
@click.pass_obj
def command(output: Output) -> None:
    """Start a project in this directory: jobsync.yaml, one example job, a schema for editors.

    No file is ever overwritten, except for the schema, which belongs to jobsync.
    """
    from jobsync.source.job_schema import job_schema

    if Path("jobsync.yaml").exists():
        _refresh_schema(job_schema())
        output.data(f"jobsync.yaml is there already; only {SCHEMA} was written anew")
        return
    written = [_write_new(Path("jobsync.yaml"), PROJECT_FILE)]
    if not _has_jobs():
        written.append(_write_new(Path("jobs/example.yaml"), JOB_FILE))
    _refresh_schema(job_schema())
    written.append(str(SCHEMA))
    if _ignore():
        written.append(".gitignore")
    output.data("Started a project here:\n" + "\n".join(f"  {name}" for name in written))
    output.data(
        "\nNext: `jobsync plan`, then `jobsync apply`. Both use the emulator until you name a project."
    )


def _has_jobs() -> bool:
    return Path("jobs").is_dir() and any(Path("jobs").iterdir())


def _write_new(path: Path, text: str) -> str:
    """Write a file that is not there yet."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return str(path)


def _refresh_schema(schema: dict[str, object]) -> None:
    try:
        SCHEMA.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        SCHEMA.write_text(json.dumps(schema, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {SCHEMA}: {error.strerror}") from error


def _ignore() -> bool:
    """Have git ignore what is not shared: the local ledger, the emulator's database."""
    path = Path(".gitignore")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if IGNORED in lines or IGNORED.rstrip("/") in lines:
        return False
    try:
        path.write_text("\n".join([*lines, IGNORED]) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return True
