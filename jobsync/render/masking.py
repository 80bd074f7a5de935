"""What may be shown of a job: every value passes here before a renderer sees it.

The places are `jobsync.model.secrets`; this adds the shape of what was hidden, as Terraform's JSON has it,
and hides more where a remote value is not of the form the platform documents: it may be a secret.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from jobsync.model.job_input import KNOWN_KEYS
from jobsync.model.paths import ANY_ITEM, to_pattern
from jobsync.model.sameness import patterns as patterns_of_desired
from jobsync.model.secrets import SENSITIVE, is_secret_place, is_sensitive, without_credentials
from jobsync.plan.change import Adopt, Create, Delete, Forget, Keep, Protect, Release, SetState, Update

if TYPE_CHECKING:
    from collections.abc import Collection

    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.plan.change import Change

_PARAMETERS: Path = ("payload", ANY_ITEM, "parameters")


@dataclass(frozen=True, slots=True)
class Masked:
    """A value as it may be shown.

    `sensitive` is True where all or part of a text is hidden, a mapping or a list of the same shape where
    something inside is, and False where nothing is.
    """

    value: Json
    sensitive: Json = False


def patterns_of(change: Change) -> frozenset[Path]:
    """Return the path patterns, with `*` for list indices, whose values must not be shown."""
    match change:
        case Update():
            return patterns_of_desired(change.desired) | change.hidden
        case Create() | Adopt() | Protect() | SetState() | Keep():
            return patterns_of_desired(change.desired)
        case Delete():
            return change.sensitive
        case Release() | Forget():
            return frozenset()
        case _:
            assert_never(change)


def mask(path: Path, value: Json, patterns: Collection[Path]) -> Masked:
    """Return the value at a path as it may be shown; `patterns` are the job's own."""
    return _mask(to_pattern(path), value, patterns)


def mask_text(path: Path, text: str | None, patterns: Collection[Path]) -> Masked | None:
    """Do the same for canonical JSON text; None, which is an absent value, stays None."""
    return None if text is None else mask(path, json.loads(text), patterns)


def _mask(place: Path, value: Json, patterns: Collection[Path]) -> Masked:
    if is_sensitive(place, patterns) or _is_unknown(place):
        return Masked(SENSITIVE, sensitive=True)
    if place == _PARAMETERS and not any(pattern[:3] == _PARAMETERS for pattern in patterns):
        return Masked(value)  # the bulk of a job, in which nothing else can be secret
    if is_secret_place(place):
        return _mask_url(place, value, patterns)
    if isinstance(value, dict):
        return _mask_mapping(place, value, patterns)
    if isinstance(value, list):
        items = [_mask((*place, ANY_ITEM), item, patterns) for item in value]
        flags = [item.sensitive for item in items]
        return Masked([item.value for item in items], flags if any(flags) else False)
    if place[-1:] == ("headers",) and place[0] != "payload" and value is not None:
        return Masked(SENSITIVE, sensitive=True)  # all headers in one text
    return Masked(value)


def _is_unknown(place: Path) -> bool:
    known = KNOWN_KEYS.get(place[:-1])
    return known is not None and place[-1] != ANY_ITEM and place[-1] not in known


def _mask_mapping(place: Path, value: dict[str, Json], patterns: Collection[Path]) -> Masked:
    items = {key: _mask((*place, key), item, patterns) for key, item in value.items()}
    flags: dict[str, Json] = {key: item.sensitive for key, item in items.items() if item.sensitive}
    return Masked({key: item.value for key, item in items.items()}, flags or False)


def _mask_url(place: Path, value: Json, patterns: Collection[Path]) -> Masked:
    """Hide what of a URL can carry credentials; the list wraps some as `{version, url}`."""
    if isinstance(value, dict) and value.keys() == {"version", "url"}:
        url = _mask_url(place, value["url"], patterns)
        return Masked({**value, "url": url.value}, {"url": url.sensitive} if url.sensitive else False)
    if value is None:
        return Masked(None)
    if not isinstance(value, str):
        return Masked(SENSITIVE, sensitive=True)
    text = without_credentials(_without_odd_credentials(value))
    return Masked(text, text != value)


_URL = re.compile(r"(?P<scheme>[^:/?#]*://)?(?P<authority>[^/?#]*)(?s:.*)")
_HOST = re.compile(r"(localhost|\[[0-9A-Fa-f:.]+\]|[\w-]+(\.[\w-]+)+)(:\d*)?")


def _without_odd_credentials(url: str) -> str:
    """Hide credentials where no parser expects them: without a scheme, or with `/?#@` in a password.

    A `@` belongs to the path or the query only if what comes before the first `/?#` can be nothing but a
    host; else everything up to the last one is hidden.
    """
    match = _URL.match(url)
    if match is None or "@" not in url or _HOST.fullmatch(match["authority"]):
        return url
    return f"{match['scheme'] or ''}***@{url.rpartition('@')[2]}"
