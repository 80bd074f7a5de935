"""The JSON Schema of a job file, for editors: as strict as `validate`, and it allows references."""

from __future__ import annotations

from typing import Any

from jobsync.model.job_input import JobInput

DIALECT = "https://json-schema.org/draft/2020-12/schema"

REFERENCE: dict[str, Any] = {
    "type": "string",
    "pattern": r"^\$\{(var|env)\.[A-Za-z_][A-Za-z0-9_]*\}$",
    "description": "A reference, which keeps the type of the value it stands for.",
}

_NOISE = frozenset({"title", "default"})
_OPTIONS: dict[str, Any] = {
    "type": "object",
    "description": "What is meant for jobsync and not for the platform.",
    "additionalProperties": False,
    "properties": {
        "prevent_delete": {
            "type": "boolean",
            "description": "Refuse every plan that would delete the job, also after its file is gone.",
        }
    },
}


def job_schema() -> dict[str, Any]:
    """Return the schema of one YAML document, of draft 2020-12.

    `configuration` is not required here, since `defaults` of jobsync.yaml may give it.
    """
    schema = _with_references(JobInput.model_json_schema())
    properties = schema["properties"]
    alias = {**properties["auth_session"], "description": "The same as `auth_session`."}
    return {
        "$schema": DIALECT,
        **schema,
        "title": "jobsync job",
        "description": "A job of the Intuned platform, as jobsync declares it.",
        "properties": {
            **properties,
            # In a file an id may be put together from variables; `validate` checks what comes out.
            "id": {"anyOf": [properties["id"], {"type": "string", "pattern": r"\$\{"}]},
            "authSession": alias,
            "jobsync": _OPTIONS,
        },
        "required": [key for key in schema["required"] if key != "configuration"],
    }


def _with_references(schema: Any) -> Any:
    """Drop pydantic's noise, and let a reference stand wherever a value that is no text is asked for."""
    if isinstance(schema, list):
        return [_with_references(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    cleaned: dict[str, Any] = {}
    for key, item in schema.items():
        if key in {"properties", "$defs"}:
            cleaned[key] = {name: _with_references(inner) for name, inner in item.items()}
        elif key not in _NOISE:
            cleaned[key] = _with_references(item)
    return {"anyOf": [cleaned, REFERENCE]} if _is_no_text(cleaned) else cleaned


def _is_no_text(schema: dict[str, Any]) -> bool:
    """Whether a text with a reference would not match: a number, a boolean, or one of a few words."""
    kinds = schema.get("type", [])
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    is_choice = "string" in kinds and not schema.keys().isdisjoint({"enum", "const"})
    return is_choice or (bool(kinds) and kinds <= {"integer", "number", "boolean"})
