"""Hypothesis strategies: plans of every kind of change, with a mark in every place that is secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from render_cases import EMPTY
from strategies import job_bodies

from jobsync.diagnostics import Span
from jobsync.model.desired import DesiredJob
from jobsync.model.job import Job
from jobsync.model.job_input import JobInput
from jobsync.plan.build import OnRemove, Rules, build
from jobsync.plan.claims import held
from jobsync.schedule.spec import check

if TYPE_CHECKING:
    from jobsync.model.paths import Path
    from jobsync.plan.change import Plan

MARK = "§"
"""Stands in every secret and nowhere else, so that even a piece of one would be seen."""

IDS = ["job-aaa", "job-bbb", "job-ccc", "job-ddd"]

_AROUND = st.text(st.sampled_from('ab1/?#@:. \x1b\n"\\é日'), max_size=6)
SECRETS = st.tuples(_AROUND, _AROUND).map(lambda parts: f"{parts[0]}{MARK * 4}{parts[1]}")
SENSITIVE_PARAMETERS: Path = ("payload", "*", "parameters", "token")
ODD_REMOTE_SINKS: list[dict[str, Any]] = [
    {"type": "webhook", "url": "https://a.example", "headers": f"A: {MARK}"},
    {"type": "webhook", "url": "https://a.example", "headers": [["A", MARK]]},
    {"type": "webhook", "url": "https://a.example", "headers": {"A": {"value": MARK}}},
    {"type": "webhook", "url": {"user": MARK}},
    {"type": "gcs", "bucket": "results", "credentialsJson": MARK},
    {"type": "s3", "bucket": "results", "sessionToken": [MARK]},
]


def without_mark(value: Any) -> Any:
    """Return a JSON value that does not contain the mark by accident."""
    if isinstance(value, str):
        return value.replace(MARK, "")
    if isinstance(value, list):
        return [without_mark(item) for item in value]
    if isinstance(value, dict):
        return {without_mark(key): without_mark(item) for key, item in value.items()}
    return value


@st.composite
def marked_bodies(draw: st.DrawFn) -> tuple[dict[str, Any], frozenset[Path]]:
    """A job's body with the mark in every secret place, and the paths that came from the environment."""
    body = without_mark(draw(job_bodies()))
    if any(problem.is_error for problem in check(body.get("schedule") or {"intervals": []})):
        del body["schedule"]
    sensitive: set[Path] = set()
    if "proxy" in body:
        body["proxy"] = f"http://user:{draw(SECRETS)}@proxy.example:8080"
    if body["configuration"].get("proxy"):
        body["configuration"]["proxy"] = f"http://{draw(SECRETS)}:x@proxy.example:8080"
    for place in (body.get("sink") or {}, *(body.get("notifications") or ())):
        for key in place.keys() & {"accessKeyId", "secretAccessKey"}:
            place[key] = draw(SECRETS)
        for key in place.keys() & {"url", "endpoint"}:
            place[key] = f"https://user:{draw(SECRETS)}@hooks.example.com/in?key={MARK}"
        if place.get("headers"):
            place["headers"] = {name: draw(SECRETS) for name in place["headers"]}
    if draw(st.booleans()):
        sensitive |= _from_environment(draw, body)
    return body, frozenset(sensitive)


def _from_environment(draw: st.DrawFn, body: dict[str, Any]) -> set[Path]:
    paths: set[Path] = set()
    for index, item in enumerate(body["payload"]):
        item["parameters"]["token"] = draw(SECRETS)
        paths.add(("payload", index, "parameters", "token"))
    if body.get("auth_session"):
        body["auth_session"]["id"] = draw(SECRETS)
        paths.add(("auth_session", "id"))
    for index, calendar in enumerate((body.get("schedule") or {}).get("calendars", ())):
        calendar["comment"] = draw(SECRETS)
        paths.add(("schedule", "calendars", index, "comment"))
    sink = body.get("sink") or {}
    if "bucket" in sink:
        sink["bucket"] = draw(SECRETS)
        paths.add(("sink", "bucket"))
    return paths


def _desired(job_id: str, body: dict[str, Any], sensitive: frozenset[Path]) -> DesiredJob:
    span = Span("jobs/a.yaml", 1, 1, 1, 2)
    return DesiredJob(JobInput.model_validate({"id": job_id, **body}), span, sensitive)


@st.composite
def _jobs(draw: st.DrawFn, job_id: str) -> tuple[DesiredJob | None, DesiredJob | None, Job | None]:
    """One job: as it was last applied, as it is declared, and as it is remotely, each perhaps not at all."""
    body, sensitive = draw(marked_bodies())
    was = _desired(job_id, body, sensitive)
    declared = was
    if draw(st.booleans()):
        other, paths = draw(marked_bodies())
        declared = _desired(job_id, other, paths | sensitive)
    is_claimed, is_declared = draw(st.booleans()), draw(st.booleans())
    known = [*([was] if is_claimed else []), *([declared] if is_declared else [])]
    # Of a job that is neither claimed nor declared, nobody told us what is secret.
    found = draw(st.sampled_from(known)).job.body() if known else without_mark(was.job.body())
    state = draw(st.sampled_from(["ACTIVE", "PAUSED"]))
    fields: dict[str, Any] = {**found, "id": job_id, "state": state}
    if draw(st.booleans()):
        fields["sink"] = draw(st.sampled_from(ODD_REMOTE_SINKS))
        fields["configuration"] = {"proxy": {"server": "http://a.example", "password": MARK}}
        fields["reason"] = {"message": "the session\x1b[2J is\nnot valid"}
    exists = draw(st.sampled_from([True, True, True, False]))
    return (
        was if is_claimed else None,
        declared if is_declared else None,
        Job.model_validate(fields) if exists else None,
    )


@st.composite
def _inputs(draw: st.DrawFn) -> tuple[list[tuple[DesiredJob | None, DesiredJob | None, Job | None]], Rules]:
    jobs = [draw(_jobs(job_id)) for job_id in draw(st.lists(st.sampled_from(IDS), unique=True, max_size=3))]
    on_remove = draw(st.sampled_from(_ON_REMOVE))
    return jobs, Rules(owns="all" if draw(st.booleans()) else "ledger", on_remove=on_remove)


_ON_REMOVE: list[OnRemove] = ["delete", "pause", "release"]


def _plan(jobs: list[tuple[DesiredJob | None, DesiredJob | None, Job | None]], rules: Rules) -> Plan:
    claims = {was.job.id: held(was, remote, EMPTY) for was, _, remote in jobs if was is not None}
    declared = [job for _, job, _ in jobs if job is not None]
    remote = [job for _, _, job in jobs if job is not None]
    return build(declared, remote, EMPTY.with_jobs(claims), rules)


def plans() -> st.SearchStrategy[Plan]:
    """Plans of up to three jobs, in every combination of declared, remote and claimed."""
    return _inputs().map(lambda inputs: _plan(*inputs))


@st.composite
def shuffled_plans(draw: st.DrawFn) -> tuple[Plan, Plan]:
    """The same plan twice, from inputs in two orders."""
    jobs, rules = draw(_inputs())
    return _plan(jobs, rules), _plan(draw(st.permutations(jobs)), rules)
