"""How single facts are written for a person: JSON values, counts, moments, what a sink or a schedule is.

Nothing here hides anything: what comes in is masked already (`jobsync.render.masking`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING

from jobsync.model.secrets import SENSITIVE
from jobsync.model.values import canonical_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from jobsync.model.values import Json

LONG_LIST = 60
"""A changed list is told by its counts when either side is written with more characters than this."""

NAMED_APIS = 3
"""So many APIs of a payload are named, the most frequent first."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def plain(value: Json) -> str:
    """Write a JSON value on one line as YAML's flow style does: `{url: "https://…", pages: [1, 2]}`."""
    if value == SENSITIVE:
        return SENSITIVE
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {plain(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(plain, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def bare(value: Json) -> str:
    """Write a value without quotes, where its place says that it is a name."""
    return value if isinstance(value, str) else plain(value)


def pair(before: Json, after: Json) -> tuple[str, str]:
    """Write both sides of a change; long lists are told by what came and what went."""
    old, new = plain(before), plain(after)
    if isinstance(before, list) and isinstance(after, list) and max(len(old), len(new)) > LONG_LIST:
        came, went = _extra(after, before), _extra(before, after)
        told = ", ".join([*(f"+{text}" for text in came), *(f"-{text}" for text in went)]) or "reordered"
        return count(len(before), "item"), f"{count(len(after), 'item')} ({told})"
    return old, new


def _extra(items: list[Json], others: list[Json]) -> list[str]:
    extra = Counter(map(canonical_text, items))
    extra.subtract(map(canonical_text, others))
    return [plain(json.loads(text)) for text, number in sorted(extra.items()) for _ in range(number)]


def count(number: int, noun: str) -> str:
    """Write `1 item`, `4,000 items`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(words: Iterable[str], limit: int) -> str:
    """Write `a, b, c and 4 more`."""
    names = list(words)
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more:,} more" if more > 0 else "")


def instant(moment: datetime) -> str:
    """Write a moment as `2026-11-23 02:30Z`."""
    return iso(moment)[:16].replace("T", " ") + "Z"


def iso(moment: datetime) -> str:
    """Write a moment for a machine, `2026-11-23T02:30:00Z`; a naive one is taken as UTC."""
    try:
        utc = moment.astimezone(UTC) if moment.tzinfo is not None else moment
    except OverflowError:  # the years 1 and 9999, which servers use for "never", near the end of the calendar
        utc = moment
    return utc.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def apis(api_names: Iterable[str]) -> str:
    """Say how many payload items there are, and of which APIs: `4,000 items (a/list 3,990, b/get 10)`."""
    names = Counter(api_names)
    total = names.total()
    if not total:
        return count(0, "item")
    ranked = sorted(names.items(), key=lambda entry: (-entry[1], entry[0]))
    told = [name if len(ranked) == 1 else f"{name} {number:,}" for name, number in ranked]
    return f"{count(total, 'item')} ({listed(told, NAMED_APIS)})"


def sink(value: Json) -> str:
    """Say where results go: `s3 bucket/prefix (region)`, `webhook host/path (2 headers)`."""
    if not isinstance(value, dict):
        return plain(value)
    if value.get("type") == "s3":
        prefix = value.get("prefix")
        place = bare(value.get("bucket")) + (f"/{bare(prefix)}" if prefix else "")
        return f"s3 {place} ({bare(value.get('region'))})"
    return webhook(value)


def webhook(value: Mapping[str, Json]) -> str:
    """Say where a webhook posts to, and how many headers it sends."""
    headers = value.get("headers")
    told = f" ({count(len(headers), 'header')})" if isinstance(headers, dict) and headers else ""
    return f"{bare(value.get('type'))} {address(value.get('url'))}".rstrip() + told


def address(url: Json) -> str:
    """Write a URL without `https://`, which goes without saying; any other scheme is worth seeing."""
    return bare(url).removeprefix("https://") if url is not None else ""


def notifications(value: Json) -> str:
    """Say who is told: `1 webhook (host/path)`."""
    if not isinstance(value, list):
        return plain(value)
    places = [address(item.get("url")) for item in value if isinstance(item, dict)]
    return f"{count(len(value), 'webhook')} ({listed(places, NAMED_APIS)})" if places else count(0, "webhook")


def settings(value: Json) -> str:
    """Write an object's leaves in a row: `maxConcurrentRequests 2, retry.maximumAttempts 3`."""
    if not isinstance(value, dict):
        return plain(value)
    return ", ".join(f"{name} {bare(item)}" for name, item in _leaves(value, ""))


def _leaves(value: Mapping[str, Json], prefix: str) -> list[tuple[str, Json]]:
    leaves: list[tuple[str, Json]] = []
    for key, item in value.items():
        leaves += _leaves(item, f"{prefix}{key}.") if isinstance(item, dict) else [(prefix + key, item)]
    return leaves


def auth_session(value: Json) -> str:
    """Write an auth session's id, and what else is declared of it: `portal (checkAttempts 5)`."""
    if not isinstance(value, dict):
        return plain(value)
    rest = settings({key: item for key, item in value.items() if key != "id"})
    return bare(value.get("id")) + (f" ({rest})" if rest else "")
