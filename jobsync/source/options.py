"""What a job says to jobsync and not to the platform: the key `jobsync:`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobsync.source import codes
from jobsync.source.finding import shortened
from jobsync.source.suggestions import did_you_mean
from jobsync.source.validation import Fault, describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobsync.model.values import Json

KEY: Final = "jobsync"
_KNOWN: Final = ("prevent_delete",)
_NOT_YET: Final = ("for_each", "environments", "ignore_changes", "sensitive", "renamed_from")


def check(options: Json) -> Iterator[Fault]:
    """Yield what is wrong with the value of `jobsync:`."""
    if not isinstance(options, dict):
        summary = f"`{KEY}` must be a mapping, not {describe(options)}"
        yield Fault((KEY,), codes.TYPE, summary, "write `jobsync: {prevent_delete: true}`, or remove it")
        return
    for key, value in options.items():
        path = (KEY, key)
        if key in _NOT_YET:
            summary = f"`{KEY}.{key}` is not supported yet"
            yield Fault(path, codes.NOT_YET, summary, "remove it", on_key=True)
        elif key not in _KNOWN:
            hint = did_you_mean(key, (*_KNOWN, *_NOT_YET))
            yield Fault(path, codes.UNKNOWN_KEY, f"`{KEY}` has no key `{shortened(key)}`", hint, on_key=True)
        elif not isinstance(value, bool):
            summary = f"`{KEY}.{key}` must be `true` or `false`, not {describe(value)}"
            yield Fault(path, codes.TYPE, summary)


def prevents_delete(options: Json) -> bool:
    """Return what valid options say; a job without them may be deleted."""
    return isinstance(options, dict) and options.get("prevent_delete") is True
