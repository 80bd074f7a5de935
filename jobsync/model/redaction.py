"""Keeps what must stay secret out of text that a server wrote: it may repeat what it was sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from jobsync.model.secrets import SENSITIVE, is_secret_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobsync.model.paths import Path
    from jobsync.model.values import Json

SHORTEST = 4
"""Shorter values are no secrets, and hiding them would tear words apart."""

_SECRET_PARENTS = ("sink", "notifications", "proxy", "configuration")


def hide(text: str, secrets: Iterable[str]) -> str:
    """Replace each secret in the text, also where it is escaped as JSON or percent-encoded."""
    spellings = {
        spelling
        for secret in secrets
        if len(secret) >= SHORTEST
        for spelling in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""))
    }
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, SENSITIVE)
    return text


def submitted(body: Json) -> frozenset[str]:
    """Return the strings of a request's body that stand where the platform keeps secrets."""
    if not isinstance(body, dict):
        return frozenset()
    return frozenset(
        secret
        for key in _SECRET_PARENTS
        if key in body
        for path, value in _strings(body[key], (key,))
        if is_secret_place(path)
        for secret in (value, *_credentials(value))
    )


def _strings(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index))


def _credentials(value: str) -> Iterator[str]:
    """Find the password and the query of a URL, since a server may repeat the URL in parts."""
    try:
        parts = urlsplit(value)
        password = parts.password
    except ValueError:
        return
    if parts.netloc:
        yield from filter(None, (password, unquote(password or ""), parts.query))
