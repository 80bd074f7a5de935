"""One thing that is wrong with a schedule, as a value that knows its place in the schedule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from jobsync.schedule import hints

if TYPE_CHECKING:
    from collections.abc import Iterator

Path: TypeAlias = tuple[str | int, ...]
Kind: TypeAlias = Literal[
    "type",
    "unknown-key",
    "range",
    "value",
    "duration",
    "never-fires",
    "ambiguous-start",
    "wrapped-range",
    "empty",
]

_LONGEST_SHOWN = 40
_MOST_DIGITS = 10**_LONGEST_SHOWN


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a schedule, or surprising about it.

    `path` leads to the value inside the schedule, such as `("calendars", 0, "hour", "end")`, or to the key
    itself where `on_key` is True. `summary` is one sentence without a full stop, `hint` the way out.
    """

    path: Path
    kind: Kind
    is_error: bool
    summary: str
    hint: str | None = None
    on_key: bool = False


def error(path: Path, kind: Kind, summary: str, hint: str, *, on_key: bool = False) -> Problem:
    """Make a problem that stops the run."""
    return Problem(path, kind, is_error=True, summary=summary, hint=hint, on_key=on_key)


def warning(path: Path, kind: Kind, summary: str, hint: str) -> Problem:
    """Make a problem that is only said."""
    return Problem(path, kind, is_error=False, summary=summary, hint=hint)


def unknown_keys(raw: Mapping[Any, Any], known: tuple[str, ...], what: str, path: Path) -> Iterator[Problem]:
    """Yield an error for each key of a mapping that `what` does not have."""
    for key in raw:
        if key not in known:
            place = key if isinstance(key, str | int) else str(key)
            hint = hints.for_key(str(key), known)
            yield error((*path, place), "unknown-key", f"{what} has no key {shown(key)}", hint, on_key=True)


def shown(value: object) -> str:
    """Write a value into a sentence: JSON in backticks for what is short, what it is for the rest."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _MOST_DIGITS:
        return f"a number of more than {_LONGEST_SHOWN} digits"  # and Python refuses to print huge ones
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f"`{text}`" if len(text) <= _LONGEST_SHOWN else f"`{text[: _LONGEST_SHOWN - 1]}…`"


def is_reference(value: object) -> bool:
    """Whether a text holds a reference that is not resolved yet, so that nothing can be said about it."""
    return isinstance(value, str) and "${" in value
