"""JSON as the API means it, where `true` is not 1 and `2.0` is 2."""

from __future__ import annotations

import json
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

MAX_EXACT_INTEGER = 2**53
"""Beyond this the platform's JavaScript rounds: 2**53 + 1 would come back as another number."""


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def canonical_text(value: Json) -> str:
    """Write a JSON value so that two texts are equal iff the values mean the same to the platform.

    Keys are sorted, an integral float is written as the integer it is (`2.0` as `2`), and since this is
    text, `true` and `1` differ although Python calls them equal.
    """
    text = _encode(value)
    # Nearly no value has such a float, and looking at the text is cheaper than walking every payload.
    return _encode(_settled(value)) if ".0" in text or "e+" in text else text


def _settled(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _settled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_settled(item) for item in value]
    return value
