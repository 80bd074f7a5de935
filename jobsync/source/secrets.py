"""Secrets that stand in a file in clear, where only a reference to the environment may stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jobsync.diagnostics import Severity
from jobsync.model.paths import to_text
from jobsync.source import codes
from jobsync.source.excerpt import names_secret
from jobsync.source.finding import Finding, shortened
from jobsync.source.references import FROM_ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.source.document import Document
    from jobsync.source.node import Node
    from jobsync.source.references import Origin, Variable
    from jobsync.source.text import Place

PUBLIC_HEADERS: Final = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""Header names, in lower case, whose values are no secrets and may be written out."""

_WHOLE: Final = ("accessKeyId", "secretAccessKey")
_URLS: Final = ("url", "endpoint")

_HARMLESS: Final = frozenset(
    {
        *("type", "url", "endpoint", "bucket", "region", "prefix"),
        *("skipOnFail", "apisToSend", "forcePathStyle"),
    }
)
_HOLDERS: Final = ("sink", "notifications")
_USERINFO = re.compile(r"://([^/?#]*)@")
_PARAMETER = re.compile(
    r"[?&][\w.-]*(?:secret|passw|token|api[_-]?key|access[_-]?key|signature|\bsig\b)[\w.-]*=([^&#]*)",
    re.IGNORECASE,
)
_EXAMPLES: Final = {
    "accessKeyId": "${env.SINK_KEY_ID}",
    "secretAccessKey": "${env.SINK_SECRET}",
}


def places(job: Mapping[str, Json]) -> Iterator[tuple[Path, Json, bool]]:
    """Yield each scalar of a job that stands where the platform keeps a secret.

    With its path comes whether all of it is secret, or, as in URLs, only what can carry credentials.
    """
    sink, notifications = job.get("sink"), job.get("notifications")
    if isinstance(sink, dict):
        yield from _places(sink, ("sink",))
    if isinstance(notifications, list):
        for index, item in enumerate(notifications):
            if isinstance(item, dict):
                yield from _places(item, ("notifications", index))
    if job.get("proxy") is not None:
        yield ("proxy",), job["proxy"], False
    configuration = job.get("configuration")
    if isinstance(configuration, dict) and configuration.get("proxy") is not None:
        yield ("configuration", "proxy"), configuration["proxy"], False


def _places(holder: dict[str, Json], path: Path) -> Iterator[tuple[Path, Json, bool]]:
    for key in _WHOLE:
        if holder.get(key) is not None:
            yield (*path, key), holder[key], True
    for key in _URLS:
        if holder.get(key) is not None:
            yield (*path, key), holder[key], False
    headers = holder.get("headers")
    if isinstance(headers, dict):
        for name, value in headers.items():
            if value is not None:
                yield (*path, "headers", name), value, True


def literals(
    places: Iterable[tuple[Path, Json, bool]],
    origin_of: Callable[[Path], Origin | None],
    place_of: Callable[[Path], Place],
    variables: Mapping[str, Variable],
) -> Iterator[Finding]:
    """Yield a finding for each secret that is written out, in the job itself or in a variable it uses.

    `places` are those of the job, as `places` yields them.
    """
    for path, value, is_whole in places:
        origin = origin_of(path)
        if origin is not None and not origin.is_known and not origin.is_secret:
            continue  # its reference failed, and that was said
        if is_whole:
            is_public = len(path) > 1 and path[-2] == "headers" and str(path[-1]).lower() in PUBLIC_HEADERS
            if is_public or (origin is not None and origin.is_secret):
                continue
            summary = f"`{to_text(path)}` is a secret and stands in the file"
            hint = f"write `{_EXAMPLES.get(str(path[-1]), '${env.NAME}')}` and set that environment variable"
        elif _shows_secret(origin.shape if origin else value):
            summary = f"`{to_text(path)}` holds a password or a token in clear"
            hint = "write `${env.NAME}` in its place and set that environment variable"
        else:
            continue
        related = tuple(
            (f"the variable `{name}` holds it", variables[name].place)
            for name in (origin.variables if origin else ())
            if name in variables
        )
        yield Finding(codes.SECRET, summary, place_of(path), hint=hint, related=related)


def _shows_secret(shape: Json) -> bool:
    """Whether a URL's password, what stands alone before its `@`, or a token in its query is written out."""
    if not isinstance(shape, str):
        return False
    written = [match[1].partition(":")[2] or match[1] for match in _USERINFO.finditer(shape)]
    written += [match[1] for match in _PARAMETER.finditer(shape)]
    return any(FROM_ENVIRONMENT not in secret for secret in written if secret)


def ranges(documents: Iterable[Document]) -> list[tuple[int, int]]:
    """Return the offsets of what must not be shown of a file, in order.

    That is what stands in a sink or a notification under a key that is not known to be harmless, wherever
    in the document they are: a misspelt key, or a sink in the wrong place, may hold a secret, too. And what
    is named like a secret.
    """
    return sorted(found for document in documents for found in _ranges(document.node, set(), in_holder=False))


def _ranges(node: Node, seen: set[int], *, in_holder: bool) -> Iterator[tuple[int, int]]:
    children = node[2]
    if children is None or id(children) in seen:
        return
    seen.add(id(children))  # an alias shows again what its anchor has shown
    if isinstance(children, list):
        for child in children:
            yield from _ranges(child, seen, in_holder=in_holder)
        return
    for key, (_start, _end, child) in children.items():
        if key == "headers" and isinstance(child[2], dict):
            yield from (header[2][:2] for header in child[2].values())
        elif (in_holder and key not in _HARMLESS) or names_secret(key):
            yield child[:2]
        else:
            yield from _ranges(child, seen, in_holder=key in _HOLDERS)


def similar_headers(job: Mapping[str, Json], key_place: Callable[[Path], Place]) -> Iterator[Finding]:
    """Yield a warning for each header whose name differs from another one's in case only."""
    sink, notifications = job.get("sink"), job.get("notifications")
    holders: list[tuple[Path, Json]] = [(("sink",), sink)]
    if isinstance(notifications, list):
        holders += [(("notifications", index), item) for index, item in enumerate(notifications)]
    for path, holder in holders:
        headers = holder.get("headers") if isinstance(holder, dict) else None
        seen: dict[str, str] = {}
        for name in headers if isinstance(headers, dict) else ():
            first = seen.setdefault(name.lower(), name)
            if first != name:
                yield Finding(
                    codes.SIMILAR_HEADERS,
                    f"the header `{shortened(name)}` differs from `{shortened(first)}` in case only",
                    key_place((*path, "headers", name)),
                    hint="HTTP takes both for the same header; keep one",
                    severity=Severity.WARNING,
                    related=(("the first one is here", key_place((*path, "headers", first))),),
                )
