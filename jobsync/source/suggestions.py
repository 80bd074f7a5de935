"""Guesses at what a misspelt name was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobsync.model.job_input import READ_ONLY_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_EFFECT = "it has had no effect since 2024; remove it"

_OTHER_NAMES: Final = {"api": "apiName"}
"""What other parts of the platform call the same thing."""

_INSTEAD: Final = {
    **dict.fromkeys(("backoffCoefficient", "initialInterval", "maximumInterval"), _NO_EFFECT),
    **dict.fromkeys(READ_ONLY_KEYS - {"id", "state", "message"}, "the platform sets it; remove it"),
}


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` was probably meant to be."""
    plain = {_plain(candidate): candidate for candidate in known}
    other = _OTHER_NAMES.get(name)
    if other in plain.values():
        return other
    from difflib import get_close_matches

    close = get_close_matches(_plain(name), plain, n=1, cutoff=0.7)
    return plain[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str], what: str = "keys") -> str:
    """Return the closest of the known names as a question, else all of them; `what` is what they name."""
    names = list(known)
    if name in _INSTEAD:
        return _INSTEAD[name]
    close = closest(name, names)
    if close is not None:
        return f"did you mean `{close}`?"
    return f"known {what}: {', '.join(f'`{candidate}`' for candidate in names)}" if names else "remove it"


def listed(choices: list[str]) -> str:
    """Write choices into a sentence: `a`, `b` or `c`."""
    quoted = [f"`{choice}`" for choice in choices]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), *quoted[-1:])))


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
