"""The client of the Jobs API: what it sends, what it takes for an answer, and where the key never goes."""

from __future__ import annotations

import contextlib
import logging
import ssl
import subprocess
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from emulators import KEY as EMULATOR_KEY
from emulators import PROJECT, new_emulator, serving
from emulators import WORKSPACE as EMULATOR_WORKSPACE
from scripted_api import (
    BODY,
    CREATED,
    FOUND,
    JOB,
    KEY,
    NOT_THERE,
    RESET,
    URL,
    WORKSPACE,
    PatientTime,
    Reply,
    ScriptedApi,
    client_at,
    client_of,
    http_bytes,
    raw_server,
)

import jobsync
from jobsync.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    JobExists,
    JobNotFound,
    RemoteError,
    UnreadableAnswer,
    UpdateUnsupported,
    UsageError,
)
from jobsync.remote import address
from jobsync.remote.client import JobsClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jobsync.ports import JobsApi

DONE = Reply(200, {"id": JOB["id"], "message": "updated job successfully"})
PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body>secret-cookie=1</body></html>"


# What is sent


def test_the_client_is_a_jobs_api() -> None:
    with client_of(ScriptedApi(FOUND)) as client:
        api: JobsApi = client
        assert api.get(JOB["id"]) is not None


def test_every_request_carries_the_key_and_asks_for_json() -> None:
    api = ScriptedApi(Reply(200, []))
    with client_of(api) as client:
        client.list()
    (asked,) = api.asked
    assert (asked.method, asked.path) == ("GET", f"/api/v1/workspace/{WORKSPACE}/projects/shop/jobs")
    assert asked.headers["HTTP_X_API_KEY"] == KEY
    assert asked.headers["HTTP_ACCEPT"] == "application/json"
    assert asked.headers["HTTP_USER_AGENT"] == f"jobsync/{jobsync.__version__}"
    assert "CONTENT_TYPE" not in asked.headers


def test_a_body_is_json_and_says_so() -> None:
    api = ScriptedApi(CREATED)
    with client_of(api) as client:
        assert client.create(JOB["id"], BODY) is True
    (asked,) = api.asked
    assert asked.headers["CONTENT_TYPE"] == "application/json"
    assert asked.body == JOB


def test_pause_and_resume_have_no_body() -> None:
    api = ScriptedApi(Reply(200, {"message": "Paused"}), Reply(200, {"message": "Resumed"}))
    with client_of(api) as client:
        client.pause(JOB["id"])
        client.resume(JOB["id"])
    assert api.sequence == ["POST /prices-daily/pause", "POST /prices-daily/resume"]
    assert all(asked.body is None and "CONTENT_TYPE" not in asked.headers for asked in api.asked)


def test_each_name_is_one_segment_of_the_path() -> None:
    gone = http_bytes(b"", status="404 Not Found")
    with raw_server(gone) as (url, requests), JobsClient(url + "/", "w/1", "my shop?", KEY) as client:
        assert client.get("a/b%2F#ü") is None
    line = requests[0].split(b"\r\n")[0]
    assert line == b"GET /api/w%2F1/projects/my%20shop%3F/jobs/a%2Fb%252F%23%C3%BC HTTP/1.1"


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_lead_to_another_path_is_refused(name: str) -> None:
    with client_of(ScriptedApi(FOUND)) as client, pytest.raises(UsageError):
        client.get(name)
    with pytest.raises(UsageError):
        JobsClient(URL, WORKSPACE, name, KEY)
    with pytest.raises(UsageError):
        JobsClient(URL, name, "shop", KEY)


# Where it may go


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://app.intuned.io/api", "`http://app.intuned.io` would send the API key unencrypted"),
        ("http://127.0.0.1.evil.test/api", "would send the API key unencrypted"),
        ("http://localhost.evil.test", "would send the API key unencrypted"),
        ("http://localhost\\@evil.test/", "must not contain a user or a password"),
        ("http://10.0.0.7:8080", "would send the API key unencrypted"),
        ("https://user:hunter2@app.intuned.io/api", "must not contain a user or a password"),
        ("https://hunter2@app.intuned.io/api", "must not contain a user or a password"),
        ("https://app.intuned.io/api?token=hunter2", "must not contain `?` or `#`"),
        ("https://app.intuned.io/api#x", "must not contain `?` or `#`"),
        ("ftp://app.intuned.io", "no `https://` URL"),
        ("app.intuned.io/api", "no `https://` URL"),
        ("https://", "no `https://` URL"),
        ("https://h:port/", "no `https://` URL"),
        ("", "no `https://` URL"),
    ],
)
def test_an_address_that_must_not_get_the_key_is_refused_before_anything_is_sent(url: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        JobsClient(url, WORKSPACE, "shop", KEY)
    assert said in refused.value.summary
    assert "hunter2" not in f"{refused.value.summary} {refused.value.hint}"
    assert refused.value.hint


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://127.9.9.9:1/x", "http://[::1]:1/x", "http://localhost:1/x"]
)
def test_plain_http_is_for_this_machine(url: str) -> None:
    JobsClient(url, WORKSPACE, "shop", KEY).close()


@pytest.mark.parametrize("key", ["", "  ", "two words", "line\nbreak", "schlüssel", "nul\0"])
def test_what_cannot_be_a_key_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(UsageError) as refused:
        JobsClient(URL, WORKSPACE, "shop", key)
    assert not key.strip() or key not in f"{refused.value.summary} {refused.value.hint}"


def test_blanks_around_a_key_do_not_belong_to_it() -> None:
    api = ScriptedApi(Reply(200, []))
    with JobsClient(URL, WORKSPACE, "shop", f" {KEY}\n", transport=httpx.WSGITransport(app=api)) as client:
        client.list()
    assert api.asked[0].headers["HTTP_X_API_KEY"] == KEY


def test_a_redirect_is_an_error_and_the_other_host_hears_nothing() -> None:
    with raw_server(http_bytes(b"[]")) as (other, at_other):
        away = http_bytes(b"", status="302 Found", extra=f"Location: {other}/login?token=hunter2\r\n")
        with raw_server(away) as (url, _), client_at(url) as client, pytest.raises(ApiError) as refused:
            client.list()
    assert at_other == []
    assert refused.value.status == 302
    assert other.removesuffix("/api") in refused.value.message
    assert "hunter2" not in str(refused.value)
    assert refused.value.hint == "check the environment's `url`: the API key is never sent to another address"


@pytest.mark.parametrize("location", ["/elsewhere", "http://[broken", "", "//evil.test/x"])
def test_a_redirect_to_anywhere_is_an_error(location: str) -> None:
    api = ScriptedApi(Reply(307, b"", {"Location": location}))
    with client_of(api) as client, pytest.raises(ApiError) as refused:
        client.update(JOB["id"], BODY)
    assert refused.value.status == 307
    assert len(api.asked) == 1


def test_a_redirected_create_is_refused_not_repeated() -> None:
    api = ScriptedApi(Reply(308, b"", {"Location": "https://evil.test"}))
    with client_of(api) as client, pytest.raises(ApiError):
        client.create(JOB["id"], BODY)
    assert len(api.asked) == 1


def test_no_cookie_is_kept() -> None:
    api = ScriptedApi(Reply(200, [], {"Set-Cookie": "session=1; Path=/"}))
    with client_of(api) as client:
        client.list()
        client.list()
    assert all("HTTP_COOKIE" not in asked.headers for asked in api.asked)


# Proxies and certificates


def test_the_proxy_of_the_environment_is_for_other_hosts_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.test:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "internal.test")
    assert address.proxy("https", "app.intuned.io") == "http://proxy.test:3128"
    assert address.proxy("https", "api.internal.test") is None
    assert address.proxy("http", "127.0.0.1") is None
    assert address.proxy("http", "localhost") is None


def test_a_proxy_learns_the_host_and_not_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(http_bytes(b"", status="407 Proxy Authentication Required")) as (proxy, requests):
        monkeypatch.setenv("HTTPS_PROXY", proxy.replace("http://", "http://user:hunter2@"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with client_at("https://api.test/api") as client, pytest.raises(ConnectionFailed) as failed:
            client.list()
    assert requests[0].startswith(b"CONNECT api.test:443")
    assert KEY.encode() not in b"".join(requests)
    assert failed.value.summary.startswith("the proxy did not connect to api.test: 407")
    assert "hunter2" not in str(failed.value)


@pytest.mark.parametrize(
    "proxy", ["gopher://user:hunter2@x", "socks5://user:hunter2@x:1", "http://h:port:hunter2"]
)
def test_a_proxy_that_cannot_be_used_is_refused(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(UsageError, match="the proxy that the environment names") as refused:
        JobsClient(URL, WORKSPACE, "shop", KEY)
    assert "hunter2" not in f"{refused.value.summary} {refused.value.hint}"


def test_a_certificate_file_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        JobsClient(URL, WORKSPACE, "shop", KEY)


def test_a_certificate_nobody_vouches_for_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pem = tmp_path / "self-signed.pem"
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    subprocess.run(
        [*request, *names, "-keyout", pem, "-out", tmp_path / "cert"], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", pem)
    clock = PatientTime()
    with raw_server(http_bytes(b"[]"), tls=context) as (url, requests):
        with client_at(url, pace=clock.pace()) as client, pytest.raises(ConnectionFailed) as failed:
            client.list()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
        with client_at(url, timeout=5) as trusting:
            assert trusting.list() == []
    assert "its certificate cannot be verified: self" in failed.value.summary
    assert failed.value.hint is not None
    assert "SSL_CERT_FILE" in failed.value.hint
    assert clock.waits == []
    assert len(requests) == 1


# The list


def jobs_of(body: Any) -> Callable[[], object]:
    def read() -> object:
        with client_of(ScriptedApi(Reply(200, body))) as client:
            return client.list()

    return read


def test_the_list_is_read_whole() -> None:
    items = [{**JOB, "id": name, "source": "CODE", "later": 1} for name in ("b-job", "a-job")]
    with client_of(ScriptedApi(Reply(200, items))) as client:
        jobs = client.list()
    assert [job.id for job in jobs] == ["b-job", "a-job"]
    assert jobs[0].is_code


def test_an_empty_array_is_no_jobs() -> None:
    assert jobs_of([])() == []


def test_the_content_type_is_not_what_decides() -> None:
    api = ScriptedApi(Reply(200, [JOB], {"Content-Type": "text/html"}))
    with client_of(api) as client:
        assert len(client.list()) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "GET /jobs answered 200 with an empty body (0 bytes) in place of a list of jobs"),
        (b"  \n", "GET /jobs answered 200 with an empty body (3 bytes) in place of a list of jobs"),
        (b'[{"id":"prices-da', "GET /jobs answered 200 with JSON that breaks off (17 bytes) in place of"),
        (b"[", "with JSON that breaks off (1 byte)"),
        (b"[}", "with broken JSON (2 bytes)"),
        (b"[]]", "with broken JSON (3 bytes)"),
        (b"OK", "with text that is not JSON (2 bytes)"),
        (b"\xff\xfe\x00", "with text that is not JSON (3 bytes)"),
        (PAGE, "with a page of HTML or XML (91 bytes) in place of a list of jobs"),
        (b"null", "with JSON `null` (4 bytes)"),
        (b"{}", "with a JSON object (2 bytes)"),
        ({"data": [JOB]}, "with a JSON object ("),
        ({"jobs": [], "total": 0}, "with a JSON object ("),
        ("[]", "with a JSON string (4 bytes)"),
        (0, "with a JSON value (1 byte)"),
        ([{**JOB, "id": "one-job"}, {"payload": []}], "item 2 of the answer to GET /jobs ("),
        ([{"payload": []}], "has no `id`"),
        ([{"id": ""}], "has an unusable `id`: string should have at least 1 character"),
        ([{"id": 7}], "has an unusable `id`: input should be a valid string"),
        ([JOB, None], "item 2 of the answer to GET /jobs (103 bytes) is not a job: input should be"),
        (["prices"], "is not a job: input should be"),
        ([[JOB]], "is not a job"),
        (
            [{"id": "x", "schedule": "daily"}],
            "has an unusable `schedule`: input should be an object",
        ),
        ([{"id": "x", "payload": [1]}], "has an unusable `payload.0`"),
        ([JOB, JOB], "GET /jobs lists the job `prices-daily` more than once"),
    ],
)
def test_a_list_that_is_none_is_unreadable_and_never_no_jobs(body: Any, said: str) -> None:
    with pytest.raises(UnreadableAnswer) as unreadable:
        jobs_of(body)()
    assert said in unreadable.value.summary
    assert "\n" not in unreadable.value.summary
    assert unreadable.value.hint


def test_what_was_received_is_told_by_kind_and_size_and_not_by_content() -> None:
    secret = "wJalrXUtnFEMI"
    jobs = [{"id": "one-job", "sink": {"secretAccessKey": secret}, "schedule": secret, "created_at": secret}]
    for body in (jobs, str(jobs).encode(), PAGE + secret.encode(), {"id": secret, "jobs": jobs}):
        with pytest.raises(UnreadableAnswer) as unreadable:
            jobs_of(body)()
        shown = "".join(traceback.format_exception(unreadable.value)) + str(unreadable.value.hint)
        assert secret not in shown


def test_a_page_in_place_of_the_api_is_recognised() -> None:
    with pytest.raises(UnreadableAnswer) as unreadable:
        jobs_of(PAGE)()
    assert unreadable.value.hint is not None
    assert "login page" in unreadable.value.hint


@pytest.mark.parametrize("status", [201, 202, 204, 206])
def test_only_200_is_a_list(status: int) -> None:
    with (
        client_of(ScriptedApi(Reply(status, []))) as client,
        pytest.raises(UnreadableAnswer, match=str(status)),
    ):
        client.list()


def test_a_list_that_is_not_there_points_to_the_project() -> None:
    with client_of(ScriptedApi(NOT_THERE)) as client, pytest.raises(ApiError) as refused:
        client.list()
    assert type(refused.value) is ApiError
    assert refused.value.hint == "check the environment's `url`, `workspace` and `project`"


# One job


def test_details_are_read() -> None:
    with client_of(ScriptedApi(FOUND)) as client:
        job = client.get(JOB["id"])
    assert job is not None
    assert job.payload == JOB["payload"]


def test_only_404_means_that_there_is_no_job() -> None:
    with client_of(ScriptedApi(NOT_THERE)) as client:
        assert client.get(JOB["id"]) is None
    for reply in (Reply(200), Reply(204), Reply(200, PAGE), Reply(200, [JOB]), Reply(410), Reply(400)):
        with client_of(ScriptedApi(reply)) as client, pytest.raises(RemoteError):
            client.get(JOB["id"])


def test_details_of_another_job_are_no_answer() -> None:
    with client_of(ScriptedApi(FOUND)) as client, pytest.raises(UnreadableAnswer, match="`prices-daily`"):
        client.get("prices-hourly")


# Writes


@pytest.mark.parametrize("reply", [Reply(201), Reply(201, PAGE), Reply(201, b'{"id"'), Reply(200, DONE.body)])
def test_a_definite_yes_creates(reply: Reply) -> None:
    api = ScriptedApi(reply)
    with client_of(api) as client:
        assert client.create(JOB["id"], BODY) is True
    assert api.sequence == ["POST"]


@pytest.mark.parametrize("status", [400, 409])
def test_a_create_of_an_id_that_is_taken_says_so(status: int) -> None:
    api = ScriptedApi(Reply(status, {"code": "bad-request", "message": "duplicate"}), FOUND)
    with client_of(api) as client, pytest.raises(JobExists) as exists:
        client.create(JOB["id"], BODY)
    assert api.sequence == ["POST", "GET /prices-daily"]
    assert exists.value.status == status
    assert exists.value.hint == "run `jobsync adopt prices-daily` to manage the job that is there"


@pytest.mark.parametrize("lookup", [NOT_THERE, Reply(400), Reply(200, PAGE)])
def test_a_create_that_is_refused_for_another_reason_says_which(lookup: Reply) -> None:
    api = ScriptedApi(Reply(400, {"message": "schedule.every is unknown"}), lookup)
    with client_of(api) as client, pytest.raises(ApiError, match=r"schedule\.every is unknown") as refused:
        client.create(JOB["id"], BODY)
    assert type(refused.value) is ApiError


@pytest.mark.parametrize("status", [401, 402, 403, 404, 413, 422])
def test_a_create_that_is_refused_is_neither_looked_up_nor_repeated(status: int) -> None:
    api = ScriptedApi(Reply(status, {"message": "no"}))
    with client_of(api) as client, pytest.raises(ApiError) as refused:
        client.create(JOB["id"], BODY)
    assert refused.value.status == status
    assert not isinstance(refused.value, JobNotFound)
    assert api.sequence == ["POST"]


@pytest.mark.parametrize("status", [200, 201, 204])
def test_an_update_is_done_with_any_of_its_statuses(status: int) -> None:
    api = ScriptedApi(Reply(status, b"" if status == 204 else DONE.body))
    with client_of(api) as client:
        client.update(JOB["id"], BODY)
    assert api.asked[0].body == BODY


@pytest.mark.parametrize("status", [404, 405])
def test_a_server_that_has_the_job_but_no_update_says_so(status: int) -> None:
    api = ScriptedApi(Reply(status, PAGE), FOUND)
    with client_of(api) as client, pytest.raises(UpdateUnsupported) as unsupported:
        client.update(JOB["id"], BODY)
    assert api.sequence == ["PUT /prices-daily", "GET /prices-daily"]
    assert (
        unsupported.value.hint
        == "this server can only create and delete jobs: destroy the job, then apply again"
    )


def test_an_update_of_a_job_that_is_gone_says_so() -> None:
    with client_of(ScriptedApi(NOT_THERE)) as client, pytest.raises(JobNotFound) as gone:
        client.update(JOB["id"], BODY)
    assert gone.value.request == "PUT /jobs/prices-daily"
    assert gone.value.summary == "PUT /jobs/prices-daily answered 404: job not found"


@pytest.mark.parametrize("reply", [Reply(202), Reply(200, PAGE), Reply(206, b"{}")])
def test_a_write_is_not_done_by_an_answer_that_the_api_does_not_promise(reply: Reply) -> None:
    for write in ("update", "delete", "pause", "resume"):
        with (
            client_of(ScriptedApi(reply)) as client,
            pytest.raises(UnreadableAnswer, match="does not promise"),
        ):
            getattr(client, write)(JOB["id"], *([BODY] if write == "update" else []))


@pytest.mark.parametrize("reply", [Reply(204), Reply(200, {"message": "deleted"}), NOT_THERE])
def test_a_job_that_is_gone_is_deleted(reply: Reply) -> None:
    with client_of(ScriptedApi(reply)) as client:
        client.delete(JOB["id"])


def test_pausing_a_job_that_is_not_there_says_so() -> None:
    with client_of(ScriptedApi(NOT_THERE)) as client, pytest.raises(JobNotFound):
        client.pause(JOB["id"])


@pytest.mark.parametrize("status", [400, 409])
@pytest.mark.parametrize(("verb", "state"), [("pause", "PAUSED"), ("resume", "ACTIVE")])
def test_a_job_that_is_so_already_needs_no_switch(status: int, verb: str, state: str) -> None:
    api = ScriptedApi(Reply(status, {"message": "it is so already"}), Reply(200, {**JOB, "state": state}))
    with client_of(api) as client:
        getattr(client, verb)(JOB["id"])
    assert api.sequence == [f"POST /prices-daily/{verb}", "GET /prices-daily"]


def test_a_pause_that_is_refused_is_not_done() -> None:
    api = ScriptedApi(
        Reply(400, {"message": "the job is terminated"}), Reply(200, {**JOB, "state": "ACTIVE"})
    )
    with client_of(api) as client, pytest.raises(ApiError, match="the job is terminated"):
        client.pause(JOB["id"])


# What stays secret


def failing_apis() -> list[Any]:
    echo = {
        "code": KEY,
        "correlationId": KEY,
        "message": f"no such key: {KEY}",
        "details": [{"message": KEY}],
    }
    return [
        *(Reply(status, echo) for status in (400, 401, 403, 404, 409, 429, 500, 503)),
        *(Reply(status, f"<title>{KEY}</title>".encode()) for status in (401, 502)),
        Reply(500, f'{{"message": "broken {KEY}'.encode()),
        Reply(302, b"", {"Location": f"https://{KEY}/"}),
        Reply(200, [{"id": KEY, "schedule": KEY}]),
        Reply(200, [{"id": KEY}, {"id": KEY}]),
        *(
            error(f"broken by {KEY}")
            for error in (httpx.ReadError, httpx.RemoteProtocolError, httpx.ConnectError)
        ),
        *(error(KEY) for error in (httpx.LocalProtocolError, httpx.ProxyError, httpx.ReadTimeout)),
    ]


@pytest.mark.parametrize(
    "reply", failing_apis(), ids=lambda reply: str(getattr(reply, "status", type(reply).__name__))
)
@pytest.mark.parametrize("operation", ["list", "get", "create", "update", "delete", "pause"])
def test_the_key_is_in_no_error_no_traceback_and_no_log(
    reply: Any, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    arguments = {"list": [], "create": [JOB["id"], BODY], "update": [JOB["id"], BODY]}.get(
        operation, [JOB["id"]]
    )
    with client_of(ScriptedApi(reply), max_attempts=2) as client:
        shown = repr(client)
        with suppress_but_keep(RemoteError) as caught:
            getattr(client, operation)(*arguments)
    for error in caught:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename in (__file__, contextlib.__file__):
            trace = trace.tb_next  # the test's own frames know the key
        has_list = isinstance(reply, Reply) and reply.status == 200
        full = traceback.TracebackException(type(error), error, trace, capture_locals=not has_list)
        shown += "".join([str(error), repr(error), repr(vars(error)), *full.format()])
        assert isinstance(error.__context__, RemoteError | None)
    assert KEY not in shown
    # that library repeats an exception's text, which is the key only here
    assert not any(KEY in record.getMessage() for record in caplog.records if "retries" not in record.name)


@contextmanager
def suppress_but_keep(kind: type[Exception]) -> Iterator[list[Exception]]:
    caught: list[Exception] = []
    try:
        yield caught
    except kind as error:
        caught.append(error)


def test_the_secrets_of_a_body_are_hidden_when_the_server_repeats_them() -> None:
    sink = {
        "type": "s3",
        "bucket": "results",
        "region": "eu-west-1",
        "accessKeyId": "AKIAMARKER",
        "secretAccessKey": 'wJalr"MARKER/+',
    }
    body = {**BODY, "sink": sink, "proxy": "http://user:p%40ss-MARKER@proxy.test:1"}
    message = 'cannot write to results with AKIAMARKER and wJalr"MARKER/+ through p@ss-MARKER'
    api = ScriptedApi(Reply(422, {"message": message, "details": {"bucket": "no access for AKIAMARKER"}}))
    with client_of(api) as client, pytest.raises(ApiError) as refused:
        client.create(JOB["id"], body)
    assert "MARKER" not in str(refused.value)
    assert "cannot write to results with (sensitive value)" in refused.value.message


def test_the_callers_redaction_is_applied_to_every_text_of_the_server() -> None:
    body = {"code": "c-hush", "message": "m-hush", "correlationId": "i-hush", "details": {"bucket": "d-hush"}}
    api = ScriptedApi(Reply(422, body))
    client = client_of(api, redact=lambda text: text.replace("hush", "…"))
    with client, pytest.raises(ApiError) as refused:
        client.update(JOB["id"], BODY)
    assert (refused.value.code, refused.value.correlation_id) == ("c-…", "i-…")
    assert refused.value.message == "m-… (bucket: d-…)"


# What is logged


def test_one_line_of_log_tells_each_attempt(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="jobsync.remote")
    api = ScriptedApi(httpx.ReadError("reset"), Reply(500), DONE)
    with client_of(api) as client:
        client.update(JOB["id"], BODY)
    path = f"/api/v1/workspace/{WORKSPACE}/projects/shop/jobs/prices-daily"
    assert [record.getMessage() for record in caplog.records if record.name == "jobsync.remote"] == [
        f"PUT {path}: no answer in 0 ms (attempt 1)",
        f"PUT {path}: 500 in 0 ms (attempt 2)",
        f"PUT {path}: 200 in 0 ms (attempt 3)",
    ]


# Against the emulator, over sockets


@contextmanager
def served(key: str = EMULATOR_KEY) -> Iterator[JobsClient]:
    with (
        new_emulator() as emulator,
        serving(emulator) as url,
        JobsClient(url, EMULATOR_WORKSPACE, PROJECT, key) as client,
    ):
        yield client


def test_twenty_threads_share_one_client() -> None:
    names = [f"prices-{number:03}" for number in range(60)]
    with served() as client, ThreadPoolExecutor(20) as pool:

        def live(name: str) -> bool:
            made = client.create(name, BODY)
            client.update(name, {**BODY, "schedule": {"intervals": [{"every": "1h"}]}})
            client.pause(name)
            return made

        assert all(pool.map(live, names))
        jobs = client.list()
        assert sorted(job.id for job in jobs) == names
        assert all(job.is_paused and job.schedule is not None for job in jobs)
        list(pool.map(client.resume, names))
        details = [client.get(name) for name in names[:3]]
        assert all(job is not None and not job.is_paused for job in details)
        list(pool.map(client.delete, names))
        assert client.list() == []


def test_a_wrong_key_is_an_authentication_failure() -> None:
    with served(KEY) as client, pytest.raises(AuthenticationFailed) as refused:
        client.list()
    assert refused.value.status == 401
    assert refused.value.hint == "check that `INTUNED_API_KEY` holds a valid key of this workspace"


def test_a_client_that_is_closed_leaves_no_thread_and_no_connection() -> None:
    before = threading.active_count()
    with raw_server((http_bytes(b"[]"), RESET)) as (url, _), client_at(url) as client:
        client.list()
    assert threading.active_count() == before
