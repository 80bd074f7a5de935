"""Which places of a job hold secrets, and how a body is shown without them.

The places are those of the platform's schema; a value that came from `${env.X}` is as secret wherever it
stands. In URLs only what can carry credentials (user, password, query) is hidden, so that a plan can still
say where results go.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from jobsync.model.paths import ANY_ITEM, to_pattern

if TYPE_CHECKING:
    from collections.abc import Collection

    from jobsync.model.paths import Path

SENSITIVE = "(sensitive value)"

_WHOLE = frozenset(
    {
        ("sink", "secretAccessKey"),
        ("sink", "accessKeyId"),
        ("sink", "headers", ANY_ITEM),
        ("notifications", ANY_ITEM, "headers", ANY_ITEM),
    }
)
_URLS = frozenset(
    {
        ("proxy",),
        ("configuration", "proxy"),
        ("sink", "url"),
        ("sink", "endpoint"),
        ("notifications", ANY_ITEM, "url"),
    }
)


def _place(path: Path) -> Path:
    """Stand `*` for list indices and header names, the two free keys on the way to a secret."""
    pattern = to_pattern(path)
    return (*pattern[:-1], ANY_ITEM) if len(pattern) > 1 and pattern[-2] == "headers" else pattern


def is_secret_place(path: Path) -> bool:
    """Whether the platform may keep or return this value masked, and a file must not hold it in clear."""
    place = _place(path)
    return place in _WHOLE or place in _URLS


def is_wholly_secret(path: Path) -> bool:
    """Whether the whole value is a secret, so that a server may leave it out of its answers altogether."""
    return _place(path) in _WHOLE


def is_sensitive(path: Path, patterns: Collection[Path]) -> bool:
    """Whether no part of the value may be shown. `patterns` are the job's own, with `*` for list indices."""
    if _place(path) in _WHOLE:
        return True
    pattern = to_pattern(path)
    return any(pattern[:length] in patterns for length in range(1, len(pattern) + 1))


_CREDENTIALS = re.compile(r"(?<=://)[^/?#]*@")
_QUERY = re.compile(r"\?[^#]*")


def without_credentials(url: str) -> str:
    """Return a URL with what can carry credentials hidden: user and password, and the query."""
    return _QUERY.sub("?***", _CREDENTIALS.sub("***@", url))


def is_elsewhere(path: Path, declared: str | None, observed: str | None) -> bool:
    """Whether a remote URL, as canonical JSON text, certainly is not the declared one.

    Only its credentials and its query can be masked: another scheme, host or path is another place.
    """
    if declared is None or observed is None or _place(path) not in _URLS or looks_masked(observed):
        return False
    one, other = json.loads(declared), json.loads(observed)
    return (
        isinstance(one, str)
        and isinstance(other, str)
        and "://" in other
        and _public_part(one) != _public_part(other)
    )


def public_text(path: Path, text: str) -> str | None:
    """Return canonical text less what a server may mask: of a URL its place, of other secrets nothing."""
    if _place(path) in _WHOLE:
        return None
    if _place(path) in _URLS:
        value = json.loads(text)
        return _public_part(value) if isinstance(value, str) else None
    return text


def _public_part(url: str) -> str:
    return _QUERY.sub("", _CREDENTIALS.sub("", url))


_MASKED = re.compile(
    r".*(\*{3}|\u2022{3}|x{6}|X{6}).*"
    r"|[\[<(]?(redacted|masked|hidden|sensitive|secret|encrypted)[ \w]*[\]>)]?",
    re.IGNORECASE | re.DOTALL,
)


def looks_masked(text: str | None) -> bool:
    """Whether a remote value, as canonical JSON text, is a stand-in for a secret and not the secret."""
    if text is None:
        return False
    value = json.loads(text)
    return value is None or (isinstance(value, str) and _MASKED.fullmatch(value) is not None)
