"""Checks of JSON values that behave as the platform's: unions fall through, unknown keys follow a policy.

A `Parser` returns the value as it is stored, which may have defaults filled in and unknown keys left out,
and adds an `Issue` for everything wrong with it. No message repeats a value, since it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
UnknownKeys: TypeAlias = Literal["stripped", "kept", "refused"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong with a value, and where."""

    path: Path
    message: str

    def __str__(self) -> str:
        """`payload[0].apiName: required`."""
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return f"{place.lstrip('.') or 'body'}: {self.message}"


@dataclass(slots=True)
class Reading:
    """One value being read: what to do with unknown keys, and the issues so far."""

    unknown_keys: UnknownKeys
    issues: list[Issue] = field(default_factory=list)

    def refuse(self, path: Path, message: str) -> None:
        """Note an issue."""
        self.issues.append(Issue(path, message))


Parser: TypeAlias = Callable[[Any, Path, Reading], Any]

_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an object. Required, unless `is_optional` or with a `default` to fill in."""

    parser: Parser
    is_optional: bool = False
    is_nullable: bool = False
    default: Any = _ABSENT


def optional(parser: Parser, *, is_nullable: bool = False) -> Key:
    """Return a key that may be left out."""
    return Key(parser, is_optional=True, is_nullable=is_nullable)


def anything(value: Any, _path: Path, _reading: Reading) -> Any:
    """Take any JSON value."""
    return value


def flag(value: Any, path: Path, reading: Reading) -> Any:
    """Take true or false."""
    if not isinstance(value, bool):
        reading.refuse(path, f"expected boolean, got {_kind(value)}")
    return value


def text(*, min_length: int = 0, pattern: str = "") -> Parser:
    """Take a string of at least so many characters that matches."""

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, str):
            reading.refuse(path, f"expected string, got {_kind(value)}")
            return value
        if len(value) < min_length:
            reading.refuse(path, f"must contain at least {min_length} characters")
        if pattern and not re.fullmatch(pattern, value):
            reading.refuse(path, f"must match {pattern}")
        return value

    return parse


def integer(minimum: int, maximum: int | None = None) -> Parser:
    """Take a whole number within the bounds."""

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            reading.refuse(path, f"expected integer, got {_kind(value)}")
        else:
            _check_bounds(value, minimum, maximum, path, reading)
        return value

    return parse


def number(minimum: int) -> Parser:
    """Take any number from `minimum` on."""

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, int | float) or isinstance(value, bool):
            reading.refuse(path, f"expected number, got {_kind(value)}")
        else:
            _check_bounds(value, minimum, None, path, reading)
        return value

    return parse


def _check_bounds(value: float, minimum: int, maximum: int | None, path: Path, reading: Reading) -> None:
    if value < minimum:
        reading.refuse(path, f"must be at least {minimum}")
    if maximum is not None and value > maximum:
        reading.refuse(path, f"must be at most {maximum}")


def one_of(*choices: str) -> Parser:
    """Take one of these strings."""

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        if value not in choices:
            reading.refuse(path, f"expected one of {', '.join(choices)}")
        return value

    return parse


def array(item: Parser) -> Parser:
    """Take a list."""

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, list):
            reading.refuse(path, f"expected array, got {_kind(value)}")
            return value
        return [item(element, (*path, index), reading) for index, element in enumerate(value)]

    return parse


def record(item: Parser) -> Parser:
    """Take an object with any keys."""

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            reading.refuse(path, f"expected object, got {_kind(value)}")
            return value
        return {key: item(element, (*path, key), reading) for key, element in value.items()}

    return parse


def obj(keys: Mapping[str, Key]) -> Parser:
    """Take an object with these keys; others are dropped, kept or refused as the reading says."""

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            reading.refuse(path, f"expected object, got {_kind(value)}")
            return value
        parsed: dict[str, Any] = {}
        for name, key in keys.items():
            if name in value:
                item = value[name]
                is_null = item is None and key.is_nullable
                parsed[name] = None if is_null else key.parser(item, (*path, name), reading)
            elif key.default is not _ABSENT:
                parsed[name] = key.default
            elif not key.is_optional:
                reading.refuse((*path, name), "required")
        unknown = {name: item for name, item in value.items() if name not in keys}
        if reading.unknown_keys == "kept":
            parsed.update(unknown)
        elif reading.unknown_keys == "refused":
            for name in unknown:
                reading.refuse((*path, name), "unrecognized key")
        return parsed

    return parse


def union(expected: str, *parsers: Parser) -> Parser:
    """Take what the first fitting parser makes of the value, as zod does.

    So an object that misses one key of a longer shape is read as a shorter one, and loses the rest.
    """

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        for parser in parsers:
            attempt = Reading(reading.unknown_keys)
            parsed = parser(value, path, attempt)
            if not attempt.issues:
                return parsed
        reading.refuse(path, f"expected {expected}")
        return value

    return parse


def tagged(tag: str, variants: Mapping[str, Parser]) -> Parser:
    """Take an object whose `tag` key says which variant it is."""

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            reading.refuse(path, f"expected object, got {_kind(value)}")
            return value
        choice = value.get(tag)
        variant = variants.get(choice) if isinstance(choice, str) else None
        if variant is None:
            reading.refuse((*path, tag), f"expected one of {', '.join(variants)}")
            return value
        return variant(value, path, reading)

    return parse


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
