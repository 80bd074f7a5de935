"""The one definition of "the same job".

Two jobs are the same iff they mean the same to the platform: `canonical(a) == canonical(b)`. A canonical
form is a flat mapping of paths to JSON text, so that defaults are filled, durations are milliseconds,
calendars are sets, `2.0` is 2 and `true` is not 1; and an ordered payload beside it.

Traps, with the sections of the platform's documentation that name them, are handled one function each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobsync.model.job_input import DEFAULT_ATTEMPTS, DEFAULT_TIMEOUT_S
from jobsync.model.paths import to_text
from jobsync.model.values import canonical_text
from jobsync.schedule import spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobsync.model.paths import Path
    from jobsync.model.values import Json


@dataclass(frozen=True, slots=True)
class Canonical:
    """A job's meaning.

    `fields` maps a path, as text, to JSON text; what is absent, null or equal to the platform's default is
    not in it or is filled, the same on both sides. `payload` holds one JSON text an item. Under
    `is_unordered` (2024's `runMode: Order-Irrelevant`) the payload is compared as a multiset.
    """

    fields: Mapping[str, str]
    payload: tuple[str, ...]
    is_unordered: bool = False

    def same_payload(self, other: Canonical) -> bool:
        """Whether both payloads mean the same; in order, unless either side says that it is irrelevant."""
        if self.is_unordered or other.is_unordered:
            return sorted(self.payload) == sorted(other.payload)
        return self.payload == other.payload

    def __eq__(self, other: object) -> bool:
        """Tell whether both mean the same to the platform."""
        if not isinstance(other, Canonical):
            return NotImplemented
        return self.fields == other.fields and self.same_payload(other)

    __hash__ = None  # type: ignore[assignment]  # equality of unordered payloads is no equivalence to hash by


def canonical(body: Mapping[str, Json], *, is_unordered: bool = False) -> Canonical:
    """Return the meaning of a job's writable fields, given as on the wire in any era's spelling.

    Keys this version does not know are left out: they are never a difference. A value of an unexpected
    shape is kept as it is, so that it differs from every value we could have written.
    """
    fields = {to_text(path): canonical_text(value) for path, value in _leaves(body)}
    payload = body.get("payload")
    items = payload if isinstance(payload, list) else []
    return Canonical(fields, tuple(canonical_text(_item(item)) for item in items), is_unordered=is_unordered)


def _leaves(body: Mapping[str, Json]) -> Iterator[tuple[Path, Json]]:
    yield from _configuration(body.get("configuration"))
    yield from _schedule(body.get("schedule"))
    yield from _sink(body.get("sink"))
    proxy = _proxy(body.get("proxy"))
    if proxy is not None:
        yield ("proxy",), proxy
    yield from _auth_session(body.get("auth_session"))
    yield from _notifications(body.get("notifications"))


def _proxy(value: Json) -> Json:
    """Read a string, `{version, url}` or null; the URL is compared as a string, never parsed."""
    return value.get("url") if isinstance(value, dict) else value


def _attempts(retry: Json) -> Json:
    """Read `retry: {}`, which means 3 attempts; anything but a mapping is kept as it is."""
    if not isinstance(retry, dict):
        return retry
    attempts = retry.get("maximumAttempts")
    return DEFAULT_ATTEMPTS if attempts is None else attempts


def _filled(value: Json, default: Json) -> Json:
    return default if value is None else value


def _configuration(value: Json) -> Iterator[tuple[Path, Json]]:
    # An absent `retry` is filled too: whether the server does so is unknown, and this settles under both.
    configuration = value if isinstance(value, dict) else {}
    here = "configuration"
    yield (here, "retry", "maximumAttempts"), _filled(_attempts(configuration.get("retry")), DEFAULT_ATTEMPTS)
    yield (here, "requestTimeout"), _filled(configuration.get("requestTimeout"), DEFAULT_TIMEOUT_S)
    for key in ("maxConcurrentRequests", "maxRuns"):
        if configuration.get(key) is not None:
            yield (here, key), configuration[key]
    proxy = _proxy(configuration.get("proxy"))
    if proxy is not None:
        yield (here, "proxy"), proxy


def _item(value: Json) -> Json:
    """Fill one payload item; its `retry` stays absent, since that may mean the job's own."""
    if not isinstance(value, dict):
        return value
    item: dict[str, Json] = {
        "apiName": value.get("apiName"),
        "parameters": _filled(value.get("parameters"), {}),
        "requestTimeout": _filled(value.get("requestTimeout"), DEFAULT_TIMEOUT_S),
    }
    if value.get("retry") is not None:
        item["retry"] = {"maximumAttempts": _attempts(value["retry"])}
    return item


def _schedule(value: Json) -> Iterator[tuple[Path, Json]]:
    """Compare what fires when: an empty schedule equals none, since neither ever fires."""
    if value is None:
        return
    try:
        meaning = spec.canonical(value)
    except ValueError:
        yield ("schedule",), value
        return
    for key, item in (meaning or {}).items():
        yield ("schedule", key), item


def _sink(value: Json) -> Iterator[tuple[Path, Json]]:
    if value is None:
        return
    if not isinstance(value, dict):
        yield ("sink",), value
        return
    for key in ("type", *_SINK_KEYS.get(str(value.get("type")), ())):
        item = value.get(key)
        if key == "skipOnFail":
            yield ("sink", key), _filled(item, default=False)
        elif item is None:
            continue
        elif key == "headers" and isinstance(item, dict):
            for name, header in item.items():
                yield ("sink", "headers", name), header
        elif key == "apisToSend" and isinstance(item, list):
            yield ("sink", key), _as_set(item)  # an empty list stays: it is not "all"
        else:
            yield ("sink", key), item


_SINK_KEYS = {
    "webhook": ("url", "headers", "skipOnFail", "apisToSend"),
    "s3": (
        *("bucket", "region", "accessKeyId", "secretAccessKey", "prefix"),
        *("skipOnFail", "apisToSend", "endpoint", "forcePathStyle"),
    ),
}


def _as_set(items: list[Json]) -> list[Json]:
    unique = {canonical_text(item): item for item in items}
    return [unique[text] for text in sorted(unique)]


def _auth_session(value: Json) -> Iterator[tuple[Path, Json]]:
    if value is None:
        return
    if not isinstance(value, dict):
        yield ("auth_session",), value
        return
    yield ("auth_session", "id"), value.get("id")
    for key in ("checkAttempts", "createAttempts"):
        yield ("auth_session", key), _filled(value.get(key), DEFAULT_ATTEMPTS)
    if value.get("saveTrace") is not None:
        yield ("auth_session", "saveTrace"), value["saveTrace"]


def _notifications(value: Json) -> Iterator[tuple[Path, Json]]:
    """Compare as a multiset, since who is told does not depend on the order of the list.

    Sorted by type and URL, and only then by headers: those may be masked on one side, which must not change
    the order.
    """
    if not value:
        return
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield ("notifications",), value
        return
    items = [item for item in value if isinstance(item, dict)]
    ordered = sorted(
        items, key=lambda item: canonical_text([item.get("type"), item.get("url"), item.get("headers")])
    )
    for index, item in enumerate(ordered):
        for key in ("type", "url"):
            yield ("notifications", index, key), item.get(key)
        headers = item.get("headers")
        if isinstance(headers, dict):
            for name, header in headers.items():
                yield ("notifications", index, "headers", name), header
