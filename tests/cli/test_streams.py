"""What happens where output cannot go: closed, full, or of a small alphabet."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from commands import SMALL, Directory

if TYPE_CHECKING:
    from pathlib import Path

JOBSYNC = f"{sys.executable} -m jobsync"


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    directory = Directory(tmp_path)
    for number in range(9):
        directory.job(f"job-number-{number}")
    return directory


def shell(here: Directory, line: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line],
        cwd=here.path,
        env={**os.environ, **here.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding=environ.get("PYTHONIOENCODING", "utf-8"),
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("arguments", ["apply -y --json", "apply -y", "apply -y --concise 2>&1"])
def test_a_reader_that_goes_away_neither_stops_an_apply_nor_orphans_a_job(
    here: Directory, arguments: str
) -> None:
    ran = shell(here, f"{JOBSYNC} {arguments} | head -n 1")

    assert "Traceback" not in ran.stdout + ran.stderr
    assert here.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("command", ["plan", "status", "validate", "schema", "version --json"])
def test_a_full_disk_is_one_sentence(here: Directory, command: str) -> None:
    ran = shell(here, f"{JOBSYNC} {command} > /dev/full")

    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == "error: cannot write the output: No space left on device"
    assert "Traceback" not in ran.stderr


def test_closed_streams_are_no_reason_to_fail(here: Directory) -> None:
    assert shell(here, f"{JOBSYNC} plan >&-").returncode == 0
    assert shell(here, f"{JOBSYNC} plan 2>&- >/dev/null").returncode == 0
    assert (
        shell(here, f"{JOBSYNC} apply -y 2>/dev/full")
        .stdout.rstrip()
        .endswith("9 added, 0 changed, 0 destroyed.")
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_small_alphabet_is_escaped(here: Directory, encoding: str) -> None:
    here.write("jobs/unicode.yaml", f"id: unicode-job\n{SMALL.replace('shop/list', '日本/ünï')}")

    ran = shell(here, f"{JOBSYNC} plan", PYTHONIOENCODING=encoding)

    assert ran.returncode == 0
    assert "\\u65e5" in ran.stdout
