"""A job as a file declares it: strict, and in words for whoever reads its JSON Schema.

Field names are those of the Jobs API's JobInput on the wire, nothing renamed: `auth_session` is snake case
while everything inside is camel case, because that is what the platform expects.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from jobsync.model.paths import ANY_ITEM, Path
from jobsync.model.values import Json  # noqa: TC001  pydantic reads annotations at run time
from jobsync.schedule import spec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MIN_ID_LENGTH = 7
"""The documented minimum for ids made through the API; ids of remote jobs may be shorter."""

ID_PATTERN = r"^[a-zA-Z0-9\-_]+$"

DEFAULT_TIMEOUT_S = 600
DEFAULT_ATTEMPTS = 3

READ_ONLY_KEYS = frozenset(
    {
        *("id", "state", "reason", "source", "message"),
        *("workspace_id", "workspaceId", "project_id", "projectId", "schedule_id", "scheduleId"),
        *("created_at", "createdAt", "next_run_time", "nextRunTime", "last_run_time", "lastRunTime"),
    }
)
"""What the API shows and nobody can write; never a difference."""

_VOLATILE = re.compile(r".*(_at|At|_time|Time|_by|By)")


def is_read_only(key: str) -> bool:
    """Whether a top-level key is none that clients write: a known one, or a time or author by its name."""
    return key in READ_ONLY_KEYS or _VOLATILE.fullmatch(key) is not None


WRITABLE_KEYS = frozenset(
    {"payload", "configuration", "schedule", "sink", "proxy", "auth_session", "notifications"}
)


class Strict(BaseModel):
    """What files may contain: unknown keys are refused, `"3"` is no number, and `true` is not 1."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Attempts = Annotated[int, Field(ge=1, description="How many attempts in all; 1 means no retry.")]
TimeoutSeconds = Annotated[int, Field(ge=1, description="Seconds; the platform's default is 600.")]


class Retry(Strict):
    """How often the platform tries again."""

    maximumAttempts: Attempts = DEFAULT_ATTEMPTS  # noqa: N815  wire name


class PayloadItem(Strict):
    """One API call of a job."""

    apiName: str = Field(  # noqa: N815  wire name
        min_length=1,
        description="Path under the project's `api` folder, without the extension; may contain `/`.",
    )
    parameters: dict[str, Any] = Field(description="What the API is called with; any JSON object, also `{}`.")
    requestTimeout: TimeoutSeconds | None = None  # noqa: N815  wire name
    retry: Retry | None = Field(default=None, description="Attempts for this call alone.")


def _check_proxy(value: str) -> str:
    if "${" not in value and "://" not in value:
        raise PydanticCustomError("proxy", "a proxy is a URL such as `http://user:pass@host:port`")
    return value


Proxy = Annotated[str, AfterValidator(_check_proxy)]


def _check_http_url(value: str) -> str:
    if "${" not in value and not value.lower().startswith(("http://", "https://")):
        raise PydanticCustomError("http_url", "this must be a URL that begins with `https://` or `http://`")
    return value


HttpUrl = Annotated[str, AfterValidator(_check_http_url)]


class Configuration(Strict):
    """How the platform runs a job."""

    retry: Retry | None = Field(default=None, description="Attempts for every call of the job.")
    maxConcurrentRequests: int | None = Field(  # noqa: N815  wire name
        default=None, ge=1, description="How many calls of the payload may run at once."
    )
    requestTimeout: TimeoutSeconds | None = None  # noqa: N815  wire name
    maxRuns: int | None = Field(default=None, ge=1, description="How many runs the job may have.")  # noqa: N815
    proxy: Proxy | None = Field(
        default=None, description="Proxy for the runs; credentials only as `${env.X}`."
    )
    runMode: Literal["Order-Irrelevant"] | None = Field(  # noqa: N815  wire name
        default=None,
        description="From 2024: the order of the payload does not matter. Never sent; jobsync then compares "
        "the payload as a set.",
    )


class AuthSession(Strict):
    """The auth session a job runs with."""

    id: str = Field(min_length=1, description="Id of the auth session.")
    checkAttempts: Attempts | None = None  # noqa: N815  wire name
    createAttempts: Attempts | None = None  # noqa: N815  wire name
    saveTrace: bool | None = Field(default=None, description="Keep a trace of the session's check.")  # noqa: N815


class WebhookSink(Strict):
    """Results are posted to a URL."""

    type: Literal["webhook"]
    url: HttpUrl = Field(description="Where results are posted; user and password only as `${env.X}`.")
    headers: dict[str, str] | None = Field(default=None, description="Header values only as `${env.X}`.")
    skipOnFail: bool | None = Field(default=None, description="Do not deliver failed results.")  # noqa: N815
    apisToSend: list[str] | None = Field(  # noqa: N815  wire name
        default=None, description="Only results of these APIs; absent means all."
    )


class S3Sink(Strict):
    """Results are written to an S3 bucket."""

    type: Literal["s3"]
    bucket: str = Field(min_length=1)
    region: str = Field(min_length=1)
    accessKeyId: str = Field(min_length=1, description="Only as `${env.X}`.")  # noqa: N815  wire name
    secretAccessKey: str = Field(min_length=1, description="Only as `${env.X}`.")  # noqa: N815  wire name
    prefix: str | None = Field(default=None, description="Put before each object's name.")
    skipOnFail: bool | None = Field(default=None, description="Do not deliver failed results.")  # noqa: N815
    apisToSend: list[str] | None = Field(  # noqa: N815  wire name
        default=None, description="Only results of these APIs; absent means all."
    )
    endpoint: HttpUrl | None = Field(default=None, description="For stores that speak S3 but are not AWS.")
    forcePathStyle: bool | None = Field(  # noqa: N815  wire name
        default=None, description="Put the bucket in the path, not in the host name."
    )


class Notification(Strict):
    """Who is told about runs (2026)."""

    type: Literal["webhook"]
    url: HttpUrl = Field(description="Where notifications are posted; user and password only as `${env.X}`.")
    headers: dict[str, str] | None = Field(default=None, description="Header values only as `${env.X}`.")


class _ScheduleSchema:
    """The JSON Schema of a schedule, whose rules live in `jobsync.schedule`, not in pydantic."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _core: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return spec.json_schema()


def _check_schedule(value: Any) -> Any:
    """Refuse a schedule with its problems in the error's context, each with its own path and severity."""
    problems = spec.check(value)
    if any(problem.is_error for problem in problems):
        raise PydanticCustomError("schedule", "the schedule has errors", {"problems": problems})
    return value


RawSchedule = Annotated[dict[str, Any], BeforeValidator(_check_schedule), _ScheduleSchema]


class JobInput(Strict):
    """A job as a file declares it: the body of a create, after references are resolved."""

    id: str = Field(
        min_length=MIN_ID_LENGTH,
        pattern=ID_PATTERN,
        description="Letters, digits, `-` and `_`, at least 7; case counts; it cannot be changed later.",
    )
    payload: list[PayloadItem] = Field(description="The API calls of the job, in order.")
    configuration: Configuration = Field(description="How the platform runs the job; may be `{}`.")
    schedule: RawSchedule | None = Field(
        default=None, description="When the job runs; absent means only by hand."
    )
    sink: Annotated[WebhookSink | S3Sink, Field(discriminator="type")] | None = Field(
        default=None, description="Where results go."
    )
    proxy: Proxy | None = Field(default=None, description="Proxy of the job; credentials only as `${env.X}`.")
    auth_session: AuthSession | None = Field(default=None, description="Also accepted as `authSession`.")
    notifications: list[Notification] | None = Field(
        default=None, description="Who is told about runs (2026)."
    )
    state: Literal["ACTIVE", "PAUSED"] | None = Field(
        default=None,
        description="Declare it to have jobsync pause or resume the job; absent means hands off.",
    )

    @model_validator(mode="before")
    @classmethod
    def _one_spelling(cls, data: Any) -> Any:
        if isinstance(data, dict) and "authSession" in data:
            if "auth_session" in data:
                raise PydanticCustomError(
                    "both_spellings", "`auth_session` and `authSession` are the same key; keep one"
                )
            data = {("auth_session" if key == "authSession" else key): item for key, item in data.items()}
        return data

    def body(self) -> dict[str, Json]:
        """Return the writable fields as they go on the wire: set fields only, without `id` and `state`.

        Durations stay as written. `runMode` is left out, since no server of 2025 or later knows it, and
        `{start: 0}` without `end` is written out, since its meaning depends on the server's version.
        """
        body: dict[str, Json] = self.model_dump(exclude={"id", "state"}, exclude_none=True)
        configuration = body["configuration"]
        if isinstance(configuration, dict):
            configuration.pop("runMode", None)
        for source, item in zip(self.payload, _dicts(body["payload"]), strict=True):
            item["parameters"] = source.parameters  # `exclude_none` must not reach into the user's data
        if self.schedule is not None:
            body["schedule"] = spec.emit(self.schedule)
        return body


def _dicts(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


KNOWN_KEYS: Mapping[Path, Collection[str]] = {
    ("configuration",): Configuration.model_fields.keys(),
    ("configuration", "retry"): Retry.model_fields.keys(),
    ("sink",): WebhookSink.model_fields.keys() | S3Sink.model_fields.keys(),
    ("auth_session",): AuthSession.model_fields.keys(),
    ("notifications", ANY_ITEM): Notification.model_fields.keys(),
    ("payload", ANY_ITEM): PayloadItem.model_fields.keys(),
    ("payload", ANY_ITEM, "retry"): Retry.model_fields.keys(),
}
"""The keys of each object of a job. What others hold, which only a newer platform knows, nobody can say."""
