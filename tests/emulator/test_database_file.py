"""The emulator's file: private, shared by processes, kept over restarts, and refused when it is not ours."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import textwrap
from contextlib import ExitStack, closing
from subprocess import PIPE
from typing import TYPE_CHECKING, Any

import pytest
from emulators import new_emulator, project_client

from jobsync.errors import RemoteError

if TYPE_CHECKING:
    from pathlib import Path

JOB: dict[str, Any] = {"id": "prices-daily", "payload": [], "configuration": {}}


def test_the_file_and_its_directory_are_made_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / ".jobsync" / "local.db"
    with new_emulator(path) as emulator:
        emulator.seed(JOB)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("local.db", "local.db-wal", "local.db-shm"), 0o600)


def test_jobs_states_and_runs_are_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "local.db"
    with new_emulator(path) as emulator, project_client(emulator) as api:
        api.post("jobs", json=JOB)
        api.post("jobs/prices-daily/trigger")
        api.post("jobs/prices-daily/pause")
        before = api.get("jobs").json(), api.get("jobs/prices-daily/runs").json()
    with new_emulator(path) as emulator, project_client(emulator) as api:
        assert (api.get("jobs").json(), api.get("jobs/prices-daily/runs").json()) == before


def test_a_file_of_a_newer_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "local.db"
    new_emulator(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(RemoteError, match="has format 9, this jobsync knows 1") as raised:
        new_emulator(path)
    assert raised.value.hint is not None
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "local.db"
    path.write_text("id: prices-daily\n" * 100, encoding="utf-8")
    with pytest.raises(RemoteError, match="cannot be used: file is not a database"):
        new_emulator(path)


def test_a_place_where_no_file_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RemoteError, match="cannot be opened: "):
        new_emulator(tmp_path / "file" / "local.db")
    with pytest.raises(RemoteError, match="cannot be opened: unable to open database file"):
        new_emulator(tmp_path)


WRITER = """
    import sys
    import httpx
    from jobsync.emulator import BASE_PATH
    from jobsync.emulator.app import create_app

    print("ready", flush=True)
    sys.stdin.readline()
    app = create_app(sys.argv[1], api_key="k")
    with httpx.Client(
        transport=httpx.WSGITransport(app=app),
        base_url=f"http://emulator.test{BASE_PATH}/w/projects/p",
        headers={"x-api-key": "k"},
    ) as api:
        for number in range(50):
            body = {"id": f"prices-{number:03}", "payload": [], "configuration": {}}
            print(api.post("jobs", json=body).status_code)
    app.close()
"""


def test_processes_that_open_one_new_file_at_once_share_it(tmp_path: Path) -> None:
    path = tmp_path / "local.db"
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path)]
    with ExitStack() as stack:
        writers = [
            stack.enter_context(subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True))
            for _ in range(4)
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
        statuses = [status for writer in writers for status in writer.communicate(timeout=60)[0].split()]
    assert (statuses.count("201"), statuses.count("400")) == (50, 150)
    with new_emulator(path) as emulator:
        assert len(emulator.jobs()) == 50


def test_two_emulators_of_one_process_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "local.db"
    with new_emulator(path) as one, new_emulator(path) as two:
        one.seed(JOB)
        with project_client(two) as api:
            assert api.post("jobs", json=JOB).status_code == 400
            assert api.post("jobs", json={**JOB, "id": "prices-hourly"}).status_code == 201
        assert [job["id"] for job in one.jobs()] == ["prices-daily", "prices-hourly"]


def test_a_file_that_somebody_holds_too_long_is_answered_with_503(tmp_path: Path) -> None:
    path = tmp_path / "local.db"
    with new_emulator(path) as emulator, project_client(emulator) as api:
        emulator._db._connection.execute("PRAGMA busy_timeout = 1")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            response = api.post("jobs", json=JOB)
            assert (response.status_code, response.json()["retirable"]) == (503, True)
            other.execute("ROLLBACK")
        assert api.post("jobs", json=JOB).status_code == 201


def test_a_file_that_is_damaged_while_in_use_is_answered_with_500(tmp_path: Path) -> None:
    path = tmp_path / "local.db"
    with new_emulator(path) as emulator, project_client(emulator) as api:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("DROP TABLE jobs")
        response = api.get("jobs")
        assert (response.status_code, response.json()["category"]) == (500, "infrastructure")
