"""The vendor's own client as a judge of the emulator: it must accept every answer, on every platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from emulators import BASE_URL, KEY, PROJECT, WORKSPACE, in_process, new_emulator, switches
from examples import examples
from hypothesis import given
from intuned_client import IntunedClient
from intuned_client.exceptions import AuthenticationError, NotFoundError, ValidationError
from intuned_client.models import JobsCreateRequestBody, JobsUpdateRequestBody

from jobsync.emulator.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intuned_client.client import ProjectsJobsNamespace

    from jobsync.emulator.app import Emulator

JOB: dict[str, Any] = {
    "id": "prices-daily",
    "payload": [
        {"apiName": "shopify/list", "parameters": {"pages": 2}, "retry": {"maximumAttempts": 2}},
        {"apiName": "shopify/details", "parameters": {}},
    ],
    "configuration": {"maxConcurrentRequests": 2, "maxRuns": 5},
    "schedule": {
        "jitter": "10m",
        "intervals": [{"every": "6h"}, {"every": 90_000}],
        "calendars": [
            {
                "second": 5,
                "minute": {"start": 0, "step": 15, "end": 59},
                "hour": [2, {"start": 4, "end": 6}],
                "dayOfWeek": {"start": "MONDAY", "end": "FRIDAY"},
                "month": ["JANUARY", {"start": "MARCH"}],
                "dayOfMonth": "*",
                "year": {"start": 2026, "end": 2030},
                "comment": "mornings",
            }
        ],
    },
    "sink": {
        "type": "s3",
        "bucket": "results",
        "region": "eu-west-1",
        "prefix": "shop/",
        "accessKeyId": "AKIAEXAMPLE",
        "secretAccessKey": "s3cr3t",
    },
    "proxy": "http://user:pass@proxy.test:8080",
    "auth_session": {"id": "portal", "saveTrace": True},
    "notifications": [{"type": "webhook", "url": "https://hook.test", "headers": {"X-Token": "t"}}],
}
CREATE = JobsCreateRequestBody.model_validate(JOB)
UPDATE = JobsUpdateRequestBody.model_validate({"payload": [], "configuration": {}})


def jobs_of(emulator: Emulator, key: str = KEY) -> ProjectsJobsNamespace:
    http = httpx.Client(transport=in_process(emulator))
    client = IntunedClient(api_key=key, workspace_id=WORKSPACE, base_url=BASE_URL, client=http)
    return client.projects.jobs


def walk(jobs: ProjectsJobsNamespace, platform: Switches) -> Iterator[str]:
    """Do everything the client can do with a job, once; yields each state that the list shows."""
    assert jobs.create(project_name=PROJECT, body=CREATE).id == "prices-daily"
    yield jobs.list(project_name=PROJECT)[0].state
    jobs.pause(project_name=PROJECT, job_id="prices-daily")
    listed = jobs.list(project_name=PROJECT)[0]
    assert listed.reason is not None
    yield listed.state
    jobs.resume(project_name=PROJECT, job_id="prices-daily")
    run_id = jobs.trigger(project_name=PROJECT, job_id="prices-daily").job_run_id
    jobs.runs.terminate(project_name=PROJECT, job_id="prices-daily", job_run_id=run_id)
    run = jobs.runs.get(project_name=PROJECT, job_id="prices-daily", job_run_id=run_id).job_run
    assert (run.status, run.payloads) == ("TERMINATED", 2)
    assert jobs.runs.list(project_name=PROJECT, job_id="prices-daily").total_count == 1
    if platform.has_put:
        jobs.update(project_name=PROJECT, job_id="prices-daily", body=UPDATE)
    yield jobs.get(project_name=PROJECT, job_id="prices-daily").state
    jobs.delete(project_name=PROJECT, job_id="prices-daily")
    assert jobs.list(project_name=PROJECT) == []


@examples(60)
@given(platform=switches(unknown_keys="stripped") | switches(era=2026))
def test_the_vendor_client_can_do_everything_on_every_platform(platform: Switches) -> None:
    with new_emulator(switches=platform) as emulator:
        assert [*walk(jobs_of(emulator), platform)] == ["ACTIVE", "PAUSED", "ACTIVE"]


def test_the_vendor_client_reads_every_field_that_it_sent() -> None:
    with new_emulator() as emulator:
        jobs = jobs_of(emulator)
        jobs.create(project_name=PROJECT, body=CREATE)
        listed = jobs.list(project_name=PROJECT)[0].model_dump(by_alias=True, exclude_none=True)
        shown = jobs.get(project_name=PROJECT, job_id="prices-daily").model_dump(
            by_alias=True, exclude_none=True
        )
    assert listed["proxy"] == {"version": "v1", "url": JOB["proxy"]}
    assert listed["source"] == "API"
    assert listed["notifications"] == JOB["notifications"]
    assert shown["proxy"] == JOB["proxy"]
    for answer in (listed, shown):
        assert answer["schedule"] == JOB["schedule"]
        assert answer["sink"] == {**JOB["sink"], "skipOnFail": False}
        assert answer["configuration"]["maxRuns"] == 5
        assert [item["apiName"] for item in answer["payload"]] == ["shopify/list", "shopify/details"]


def test_an_update_by_the_vendor_client_clears_what_it_leaves_out_or_keeps_it() -> None:
    for platform, is_kept in ((Switches(put_omitted="clears"), False), (Switches(put_omitted="keeps"), True)):
        with new_emulator(switches=platform) as emulator:
            jobs = jobs_of(emulator)
            jobs.create(project_name=PROJECT, body=CREATE)
            jobs.update(project_name=PROJECT, job_id="prices-daily", body=UPDATE)
            shown = jobs.get(project_name=PROJECT, job_id="prices-daily")
            assert (shown.sink is not None, shown.payload) == (is_kept, [])


def test_errors_arrive_as_the_exceptions_of_the_vendor_client() -> None:
    with new_emulator() as emulator:
        emulator.seed({**JOB, "id": "api"}, source="CODE")
        jobs = jobs_of(emulator)
        assert jobs.list(project_name=PROJECT)[0].source == "CODE"
        with pytest.raises(ValidationError) as refused:
            jobs.delete(project_name=PROJECT, job_id="api")
        assert refused.value.body["code"] == "bad-request"
        with pytest.raises(ValidationError):
            jobs.create(project_name=PROJECT, body={"id": "short", "payload": [], "configuration": {}})
        with pytest.raises(NotFoundError):
            jobs.get(project_name=PROJECT, job_id="missing-job")
        with pytest.raises(AuthenticationError):
            jobs_of(emulator, key="wrong").list(project_name=PROJECT)
