"""What pydantic finds wrong with a value, in our own words and with the way out.

Nothing here repeats a value, since it may be a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from jobsync.model.paths import to_text
from jobsync.source import codes, schema
from jobsync.source.finding import shortened
from jobsync.source.suggestions import closest, did_you_mean, listed
from jobsync.source.tree import at

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from jobsync.model.paths import Path
    from jobsync.model.values import Json

_TYPES: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}
_RULES: Final = {
    "http_url": "must be a URL that begins with `https://` or `http://`",
    "proxy": "must be a URL such as `http://host:port`",
}
_EMPTY_VALUES: Final = {"payload": "[]", "configuration": "{}", "parameters": "{}"}
_TAG_ERRORS: Final = frozenset({"union_tag_invalid", "union_tag_not_found"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `path` leads to the value, or to the key itself where `on_key` is True.

    For a key that is missing, `path` leads to the mapping that lacks it. `is_for` leads to the key that is
    missing, or that an unknown key was probably meant to be.
    """

    path: Path
    code: str
    summary: str
    hint: str | None = None
    on_key: bool = False
    is_for: Path | None = None


def faults(
    error: ValidationError, value: Json, model: type[BaseModel], whole: str, begins_at: Path = ()
) -> list[Fault]:
    """Return what is wrong with `value`, which `model` refused.

    `whole` is what to call it, such as `a job`; `begins_at` is where it stands in its document.
    """
    explain = _Explanation(value, model, whole, begins_at).explain
    found = [explain(item) for item in error.errors(include_url=False, include_input=False)]
    misspelt = {fault.is_for for fault in found if fault.on_key and fault.is_for}
    return [fault for fault in found if fault.on_key or fault.is_for not in misspelt]


@dataclass(frozen=True, slots=True)
class _Explanation:
    value: Json
    model: type[BaseModel]
    whole: str
    begins_at: Path

    def explain(self, item: ErrorDetails) -> Fault:
        path, kind = schema.in_file(item["loc"], self.model), item["type"]
        if kind in _TAG_ERRORS:
            fault = self._wrong_tag(path)
        elif kind == "missing":
            fault = self._missing(path)
        elif kind == "extra_forbidden":
            fault = self._unknown_key(path)
        else:
            fault = self._wrong_value(path, kind, item.get("ctx", {}))
        return replace(fault, path=(*self.begins_at, *fault.path))

    def _name(self, path: Path) -> str:
        return f"`{to_text((*self.begins_at, *path))}`" if path or self.begins_at else self.whole

    def _wrong_value(self, path: Path, kind: str, context: dict[str, Any]) -> Fault:
        name, found = self._name(path), at(self.value, path)
        if kind in _TYPES:
            summary = f"{name} must be {_TYPES[kind]}, not {describe(found)}"
            return Fault(path, codes.TYPE, summary, _type_hint(kind, found))
        if kind == "literal_error":
            choices = schema.choices(path, self.value, self.model)
            return Fault(path, codes.VALUE, f"{name} must be {listed(choices)}", _choice_hint(found, choices))
        if kind == "string_too_short":
            return Fault(path, codes.VALUE, f"{name} must not be empty", "write a text, or remove the key")
        if kind == "greater_than_equal":
            return Fault(path, codes.VALUE, f"{name} must be at least {context['ge']}")
        return Fault(path, codes.VALUE, f"{name} {_RULES.get(kind, 'has a value that cannot be used here')}")

    def _wrong_tag(self, path: Path) -> Fault:
        name, holder = self._name(path), at(self.value, path)
        path = (*path, "type")
        choices = schema.choices(path, self.value, self.model)
        if not isinstance(holder, dict):
            return Fault(path[:-1], codes.TYPE, f"{name} must be a mapping, not {describe(holder)}")
        if "type" not in holder:
            hint = f"write {listed([f'type: {choice}' for choice in choices])}"
            return Fault(path[:-1], codes.MISSING_KEY, f"{name} has no `type`", hint)
        summary = f"{self._name(path)} must be {listed(choices)}"
        return Fault(path, codes.VALUE, summary, _choice_hint(holder["type"], choices))

    def _missing(self, path: Path) -> Fault:
        key = str(path[-1])
        empty = _EMPTY_VALUES.get(key)
        hint = f"add it; `{key}: {empty}` is enough" if empty else f"add `{key}: ...`"
        summary = f"{self._name(path[:-1])} has no `{key}`"
        return Fault(path[:-1], codes.MISSING_KEY, summary, hint, is_for=path)

    def _unknown_key(self, path: Path) -> Fault:
        key = str(path[-1])
        known = schema.keys(path[:-1], self.value, self.model)
        meant = closest(key, known)
        summary, hint = f"{self._name(path[:-1])} has no key `{shortened(key)}`", did_you_mean(key, known)
        is_for = None if meant is None else (*path[:-1], meant)
        return Fault(path, codes.UNKNOWN_KEY, summary, hint, on_key=True, is_for=is_for)


def describe(value: Json) -> str:
    """Say of which type a value is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number" if isinstance(value, int) else "a decimal number"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def _type_hint(kind: str, found: Json) -> str | None:
    if found is None:
        return "remove the key, or give it a value"
    if kind == "string_type" and isinstance(found, bool | int | float):
        return "put it in quotes"
    if kind == "int_type" and isinstance(found, float):
        return "write it without a decimal point"
    if kind == "int_type" and isinstance(found, str) and found.isdecimal():
        return "remove the quotes"
    if kind == "bool_type" and isinstance(found, str):
        return "YAML 1.2 reads `yes`, `no`, `on` and `off` as text"
    return "put `- ` before each item" if kind == "list_type" and isinstance(found, dict) else None


def _choice_hint(found: Json, choices: list[str]) -> str | None:
    """Suggest the choice that differs in case only; nothing else is worth a guess."""
    close = [choice for choice in choices if isinstance(found, str) and found.lower() == choice.lower()]
    return f"write `{close[0]}`" if close else None
