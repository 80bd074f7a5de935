"""What a change does to a job outside its payload, one row an attribute."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from jobsync.model.paths import to_text
from jobsync.model.secrets import SENSITIVE, is_sensitive
from jobsync.plan.change import FieldChange, Origin, StateAction
from jobsync.render import values
from jobsync.render.masking import mask, mask_text
from jobsync.render.row import ADDED, CHANGED, Row, mark_of, origin_notes
from jobsync.schedule import spec
from jobsync.schedule.describe import describe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from jobsync.model.desired import DesiredJob
    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.plan.change import Update

Patterns: TypeAlias = "Collection[Path]"

ATTRIBUTES = (
    "schedule",
    "payload",
    "sink",
    "proxy",
    "auth_session",
    "configuration",
    "notifications",
    "state",
)
"""A job's attributes in the order in which they are shown."""


def declared_rows(desired: DesiredJob, patterns: Patterns) -> tuple[Row, ...]:
    """Return what a job is created with, an attribute a row; what is not declared has none."""
    body = desired.job.body()
    rows: list[Row] = []
    told = {name: _whole(name, body.get(name), patterns) for name in ATTRIBUTES if name != "payload"}
    told["payload"] = _payload(desired, patterns)
    told["state"] = desired.job.state
    for name in ATTRIBUTES:
        text = told[name]
        if text:
            notes = ("created, then paused at once",) if text == "PAUSED" and name == "state" else ()
            rows.append(Row(ADDED, name, None, text, notes, wraps=True))
    return tuple(rows)


def _payload(desired: DesiredJob, patterns: Patterns) -> str:
    """Count a payload's items by their API; only the names are masked, since it may have 100,000."""
    is_hidden = is_sensitive(("payload", 0, "apiName"), patterns)
    return values.apis(SENSITIVE if is_hidden else item.apiName for item in desired.job.payload)


def field_rows(change: Update, patterns: Patterns) -> dict[str, list[Row]]:
    """Return what an update does outside the payload, by attribute."""
    told_whole = any(field.path[0] in _TOLD_WHOLE for field in change.fields)
    before, after = (change.remote.body(), change.desired.job.body()) if told_whole else ({}, {})
    rows: dict[str, list[Row]] = {}
    fields = sorted(change.fields, key=lambda field: (str(field.path[0]), to_text(field.path)))
    for name, group in groupby(fields, key=lambda field: str(field.path[0])):
        members = list(group)
        if name == "schedule":
            rows[name] = [_schedule_row(members, before.get(name), after.get(name), patterns)]
        elif name == "notifications":
            rows[name] = list(_notification_rows(members, patterns))
        elif any(field.path == _IDENTIFYING.get(name) and _is_replaced(field) for field in members):
            old, new = _whole(name, before.get(name), patterns), _whole(name, after.get(name), patterns)
            rows[name] = [_merged_row(name, members, old, new)]
        else:
            rows[name] = [field_row(field, patterns) for field in members]
    return rows


def rank(name: str) -> int:
    """Return where an attribute is shown; one we do not know comes last."""
    return ATTRIBUTES.index(name) if name in ATTRIBUTES else len(ATTRIBUTES)


_TOLD_WHOLE = frozenset({"schedule", "sink", "auth_session"})
"""Attributes of which a row may need all, and not only what differs."""

_IDENTIFYING: Mapping[str, Path] = {"sink": ("sink", "type"), "auth_session": ("auth_session", "id")}
"""What tells that an object comes, goes or becomes another, so that it is one row rather than many."""


def _is_replaced(field: FieldChange) -> bool:
    return field.before is None or field.after is None or field.path == ("sink", "type")


def _whole(name: str, value: Json, patterns: Patterns) -> str | None:
    """Write a whole attribute on one line, masked; None where there is nothing to say."""
    if value is None:
        return None
    if name == "schedule":
        return _schedule_text(value, patterns)
    masked = mask((name,), value, patterns).value
    if masked == SENSITIVE:
        return SENSITIVE
    match name:
        case "sink":
            return values.sink(masked)
        case "auth_session":
            return values.auth_session(masked)
        case "notifications":
            return values.notifications(masked)
        case "configuration":
            return values.settings(masked)
        case _:
            return values.bare(masked)


def _schedule_text(value: Json, patterns: Patterns) -> str:
    """Describe a schedule; if any of it came from the environment, none of it is told."""
    return SENSITIVE if any(pattern[:1] == ("schedule",) for pattern in patterns) else describe(value)


def _schedule_row(fields: list[FieldChange], before: Json, after: Json, patterns: Patterns) -> Row:
    old = _schedule_text(before, patterns) if _has_times(before) else None
    new = _schedule_text(after, patterns) if _has_times(after) else None
    if old is None and new is None:
        old, new = _schedule_text(before, patterns), _schedule_text(after, patterns)
    row = _merged_row("schedule", fields, old, new)
    if old != new or old == SENSITIVE:
        return row
    parts = ", ".join(dict.fromkeys(to_text(field.path[1:2]) or "schedule" for field in fields))
    return _with_note(row, f"differs in {parts}")


def _has_times(raw: Json) -> bool:
    try:
        return spec.read(raw) is not None
    except ValueError:
        return True


def _with_note(row: Row, note: str) -> Row:
    return Row(row.mark, row.name, row.before, row.after, (note, *row.notes), wraps=row.wraps)


def _notification_rows(fields: list[FieldChange], patterns: Patterns) -> Iterable[Row]:
    """Show a notification that comes or goes as one row, by its URL."""
    for _, group in groupby(fields, key=lambda field: field.path[:2]):
        members = list(group)
        url = next((field for field in members if field.path[2:] == ("url",)), None)
        if url is None or (url.before is not None and url.after is not None):
            yield from (field_row(field, patterns) for field in members)
            continue
        old, new = (mask_text(url.path, text, patterns) for text in (url.before, url.after))
        yield _merged_row(
            to_text(url.path[:2]),
            members,
            f"webhook {values.address(old.value)}" if old else None,
            f"webhook {values.address(new.value)}" if new else None,
        )


def _merged_row(name: str, fields: list[FieldChange], old: str | None, new: str | None) -> Row:
    """Make one row of several fields; it is a conflict as soon as both sides changed any of it."""
    origins = {field.origin for field in fields}
    origin = next(iter(origins)) if len(origins) == 1 else _joint(origins)
    mark = mark_of(old, new, origin)
    return Row(mark, name, old, new, origin_notes(old, new, origin), wraps=True)


def _joint(origins: set[Origin | None]) -> Origin | None:
    return Origin.BOTH if origins & {Origin.REMOTE, Origin.BOTH} else Origin.CONFIGURATION


def field_row(field: FieldChange, patterns: Patterns, *, below: Path = ()) -> Row:
    """Return one field's row; `below` is where its path begins, if that is not the job itself."""
    path = (*below, *field.path)
    old, new = mask_text(path, field.before, patterns), mask_text(path, field.after, patterns)
    mark = mark_of(old, new, field.origin)
    name = to_text(field.path)
    notes = _remote_notes(field, path, patterns)
    if old is None or new is None:
        before = values.plain(old.value) if old else None
        return Row(mark, name, before, values.plain(new.value) if new else None, notes)
    if old.value == new.value:  # what changed is in the part that is hidden
        where = () if old.value == SENSITIVE else (f"in {values.bare(old.value)}",)
        return Row(mark, name, SENSITIVE, SENSITIVE, (*where, *notes))
    applied = mask_text(path, field.applied, patterns)
    if field.origin is Origin.BOTH and applied and not applied.sensitive:
        old = applied  # so that the row is what the configuration changed; the note says what is there now
    before, after = values.pair(old.value, new.value)
    return Row(mark, name, before, after, notes)


def _remote_notes(field: FieldChange, path: Path, patterns: Patterns) -> tuple[str, ...]:
    """Say what somebody else made of a field, from what we last applied to what it was before this change."""
    notes = origin_notes(field.before, field.after, field.origin)
    if field.origin is not Origin.BOTH:
        return notes
    applied, found = (mask_text(path, text, patterns) for text in (field.applied, field.before))
    if applied is None or applied.sensitive or (found is not None and found.sensitive):
        return notes
    if found is None:
        return (f"also removed remotely: it was {values.plain(applied.value)}",)
    return (f"also changed remotely: {' -> '.join(values.pair(applied.value, found.value))}",)


def state_row(before: str, action: StateAction) -> Row:
    """Return the row for a job that is paused or resumed beside its update."""
    return Row(CHANGED, "state", before, "PAUSED" if action is StateAction.PAUSE else "ACTIVE")
