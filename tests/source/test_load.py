"""Files become desired jobs: what they hold, what is sensitive in them, and where they stand."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given
from hypothesis import strategies as st
from strategies import IDS, JSON, job_bodies

from jobsync.model.job_input import JobInput
from jobsync.source import core_yaml
from jobsync.source.load import Loaded, load
from jobsync.source.references import Resolved, Scope, Variable
from jobsync.source.text import Place, SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobsync.source.document import Document

BARE = "payload: []\nconfiguration: {}\n"


def loaded(*texts: str, environ: Mapping[str, str] | None = None, project: str | None = None) -> Loaded:
    sources = [SourceText(f"jobs/{number}.yaml", text) for number, text in enumerate(texts)]
    scope = Scope(environ=environ or {}, is_strict=environ is not None)
    return load(sources, scope, None if project is None else document(project))


def document(text: str) -> Document:
    (only,) = core_yaml.parse(SourceText("jobsync.yaml", text)).documents
    return only


def only_body(text: str, **options: Any) -> dict[str, Any]:
    result = loaded(text, **options)
    assert result.diagnostics == []
    (desired,) = result.jobs
    return desired.job.body()


def bodies(result: Loaded) -> list[dict[str, Any]]:
    return [desired.job.body() for desired in result.jobs]


# Values


@given(IDS, job_bodies(), st.sampled_from(["yaml", "json"]))
def test_a_job_that_is_dumped_is_loaded_as_it_was(job_id: str, body: dict[str, Any], kind: str) -> None:
    environ: dict[str, str] = {}
    written = _with_references(body, environ)
    if kind == "json":
        source = SourceText(f"jobs/{job_id}.job.json", json.dumps(written))
    else:
        source = SourceText("jobs/a.yaml", yaml.safe_dump({"id": job_id, **written}, default_style='"'))
    result = load([source], Scope(environ=environ, is_strict=True))
    assert [diagnostic for diagnostic in result.diagnostics if diagnostic.is_error] == []
    assert [desired.job for desired in result.jobs] == [JobInput.model_validate({"id": job_id, **body})]
    assert result.secrets == set(environ.values())


def _with_references(value: Any, environ: dict[str, str], key: str = "") -> Any:
    """Take every secret out of a body into the environment, and escape what looks like a reference."""
    if isinstance(value, dict):
        inside = "header" if key == "headers" else None
        return {
            name.replace("${", "$${"): _with_references(item, environ, inside or name)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_with_references(item, environ, key) for item in value]
    if isinstance(value, str) and key in {"accessKeyId", "secretAccessKey", "proxy", "header"}:
        name = f"SECRET_{len(environ)}"
        environ[name] = value
        return f"${{env.{name}}}"
    return value.replace("${", "$${") if isinstance(value, str) else value


def test_jobs_come_in_the_order_of_the_files_and_documents() -> None:
    result = loaded(f"id: zebra-job\n{BARE}---\nid: apple-job\n{BARE}", f"id: melon-job\n{BARE}")
    assert [desired.job.id for desired in result.jobs] == ["zebra-job", "apple-job", "melon-job"]
    assert [str(desired.span) for desired in result.jobs] == [
        "jobs/0.yaml:1:5",
        "jobs/0.yaml:5:5",
        "jobs/1.yaml:1:5",
    ]


def test_a_job_with_an_error_is_left_out_and_the_others_stay() -> None:
    result = loaded(f"id: wrong-job\n{BARE}state: gone\n", f"id: right-job\n{BARE}")
    assert [desired.job.id for desired in result.jobs] == ["right-job"]


def test_a_warning_leaves_the_job_in() -> None:
    result = loaded("id: warned-job\npayload: []\nconfiguration: {runMode: Order-Irrelevant}\nschedule: {}\n")
    assert [diagnostic.code for diagnostic in result.diagnostics] == ["S041", "S051"]
    assert [desired.job.id for desired in result.jobs] == ["warned-job"]


def test_prevent_delete_is_carried_and_sent_to_nobody() -> None:
    (desired,) = loaded(f"id: kept-job\n{BARE}jobsync: {{prevent_delete: true}}\n").jobs
    assert desired.prevent_delete
    assert "jobsync" not in desired.job.body()
    (other,) = loaded(f"id: other-job\n{BARE}jobsync: {{}}\n").jobs
    assert not other.prevent_delete


def test_the_old_spelling_of_auth_session_is_taken() -> None:
    assert only_body(f"id: old-spelling\n{BARE}authSession: {{id: portal}}\n")["auth_session"] == {
        "id": "portal"
    }


def test_the_garbage_collector_is_left_as_it_was() -> None:
    loaded(f"id: first-job\n{BARE}")
    assert gc.isenabled()
    gc.disable()
    try:
        loaded(f"id: first-job\n{BARE}")
        assert not gc.isenabled()
    finally:
        gc.enable()


# Defaults


def test_defaults_lie_under_each_job() -> None:
    project = """\
defaults:
  configuration: {retry: {maximumAttempts: 5}, maxRuns: 3}
  payload: [{apiName: list, parameters: {}}]
  sink: {type: s3, bucket: b, region: r, accessKeyId: "${env.A}", secretAccessKey: "${env.B}"}
  schedule: {intervals: [{every: 6h}]}
  jobsync: {prevent_delete: true}
"""
    result = loaded(
        "id: takes-all\nconfiguration: {maxRuns: 4}\n",
        "id: takes-none\npayload: []\nsink: {type: webhook, url: 'https://x.example'}\nschedule: null\n",
        project=project,
        environ={"A": "key-id", "B": "secret"},
    )
    assert result.diagnostics == []
    first, second = bodies(result)
    assert first["configuration"] == {"retry": {"maximumAttempts": 5}, "maxRuns": 4}
    assert first["payload"] == [{"apiName": "list", "parameters": {}}]
    assert first["sink"]["secretAccessKey"] == "secret"
    assert second["payload"] == []
    assert second["sink"] == {"type": "webhook", "url": "https://x.example"}
    assert "schedule" not in second
    assert all(desired.prevent_delete for desired in result.jobs)
    assert [desired.sensitive for desired in result.jobs] == [
        {("sink", "accessKeyId"), ("sink", "secretAccessKey")},
        frozenset(),
    ]


def test_defaults_may_use_the_old_spelling_too() -> None:
    project = "defaults: {authSession: {id: portal}}"
    assert only_body(f"id: with-session\n{BARE}", project=project)["auth_session"] == {"id": "portal"}


def test_an_error_in_the_defaults_is_told_once_and_leaves_no_job() -> None:
    texts = [f"id: job-number-{number}\npayload: []\n" for number in range(20)]
    result = loaded(*texts, project="defaults: {configuration: {maxRuns: 0}}")
    assert [str(diagnostic.span) for diagnostic in result.diagnostics] == ["jobsync.yaml:1:37"]
    result = loaded(*texts, project="defaults:\n  configuration: {}\n  state: ${var.state}\n")
    assert [diagnostic.code for diagnostic in result.diagnostics] == ["S021"]
    assert result.jobs == []


# References and what is sensitive


def scope(**variables: Any) -> Scope:
    place = Place(SourceText("jobsync.yaml", ""), 0, 0)
    return Scope({name: Variable(Resolved(value), place) for name, value in variables.items()})


def test_a_whole_reference_keeps_its_type_and_a_part_becomes_text() -> None:
    text = (
        "id: typed-job\nconfiguration: {maxRuns: '${var.n}'}\npayload:\n- apiName: a\n"
        "  parameters: {n: '${var.n}', f: '${var.f}', b: '${var.b}', x: '${var.x}', o: '${var.o}', "
        "t: 'n${var.n} f${var.f} b${var.b} s${var.s}'}\n"
    )
    result = load([SourceText("a.yaml", text)], scope(n=3, f=1.0, b=True, x=None, o={"k": [1]}, s="s"))
    assert result.diagnostics == []
    parameters = result.jobs[0].job.payload[0].parameters
    assert json.dumps(parameters) == json.dumps(
        {"n": 3, "f": 1.0, "b": True, "x": None, "o": {"k": [1]}, "t": "n3 f1 btrue ss"}
    )


def test_what_a_reference_puts_in_is_never_read_again() -> None:
    text = "id: injected-job\nconfiguration: {}\npayload: [{apiName: a, parameters: {a: '${env.A}'}}]\n"
    body = only_body(text, environ={"A": "${env.B} $${ {a: 1}\n- x"})
    assert body["payload"][0]["parameters"] == {"a": "${env.B} $${ {a: 1}\n- x"}


def test_an_escaped_reference_is_text_however_it_is_written() -> None:
    text = (
        "id: escaped-job\nconfiguration: {}\npayload:\n- apiName: a\n"
        '  parameters: {a: "$${env.A}", b: "$$${x}", c: "a$b $ {", "$${k}": "\\x24{env.A}"}\n'
    )
    parameters = only_body(text, environ={"A": "value"})["payload"][0]["parameters"]
    assert parameters == {"a": "${env.A}", "b": "$${x}", "c": "a$b $ {", "${k}": "value"}


def test_a_reference_behind_an_alias_is_resolved_at_both_places() -> None:
    text = (
        "id: aliased-job\nconfiguration: {}\npayload:\n- apiName: a\n  parameters: &p {token: '${env.A}'}\n"
        "- {apiName: b, parameters: *p}\n"
    )
    (desired,) = loaded(text, environ={"A": "value"}).jobs
    assert [item.parameters for item in desired.job.payload] == [{"token": "value"}] * 2
    assert desired.sensitive == {("payload", index, "parameters", "token") for index in (0, 1)}


def test_what_came_from_the_environment_is_sensitive_wherever_it_stands() -> None:
    text = f"""\
id: sensitive-job
{BARE.replace("[]", "[{apiName: a, parameters: {x: {y: 'a ${env.A}'}}}]")}
proxy: http://${{env.U}}:${{env.P}}@host:80
authSession: {{id: "${{env.S}}"}}
sink: {{type: webhook, url: "https://x.example", headers: {{X-A: "${{env.A}}", Accept: text/plain}}}}
"""
    result = loaded(text, environ={"A": "aaa", "U": "uuu", "P": "ppp", "S": "sss"})
    assert result.diagnostics == []
    (desired,) = result.jobs
    assert desired.sensitive == {
        ("payload", 0, "parameters", "x", "y"),
        ("proxy",),
        ("auth_session", "id"),
        ("sink", "headers", "X-A"),
        ("sink", "headers", "Accept"),
    }
    assert result.secrets == {"aaa", "uuu", "ppp", "sss"}
    assert desired.job.proxy == "http://uuu:ppp@host:80"


def test_a_variable_made_of_the_environment_is_as_sensitive() -> None:
    place = Place(SourceText("jobsync.yaml", ""), 0, 0)
    from jobsync.source.references import Resolver

    inner = Resolver(Scope(environ={"A": "aaa"}), lambda _path, *, on_key: place, with_variables=False)  # noqa: ARG005
    variable = Variable(inner.resolve({"deep": ["${env.A}", "b"]}), place)
    text = "id: variable-job\nconfiguration: {}\npayload: [{apiName: a, parameters: '${var.v}'}]\n"
    (desired,) = load([SourceText("a.yaml", text)], Scope({"v": variable})).jobs
    assert desired.job.payload[0].parameters == {"deep": ["aaa", "b"]}
    assert desired.sensitive == {("payload", 0, "parameters", "deep", 0)}


def test_neither_a_job_nor_a_scope_shows_its_secrets_in_a_traceback() -> None:
    result = loaded(f"id: quiet-job\n{BARE}proxy: 'http://u:${{env.A}}@h'\n", environ={"A": "hunter2"})
    assert result.jobs
    assert "hunter2" not in repr(result)
    assert "hunter2" not in repr(Scope(environ={"A": "hunter2"}))
    assert "hunter2" not in repr(SourceText("a.yaml", "hunter2"))
    assert "hunter2" not in repr(scope(a="hunter2"))


# Anything


@given(st.text(), st.sampled_from(["jobs/a.yaml", "jobs/a.job.json"]))
def test_no_text_makes_it_raise(text: str, name: str) -> None:
    result = load([SourceText(name, text)])
    assert result.diagnostics or result.jobs


@given(JSON, st.sampled_from(["jobs/a.yaml", "jobs/the-job.job.jsonc"]))
def test_no_value_makes_it_raise(data: Any, name: str) -> None:
    result = load([SourceText(name, json.dumps(data))])
    assert result.diagnostics or result.jobs


@given(job_bodies(), st.data())
def test_no_job_with_something_else_in_it_makes_it_raise(body: dict[str, Any], data: st.DataObject) -> None:
    body = {"id": "some-job", **body}
    paths = list(_paths(body))
    *parents, last = data.draw(st.sampled_from(paths))
    holder: Any = body
    for part in parents:
        holder = holder[part]
    holder[last] = data.draw(JSON | st.sampled_from(["${env.X}", "${var.x}", "${", "$${x}", {"x": 1}, [[]]]))
    for source in (SourceText("a.yaml", json.dumps(body)), SourceText("b.yaml", yaml.safe_dump(body))):
        result = load([source])
        assert result.diagnostics or result.jobs
        assert result.diagnostics == sorted(result.diagnostics, key=lambda diagnostic: diagnostic.order)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _paths(item, (*path, key))
