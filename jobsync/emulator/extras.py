"""Keys that no schema of the API has, as a platform shows them that is newer than its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_STABLE = {"": ("tier", "standard"), "configuration": ("engine", "v3"), "sink": ("delivery", "ordered")}
_VOLATILE = {"": "revision", "configuration": "lease", "sink": "lastDeliveryId"}


def added(answer: dict[str, Any], nonce: int) -> dict[str, Any]:
    """Return a job's answer with a stable and a volatile extra key at each of the three places."""
    return _at_each_place(answer, lambda place, value: {**value, **_extras(place, nonce)})


def removed(body: Any) -> Any:
    """Return a request body without the extra keys, which the platform ignores when they come back."""
    if not isinstance(body, dict):
        return body
    return _at_each_place(
        body,
        lambda place, value: {
            key: item for key, item in value.items() if key not in (_STABLE[place][0], _VOLATILE[place])
        },
    )


def _extras(place: str, nonce: int) -> dict[str, str]:
    key, value = _STABLE[place]
    return {key: value, _VOLATILE[place]: f"{_VOLATILE[place]}-{nonce}"}


def _at_each_place(
    job: dict[str, Any], changed: Callable[[str, dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    inner = {
        place: changed(place, job[place])
        for place in ("configuration", "sink")
        if isinstance(job.get(place), dict)
    }
    return changed("", {**job, **inner})
