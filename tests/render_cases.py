"""Reads the cases in `cases/render/*.md`: jobs in brief, and exactly what a plan of them looks like.

A case is prose and fenced blocks. Blocks of YAML say what there is, `---` between jobs:

- `yaml applied`: jobs as they were last applied; each is managed, and exists unless `remote` says otherwise
- `yaml declared`: jobs of the files; `at` is their position, `sensitive` the paths that came from `${env.X}`
- `yaml remote`: what the API lists otherwise: other fields of an applied job, more jobs, or `gone: true`
- `yaml rules`: what the environment allows, as in `plan.build.Rules`

Blocks `text plan` are the expected text, with options such as `width=40` or `concise` behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from jobsync.diagnostics import Span
from jobsync.model.desired import DesiredJob
from jobsync.model.job import Job
from jobsync.model.job_input import JobInput
from jobsync.model.ledger import Identity, Ledger
from jobsync.model.paths import parse
from jobsync.plan.build import Rules, build
from jobsync.plan.claims import held

if TYPE_CHECKING:
    from pathlib import Path

    from jobsync.plan.change import Plan

PRODUCTION = Identity(environment="production", url="https://api.example", workspace="w", project="shop")
EMPTY = Ledger(lineage="lineage", serial=3, salt="s" * 32, identity=PRODUCTION)

BRIEF: dict[str, Any] = {"payload": [{"apiName": "list", "parameters": {}}], "configuration": {}}
"""What a job of a case has where the case says nothing."""


ONE_OF_EACH: dict[str, list[dict[str, Any]]] = {
    "applied": [
        {"id": name}
        for name in ("changed-job", "deleted-job", "kept-job", "paused-job", "resumed-job", "vanished-job")
    ],
    "declared": [
        {"id": "adopted-job"},
        {"id": "changed-job", "configuration": {"maxRuns": 2}},
        {"id": "created-job"},
        {"id": "kept-job"},
        {"id": "paused-job", "state": "PAUSED"},
        {"id": "resumed-job", "state": "ACTIVE"},
    ],
    "remote": [
        {"id": "adopted-job"},
        {"id": "foreign-job"},
        {"id": "resumed-job", "state": "PAUSED"},
        {"id": "vanished-job", "gone": True},
    ],
    "rules": [{"owns": ["adopted-*"]}],
}
"""A plan with a change of every kind that one environment can have."""


@dataclass(frozen=True)
class Expected:
    """One `text plan` block: its options, and the text."""

    options: tuple[str, ...]
    text: str

    @property
    def width(self) -> int:
        return next((int(option[6:]) for option in self.options if option.startswith("width=")), 80)

    @property
    def is_concise(self) -> bool:
        return "concise" in self.options


@dataclass(frozen=True)
class Case:
    """One section of a case file, from one heading to the next."""

    name: str
    plan: Plan
    expected: tuple[Expected, ...]


_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+) ([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read_cases(path: Path) -> list[Case]:
    """Return a file's cases, one a heading of the second level."""
    _, *parts = _SECTION.split(path.read_text(encoding="utf-8"))
    return [_case(f"{path.stem}: {name}", text) for name, text in zip(parts[::2], parts[1::2], strict=True)]


def _case(name: str, text: str) -> Case:
    inputs: dict[str, list[dict[str, Any]]] = {}
    expected: list[Expected] = []
    for language, title, body in _BLOCK.findall(text):
        kind, *options = title.split()
        if language == "yaml":
            inputs[kind] = [document for document in yaml.safe_load_all(body) if document]
        else:
            expected.append(Expected(tuple(options), body.removesuffix("\n")))
    return Case(name, plan_of(inputs), tuple(expected))


def plan_of(inputs: dict[str, list[dict[str, Any]]]) -> Plan:
    """Return the plan of a case's blocks of YAML."""
    applied = {job.job.id: job for job in map(desired, inputs.get("applied", ()))}
    remote = {job_id: listed(job) for job_id, job in applied.items()}
    claims = {job_id: held(job, remote[job_id], EMPTY) for job_id, job in applied.items()}
    for fields in inputs.get("remote", ()):
        existing = remote.pop(fields["id"], None)
        if not fields.get("gone"):
            base = existing.model_dump(mode="json") if existing else BRIEF
            remote[fields["id"]] = Job.model_validate({**base, **fields})
    declared = [desired(fields) for fields in inputs.get("declared", ())]
    rules = {key: value for part in inputs.get("rules", ()) for key, value in part.items()}
    owns = rules.pop("owns", "ledger")
    rules["owns"] = tuple(owns) if isinstance(owns, list) else owns
    return build(declared, list(remote.values()), EMPTY.with_jobs(claims), Rules(**rules))


def desired(fields: dict[str, Any]) -> DesiredJob:
    """Return what loading a job of a file gives; `at` and `sensitive` are no part of the job."""
    job = {**BRIEF, **fields}
    file, _, line = str(job.pop("at", "jobs/shop.yaml:1")).rpartition(":")
    sensitive = frozenset(parse(path) for path in job.pop("sensitive", ()))
    span = Span(file, int(line), 1, int(line), 2)
    return DesiredJob(JobInput.model_validate(job), span, sensitive)


def listed(job: DesiredJob, **fields: Any) -> Job:
    """Return a job as the API lists it right after it was applied."""
    state = job.job.state or "ACTIVE"
    return Job.model_validate({**job.job.body(), "id": job.job.id, "state": state, **fields})
