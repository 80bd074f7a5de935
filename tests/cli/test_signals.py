"""Stopping a real process in the middle of an apply."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from commands import Directory
from emulators import new_emulator, serving

if TYPE_CHECKING:
    from pathlib import Path

    from jobsync.emulator.app import Emulator

JOBS = 60
PATIENCE_S = 60


def start(here: Directory, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "jobsync", *arguments],
        cwd=here.path,
        env={**os.environ, **here.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_writes(emulator: Emulator, process: subprocess.Popen[str], number: int) -> None:
    """Return once the server has seen so many writes; fails where the process ends before."""
    deadline = time.monotonic() + PATIENCE_S
    while sum(request.is_write for request in emulator.requests) < number:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_finishes_what_is_in_flight_and_records_it(tmp_path: Path, number: signal.Signals) -> None:
    with new_emulator(latency=0.05) as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        for index in range(JOBS):
            here.job(f"job-number-{index:03}")
        process = start(here, "apply", "-y", "--concise", "--parallelism", "4")
        wait_for_writes(emulator, process, 8)

        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)

        assert process.returncode == 130, err
        assert "stopping: finishing what is in flight" in err
        assert "Traceback" not in err
        stored = {job["id"] for job in emulator.jobs()}
        assert 8 <= len(stored) < JOBS
        ledger = json.loads((tmp_path / ".jobsync/test.ledger.json").read_text())
        assert ledger["jobs"].keys() == stored
        assert {claim["status"] for claim in ledger["jobs"].values()} == {"held"}
        assert "Apply incomplete!" in out
        assert f"{JOBS - len(stored)} skipped" in out
        assert here.run("apply", "-y").code == 0
        assert len(emulator.jobs()) == JOBS
        assert here.run("plan", "--detailed-exitcode").code == 0


def test_a_killed_apply_is_finished_by_the_next_one_and_makes_nothing_twice(tmp_path: Path) -> None:
    with new_emulator(latency=0.02) as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        for index in range(JOBS):
            here.job(f"job-number-{index:03}")
        process = start(here, "apply", "-y", "--concise", "--parallelism", "4")
        wait_for_writes(emulator, process, 11)
        process.kill()
        process.communicate(timeout=PATIENCE_S)
        assert len(emulator.jobs()) < JOBS

        assert here.run("apply", "-y").code == 0

        created = [request.job_id for request in emulator.requests if request.status == 201]
        assert len(created) == len(set(created)) == JOBS
        assert len(emulator.jobs()) == JOBS
        assert here.run("plan", "--detailed-exitcode").code == 0
