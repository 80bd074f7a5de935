"""Hypothesis strategies: jobs of every shape that a file may declare."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from jobsync.diagnostics import Span
from jobsync.model.desired import DesiredJob
from jobsync.model.job_input import JobInput

IDS = st.from_regex(r"[a-zA-Z0-9\-_]{7,12}", fullmatch=True)
SAFE_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
API_NAMES = st.sampled_from(["list", "shop/list", "shop/details", "search"])

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=32)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | SAFE_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SAFE_TEXT, inner, max_size=3),
    max_leaves=6,
)
ATTEMPTS = st.integers(1, 9)
RETRY = st.fixed_dictionaries({}, optional={"maximumAttempts": ATTEMPTS})
TIMEOUT = st.integers(1, 3600)

MONTHS = [
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
]
DAYS = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"]


def payload_items() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"apiName": API_NAMES, "parameters": st.dictionaries(SAFE_TEXT, JSON, max_size=3)},
        optional={"requestTimeout": TIMEOUT, "retry": RETRY},
    )


@st.composite
def calendar_fields(draw: st.DrawFn, values: list[Any]) -> Any:
    """One field of a calendar in any of its shapes."""

    def span(*, with_step: bool) -> Any:
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(values) - 1)] * 2)))
        written = {"start": values[start], "end": values[end]}
        return {**written, "step": draw(st.integers(1, 5))} if with_step else written

    shape = draw(st.sampled_from(["one", "every", "range", "step", "start", "list"]))
    if shape == "every":
        return "*"
    if shape == "range":
        return span(with_step=False)
    if shape == "step":
        return span(with_step=True)
    if shape == "start":
        return {"start": draw(st.sampled_from(values))}
    if shape == "list":
        single = st.sampled_from(values)
        return [
            draw(single) if draw(st.booleans()) else span(with_step=True)
            for _ in range(draw(st.integers(1, 3)))
        ]
    return draw(st.sampled_from(values))


def calendars() -> st.SearchStrategy[dict[str, Any]]:
    # Days up to 28 exist in every month, so that no generated calendar never fires.
    return st.fixed_dictionaries(
        {},
        optional={
            "second": calendar_fields(list(range(60))),
            "minute": calendar_fields(list(range(60))),
            "hour": calendar_fields(list(range(24))),
            "dayOfMonth": calendar_fields(list(range(1, 29))),
            "month": calendar_fields(MONTHS),
            "dayOfWeek": calendar_fields(DAYS),
            "comment": SAFE_TEXT,
        },
    )


DURATIONS = st.sampled_from(
    ["10m", "1h", "90 minutes", "1.5h", "6 hours", "1d", 3_600_000, 60_000, "3600s", "7d"]
)


def schedules() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "calendars": st.lists(calendars(), max_size=3),
            "intervals": st.lists(st.fixed_dictionaries({"every": DURATIONS}), max_size=3),
            "jitter": DURATIONS | st.just(0),
        },
    )


SECRETS = st.from_regex(r"[A-Za-z0-9]{8,16}", fullmatch=True)
HEADERS = st.dictionaries(st.sampled_from(["Authorization", "X-Token", "X.Y"]), SECRETS, max_size=2)
APIS_TO_SEND = st.lists(API_NAMES, max_size=3)


def sinks() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "type": st.just("webhook"),
            "url": st.sampled_from(["https://a.example/in", "https://b.example/in?k=1"]),
        },
        optional={"headers": HEADERS, "skipOnFail": st.booleans(), "apisToSend": APIS_TO_SEND},
    ) | st.fixed_dictionaries(
        {
            "type": st.just("s3"),
            "bucket": st.sampled_from(["results", "archive"]),
            "region": st.just("eu-west-1"),
            "accessKeyId": SECRETS,
            "secretAccessKey": SECRETS,
        },
        optional={
            "prefix": SAFE_TEXT,
            "skipOnFail": st.booleans(),
            "apisToSend": APIS_TO_SEND,
            "endpoint": st.just("https://s3.example"),
            "forcePathStyle": st.booleans(),
        },
    )


PROXIES = SECRETS.map(lambda secret: f"http://user:{secret}@proxy.example:8080")


def job_bodies(*, is_2026: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """What a file declares, as parsed, with every reference resolved; `id` not included."""
    configuration: dict[str, st.SearchStrategy[Any]] = {
        "retry": RETRY,
        "maxConcurrentRequests": st.integers(1, 25),
        "requestTimeout": TIMEOUT,
        "runMode": st.just("Order-Irrelevant"),
    }
    auth_session: dict[str, st.SearchStrategy[Any]] = {"checkAttempts": ATTEMPTS, "createAttempts": ATTEMPTS}
    optional: dict[str, st.SearchStrategy[Any]] = {
        "schedule": st.none() | schedules(),
        "sink": st.none() | sinks(),
        "proxy": st.none() | PROXIES,
        "state": st.sampled_from(["ACTIVE", "PAUSED"]),
    }
    if is_2026:
        configuration |= {"maxRuns": st.integers(1, 9), "proxy": PROXIES}
        auth_session |= {"saveTrace": st.booleans()}
        notification = st.fixed_dictionaries(
            {
                "type": st.just("webhook"),
                "url": st.sampled_from(["https://n.example/1", "https://n.example/2"]),
            },
            optional={"headers": HEADERS},
        )
        optional["notifications"] = st.lists(
            notification, max_size=2, unique_by=lambda item: str(item["url"])
        )
    optional["auth_session"] = st.none() | st.fixed_dictionaries(
        {"id": st.sampled_from(["portal", "shop"])}, optional=auth_session
    )
    return st.fixed_dictionaries(
        {
            "payload": st.lists(payload_items(), max_size=4),
            "configuration": st.fixed_dictionaries({}, optional=configuration),
        },
        optional=optional,
    )


def declared(job_id: str, body: dict[str, Any], *, prevent_delete: bool = False) -> DesiredJob:
    """Return what loading a file with this body gives."""
    return DesiredJob(
        job=JobInput.model_validate({"id": job_id, **body}),
        span=Span("jobs/a.yaml", 1, 1, 1, 2),
        prevent_delete=prevent_delete,
    )


def desired_sets(*, is_2026: bool = True, max_size: int = 4) -> st.SearchStrategy[list[DesiredJob]]:
    """Whole directories: jobs with ids of their own."""
    ids = st.sampled_from([f"job-{letter}-{letter * 3}" for letter in "abcdefg"])
    return st.dictionaries(ids, job_bodies(is_2026=is_2026), max_size=max_size).map(
        lambda bodies: [declared(job_id, body) for job_id, body in sorted(bodies.items())]
    )
