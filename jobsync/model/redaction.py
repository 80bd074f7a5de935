"""Keeps what must stay secret out of text that a server wrote: it may repeat what it was sent."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote, urlsplit

from jobsync.model.secrets import SENSITIVE, is_secret_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobsync.model.paths import Path
    from jobsync.model.values import Json

SHORTEST = 4
"""Shorter values are no secrets, and hiding them would tear words apart."""

_SECRET_PARENTS = ("sink", "notifications", "proxy", "configuration")


def hide(text: str, secrets: Iterable[str]) -> str:
    """Replace each secret in the text, also where it is escaped in a way that servers and languages have."""
    spellings = {spelling for secret in secrets if len(secret) >= SHORTEST for spelling in _spellings(secret)}
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, SENSITIVE)
    return text


def _spellings(secret: str) -> Iterator[str]:
    """Yield a text as it is, in JSON with and without raw Unicode, as Python shows it, in HTML, in URLs."""
    yield secret
    for raw in (True, False):
        escaped = json.dumps(secret, ensure_ascii=raw)[1:-1]
        yield escaped
        yield json.dumps(escaped, ensure_ascii=raw)[1:-1]
        yield quote(escaped, safe="", errors="replace")
    yield repr(secret)[1:-1]
    yield html.escape(secret)
    for safe in ("", "/", "!*'()"):
        yield quote(secret, safe=safe, errors="replace")
    yield quote_plus(secret, errors="replace")


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
