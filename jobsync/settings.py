"""The project file, found and read, and one of its environments with everything resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jobsync.errors import UsageError
from jobsync.source import codes
from jobsync.source.files import SETTINGS_FILE, read_file
from jobsync.source.finding import Finding, to_diagnostics
from jobsync.source.project import Environment, Settings, hidden, place_of, read_project
from jobsync.source.project_rules import (
    DEFAULT_DELETES,
    ENVIRONMENT_REFERENCE,
    LOCAL,
    check_remote_url,
    check_workspace,
)
from jobsync.source.references import Resolved, Resolver, Scope, Variable
from jobsync.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from jobsync.diagnostics import Diagnostic
    from jobsync.model.paths import Path as JobPath
    from jobsync.model.values import Json
    from jobsync.source.project import OnRemove, Owns
    from jobsync.source.validation import Fault

__all__ = ["Environment", "Settings", "Target", "read", "resolve_environment"]

API_KEY: Final = "INTUNED_API_KEY"
WORKSPACE: Final = "INTUNED_WORKSPACE_ID"
LOCAL_WORKSPACE: Final = "00000000-0000-0000-0000-000000000000"
"""The workspace of the emulator, where the file names none."""


@dataclass(frozen=True, slots=True)
class Target:
    """An environment that jobs can be applied to.

    `url` has no slash at its end and is `local` for the emulator, which has no `api_key`. `scope` is what
    references in jobs may name. `secrets` are the API key and what variables took from the environment.
    """

    name: str
    url: str
    workspace: str
    project: str
    scope: Scope
    api_key: str | None = field(default=None, repr=False)
    owns: Owns = "ledger"
    on_remove: OnRemove = "delete"
    deletes: int = DEFAULT_DELETES
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def is_local(self) -> bool:
        """Whether it is the emulator."""
        return self.url == LOCAL


def read(directory: Path) -> tuple[Settings | None, list[Diagnostic]]:
    """Read jobsync.yaml of a directory, and of no other: not of one above it.

    Raises `UsageError` where there is none. Needs no environment variable. Where a diagnostic is an error,
    the settings are only good to check the files with, and None where not even that.
    """
    if not (directory / SETTINGS_FILE).exists():
        raise UsageError(
            f"there is no `{SETTINGS_FILE}` in `{directory.resolve()}`",
            hint="run `jobsync init` to make one, or name the project's directory with `-C`",
        )
    source, diagnostics = read_file(directory, SETTINGS_FILE)
    return (None, diagnostics) if source is None else read_project(source)


def resolve_environment(
    settings: Settings, name: str | None, environ: Mapping[str, str], *, is_strict: bool
) -> tuple[Target, list[Diagnostic]]:
    """Resolve the references of an environment; `name` is None for the default one.

    A strict resolution reports every environment variable that is missing, and may only be used where no
    diagnostic is an error. Otherwise references to missing ones stay in place, which is enough to check the
    files, and so is the first environment where there is no default. Raises `UsageError` where the file has
    no such environment.
    """
    environment = _chosen(settings, name, is_strict=is_strict)
    resolution = _Resolution(settings, environment, environ, is_strict=is_strict)
    target = resolution.target()
    return target, to_diagnostics(
        resolution.findings, {settings.document.source.file: hidden(settings.document)}
    )


def _chosen(settings: Settings, name: str | None, *, is_strict: bool) -> Environment:
    known = list(settings.environments)
    name = name or settings.default_environment or (known[0] if known and not is_strict else None)
    if not known:
        raise UsageError(
            f"{SETTINGS_FILE} has no environments", hint="add `environments: {local: {url: local}}`"
        )
    if name is None:
        listed = ", ".join(f"`{item}`" for item in known)
        hint = f"pass `--env NAME` or set `default_environment`; there are {listed}"
        raise UsageError("no environment is chosen", hint=hint)
    if name not in settings.environments:
        hint = did_you_mean(name, known, what="environments")
        raise UsageError(f"there is no environment `{name}` in {SETTINGS_FILE}", hint=hint)
    return settings.environments[name]


class _Resolution:
    """Puts an environment together; `findings` are what is missing or wrong."""

    def __init__(
        self, settings: Settings, environment: Environment, environ: Mapping[str, str], *, is_strict: bool
    ) -> None:
        self.findings: list[Finding] = []
        self._document = settings.document
        self._environment = environment
        self._environ = environ
        self._is_strict = is_strict
        self._secrets: set[str] = set()

    def target(self) -> Target:
        """Return the environment, as far as it can be resolved."""
        environment = self._environment
        variables = {name: self._variable(name) for name in environment.variables}
        from_variables = frozenset(self._secrets)
        url = self._url()
        api_key = None if url == LOCAL else self._api_key()
        return Target(
            name=environment.name,
            url=url,
            workspace=self._workspace(is_local=url == LOCAL),
            project=self._text("project", environment.project) or LOCAL,
            scope=Scope(variables, self._environ, self._is_strict, from_variables),
            api_key=api_key,
            owns=environment.owns,
            on_remove=environment.on_remove,
            deletes=environment.deletes,
            secrets=from_variables | {api_key} if api_key else from_variables,
        )

    def _variable(self, name: str) -> Variable:
        path = (*self._environment.path, "variables", name)
        resolved = self._resolved(self._environment.variables[name], path)
        return Variable(resolved, place_of(self._document, path))

    def _url(self) -> str:
        written = self._environment.url
        url = self._text("url", written)
        if "${" in written and "${" not in url and url != LOCAL:
            self._report(check_remote_url(url, (*self._environment.path, "url")))
        return url.rstrip("/")

    def _workspace(self, *, is_local: bool) -> str:
        written = self._environment.workspace
        if written is None and not is_local:
            value = self._required(WORKSPACE, "workspace")
        else:
            value = self._text("workspace", written) or LOCAL_WORKSPACE
        if value and (written is None or "${" in written):
            self._report(check_workspace(value, (*self._environment.path, "workspace")))
        return value

    def _api_key(self) -> str | None:
        named = ENVIRONMENT_REFERENCE.fullmatch(self._environment.api_key or "")
        name = named[1] if named else API_KEY
        key = self._required(name, "api_key").strip()
        if self._is_strict and key and not (key.isascii() and key.isprintable() and " " not in key):
            summary = f"the environment variable `{name}` holds what no API key can be"
            self._add(codes.VALUE, summary, "api_key", "set it to the key as the platform shows it")
        return key or None

    def _required(self, variable: str, key: str) -> str:
        """Return an environment variable that `key` needs without naming it in the file."""
        value = self._environ.get(variable, "")
        if not value and self._is_strict:
            summary = f"the environment variable `{variable}` is not set, or is empty"
            self._add(
                codes.UNSET_VARIABLE, summary, key, f"set it, or name another one as `{key}: ${{env.NAME}}`"
            )
        return value

    def _text(self, key: str, written: str | None) -> str:
        value = self._resolved(written or "", (*self._environment.path, key)).value
        return value if isinstance(value, str) else ""

    def _resolved(self, value: Json, path: JobPath) -> Resolved:
        resolver = Resolver(
            Scope(environ=self._environ, is_strict=self._is_strict),
            lambda inner, *, on_key: place_of(self._document, (*path, *inner), on_key=on_key),
            with_variables=False,
        )
        resolved = resolver.resolve(value)
        self.findings += resolver.findings
        self._secrets |= resolver.secrets
        return resolved

    def _report(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.findings.append(
                Finding(fault.code, fault.summary, place_of(self._document, fault.path), hint=fault.hint)
            )

    def _add(self, code: str, summary: str, key: str, hint: str) -> None:
        path = (*self._environment.path, key)
        place = self._document.value_place(path) or self._environment.place
        self.findings.append(Finding(code, summary, place, hint=hint))
