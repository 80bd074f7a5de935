"""JSON values as trees: what stands at a path, and one laid over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobsync.model.paths import Path
    from jobsync.model.values import Json


def has(value: Json, path: Path) -> bool:
    """Whether there is something at `path`, be it null."""
    if not path:
        return True
    parent, part = at(value, path[:-1]), path[-1]
    if isinstance(parent, dict):
        return part in parent
    return isinstance(parent, list) and isinstance(part, int) and part < len(parent)


def at(value: Json, path: Path) -> Json:
    """Return what stands at `path`; None where there is nothing."""
    for part in path:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def merge(below: Json, above: Json) -> Json:
    """Return `above` with what only `below` has added to its mappings; all else of `above` stays.

    Mappings that both have a `type`, and not the same, do not merge: what is left of an S3 sink makes no
    sense in a webhook.
    """
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    if "type" in below and "type" in above and below["type"] != above["type"]:
        return above
    merged = dict(below)
    for key, value in above.items():
        merged[key] = merge(below[key], value) if key in below else value
    return merged
