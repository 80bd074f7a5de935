"""What hurt users of comparable tools, each as a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from commands import SMALL, Directory
from emulators import new_emulator, serving

from jobsync.emulator.faults import Fault, Faults, Rule

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    return Directory(tmp_path)


def test_a_directory_with_yml_and_yaml_files_is_read_whole_everywhere(here: Directory) -> None:
    here.write("jobs/one.yml", f"id: first-job\n{SMALL}")
    here.write("jobs/two.yaml", f"id: second-job\n{SMALL}")

    assert "2 jobs are valid" in here.run("validate").out
    assert here.run("apply", "-y").code == 0
    assert "No changes." in here.run("plan").out


def test_no_job_is_deleted_after_a_create_failed_with_400(tmp_path: Path) -> None:
    refusing = Faults(Rule(Fault("status", status=400), "POST", nth=2, times=None))
    with new_emulator(faults=refusing) as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        here.job("goes-away")
        assert here.run("apply", "-y").code == 0
        here.remove("jobs/goes-away.yaml")
        here.job("refused-job")

        ran = here.run("apply", "-y")

        assert ran.code == 1
        assert [job["id"] for job in emulator.jobs()] == ["goes-away"]
        assert "refused-job" in ran.text
        assert "answered 400" in ran.text


@pytest.mark.parametrize("command", [["validate"], ["plan"], ["apply", "-y"]])
def test_an_empty_directory_is_an_error_and_never_no_changes(here: Directory, command: list[str]) -> None:
    (here.path / "jobs").mkdir()

    ran = here.run(*command)

    assert ran.code == 1
    assert "no job file is in `jobs`" in ran.text
    assert "No changes" not in ran.text


def test_a_bad_glob_is_an_error(here: Directory) -> None:
    here.write("jobsync.yaml", 'version: 1\nenvironments:\n  local: {url: local, owns: ["prices-[a"]}\n')
    here.job("prices-1")

    ran = here.run("plan", "-e", "local")

    assert ran.code == 1
    assert "jobsync.yaml:3:" in ran.err
    assert "prices-[a" in ran.err


def test_one_id_in_two_files_names_both_positions(here: Directory) -> None:
    here.write("jobs/a.yaml", f"id: same-job\n{SMALL}")
    here.write("jobs/b.yml", f"# a comment\nid: same-job\n{SMALL}")

    ran = here.run("validate")

    assert ran.code == 1
    assert "jobs/b.yml:2:5: error[S036]" in ran.out
    assert "jobs/a.yaml:1:5" in ran.out


def test_a_misspelt_key_is_an_error_with_its_place_and_the_right_word(here: Directory) -> None:
    here.job("prices-1", "shedule: null\n")

    ran = here.run("validate")

    assert ran.code == 1
    assert "jobs/prices-1.yaml:5:1: error[S031]" in ran.out
    assert "did you mean `schedule`?" in ran.out


def test_one_429_is_waited_for(tmp_path: Path) -> None:
    busy = Faults(Rule(Fault("status", status=429, retry_after=0), "POST"))
    with new_emulator(faults=busy) as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        here.job("prices-1")

        assert here.run("apply", "-y").code == 0
        assert [job["id"] for job in emulator.jobs()] == ["prices-1"]


def test_a_type_error_has_file_line_and_column(here: Directory) -> None:
    here.write(
        "jobs/a.yaml",
        "id: prices-1\npayload:\n  - apiName: shop/list\n    parameters:\n      page: 1\n"
        'configuration:\n  requestTimeout: "60"\n',
    )

    ran = here.run("validate")

    assert ran.code == 1
    assert "jobs/a.yaml:7:19: error[S033]" in ran.out


def test_pending_changes_exit_with_2_where_asked_and_usage_errors_never_do(here: Directory) -> None:
    here.job("prices-1")

    assert here.run("plan").code == 0
    assert here.run("plan", "--detailed-exitcode").code == 2
    assert here.run("plan", "--no-such-flag").code == 1
    assert here.run("no-such-command").code == 1
    assert here.run("apply", "-y").code == 0
    assert here.run("plan", "--detailed-exitcode").code == 0


def test_a_reordered_payload_is_a_change_and_said_to_be_one(here: Directory) -> None:
    items = ["  - {apiName: a, parameters: {}}\n", "  - {apiName: b, parameters: {}}\n"]
    here.write("jobs/a.yaml", f"id: prices-1\npayload:\n{''.join(items)}configuration: {{}}\n")
    assert here.run("apply", "-y").code == 0
    here.write("jobs/a.yaml", f"id: prices-1\npayload:\n{''.join(reversed(items))}configuration: {{}}\n")

    ran = here.run("plan", "--detailed-exitcode")

    assert ran.code == 2
    assert "reordered" in ran.out
