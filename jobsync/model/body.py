"""The bodies of requests.

A PUT replaces a job, and what it does to a field that is left out is not documented; so every optional field
is sent, null for "none", which is right under either behaviour. Keys of the remote job that this version does
not know are carried through, since leaving them out could erase them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jobsync.model.canonical import canonical
from jobsync.model.job_input import DEFAULT_ATTEMPTS, DEFAULT_TIMEOUT_S, KNOWN_KEYS
from jobsync.model.paths import ANY_ITEM, parse, to_pattern, to_text
from jobsync.model.secrets import looks_masked

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jobsync.model.job import Job
    from jobsync.model.job_input import JobInput
    from jobsync.model.paths import Path
    from jobsync.model.values import Json

_OPTIONAL = ("schedule", "sink", "proxy", "auth_session")
_SCHEDULE_KEYS = frozenset({"jitter", "intervals", "calendars"})


def create_body(job: JobInput) -> dict[str, Json]:
    """Return the body of a POST: what is declared, nothing else."""
    return {"id": job.id, **job.body()}


def update_body(job: JobInput, remote: Job, *, filled: Mapping[str, str] | None = None) -> dict[str, Json]:
    """Return the body of the PUT that makes `remote` what `job` declares, unknown keys carried through.

    `filled` is what the server is known to fill in, as in a claim: it is spelt out, so that what somebody
    changed there goes back also on a server that keeps what an update leaves out.
    """
    declared, existing = _with_filled(job.body(), filled or {}), remote.body()
    body: dict[str, Json] = {**remote.unknown, **dict.fromkeys(_OPTIONAL), **declared}
    if "notifications" not in declared and existing.get("notifications"):
        body["notifications"] = None  # only where the server knows the field: older ones may refuse it
    body["configuration"] = _configuration(declared["configuration"], existing.get("configuration"))
    body["payload"] = _payload(declared["payload"], existing.get("payload"))
    body["schedule"] = _carry(body["schedule"], existing.get("schedule"), _SCHEDULE_KEYS)
    body["sink"] = _sink(body["sink"], existing.get("sink"))
    body["auth_session"] = _carry(
        body["auth_session"], existing.get("auth_session"), KNOWN_KEYS[("auth_session",)]
    )
    if body.get("notifications"):
        body["notifications"] = _notifications(body["notifications"], existing.get("notifications"))
    return body


def _with_filled(declared: dict[str, Json], filled: Mapping[str, str]) -> dict[str, Json]:
    for path, text in filled.items():
        *parents, key = parse(path)
        place: Json = declared
        for parent in parents:
            place = place.get(str(parent)) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place.setdefault(str(key), json.loads(text))
    return declared


def masked_unknown(remote: Job) -> str | None:
    """Return the path of a key that this version does not know and whose value the server masks.

    An update would carry it through and so put the mask in the place of what it hides.
    """
    found = _masked(remote.body(), ()) or next(
        ((key,) for key, value in remote.unknown.items() if _is_mask(value)), None
    )
    return None if found is None else to_text(found)


def _masked(value: Json, path: Path) -> Path | None:
    """Look for a masked unknown key; the user's own data, which is not known key by key, is left out."""
    if isinstance(value, list):
        inner = ((item, (*path, index)) for index, item in enumerate(value))
    elif isinstance(value, dict):
        known = KNOWN_KEYS.get(to_pattern(path), value)
        for key, item in value.items():
            if key not in known and _is_mask(item):
                return (*path, key)
        inner = ((item, (*path, key)) for key, item in value.items() if key not in _FREE_KEYS)
    else:
        return None
    return next((found for found in (_masked(item, place) for item, place in inner) if found), None)


_FREE_KEYS = frozenset({"parameters", "headers", "schedule"})


def _is_mask(value: Json) -> bool:
    return isinstance(value, str) and looks_masked(json.dumps(value))


def _carry(declared: Json, existing: Json, known: Collection[str]) -> Json:
    """Add the keys of the existing object that this version does not know."""
    if not isinstance(declared, dict) or not isinstance(existing, dict):
        return declared
    return {**{key: item for key, item in existing.items() if key not in known}, **declared}


def _configuration(declared: Json, existing: Json) -> Json:
    """Carry unknown keys, and spell out the defaults where the server holds something else for them."""
    carried = _carry(declared, existing, KNOWN_KEYS[("configuration",)])
    if not isinstance(carried, dict) or not isinstance(existing, dict):
        return carried
    if existing.get("retry") is not None:
        carried.setdefault("retry", {"maximumAttempts": DEFAULT_ATTEMPTS})
        carried["retry"] = _carry(carried["retry"], existing["retry"], KNOWN_KEYS[("configuration", "retry")])
    if existing.get("requestTimeout") is not None:
        carried.setdefault("requestTimeout", DEFAULT_TIMEOUT_S)
    return carried


def _sink(declared: Json, existing: Json) -> Json:
    """Carry unknown keys unless the sink becomes one of another type, to which they would not belong."""
    if not isinstance(declared, dict) or not isinstance(existing, dict):
        return declared
    if declared.get("type") != existing.get("type"):
        return declared
    return _carry(declared, existing, KNOWN_KEYS[("sink",)])


def _payload(declared: Json, existing: Json) -> Json:
    """Carry unknown keys of the item that means the same, else of the one in its place with its API."""
    if not isinstance(declared, list) or not isinstance(existing, list):
        return declared
    known = KNOWN_KEYS[("payload", ANY_ITEM)]
    if not any(isinstance(item, dict) and item.keys() - set(known) for item in existing):
        return declared
    same: dict[str, Json] = {}
    for item, text in zip(existing, canonical({"payload": existing}).payload, strict=True):
        same.setdefault(text, item)
    texts = canonical({"payload": declared}).payload
    return [
        _carry(item, same.get(text) or _same_api(item, existing[index : index + 1]), known)
        for index, (item, text) in enumerate(zip(declared, texts, strict=True))
    ]


def _same_api(declared: Json, candidates: list[Json]) -> Json:
    for candidate in candidates:
        if isinstance(candidate, dict) and isinstance(declared, dict):
            return candidate if candidate.get("apiName") == declared.get("apiName") else None
    return None


def _notifications(declared: Json, existing: Json) -> Json:
    if not isinstance(declared, list) or not isinstance(existing, list):
        return declared
    by_url: dict[str, Mapping[str, Json]] = {
        str(item.get("url")): item for item in existing if isinstance(item, dict)
    }
    return [
        _carry(item, dict(by_url.get(str(item.get("url")), {})), KNOWN_KEYS[("notifications", ANY_ITEM)])
        if isinstance(item, dict)
        else item
        for item in declared
    ]
