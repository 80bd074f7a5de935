"""Each command as a user runs it: what it prints where, and its exit code."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Literal

import pytest
from commands import Directory
from emulators import KEY, new_emulator, serving

from jobsync import __version__
from jobsync.cli.main import show_bug
from jobsync.cli.output import Output
from jobsync.emulator.faults import Fault, Faults, Rule

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    return Directory(tmp_path)


def test_without_a_project_file_every_command_points_to_init(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.remove("jobsync.yaml")

    for command in ("validate", "plan", "apply", "destroy", "status"):
        ran = here.run(command)
        assert ran.code == 1
        assert "there is no `jobsync.yaml`" in ran.err
        assert "jobsync init" in ran.err


def test_init_makes_a_project_that_applies_and_overwrites_nothing(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.remove("jobsync.yaml")

    assert here.run("init").code == 0
    assert here.run("validate").code == 0
    assert here.run("apply", "-y").code == 0
    assert here.run("plan", "--detailed-exitcode").code == 0
    before = (tmp_path / "jobsync.yaml").read_text()
    assert here.run("init").code == 0
    assert (tmp_path / "jobsync.yaml").read_text() == before
    assert (tmp_path / ".gitignore").read_text().splitlines() == [".jobsync/"]
    example = (tmp_path / "jobs/example.yaml").read_text()
    schema = example.splitlines()[0].partition("$schema=")[2]
    assert json.loads((tmp_path / "jobs" / schema).read_text())["title"] == "jobsync job"


def test_apply_without_a_terminal_and_without_approval_changes_nothing(here: Directory) -> None:
    here.job("prices-1")

    ran = here.run("apply")

    assert ran.code == 1
    assert "--auto-approve" in ran.err
    assert "ID " not in here.run("status").out


def test_the_plan_is_data_and_the_rest_is_talk(here: Directory) -> None:
    here.job("prices-1")

    ran = here.run("apply", "-y")

    assert "# job.prices-1 will be created" in ran.out
    assert ran.out.rstrip().endswith("Apply complete! Resources: 1 added, 0 changed, 0 destroyed.")
    assert ran.err == "job.prices-1: Creation complete after 0s\n"


def test_destroy_removes_what_is_managed_and_nothing_else(tmp_path: Path) -> None:
    with new_emulator() as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        emulator.seed({"id": "foreign-job", "payload": [], "configuration": {}})
        here.job("prices-1")
        here.job("prices-2")
        assert here.run("apply", "-y").code == 0

        ran = here.run("destroy", "-y")

        assert ran.code == 0
        assert "Destroy complete! Resources: 2 destroyed." in ran.out
        assert [job["id"] for job in emulator.jobs()] == ["foreign-job"]


def test_a_protected_job_survives_its_file_and_a_destroy(here: Directory) -> None:
    here.job("prices-1", "jobsync: {prevent_delete: true}\n")
    here.job("prices-2")
    assert here.run("apply", "-y").code == 0

    assert "error[P004]" in here.run("destroy", "-y").err
    here.remove("jobs/prices-1.yaml")
    ran = here.run("apply", "-y")

    assert ran.code == 1
    assert "error[P004]: job `prices-1` would be destroyed" in ran.err
    assert "prices-1" in here.run("status").out


def test_more_deletes_than_the_limit_are_refused_and_allowed_by_number(here: Directory) -> None:
    for number in range(7):
        here.job(f"prices-{number}")
    assert here.run("apply", "-y").code == 0
    for number in range(1, 7):
        here.remove(f"jobs/prices-{number}.yaml")

    refused = here.run("apply", "-y")

    assert refused.code == 1
    assert "error[P002]: plan deletes 6 of 7 managed jobs; the limit is 5" in refused.err
    assert here.run("apply", "-y", "--allow-delete", "6").code == 0
    assert "prices-1" not in here.run("status").out


def test_an_existing_job_is_blocked_until_it_is_adopted_and_free_once_released(tmp_path: Path) -> None:
    with new_emulator() as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        emulator.seed({"id": "prices-1", "payload": [], "configuration": {}})
        here.job("prices-1")

        blocked = here.run("plan")
        assert blocked.code == 1
        assert "error[P001]: job `prices-1` exists and is not managed" in blocked.err
        assert "jobsync adopt prices-1" in blocked.err

        assert here.run("adopt", "prices-1").out == "job.prices-1 is managed now\n"
        assert here.run("adopt", "prices-1").out == "job.prices-1 is managed already\n"
        assert here.run("apply", "-y").code == 0
        assert here.run("release", "prices-1").code == 0
        assert here.run("release", "prices-1").code == 1
        assert here.run("plan").code == 1


@pytest.mark.parametrize(("job_id", "code"), [("no-such-job", "P006"), ("code-job", "P007")])
def test_what_cannot_be_adopted_is_said_and_nothing_is_adopted(
    tmp_path: Path, job_id: str, code: str
) -> None:
    with new_emulator() as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        emulator.seed({"id": "code-job", "payload": [], "configuration": {}}, source="CODE")
        emulator.seed({"id": "good-job", "payload": [], "configuration": {}})

        ran = here.run("adopt", "good-job", job_id)

        assert ran.code == 1
        assert f"error[{code}]" in ran.err
        assert not (tmp_path / ".jobsync/test.ledger.json").exists()


@pytest.mark.parametrize("kind", ["truncated", "not-json", "not-array"])
def test_an_unreadable_list_is_never_no_jobs(
    tmp_path: Path, kind: Literal["truncated", "not-json", "not-array"]
) -> None:
    faults = Faults()
    with new_emulator(faults=faults) as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        here.job("prices-1")
        assert here.run("apply", "-y").code == 0
        faults.add(Rule(Fault(kind), "GET", times=None))
        here.job("prices-2")

        ran = here.run("apply", "-y")

        assert ran.code == 1
        assert "GET /jobs" in ran.err.splitlines()[0]
        assert [job["id"] for job in emulator.jobs()] == ["prices-1"]


def test_a_file_with_an_error_sends_no_request_at_all(tmp_path: Path) -> None:
    with new_emulator() as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        here.job("prices-1")
        here.write("jobs/broken.yaml", "id: [\n")

        for command in (["plan"], ["apply", "-y"], ["destroy", "-y"]):
            ran = here.run(*command)
            assert ran.code == 1
            assert "jobs/broken.yaml:" in ran.err
        assert emulator.requests == []


def test_a_wrong_key_is_one_line_that_does_not_hold_it(tmp_path: Path) -> None:
    with new_emulator(api_key="another-key") as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        here.job("prices-1")

        ran = here.run("plan")

        assert ran.code == 1
        assert "401" in ran.err
        assert "INTUNED_API_KEY" in ran.err
        assert KEY not in ran.text


def test_missing_variables_are_named_at_their_places_only_where_they_are_needed(here: Directory) -> None:
    here.job("prices-1", "proxy: http://user:${env.NO_SUCH_VARIABLE}@proxy.example\n")

    assert here.run("validate").code == 0
    ran = here.run("plan")
    assert ran.code == 1
    assert "jobs/prices-1.yaml:5:8: error[S022]" in ran.err


def test_json_is_one_document_and_masks_secrets(here: Directory) -> None:
    here.environ["PROXY_PASSWORD"] = "hunter2hunter2"
    here.job("prices-1", "proxy: http://user:${env.PROXY_PASSWORD}@proxy.example\n")

    plan = json.loads(here.run("plan", "--json").out)

    (change,) = plan["resource_changes"]
    assert (change["address"], change["change"]["actions"]) == ("job.prices-1", ["create"])
    assert "hunter2hunter2" not in json.dumps(plan)
    lines = [json.loads(line) for line in here.run("apply", "-y", "--json").out.splitlines()]
    assert {line["type"] for line in lines} >= {"plan", "apply_start", "apply_complete", "change_summary"}
    assert json.loads(here.run("status", "--json").out)["jobs"][0]["id"] == "prices-1"
    assert json.loads(here.run("validate", "--json").out)["valid"] is True


def test_a_plan_sends_one_request_however_many_jobs_there_are(tmp_path: Path) -> None:
    with new_emulator() as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        for number in range(60):
            here.job(f"prices-{number:02}")
        assert here.run("apply", "-y", "--concise").code == 0
        before = len(emulator.requests)

        assert here.run("plan").code == 0

        assert [request.method for request in emulator.requests[before:]] == ["GET"]


def test_an_unusable_database_is_one_sentence_that_names_it(here: Directory) -> None:
    here.job("prices-1")
    here.write(".jobsync/local.db", "no database at all, but long enough to be read as one" * 99)

    ran = here.run("plan")

    assert ran.code == 1
    assert ran.err.startswith("error: ")
    assert "local.db" in ran.err


def test_a_bug_prints_versions_and_where_to_report_it_and_no_secret() -> None:
    err = io.StringIO()
    output = Output(io.StringIO(), err)
    output.keep_secret(["hunter2hunter2"])
    try:
        dict[str, str]()["http://user:hunter2hunter2@proxy.example"]
    except KeyError:
        show_bug(output)

    assert "Traceback" in err.getvalue()
    assert f"jobsync {__version__} on Python" in err.getvalue()
    assert "please report it" in err.getvalue()
    assert "hunter2hunter2" not in err.getvalue()


def test_a_new_protection_is_a_pending_change_that_sends_nothing(here: Directory) -> None:
    here.job("prices-1")
    assert here.run("apply", "-y").code == 0
    here.job("prices-1", "jobsync: {prevent_delete: true}\n")

    planned = here.run("plan", "--detailed-exitcode")

    assert planned.code == 2
    assert "& job.prices-1 will be protected" in planned.out
    assert here.run("apply", "-y").code == 0
    assert here.run("plan", "--detailed-exitcode").code == 0
    here.job("prices-1")
    assert "& job.prices-1 will not be protected any more" in here.run("plan").out


def test_files_that_declare_nothing_remove_nothing_unless_that_is_meant(here: Directory) -> None:
    here.job("prices-1")
    assert here.run("apply", "-y").code == 0
    here.write("jobs/prices-1.yaml", "# for later\n")

    refused = here.run("apply", "-y")

    assert refused.code == 1
    assert "error[P009]: the files declare no job at all, and 1 managed job" in refused.err
    assert here.run("apply", "-y", "--allow-empty").code == 0


def test_where_no_file_is_left_destroy_and_allow_empty_still_work(here: Directory) -> None:
    for command in (["apply", "-y", "--allow-empty"], ["destroy", "-y"]):
        here.job("prices-1")
        assert here.run("apply", "-y").code == 0
        here.remove("jobs/prices-1.yaml")
        assert here.run("apply", "-y").code == 1

        assert here.run(*command).code == 0
        assert "prices-1" not in here.run("status").out


def test_adopting_a_job_that_no_file_declares_warns_of_what_comes_next(tmp_path: Path) -> None:
    with new_emulator() as emulator, serving(emulator) as url:
        here = Directory(tmp_path, url=url)
        emulator.seed({"id": "prices-1", "payload": [], "configuration": {}})
        here.job("other-job")

        ran = here.run("adopt", "prices-1")

        assert ran.code == 0
        assert "no file declares job.prices-1: the next apply would remove it" in ran.err


def test_a_file_without_a_byte_is_an_error_since_a_full_disk_leaves_such(here: Directory) -> None:
    here.job("prices-1")
    here.job("prices-2")
    assert here.run("apply", "-y").code == 0
    here.write("jobs/prices-1.yaml", "")

    refused = here.run("apply", "-y")

    assert refused.code == 1
    assert "jobs/prices-1.yaml:1:1: error[S006]" in refused.err


def test_problems_are_json_where_json_is_asked_for(here: Directory) -> None:
    here.write("jobs/a.yaml", "id: [\n")

    for command in (["plan", "--json"], ["apply", "-y", "--json"], ["status", "--json", "-e", "nowhere"]):
        ran = here.run(*command)
        assert ran.code == 1
        document = json.loads(ran.out)
        assert document["errored"] is True
        assert document["diagnostics"][0]["severity"] == "error"


def test_a_secret_that_is_a_common_word_tears_neither_json_nor_ids(here: Directory) -> None:
    here.environ |= {"PASSWORD": "prices", "PORT": "8080"}
    here.job("prices-1", "proxy: http://user:${env.PASSWORD}@proxy.example:${env.PORT}\n")

    plan = json.loads(here.run("plan", "--json").out)

    assert plan["resource_changes"][0]["address"] == "job.prices-1"
    assert "# job.prices-1 will be created" in here.run("plan").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["aply"], "did you mean `apply`?"),
        (["plan", "-e", "prod"], "there is no environment `prod`"),
        (["-C", "nowhere", "plan"], "cannot change to `nowhere`"),
        (["apply", "--parallelism", "21"], "--parallelism"),
        (["adopt"], "missing argument"),
    ],
)
def test_usage_errors_are_one_sentence_and_exit_with_1(
    here: Directory, arguments: list[str], message: str
) -> None:
    here.job("prices-1")

    ran = here.run(*arguments)

    assert ran.code == 1
    assert message.lower() in ran.err.lower()
    assert ran.err.startswith("error: ")


def test_the_schema_accepts_what_validate_accepts_and_knows_every_key(here: Directory) -> None:
    schema = json.loads(here.run("schema").out)

    assert set(schema["properties"]) >= {
        "id",
        "payload",
        "configuration",
        "schedule",
        "sink",
        "jobsync",
        "state",
    }
    assert schema["additionalProperties"] is False
    assert all("description" in value or "anyOf" in value for value in schema["properties"].values())
