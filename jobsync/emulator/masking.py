"""How a platform may show a job's secrets: in clear, as a constant, in part, or as a token of its own."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobsync.emulator.switches import Switches

CONSTANT = "***"
SHOWN_CHARACTERS = 4

_URL = re.compile(
    r"(?P<head>[^:/?#]+://)(?:(?P<user>[^/?#]*)@)?(?P<place>[^?#]*)(?:\?(?P<query>[^#]*))?(?P<rest>.*)"
)


def masked(body: dict[str, Any], switches: Switches, nonce: int) -> dict[str, Any]:
    """Return a job's body with its secrets as the switches show them; `nonce` differs at each read."""
    if switches.secrets == "shown":
        return body

    def mask(secret: str) -> str:
        if switches.secrets == "masked":
            return CONSTANT
        if switches.secrets == "partly masked":
            shown = min(SHOWN_CHARACTERS, len(secret) // 2)
            return secret[:shown] + "*" * max(len(secret) - shown, 3)
        return hashlib.sha256(f"{switches.seed}:{nonce}:{secret}".encode()).hexdigest()[:24]

    result = dict(body)
    if isinstance(body.get("proxy"), str):
        result["proxy"] = _mask_url(body["proxy"], mask)
    for key in ("configuration", "sink"):
        if isinstance(body.get(key), dict):
            result[key] = _mask_object(body[key], mask)
    if isinstance(body.get("notifications"), list):
        result["notifications"] = [_mask_object(item, mask) for item in body["notifications"]]
    return result


def _mask_object(value: dict[str, Any], mask: Callable[[str], str]) -> dict[str, Any]:
    result = dict(value)
    for key, item in value.items():
        if key in ("accessKeyId", "secretAccessKey"):
            result[key] = mask(item)
        elif key == "headers":
            result[key] = {name: mask(header) for name, header in item.items()}
        elif key in ("url", "endpoint", "proxy"):
            result[key] = _mask_url(item, mask)
    return result


def _mask_url(url: str, mask: Callable[[str], str]) -> str:
    """Mask what in a URL can carry credentials: user and password, and the query."""
    match = _URL.fullmatch(url)
    if match is None:
        return url
    user = "" if match["user"] is None else f"{mask(match['user'])}@"
    query = "" if match["query"] is None else f"?{mask(match['query'])}"
    return f"{match['head']}{user}{match['place']}{query}{match['rest']}"
