"""Reads the body of a refusal, whatever it looks like, into texts of one line.

The documented body is `{code, category, message, retirable, details?, correlationId}`; the API's prose
spells the same fields `retriable`, `correlation_id` and `doc_url`, 2024 has `{message?, details?}`, and a
gateway in front answers with what it likes.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LONGEST_MESSAGE = 300
LONGEST_NAME = 80
"""Characters of a code, a category or a correlation id."""

MOST_READ = 1_000_000
"""Bytes of an error's body beyond which it is not read."""

_MOST_NOTES = 3
_DEEPEST = 4
_MESSAGES = ("message", "Message", "detail", "title", "error_description", "error", "reason")
_PLACES = ("path", "loc", "field", "property", "param", "instancePath")
_NOTES = ("details", "fieldErrors", "formErrors", "field_errors", "issues", "errors", "_errors")
_ECHOES = frozenset(
    {
        *("input", "received", "expected", "value", "body", "request", "data", "stack"),
        *("params", "parameters", "payload", "headers", "options", "allowed"),
    }
)
"""Where errors repeat what was sent, or tell what nobody asked for."""

_SECRET_NAME = re.compile(r"(?i)secret|key|token|password|header|proxy|auth|url|cookie")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What a refusal says: texts of one line without control characters, None where it says nothing."""

    message: str | None = None
    code: str | None = None
    category: str | None = None
    correlation_id: str | None = None
    doc_url: str | None = None


def read(body: bytes, redact: Callable[[str], str] = str) -> ErrorBody:
    """Read an error's body; it may be JSON of any shape, a page, text, or nothing.

    Every text goes through `redact` before it is cleaned or cut, so that no half of a secret stays behind.
    Of field errors the places and the messages are told, not the values.
    """
    body = body[:MOST_READ]
    layers = _layers(body)

    def first(names: Sequence[str], limit: int) -> str | None:
        for layer in layers:
            for name in names:
                text = one_line(redact("; ".join(_texts(layer.get(name)))), limit)
                if text:
                    return text
        return None

    if layers:
        said = first(_MESSAGES, LONGEST_MESSAGE)
    else:
        said = one_line(redact(_unstructured(redact(body.decode(errors="replace")))))
    notes = _summary(redact(note) for layer in layers for note in _field_notes(layer))
    return ErrorBody(
        message=one_line(f"{said} ({notes})" if said and notes else said or notes) or None,
        code=first(("code",), LONGEST_NAME),
        category=first(("category",), LONGEST_NAME),
        correlation_id=first(("correlationId", "correlation_id"), LONGEST_NAME),
        doc_url=first(("doc_url", "docUrl"), LONGEST_MESSAGE),
    )


def one_line(text: str, limit: int = LONGEST_MESSAGE) -> str:
    """Return the text without control characters and line breaks, cut to so many characters."""
    clean = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"


def is_markup(body: bytes) -> bool:
    """Whether this is an HTML or XML page, which the API itself never sends."""
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _layers(body: bytes) -> tuple[dict[str, Any], ...]:
    """Return the objects of the body that may hold the error's fields, the innermost first; none: no JSON."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    if isinstance(value, str):
        return ({"message": value},)
    if isinstance(value, list):
        return ({"errors": value},)
    if not isinstance(value, dict):
        return ({},)
    inner = value.get("error")
    return (inner, value) if isinstance(inner, dict) else (value,)


def _unstructured(text: str) -> str:
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return text
    heading = _element(text, "title") or _element(text, "h1")
    return html.unescape(_TAG.sub(" ", heading)) if heading else "a page without a title"


def _element(text: str, name: str) -> str:
    """Return what is inside the first such element; by plain search, which no page can make slow."""
    lower = text if text.isascii() else "".join(char if char.isascii() else "?" for char in text)
    lower = lower.lower()
    opened = lower.find(f"<{name}")
    start = lower.find(">", opened) + 1
    end = lower.find(f"</{name}", start)
    return text[start:end] if opened >= 0 and start > 0 and end >= 0 else ""


def _texts(value: Any) -> Iterator[str]:
    """Yield a text, or the texts of a list: some servers answer several sentences."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield item


def _summary(notes: Iterator[str]) -> str:
    lines = list(dict.fromkeys(filter(None, map(one_line, notes))))
    more = len(lines) - _MOST_NOTES
    return "; ".join(lines[:_MOST_NOTES]) + (f"; and {more} more" if more > 0 else "")


def _field_notes(layer: dict[str, Any]) -> Iterator[str]:
    for name in _NOTES:
        found = layer.get(name)
        if isinstance(found, dict):
            yield from _plain_notes(found)
        yield from _notes(found, "", _DEEPEST)


def _plain_notes(details: dict[str, Any]) -> Iterator[str]:
    """Yield `{field: text}` of the first level; deeper down a lone text is rather what was sent."""
    for name, text in details.items():
        if isinstance(text, str) and name not in (*_ECHOES, *_MESSAGES) and not _SECRET_NAME.search(name):
            yield f"{name}: {text}"


def _notes(value: Any, path: str, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield _about(path, value)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _notes(item, path, depth - 1)
    elif isinstance(value, dict) and depth:
        place = _joined(path, next((_place(value[name]) for name in _PLACES if name in value), ""))
        said = next((value[name] for name in _MESSAGES if name in value), None)
        yield from (_about(place, text) for text in _texts(said))
        for name, item in value.items():
            if isinstance(item, dict | list) and name not in (*_ECHOES, *_PLACES, *_MESSAGES):
                yield from _notes(item, path if name in _NOTES else _joined(path, name), depth - 1)


def _place(value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    return ".".join(str(part) for part in parts if isinstance(part, str | int)).strip("./")


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _about(place: str, text: str) -> str:
    return f"{place}: {text}" if place else text
