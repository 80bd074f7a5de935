"""jobsync.yaml becomes settings, and an environment of it something that jobs can be applied to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsync import settings
from jobsync.errors import UsageError
from jobsync.source.load import load
from jobsync.source.project import read_project
from jobsync.source.text import SourceText

if TYPE_CHECKING:
    from pathlib import Path

    from jobsync.settings import Settings, Target

WORKSPACE = "0b2f6d34-4f0a-4c3e-9a57-1d2a3b4c5d6e"
PLATFORM = "https://app.intuned.io/api/v1/workspace"

SHOP = f"""\
version: 1
jobs: nightly/jobs
default_environment: local
environments:
  local: {{url: local}}
  production:
    url: https://jobs.example/api/
    workspace: {WORKSPACE}
    project: shop
    api_key: ${{env.SHOP_KEY}}
    variables: {{bucket: results, token: "${{env.TOKEN}}", runs: 3, calls: [{{a: "x ${{env.TOKEN}}"}}]}}
    owns: [shop-*, "price[s0-9]?"]
    on_remove: pause
    limits: {{deletes: 0}}
"""


def sound(text: str) -> Settings:
    found, diagnostics = read_project(SourceText("jobsync.yaml", text))
    assert diagnostics == []
    assert found is not None
    return found


def resolved(text: str, name: str | None = None, *, is_strict: bool = True, **environ: str) -> Target:
    target, diagnostics = settings.resolve_environment(sound(text), name, environ, is_strict=is_strict)
    assert diagnostics == []
    return target


def told(text: str, name: str | None = None, *, is_strict: bool = True, **environ: str) -> list[str]:
    _, diagnostics = settings.resolve_environment(sound(text), name, environ, is_strict=is_strict)
    return [f"{diagnostic.span}: {diagnostic.code}: {diagnostic.summary}" for diagnostic in diagnostics]


def environment(fields: str) -> str:
    return f"version: 1\nenvironments:\n  production: {{{fields}}}\n"


# Reading


def test_a_directory_without_a_project_points_to_init_and_does_not_look_further_up(tmp_path: Path) -> None:
    (tmp_path / "jobsync.yaml").write_text("version: 1\n")
    (tmp_path / "deep").mkdir()
    with pytest.raises(UsageError, match=r"there is no `jobsync\.yaml`") as caught:
        settings.read(tmp_path / "deep")
    assert "jobsync init" in (caught.value.hint or "")


def test_a_project_is_read_from_its_directory(tmp_path: Path) -> None:
    (tmp_path / "jobsync.yaml").write_text("version: 1\njobs: nightly\n")
    found, diagnostics = settings.read(tmp_path)
    assert found is not None
    assert (found.jobs, diagnostics) == ("nightly", [])


def test_a_project_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "jobsync.yaml").write_bytes(b"version: \xff\n")
    found, (diagnostic,) = settings.read(tmp_path)
    assert (found, diagnostic.code, str(diagnostic.span)) == (None, "S002", "jobsync.yaml:1:10")


def test_all_that_a_file_need_not_say_has_a_default() -> None:
    found = sound("version: 1")
    assert (found.jobs, found.default_environment, found.environments) == ("jobs", None, {})
    production = sound(environment("project: shop")).environments["production"]
    assert (production.url, production.workspace, production.api_key) == (PLATFORM, None, None)
    assert (production.owns, production.on_remove, production.deletes) == ("ledger", "delete", 5)


def test_reading_needs_no_variable_and_says_what_is_written() -> None:
    found = sound(SHOP)
    assert (found.jobs, found.default_environment) == ("nightly/jobs", "local")
    assert found.environments["local"].is_local
    production = found.environments["production"]
    assert (production.owns, production.on_remove, production.deletes) == (
        ("shop-*", "price[s0-9]?"),
        "pause",
        0,
    )
    assert str(production.place.span) == "jobsync.yaml:6:3"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://jobs.example",
            "https://jobs.example:8443/api/v1",
            "http://localhost:8080",
            "http://127.0.0.1",
        ),
        *("http://127.1.2.3:80/x", "http://[::1]:8080/api", "${env.URL}"),
    ],
)
def test_a_remote_is_https_or_on_this_machine(url: str) -> None:
    sound(environment(f'project: shop, url: "{url}"'))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://jobs.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://10.0.0.1",
            "Local",
        ),
        *(
            "ftp://jobs.example",
            "jobs.example",
            "https://",
            "https://a@jobs.example",
            "https://jobs.example?x=1",
        ),
        *("https://jobs.example#x", "https://[::1", "https://jobs.example:port", ""),
    ],
)
def test_no_other_remote_is_taken_wherever_it_comes_from(url: str) -> None:
    written, diagnostics = read_project(
        SourceText("jobsync.yaml", environment(f'project: shop, url: "{url}"'))
    )
    assert written is not None
    assert [diagnostic.is_error for diagnostic in diagnostics] == [True]
    if url:
        text = environment('project: shop, url: "${env.URL}"')
        (problem,) = told(text, "production", INTUNED_API_KEY="k", INTUNED_WORKSPACE_ID=WORKSPACE, URL=url)
        assert problem.startswith("jobsync.yaml:3:36: ")


@pytest.mark.parametrize("name", ["production", "eu-1", "a.b_c", "0", "x" * 63])
def test_an_environment_may_be_named_like_a_file(name: str) -> None:
    assert name in sound(f"version: 1\nenvironments: {{'{name}': {{url: local}}}}").environments


@pytest.mark.parametrize("name", ["", ".", "..", ".x", "-x", "a/b", "a b", "ü", "x" * 64, "a\\b", "a\x00b"])
def test_no_other_name_of_an_environment_is_taken(name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace("\x00", "\\x00")
    _, diagnostics = read_project(
        SourceText("jobsync.yaml", f'version: 1\nenvironments: {{"{quoted}": {{url: local}}}}')
    )
    assert {diagnostic.code for diagnostic in diagnostics} <= {"S061", "S018"}
    assert diagnostics


@pytest.mark.parametrize("owns", ["all", "ledger", "['*']", "[a-b_?, '[!a]x']"])
def test_owns_is_a_word_or_globs(owns: str) -> None:
    sound(environment(f"project: shop, owns: {owns}"))


@pytest.mark.parametrize(
    "owns", ["any", "[]", "[[]]", "[5]", "['']", "['a.*']", "['[']", "['a/b']", "true", "null"]
)
def test_owns_is_nothing_else(owns: str) -> None:
    _, diagnostics = read_project(SourceText("jobsync.yaml", environment(f"project: shop, owns: {owns}")))
    assert [diagnostic.code for diagnostic in diagnostics] == ["S034"]


# Resolving


def test_the_default_environment_is_taken_where_none_is_named() -> None:
    assert resolved(SHOP).name == "local"
    assert resolved(SHOP, "production", SHOP_KEY="key", TOKEN="t").name == "production"


def test_an_unknown_environment_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="no environment `prodution`") as caught:
        resolved(SHOP, "prodution")
    assert caught.value.hint == "did you mean `production`?"
    with pytest.raises(UsageError) as caught:
        resolved(SHOP, "x")
    assert caught.value.hint == "known environments: `local`, `production`"


def test_no_remote_is_ever_guessed_but_files_can_be_checked() -> None:
    text = environment("project: shop")
    with pytest.raises(UsageError, match="no environment is chosen") as caught:
        resolved(text)
    assert "`production`" in (caught.value.hint or "")
    assert resolved(text, is_strict=False).name == "production"
    for is_strict in (True, False):
        with pytest.raises(UsageError, match="has no environments"):
            resolved("version: 1", is_strict=is_strict)


def test_a_remote_is_resolved_whole() -> None:
    target = resolved(SHOP, "production", SHOP_KEY=" key-1234 \n", TOKEN="hunter2")
    assert (target.url, target.workspace, target.project) == ("https://jobs.example/api", WORKSPACE, "shop")
    assert (target.api_key, target.owns, target.on_remove, target.deletes) == (
        "key-1234",
        ("shop-*", "price[s0-9]?"),
        "pause",
        0,
    )
    assert not target.is_local
    assert target.secrets == {"hunter2", "key-1234"}
    assert {name: variable.resolved.value for name, variable in target.scope.variables.items()} == {
        "bucket": "results",
        "token": "hunter2",
        "runs": 3,
        "calls": [{"a": "x hunter2"}],
    }


def test_what_the_environment_says_by_itself_is_the_key_and_the_workspace() -> None:
    target = resolved(
        environment("project: shop"), "production", INTUNED_API_KEY="k", INTUNED_WORKSPACE_ID=WORKSPACE
    )
    assert (target.url, target.api_key, target.workspace) == (PLATFORM, "k", WORKSPACE)


def test_the_emulator_needs_nothing_and_takes_no_key() -> None:
    target = resolved("version: 1\nenvironments: {local: {url: local}}", "local", INTUNED_API_KEY="k")
    assert target.is_local
    assert (target.url, target.api_key, target.project) == ("local", None, "local")
    assert target.workspace == "00000000-0000-0000-0000-000000000000"
    named = resolved(
        f"version: 1\nenvironments: {{local: {{url: local, project: p, workspace: {WORKSPACE}}}}}", "local"
    )
    assert (named.project, named.workspace) == ("p", WORKSPACE)


def test_the_environment_may_choose_the_emulator_too() -> None:
    target = resolved(environment('project: shop, url: "${env.URL}"'), "production", URL="local")
    assert (target.is_local, target.api_key) == (True, None)


def test_nothing_is_needed_to_check_files() -> None:
    target = resolved(SHOP, "production", is_strict=False)
    assert target.scope.variables["token"].resolved.value == "${env.TOKEN}"
    assert target.secrets == frozenset()


def test_what_a_key_cannot_be_is_told_without_it() -> None:
    for key in ("two words", "t\u00e4st", "a\x00b"):
        (problem,) = told(
            environment("project: shop"), "production", INTUNED_API_KEY=key, INTUNED_WORKSPACE_ID=WORKSPACE
        )
        assert key not in problem
        assert "`INTUNED_API_KEY`" in problem


def test_a_target_shows_no_secret_in_a_traceback() -> None:
    target = resolved(SHOP, "production", SHOP_KEY="key-1234", TOKEN="hunter2")
    assert "hunter2" not in repr(target)
    assert "key-1234" not in repr(target)
    assert "hunter2" not in repr(sound(SHOP.replace("results", "hunter2")))


def test_variables_reach_the_jobs_with_what_they_are_made_of() -> None:
    target = resolved(SHOP, "production", SHOP_KEY="key", TOKEN="hunter2")
    text = (
        "id: shop-prices\nconfiguration: {maxRuns: '${var.runs}'}\n"
        "payload: [{apiName: '${var.bucket}', parameters: {calls: '${var.calls}', t: '${var.token}!'}}]\n"
    )
    loaded = load([SourceText("jobs/a.yaml", text)], target.scope)
    assert loaded.diagnostics == []
    (desired,) = loaded.jobs
    assert desired.job.payload[0].parameters == {"calls": [{"a": "x hunter2"}], "t": "hunter2!"}
    assert desired.sensitive == {
        ("payload", 0, "parameters", "calls", 0, "a"),
        ("payload", 0, "parameters", "t"),
    }
    assert loaded.secrets == {"hunter2"}


@given(st.text() | st.sampled_from(SHOP.splitlines()).map(lambda line: SHOP.replace(line, line[1:])))
def test_no_text_makes_it_raise(text: str) -> None:
    found, diagnostics = read_project(SourceText("jobsync.yaml", text))
    assert found is not None or diagnostics
    if found is not None and found.environments:
        for name in found.environments:
            settings.resolve_environment(found, name, {}, is_strict=True)
