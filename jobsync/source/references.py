"""References in values: `${var.NAME}` and `${env.NAME}`; `$${` stands for `${`.

They are resolved in the parsed value, never in the text of a file, so a value can break no syntax. A scalar
that is one whole reference takes the value as it is; inside other text it is written into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from jobsync.model.values import canonical_text
from jobsync.source import codes
from jobsync.source.finding import Finding, shortened
from jobsync.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.source.text import Place

FROM_ENVIRONMENT: Final = "\0"
"""Stands in a `shape` for what came from an environment variable; no file can hold this character."""

_REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_BODY = re.compile(r"([A-Za-z_]\w*)(?:\.(.+))?", re.ASCII | re.DOTALL)
NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
"""What variables, in the project's file and in the environment, may be called."""

_UNDECODABLE = re.compile("[\ud800-\udfff]")
"""What Python makes of an environment variable's bytes that are no UTF-8."""

_NOT_YET = frozenset({"each", "file", "exec"})
_FORMS = "references are `${var.NAME}` and `${env.NAME}`; write `$${` for a `${` that is text"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value with references got its content from.

    `shape` is the text with `FROM_ENVIRONMENT` for every part from the environment. `is_known` is False
    where the value is not what it will be: a reference failed, or an unset variable was left in place.
    `variables` are those whose own text, not the environment's, is part of the value.
    """

    shape: str
    is_known: bool = True
    variables: tuple[str, ...] = ()

    @property
    def is_secret(self) -> bool:
        """Whether some of it came, or will come, from the environment."""
        return FROM_ENVIRONMENT in self.shape


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value without references, and the origin of each scalar that had one, by path."""

    value: Json = field(repr=False)
    origins: Mapping[Path, Origin] = field(default_factory=dict)

    @property
    def mapping(self) -> dict[str, Json]:
        """The value where it is a mapping, else an empty one."""
        return self.value if isinstance(self.value, dict) else {}


@dataclass(frozen=True, slots=True)
class Variable:
    """One of `variables:`, with the references to the environment in it resolved."""

    resolved: Resolved
    place: Place


@dataclass(frozen=True, slots=True)
class Scope:
    """What references may name.

    `environ` are environment variables. Where one is unset, a strict scope reports it; otherwise its
    reference stays in the text, so that files can be checked where no secrets are. `secrets` are the values
    from the environment that variables hold.
    """

    variables: Mapping[str, Variable] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_strict: bool = False
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


class PlaceOf(Protocol):
    """Tells where a value, or its key, was written."""

    def __call__(self, path: Path, *, on_key: bool) -> Place:
        """Return its place, or that of what it would stand in."""


class Resolver:
    """Resolves the references of one document; `findings` and `secrets` grow as it does.

    `place_of` tells where the value at a path stands, or its key. `secrets` are the values of environment
    variables that were put in.
    """

    def __init__(self, scope: Scope, place_of: PlaceOf, *, with_variables: bool = True) -> None:
        self.findings: list[Finding] = []
        self.secrets: set[str] = set()
        self._scope = scope
        self._place_of = place_of
        self._with_variables = with_variables
        self._origins: dict[Path, Origin] = {}

    def resolve(self, value: Json, path: Path = ()) -> Resolved:
        """Return the value with every reference resolved; what cannot be is reported and left as it is."""
        self._origins = {}
        return Resolved(self._walk(value, path), self._origins)

    def _walk(self, value: Json, path: Path) -> Json:
        if isinstance(value, str):
            return self._scalar(value, path) if "${" in value else value
        if isinstance(value, dict):
            return {
                (self._key(key, path) if "${" in key else key): self._walk(item, (*path, key))
                if isinstance(item, str | dict | list)
                else item
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [
                self._walk(item, (*path, index)) if isinstance(item, str | dict | list) else item
                for index, item in enumerate(value)
            ]
        return value

    def _key(self, key: str, path: Path) -> str:
        if any(match.group() != "$${" for match in _REFERENCE.finditer(key)):
            summary, hint = "references are not resolved in keys", "write `$${` for a `${` that is text"
            place = self._place_of((*path, key), on_key=True)
            self.findings.append(Finding(codes.REFERENCE_PLACE, summary, place, hint=hint))
            return key
        return key.replace("$${", "${")

    def _scalar(self, text: str, path: Path) -> Json:
        matches = list(_REFERENCE.finditer(text))
        if len(matches) == 1 and matches[0].span() == (0, len(text)) and matches[0][1] is not None:
            part = self._part(matches[0][1], path)
            for inner, origin in part.origins.items():
                self._origins[(*path, *inner)] = origin
            return part.value
        pieces: list[_Piece] = []
        end = 0
        for match in matches:
            pieces.append(_Piece(text[end : match.start()]))
            pieces.append(_Piece("${") if match.group() == "$${" else self._piece(match, path))
            end = match.end()
        pieces.append(_Piece(text[end:]))
        if any(piece.origin for piece in pieces):
            self._origins[path] = _joined(pieces)
        return "".join(piece.text for piece in pieces)

    def _piece(self, match: re.Match[str], path: Path) -> _Piece:
        """Resolve a reference inside other text; its value becomes text."""
        if match[1] is None:
            self._report(codes.REFERENCE, "a `${` is not closed by `}`", path, _FORMS)
            return _Piece(match.group(), _failed(match.group()))
        part = self._part(match[1], path)
        value, origin = part.value, part.origins.get(())
        if value is None or isinstance(value, dict | list):
            what = "null" if value is None else "a mapping" if isinstance(value, dict) else "a list"
            summary = f"`${{{match[1]}}}` is {what}, which cannot be part of a text"
            self._report(codes.NOT_TEXT, summary, path, "use it as a whole value, or give it a text")
            return _Piece(match.group(), _failed(match.group()))
        return _Piece(_text(value), origin)

    def _part(self, body: str, path: Path) -> Resolved:
        """Return what one reference stands for; a failed one stands for itself."""
        match = _BODY.fullmatch(body)
        space, name = match.groups() if match else (None, None)
        if space == "env" and name and NAME.fullmatch(name):
            return self._environment(name, path)
        if space == "var" and name and NAME.fullmatch(name):
            return self._variable(name, path)
        if space in _NOT_YET:
            self._report(codes.NOT_YET, f"`${{{space}}}` references are not supported yet", path, _FORMS)
        elif space and name is None and NAME.fullmatch(space) and space.isupper():
            hint = "write `${env.NAME}` for an environment variable"
            self._report(codes.REFERENCE, "this reference does not say what it names", path, hint)
        else:
            self._report(codes.REFERENCE, "this is not a reference that can be resolved", path, _FORMS)
        return _stands_for_itself(body)

    def _environment(self, name: str, path: Path) -> Resolved:
        value = self._scope.environ.get(name) or None  # a pipeline sets a secret that it lacks to nothing
        if value is not None and _UNDECODABLE.search(value):
            summary = f"the environment variable `{name}` is not UTF-8"
            self._report(codes.CHARACTER, summary, path, "set it to a text")
        elif value is not None:
            self.secrets.add(value)
            return Resolved(value, {(): Origin(FROM_ENVIRONMENT)})
        elif self._scope.is_strict:
            summary = f"the environment variable `{name}` is not set, or is empty"
            self._report(codes.UNSET_VARIABLE, summary, path, f"set it, as in `export {name}=...`")
        return Resolved(f"${{env.{name}}}", {(): Origin(FROM_ENVIRONMENT, is_known=False)})

    def _variable(self, name: str, path: Path) -> Resolved:
        if not self._with_variables:
            summary = "a variable cannot be made of another one"
            self._report(codes.REFERENCE_PLACE, summary, path, "only `${env.NAME}` can be used here")
            return _stands_for_itself(f"var.{name}")
        variable = self._scope.variables.get(name)
        if variable is None:
            known = sorted(self._scope.variables)
            summary = f"there is no variable `{shortened(name)}` in this environment"
            hint = (
                did_you_mean(name, known, "variables") if known else "add it to `variables` in jobsync.yaml"
            )
            self._report(codes.UNKNOWN_VARIABLE, summary, path, hint)
            return _stands_for_itself(f"var.{name}")
        resolved = variable.resolved
        if resolved.origins or isinstance(resolved.value, dict | list):
            return resolved
        return Resolved(resolved.value, {(): Origin(_text(resolved.value), variables=(name,))})

    def _report(self, code: str, summary: str, path: Path, hint: str) -> None:
        self.findings.append(Finding(code, summary, self._place_of(path, on_key=False), hint=hint))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    origin: Origin | None = None


def _joined(pieces: list[_Piece]) -> Origin:
    origins = [piece.origin for piece in pieces if piece.origin]
    return Origin(
        "".join(piece.origin.shape if piece.origin else piece.text for piece in pieces),
        is_known=all(origin.is_known for origin in origins),
        variables=tuple(dict.fromkeys(name for origin in origins for name in origin.variables)),
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else canonical_text(value)


def _failed(text: str) -> Origin:
    return Origin(text, is_known=False)


def _stands_for_itself(body: str) -> Resolved:
    return Resolved(f"${{{body}}}", {(): _failed(f"${{{body}}}")})
