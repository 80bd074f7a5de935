"""A stored job as the API shows it: the list's item and the details differ, and so do platforms."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jobsync.emulator import extras
from jobsync.emulator.firing import next_run
from jobsync.emulator.masking import masked
from jobsync.emulator.temporal import canonical

if TYPE_CHECKING:
    from jobsync.emulator.switches import Switches
    from jobsync.emulator.tables import Scope, StoredJob, StoredRun

_NAMESPACE = uuid.UUID("5d0f6e0c-53a4-4c0c-9d6c-6a6f6273796e")
_WRITABLE_2025 = ("payload", "configuration", "schedule", "sink", "proxy", "auth_session")
_ERA_OF_NOTIFICATIONS = 2026


@dataclass(frozen=True)
class View:
    """One read: of which project, by which platform, when, and a number that no other read has."""

    scope: Scope
    switches: Switches
    now: datetime
    nonce: int

    @cached_property
    def project_id(self) -> str:
        """The project's UUID, which is not its name."""
        return str(uuid.uuid5(_NAMESPACE, f"{self.scope.workspace}/{self.scope.project}"))


def timestamp(moment: datetime) -> str:
    """Return a time as the API writes it: ISO 8601 in UTC with milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def list_item(job: StoredJob, view: View) -> dict[str, Any]:
    """Return a job as the list shows it."""
    body = _shown_body(job, view)
    is_2026 = view.switches.era >= _ERA_OF_NOTIFICATIONS
    item = {
        "id": job.id,
        "workspace_id": view.scope.workspace,
        "project_id": view.project_id,
        "configuration": body["configuration"],
        "payload": body["payload"],
        "sink": body.get("sink"),
        "schedule": body.get("schedule"),
        "next_run_time": _next_run_time(job, view),
        "last_run_time": job.last_run_at,
        "created_at": job.created_at,
        "auth_session": body.get("auth_session"),
        "proxy": _proxy_object(body.get("proxy")),
        "reason": job.reason,
        "state": job.state,
        "schedule_id": _schedule_id(job, view),
    }
    if is_2026:
        item["notifications"] = body.get("notifications")
        if view.switches.source == "shown":
            item["source"] = job.source
    return _finished(item, body, view)


def details(job: StoredJob, view: View) -> dict[str, Any]:
    """Return a job as it is shown alone: with `projectId`, and without what only the list has."""
    body = _shown_body(job, view)
    shown = {
        "id": job.id,
        "configuration": body["configuration"],
        "sink": body.get("sink"),
        "created_at": job.created_at,
        "next_run_time": _next_run_time(job, view),
        "last_run_time": job.last_run_at,
        "state": job.state,
        "payload": body["payload"],
        "schedule": body.get("schedule"),
        "projectId": view.project_id,
        "auth_session": body.get("auth_session"),
    }
    if body.get("proxy") is not None:
        shown["proxy"] = body["proxy"]
    return _finished(shown, body, view)


def run(stored: StoredRun, view: View) -> dict[str, Any]:
    """Return a run; nothing executes it, so it has no results."""
    snapshot = masked(stored.snapshot, view.switches, view.nonce)
    shown = {
        "id": stored.id,
        "start_time": stored.started_at,
        "end_time": stored.ended_at,
        "workspace_id": view.scope.workspace,
        "project_id": view.project_id,
        "job_id": stored.job_id,
        "created_at": stored.started_at,
        "updated_at": stored.ended_at or stored.started_at,
        "type": "MANUAL",
        "status": stored.status,
        "payloads": len(snapshot["payload"]),
        "successful_runs": 0,
        "failed_runs": 0,
        "job_configuration_snapshot": {
            "configuration": snapshot["configuration"],
            "sink": snapshot.get("sink"),
            "auth_session": snapshot.get("auth_session"),
            "proxy": _proxy_object(snapshot.get("proxy")),
        },
    }
    return shown if stored.reason is None else {**shown, "reason": stored.reason}


def _shown_body(job: StoredJob, view: View) -> dict[str, Any]:
    body = masked(job.body, view.switches, view.nonce)
    if view.switches.schedule_echo == "canonical" and body.get("schedule") is not None:
        return {**body, "schedule": canonical(body["schedule"])}
    return body


def _finished(shown: dict[str, Any], body: dict[str, Any], view: View) -> dict[str, Any]:
    """Add the unknown keys that were kept and the platform's own, and settle how nulls look."""
    known = (
        {*_WRITABLE_2025, "notifications"} if view.switches.era >= _ERA_OF_NOTIFICATIONS else _WRITABLE_2025
    )
    shown |= {key: item for key, item in body.items() if key not in known}
    if view.switches.extra_fields:
        shown = extras.added(shown, view.nonce)
    if view.switches.nulls == "omitted":
        return {key: item for key, item in shown.items() if item is not None}
    return shown


def _proxy_object(proxy: str | None) -> dict[str, str] | None:
    return None if proxy is None else {"version": "v1", "url": proxy}


def _next_run_time(job: StoredJob, view: View) -> str | None:
    schedule = job.body.get("schedule")
    if schedule is None or (job.state == "PAUSED" and view.switches.paused_next_run == "null"):
        return None
    moment = next_run(schedule, view.now)
    return None if moment is None else timestamp(moment)


def _schedule_id(job: StoredJob, view: View) -> str | None:
    if job.body.get("schedule") is None:
        return None
    return f"schedule-{view.project_id}-{job.id}"
