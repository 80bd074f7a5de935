"""The bodies of create and update, as the platform's schema has them, and the defaults it fills in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from jobsync.emulator.durations import to_ms
from jobsync.emulator.shape import (
    Issue,
    Key,
    Parser,
    Path,
    Reading,
    anything,
    array,
    flag,
    integer,
    number,
    obj,
    one_of,
    optional,
    record,
    tagged,
    text,
    union,
)
from jobsync.emulator.temporal import BOUNDS, MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from jobsync.emulator.switches import Switches

DEFAULT_TIMEOUT_S = 600
DEFAULT_ATTEMPTS = 3
MIN_ID_LENGTH = 7
MIN_INTERVAL_MS = 1000
"""Temporal cuts an interval to whole seconds, so less would be none."""

OPTIONAL_KEYS = ("schedule", "sink", "proxy", "auth_session", "notifications")
"""The optional top-level keys of a body, each of which null unsets."""

READ_ONLY_KEYS = frozenset(
    {
        *("id", "state", "reason", "source", "workspace_id", "project_id", "projectId"),
        *("schedule_id", "created_at", "next_run_time", "last_run_time"),
    }
)
"""What answers show and no body can set, not even where unknown keys are kept."""


class InvalidBody(ValueError):
    """A body that the schema does not allow. `issues` says where and why, without repeating a value."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(str(issues[0]))
        self.issues = issues


def read_create(body: Any, switches: Switches) -> dict[str, Any]:
    """Return a new job as it is stored, `id` included; raises `InvalidBody`."""
    job = _parsed(body, _schema(switches.era, "create"), switches)
    return {"id": job.pop("id"), **_without_read_only(job)}


def read_update(body: Any, switches: Switches) -> dict[str, Any]:
    """Return the fields of an update as they are stored, only those that it has; raises `InvalidBody`."""
    return _without_read_only(_parsed(body, _schema(switches.era, "update"), switches))


def read_seed(body: Any, switches: Switches) -> dict[str, Any]:
    """Return a job as it is stored, whatever its id: jobs from code may have short ones."""
    return {"id": str(body["id"]), **read_update(_without_read_only(body), switches)}


def _parsed(body: Any, parser: Parser, switches: Switches) -> dict[str, Any]:
    reading = Reading(switches.unknown_keys)
    job = parser(body, (), reading)
    if reading.issues:
        raise InvalidBody(reading.issues)
    configuration: dict[str, Any] = job["configuration"]
    if switches.fills_retry:
        configuration.setdefault("retry", {"maximumAttempts": DEFAULT_ATTEMPTS})
    if switches.max_concurrent_default is not None:
        configuration.setdefault("maxConcurrentRequests", switches.max_concurrent_default)
    if switches.fills_item_retry:
        for item in job["payload"]:
            item.setdefault("retry", {"maximumAttempts": DEFAULT_ATTEMPTS})
    parsed: dict[str, Any] = job
    return parsed


def _without_read_only(job: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in job.items() if key not in READ_ONLY_KEYS}


@lru_cache
def _schema(era: Literal[2025, 2026], operation: Literal["create", "update"]) -> Parser:
    is_2026 = era == 2026  # noqa: PLR2004  an era is a year
    keys = {
        "payload": Key(array(_PAYLOAD_ITEM)),
        "configuration": Key(obj(_CONFIGURATION | (_CONFIGURATION_2026 if is_2026 else {}))),
        "schedule": optional(_SCHEDULE, is_nullable=True),
        "sink": optional(_SINK, is_nullable=True),
        "proxy": optional(text(), is_nullable=True),
        "auth_session": optional(
            obj(_AUTH_SESSION | (_AUTH_SESSION_2026 if is_2026 else {})), is_nullable=True
        ),
    }
    if is_2026:
        keys["notifications"] = optional(array(_NOTIFICATION), is_nullable=True)
    if operation == "create":
        keys["id"] = Key(text(min_length=MIN_ID_LENGTH, pattern=r"[a-zA-Z0-9\-_]+"))
    return obj(keys)


def _duration(minimum_ms: int) -> Parser:
    """Take whole milliseconds or text such as `10m`."""

    def problem(value: int | str) -> str | None:
        milliseconds = to_ms(value)
        if milliseconds is None:
            return "expected a duration such as 30s, 10m or 1 day"
        return None if milliseconds >= minimum_ms else f"must be at least {minimum_ms} ms"

    def parse(value: Any, path: Path, reading: Reading) -> Any:
        is_duration = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
        complaint = problem(value) if is_duration else "expected integer milliseconds or a duration"
        if complaint:
            reading.refuse(path, complaint)
        return value

    return parse


def _calendar_field(name: str, value: Parser) -> Parser:
    """Take `T | "*" | {start, step, end} | {start, end?} | [...]`, in the order in which zod tries them."""
    stepped = obj({"start": Key(value), "step": Key(integer(1)), "end": Key(value)})
    plain = obj({"start": Key(value), "end": optional(value)})
    item = union(f"a {name} or a range", value, stepped, plain)
    return union(
        f'a {name}, "*", {{start, end}}, {{start, step, end}} or a list of them',
        *(value, one_of("*"), stepped, plain, array(item)),
    )


_NAMES = {"dayOfWeek": WEEKDAYS, "month": MONTHS}

_CALENDAR = obj(
    {
        name: optional(
            _calendar_field(name, one_of(*_NAMES[name]) if name in _NAMES else integer(first, last))
        )
        for name, (first, last) in BOUNDS.items()
    }
    | {"comment": optional(text())}
)

_SCHEDULE = obj(
    {
        "jitter": optional(_duration(0)),
        "intervals": optional(array(obj({"every": Key(_duration(MIN_INTERVAL_MS))}))),
        "calendars": optional(array(_CALENDAR)),
    }
)

_ATTEMPTS = Key(integer(1), default=DEFAULT_ATTEMPTS)
_TIMEOUT = Key(integer(1), default=DEFAULT_TIMEOUT_S)
_RETRY = optional(obj({"maximumAttempts": _ATTEMPTS}))

_PAYLOAD_ITEM = obj(
    {
        "apiName": Key(text()),
        "parameters": Key(record(anything)),
        "requestTimeout": _TIMEOUT,
        "retry": _RETRY,
    }
)

_CONFIGURATION = {
    "retry": _RETRY,
    "maxConcurrentRequests": optional(number(1)),
    "requestTimeout": _TIMEOUT,
}
_CONFIGURATION_2026 = {"maxRuns": optional(integer(1)), "proxy": optional(text())}

_AUTH_SESSION = {"id": Key(text()), "checkAttempts": _ATTEMPTS, "createAttempts": _ATTEMPTS}
_AUTH_SESSION_2026 = {"saveTrace": optional(flag)}

_WEBHOOK = {
    "type": Key(one_of("webhook")),
    "url": Key(text()),
    "headers": optional(record(text())),
}

_DELIVERY = {"skipOnFail": Key(flag, default=False), "apisToSend": optional(array(text()))}

_S3 = {
    "type": Key(one_of("s3")),
    "bucket": Key(text()),
    "region": Key(text()),
    "accessKeyId": Key(text()),
    "secretAccessKey": Key(text()),
    "prefix": optional(text()),
    "endpoint": optional(text()),
    "forcePathStyle": optional(flag),
}

_SINK = tagged("type", {"webhook": obj(_WEBHOOK | _DELIVERY), "s3": obj(_S3 | _DELIVERY)})

_NOTIFICATION = obj(_WEBHOOK)
