"""The JSON Schema of a schedule in a file, for editors; the rules that decide are in `grammar`."""

from __future__ import annotations

from typing import Any

from jobsync.schedule.duration import MAX_LENGTH, MAX_MS, SECOND, UNITS
from jobsync.schedule.fields import EVERY, FIELDS, YEAR, Field

_NULL: dict[str, Any] = {"type": "null"}
_REFERENCE: dict[str, Any] = {"type": "string", "pattern": r"\$\{.+\}", "description": "A reference."}
_STEP: dict[str, Any] = {
    "anyOf": [{"type": "integer", "minimum": 1}, _REFERENCE, _NULL],
    "description": "Only every so many, counted from `start`; needs `end`.",
}


def json_schema() -> dict[str, Any]:
    """Return the schema of one schedule, draft 2020-12, without `$defs`, so that it can stand anywhere.

    It takes everything that `check` has no error for (a null `step` without `end` aside) and some of what it
    has one for: an editor need not know which dates exist or which durations come out as whole seconds.
    """
    every = _either("A whole number of seconds, such as `6h`.", *_duration(least=SECOND))
    interval = _mapping("Every so long, counted from the Unix epoch.", {"every": every}, needs=("every",))
    comment = {"type": ["string", "null"], "description": "What the calendar is for; the platform keeps it."}
    fields = {field.name: _field(field) for field in FIELDS}
    calendar = _mapping("The times (UTC) at which all fields match.", {**fields, "comment": comment})
    keys = {
        "calendars": _either("Runs at the times of each.", {"type": "array", "items": calendar}, _NULL),
        "intervals": _either("Runs at the times of each.", {"type": "array", "items": interval}, _NULL),
        "jitter": _either("A run starts up to so much later, at random.", *_duration(least=0), _NULL),
    }
    return _mapping("When the job runs, in UTC: at the times of all calendars and intervals together.", keys)


def _field(field: Field) -> dict[str, Any]:
    if field.names:
        value: dict[str, Any] = {"enum": list(field.names)}
    else:
        value = {"type": "integer", "minimum": field.minimum, "maximum": field.maximum}
    value = {"anyOf": [value, _REFERENCE]}
    span = _mapping(
        "From `start` to `end`; it does not wrap.",
        {"start": value, "end": _either("Included; absent means `start`.", value, _NULL), "step": _STEP},
        needs=("start",),
    )
    span["dependentRequired"] = {"step": ["end"]}
    least = 0 if field is YEAR else 1
    items = {"type": "array", "items": _either("One of them.", value, span), "minItems": least}
    absent = "absent means every one" if field.default is EVERY else "absent means 0"
    return _either(f"The {field.noun}; {absent}.", value, {"const": "*"}, span, items, _NULL)


def _duration(*, least: int) -> tuple[dict[str, Any], ...]:
    units = "|".join("".join(f"[{letter}{letter.upper()}]" for letter in unit) for unit in UNITS)
    text = {"type": "string", "maxLength": MAX_LENGTH, "pattern": rf"^\d*\.?\d+ *({units})?$"}
    number = {"type": "integer", "minimum": least, "maximum": MAX_MS, "description": "Milliseconds."}
    return text, number, _REFERENCE


def _either(description: str, *options: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "anyOf": list(options)}


def _mapping(description: str, keys: dict[str, Any], *, needs: tuple[str, ...] = ()) -> dict[str, Any]:
    required = {"required": list(needs)} if needs else {}
    return {
        "description": description,
        "type": "object",
        "properties": keys,
        **required,
        "additionalProperties": False,
    }
