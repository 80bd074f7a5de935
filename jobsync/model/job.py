"""A job as the API returns it: tolerant, in the spelling of any era, from the list or from details."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

from jobsync.model.canonical import Canonical, canonical
from jobsync.model.job_input import WRITABLE_KEYS, is_read_only
from jobsync.model.values import Json  # noqa: TC001  pydantic reads annotations at run time


class Reason(BaseModel):
    """Why a job does not run, as the list says it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: str | None = None
    message: str | None = None


def _read_reason(value: Any, handler: ValidatorFunctionWrapHandler) -> Reason | None:
    """Read a reason for display; one of an unknown form is no reason to refuse the whole list."""
    try:
        reason: Reason | None = handler(value)
    except ValidationError:
        return None
    return reason


def _status(value: Any) -> Any:
    """2024 has an object with an optional status, later eras a string; `{}` means active."""
    if isinstance(value, dict):
        value = value.get("status")
    return "ACTIVE" if value is None else value


def _read_instant(value: Any, handler: ValidatorFunctionWrapHandler) -> datetime | None:
    """Read a timestamp for display; one of an unknown form is no reason to refuse the whole list."""
    try:
        instant: datetime | None = handler(value)
    except ValidationError:
        return None
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant


Instant = Annotated[datetime | None, WrapValidator(_read_instant)]


def _unwrapped_proxy(value: Any) -> Any:
    """Read the list's `{version, url}` or the string of details."""
    return value.get("url") if isinstance(value, dict) else value


class Job(BaseModel):
    """A job as the API returns it, in any era's spelling, from the list or from details.

    Only `id` is required; what is inside the writable fields stays as the API wrote it, unknown keys
    included. Unknown top-level keys are in `unknown`.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    id: str = Field(min_length=1)
    payload: list[dict[str, Any]] = Field(default_factory=list)
    configuration: dict[str, Any] = Field(default_factory=dict)
    schedule: dict[str, Any] | None = None
    sink: dict[str, Any] | None = None
    proxy: Annotated[str | None, BeforeValidator(_unwrapped_proxy)] = None
    auth_session: dict[str, Any] | None = None
    notifications: list[dict[str, Any]] | None = None
    state: Annotated[str, BeforeValidator(_status)] = "ACTIVE"
    reason: Annotated[Reason | None, WrapValidator(_read_reason)] = None
    source: str | None = None
    created_at: Instant = None
    next_run_time: Instant = None
    last_run_time: Instant = None
    workspace_id: str | None = None
    project_id: str | None = None
    schedule_id: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _wire_names(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        state = data.get("state")
        if isinstance(state, dict) and isinstance(state.get("reason"), str) and data.get("reason") is None:
            data = {**data, "reason": {"message": state["reason"]}}  # 2024 put it inside the state
        if _CAMEL.keys().isdisjoint(data):
            return data
        renamed = {_CAMEL[key]: item for key, item in data.items() if key in _CAMEL}
        return {**renamed, **{key: item for key, item in data.items() if key not in _CAMEL}}

    @field_validator("payload", "configuration", mode="before")
    @classmethod
    def _null_is_empty(cls, value: Any, info: Any) -> Any:
        return ([] if info.field_name == "payload" else {}) if value is None else value

    @property
    def is_paused(self) -> bool:
        """Whether the platform starts no runs of it, whoever paused it."""
        return self.state != "ACTIVE"

    @property
    def is_code(self) -> bool:
        """Whether the project's own code declares it; then nobody may update or delete it by the API."""
        return self.source == "CODE"

    @property
    def unknown(self) -> dict[str, Json]:
        """Top-level keys this version does not know; carried through an update, never a difference."""
        extra = self.__pydantic_extra__ or {}
        return {key: item for key, item in extra.items() if not is_read_only(key)}

    @cached_property
    def meaning(self) -> Canonical:
        """What the job means to the platform, with which others are compared."""
        return canonical(self.body())

    def body(self) -> dict[str, Json]:
        """Return the writable fields as they stand on the wire; absent and null ones are left out."""
        present = {key: getattr(self, key) for key in WRITABLE_KEYS}
        return {key: item for key, item in present.items() if item is not None}


_CAMEL = {
    "authSession": "auth_session",
    "projectId": "project_id",
    "workspaceId": "workspace_id",
    "scheduleId": "schedule_id",
    "createdAt": "created_at",
    "nextRunTime": "next_run_time",
    "lastRunTime": "last_run_time",
}

JOBS: TypeAdapter[list[Job]] = TypeAdapter(list[Job])
"""Reads a whole list answer at once; `validate_json` on the raw bytes is the fast way."""
