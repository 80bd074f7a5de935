"""No secret leaves the process but in a request, whatever is done and whatever fails."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Literal

import pytest
from commands import Directory
from emulators import new_emulator, serving

from jobsync.emulator.faults import Fault, Faults, Rule
from jobsync.emulator.switches import Switches

if TYPE_CHECKING:
    from pathlib import Path

VARIABLES = ("S3_KEY", "S3_SECRET", "TOKEN", "PROXY_PASSWORD", "PARAMETER", "HOOK_QUERY", "JOB_PROXY")

JOBS = """\
id: to-s3-bucket
payload:
  - {apiName: shop/list, parameters: {token: "${env.PARAMETER}", nested: [{deep: "x-${env.PARAMETER}"}]}}
configuration: {proxy: "http://user:${env.JOB_PROXY}@proxy.example"}
proxy: http://user:${env.PROXY_PASSWORD}@proxy.example
sink: {type: s3, bucket: b, region: r, accessKeyId: "${env.S3_KEY}", secretAccessKey: "${env.S3_SECRET}"}
---
id: to-webhook
payload: []
configuration: {}
sink:
  type: webhook
  url: https://hook.example/in?key=${env.HOOK_QUERY}
  headers: {Authorization: "Bearer ${env.TOKEN}"}
notifications:
  - {type: webhook, url: "https://hook.example/n?key=${env.HOOK_QUERY}", headers: {X-Token: "${env.TOKEN}"}}
"""

KEY = "an-api-key-that-nobody-may-see"


def secrets(generation: str) -> dict[str, str]:
    return {name: f"m4rk3r-{generation}-{name.lower()}" for name in VARIABLES}


class Watched(Directory):
    """A directory whose commands run as processes of their own, with everything they leave behind watched."""

    def __init__(self, path: Path, url: str) -> None:
        super().__init__(path, url=url)
        self.environ["INTUNED_API_KEY"] = KEY
        self.seen: list[str] = []

    def process(self, *arguments: str) -> int:
        done = subprocess.run(
            [sys.executable, "-m", "jobsync", *arguments],
            cwd=self.path,
            env={**os.environ, **self.environ, "JOBSYNC_LOG": "debug"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        self.seen += [done.stdout, done.stderr]
        return done.returncode

    def leaks(self) -> list[str]:
        left = [
            path.read_text(errors="replace")
            for path in self.path.rglob("*")
            if path.is_file() and path.suffix != ".db"
        ]
        texts = [*self.seen, *left]
        return [text for text in texts if "m4rk3r" in text or KEY in text]


@pytest.mark.parametrize("masking", ["shown", "masked", "partly masked", "random"])
def test_create_rotate_and_destroy_show_and_keep_no_secret(
    tmp_path: Path, masking: Literal["shown", "masked", "partly masked", "random"]
) -> None:
    switches = Switches(secrets=masking)
    with new_emulator(api_key=KEY, switches=switches) as emulator, serving(emulator) as url:
        here = Watched(tmp_path, url)
        here.write("jobs/jobs.yaml", JOBS)
        for generation in ("first", "second"):
            here.environ |= secrets(generation)
            assert here.process("plan", "--detailed-exitcode") == 2
            assert here.process("plan", "--json") == 0
            assert here.process("apply", "-y", *(["--json"] if generation == "first" else [])) == 0
            assert here.process("plan", "--detailed-exitcode") == 0
            assert f"m4rk3r-{generation}-s3_secret" in str(emulator.jobs())
        here.process("status", "--json")
        assert here.process("destroy", "-y") == 0
        assert here.leaks() == []


ECHOES = [
    Fault("status", "before", 400, body="typed"),
    Fault("status", "after", 500, body="html"),
    Fault("reset", "after"),
    Fault("truncated"),
    Fault("not-json"),
]


@pytest.mark.parametrize(
    ("method", "fault"), list(itertools.product(["GET", "POST", "PUT", "DELETE"], ECHOES))
)
def test_a_failure_at_any_request_shows_and_keeps_no_secret(
    tmp_path: Path, method: str, fault: Fault
) -> None:
    faults = Faults()
    with new_emulator(api_key=KEY, faults=faults) as emulator, serving(emulator) as url:
        here = Watched(tmp_path, url)
        here.environ |= secrets("first")
        here.write("jobs/jobs.yaml", JOBS)
        if method != "POST":
            assert here.run("apply", "-y").code == 0
        here.environ |= secrets("second")
        if method == "DELETE":
            here.write("jobs/jobs.yaml", JOBS.partition("---")[0])
        faults.add(Rule(fault, method))

        for command in (["plan"], ["apply", "-y"]):
            ran = here.run(*command)
            here.seen += [ran.out, ran.err]

        assert here.leaks() == []


def test_a_reference_that_became_a_literal_does_not_show_what_the_job_still_holds(tmp_path: Path) -> None:
    with new_emulator(api_key=KEY) as emulator, serving(emulator) as url:
        here = Watched(tmp_path, url)
        here.environ |= secrets("first")
        here.write("jobs/jobs.yaml", JOBS)
        assert here.run("apply", "-y").code == 0
        for name in VARIABLES:
            del here.environ[name]
        here.write(
            "jobs/jobs.yaml",
            "id: to-s3-bucket\npayload: [{apiName: shop/list, parameters: {token: x}}]\nconfiguration: {}\n",
        )

        for command in (["plan"], ["plan", "--json"], ["plan", "--concise"], ["apply", "-y"]):
            ran = here.run(*command)
            assert ran.code == 0
            here.seen += [ran.out, ran.err]

        assert here.leaks() == []
        assert "to-webhook" not in str(emulator.jobs())
