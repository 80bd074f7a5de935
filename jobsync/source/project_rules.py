"""What jobsync.yaml may say: its keys and types, and what no type can express."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jobsync.model.paths import to_text
from jobsync.source import codes
from jobsync.source.references import NAME
from jobsync.source.suggestions import did_you_mean
from jobsync.source.validation import Fault, describe, faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobsync.model.paths import Path
    from jobsync.model.values import Json

VERSION: Final = 1
DEFAULT_URL: Final = "https://app.intuned.io/api/v1/workspace"
DEFAULT_DELETES: Final = 5
LOCAL: Final = "local"
"""The `url` of the emulator."""

LEDGER: Final = "ledger"
ALL: Final = "all"

ENVIRONMENT_REFERENCE = re.compile(r"\$\{env\.([A-Za-z_]\w*)\}", re.ASCII)

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)
_WORKSPACE = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_GLOB = re.compile(r"(?:[\w*?-]|\[!?[\w-]+\])+", re.ASCII)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ProjectShape(_Shape):
    """The top of jobsync.yaml; environments are looked at one by one."""

    version: Any = None
    jobs: str = "jobs"
    defaults: dict[str, Any] = Field(default_factory=dict)
    default_environment: str | None = None
    environments: dict[str, Any] = Field(default_factory=dict)


class LimitsShape(_Shape):
    """How much one apply may do."""

    deletes: int = Field(default=DEFAULT_DELETES, ge=0)


class EnvironmentShape(_Shape):
    """One of `environments:`."""

    url: str = DEFAULT_URL
    workspace: str | None = None
    project: str | None = Field(default=None, min_length=1)
    api_key: str | None = None
    variables: dict[str, Any] = Field(default_factory=dict)
    owns: Any = "ledger"
    on_remove: Literal["delete", "pause", "release"] = "delete"
    limits: LimitsShape = LimitsShape()


_NOT_YET: Final = {
    ProjectShape: frozenset({"apis"}),
    EnvironmentShape: frozenset({"ledger", "branch", "pause_schedules"}),
    LimitsShape: frozenset({"changes_percent", "runs_per_day", "min_interval"}),
}


def check_project(value: Mapping[str, Json]) -> Iterator[Fault]:
    """Yield what is wrong with the top of jobsync.yaml."""
    yield from _check_version(value)
    yield from _check_shape(ProjectShape, {"version": VERSION, **value}, ())
    jobs = value.get("jobs")
    if isinstance(jobs, str) and not is_inside(jobs):
        summary = "`jobs` must name a directory inside the project"
        yield Fault(("jobs",), codes.VALUE, summary, "write a path such as `jobs`, without `..`")
    defaults = value.get("defaults")
    if isinstance(defaults, dict) and "id" in defaults:
        summary = "`defaults` must have no `id`, since each job has its own"
        yield Fault(("defaults", "id"), codes.VALUE, summary, "remove it", on_key=True)
    environments, default = value.get("environments"), value.get("default_environment")
    if isinstance(environments, dict) and isinstance(default, str) and default not in environments:
        summary = "`default_environment` names no environment of this file"
        hint = did_you_mean(default, environments, what="environments")
        yield Fault(("default_environment",), codes.UNKNOWN_DEFAULT, summary, hint)


def check_environment(name: str, value: Json) -> Iterator[Fault]:
    """Yield what is wrong with one environment."""
    path: Path = ("environments", name)
    if not _ENVIRONMENT_NAME.fullmatch(name):
        summary = "an environment's name becomes part of a file's name, and this one cannot"
        hint = "use letters, digits, `.`, `_` and `-`, and a letter or a digit first"
        yield Fault(path, codes.ENVIRONMENT_NAME, summary, hint, on_key=True)
    if not isinstance(value, dict):
        summary = f"`{to_text(path)}` must be a mapping, not {describe(value)}"
        yield Fault(path, codes.TYPE, summary, "write `{url: local}` for the emulator")
        return
    yield from _check_shape(EnvironmentShape, value, path)
    if not is_local(value) and value.get("project") is None:
        summary = f"`{to_text(path)}` has no `project`"
        hint = "add the project's name, or `url: local` for the emulator"
        yield Fault(path, codes.INCOMPLETE, summary, hint, on_key=True)
    yield from _check_url(value.get("url"), (*path, "url"))
    yield from check_workspace(value.get("workspace"), (*path, "workspace"))
    yield from _check_api_key(value.get("api_key"), (*path, "api_key"))
    yield from _check_owns(value.get("owns", LEDGER), (*path, "owns"))
    variables = value.get("variables")
    for variable in variables if isinstance(variables, dict) else ():
        if not NAME.fullmatch(variable):
            summary = "a variable's name has letters, digits and `_`, and no digit first"
            yield Fault((*path, "variables", variable), codes.VALUE, summary, "rename it", on_key=True)


def is_local(environment: Mapping[str, Json]) -> bool:
    """Whether an environment is the emulator."""
    return environment.get("url") == LOCAL


def _check_version(value: Mapping[str, Json]) -> Iterator[Fault]:
    version = value.get("version")
    if "version" not in value:
        yield Fault((), codes.VERSION, "jobsync.yaml has no `version`", f"begin it with `version: {VERSION}`")
    elif version != VERSION or isinstance(version, bool):
        summary = f"this jobsync reads version {VERSION} of jobsync.yaml only"
        yield Fault(("version",), codes.VERSION, summary, f"write `version: {VERSION}`, or update jobsync")


def _check_shape(shape: type[BaseModel], value: Mapping[str, Json], path: Path) -> Iterator[Fault]:
    """Yield unknown keys and wrong types; limits are a shape of their own."""
    known: dict[str, Json] = {}
    for key, item in value.items():
        if key in _NOT_YET[shape]:
            summary = f"`{to_text((*path, key))}` is not supported yet"
            yield Fault((*path, key), codes.NOT_YET, summary, "remove it", on_key=True)
        elif shape is EnvironmentShape and key == "limits" and isinstance(item, dict):
            yield from _check_shape(LimitsShape, item, (*path, key))
        else:
            known[key] = item
    try:
        shape.model_validate(known)
    except ValidationError as error:
        yield from faults(error, known, shape, "jobsync.yaml", path)


def is_inside(directory: str) -> bool:
    """Whether a path, taken from the project's directory, stays in it."""
    return (
        bool(directory.strip()) and not directory.startswith(("/", "~")) and ".." not in directory.split("/")
    )


def _check_url(url: Json, path: Path) -> Iterator[Fault]:
    if not isinstance(url, str) or url == LOCAL or "${" in url:
        return
    yield from check_remote_url(url, path)


def check_remote_url(url: str, path: Path) -> Iterator[Fault]:
    """Yield why a URL cannot be that of a remote; it may have come from the environment."""
    from urllib.parse import urlsplit

    name = f"`{to_text(path)}`"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.username is not None or parts.password is not None:
        summary = f"{name} holds a user or password in clear"
        yield Fault(path, codes.SECRET, summary, "remove it; the API key is sent in a header")
    elif not host or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        summary = f"{name} must be `{LOCAL}`, or a URL such as `{DEFAULT_URL}`"
        yield Fault(path, codes.VALUE, summary, "remove it for the platform itself")
    elif parts.scheme == "http" and not _is_loopback(host):
        summary = f"{name} would send the API key unencrypted"
        yield Fault(path, codes.VALUE, summary, "write `https://`; `http://` is for this machine only")


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address

    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_workspace(workspace: Json, path: Path) -> Iterator[Fault]:
    """Yield why a text cannot be a workspace's id; it may have come from the environment."""
    if isinstance(workspace, str) and "${" not in workspace and not _WORKSPACE.fullmatch(workspace):
        summary = f"`{to_text(path)}` must be a UUID, as the address of the workspace shows it"
        yield Fault(path, codes.WORKSPACE, summary, "write it, or `${env.INTUNED_WORKSPACE_ID}`")


def _check_api_key(key: Json, path: Path) -> Iterator[Fault]:
    if isinstance(key, str) and not ENVIRONMENT_REFERENCE.fullmatch(key):
        summary = f"`{to_text(path)}` is a secret and must be one reference to the environment"
        yield Fault(path, codes.SECRET, summary, "write `${env.INTUNED_API_KEY}`")


def _check_owns(owns: Json, path: Path) -> Iterator[Fault]:
    name = f"`{to_text(path)}`"
    if owns in (LEDGER, ALL):
        return
    if not isinstance(owns, list) or not owns:
        summary = f"{name} must be `{LEDGER}`, `{ALL}`, or a list of globs"
        yield Fault(path, codes.VALUE, summary, "a glob is an id with `*`, `?` or `[abc]` in it")
        return
    for index, glob in enumerate(owns):
        if not isinstance(glob, str) or not _GLOB.fullmatch(glob):
            summary = f"`{to_text((*path, index))}` is no glob that an id could match"
            hint = "an id has letters, digits, `-` and `_`; `*`, `?` and `[abc]` stand for some of them"
            yield Fault((*path, index), codes.VALUE, summary, hint)
