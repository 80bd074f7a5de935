"""Which path is which endpoint, and what each method does there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from jobsync.emulator import BASE_PATH
from jobsync.emulator.answers import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment

    from jobsync.emulator.answers import Answer
    from jobsync.emulator.operations import Call, Operations

Operation: TypeAlias = "Callable[[Call], Answer]"

_JOBS = f"{BASE_PATH}/<workspace>/projects/<project>/jobs"
_ROUTES = Map(
    [
        Rule(_JOBS, endpoint="jobs"),
        Rule(f"{_JOBS}/<job_id>", endpoint="job"),
        *(Rule(f"{_JOBS}/<job_id>/{name}", endpoint=name) for name in ("pause", "resume", "trigger", "runs")),
        Rule(f"{_JOBS}/<job_id>/runs/<run_id>", endpoint="run"),
        Rule(f"{_JOBS}/<job_id>/runs/<run_id>/terminate", endpoint="terminate"),
    ],
    merge_slashes=False,
)

WITH_BODY = frozenset({("jobs", "POST"), ("job", "PUT")})
"""Endpoints and methods that read a JSON body."""


def path_of(environ: WSGIEnvironment) -> str:
    """Return the path with its segments still quoted, so that `%2F` in a name is no separator.

    In process there is only the unquoted path, which httpx leaves as text.
    """
    raw = environ.get("RAW_URI")
    return urlsplit(raw).path if isinstance(raw, str) else quote(environ["PATH_INFO"])


def match(path: str) -> tuple[str, dict[str, str]]:
    """Return the endpoint and the names in a quoted path, unquoted; raises `Refusal` where there is none."""
    try:
        endpoint, quoted = _ROUTES.bind("").match(path)
    except NotFound:
        raise Refusal(404, "no such route") from None
    return endpoint, {name: unquote(value) for name, value in quoted.items()}


def methods(do: Operations) -> dict[str, dict[str, Operation]]:
    """Return what each method does at each endpoint."""
    job: dict[str, Operation] = {"GET": do.get_job, "PUT": do.update_job, "DELETE": do.delete_job}
    if not do.switches.has_put:
        del job["PUT"]
    return {
        "jobs": {"GET": do.list_jobs, "POST": do.create_job},
        "job": job,
        "pause": {"POST": do.pause_job},
        "resume": {"POST": do.resume_job},
        "trigger": {"POST": do.trigger_job},
        "runs": {"GET": do.list_runs},
        "run": {"GET": do.get_run},
        "terminate": {"POST": do.terminate_run},
    }
