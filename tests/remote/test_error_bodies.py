"""A refusal becomes one clear line, in whatever spelling its body comes, and never repeats a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobsync.errors import ApiError, AuthenticationFailed, JobNotFound
from jobsync.model import redaction
from jobsync.remote import refusals
from jobsync.remote.answers import Answer
from jobsync.remote.error_bodies import LONGEST_MESSAGE, LONGEST_NAME, ErrorBody, read

TYPED = {
    "code": "bad-request",
    "category": "user",
    "message": "Invalid body",
    "retirable": False,
    "correlationId": "5e0f1a52-1111-4222-8333-944445555666",
}


def as_bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def refusal(status: int, body: Any = b"", request: str = "PUT /jobs/prices") -> ApiError:
    job_id = "prices" if request.endswith("/prices") else None
    return refusals.error_for(Answer(request, status, as_bytes(body), job_id=job_id))


# Every documented spelling


def test_the_documented_body_gives_message_code_and_correlation_id() -> None:
    assert read(as_bytes(TYPED)) == ErrorBody(
        message="Invalid body",
        code="bad-request",
        category="user",
        correlation_id="5e0f1a52-1111-4222-8333-944445555666",
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "no such schedule"}, "no such schedule"),
        ({"message": "no", "details": {}}, "no"),
        ({"message": "", "details": "the sink is unknown"}, "the sink is unknown"),
        ({"details": {}}, None),
        ({}, None),
        ({"error": {**TYPED, "retriable": True}}, "Invalid body"),
        ({"error": "Unauthorized"}, "Unauthorized"),
        (
            {"statusCode": 400, "error": "Bad Request", "message": ["a is wrong", "b too"]},
            "a is wrong; b too",
        ),
        ({"Message": "Forbidden"}, "Forbidden"),
        ({"title": "Too many jobs", "status": 403}, "Too many jobs"),
        ({"detail": [{"loc": ["body", "sink"], "msg": "x", "message": "unknown"}]}, None),
        (["first", "second"], "first; second"),
        ([{"message": "first"}, {"path": "sink.type", "message": "second"}], "first; sink.type: second"),
        ("only a text", "only a text"),
        (b"Bad Gateway\\r\\n", "Bad Gateway\\r\\n"),
        (
            b"upstream connect error\r\nreset reason: overflow",
            "upstream connect error reset reason: overflow",
        ),
        (b"<html><head><title>502 Bad&nbsp;Gateway</title></head><body>x</body></html>", "502 Bad Gateway"),
        (b"<!DOCTYPE html>\n<TITLE lang=en>\n Not\n Found\n</TITLE>", "Not Found"),
        (b"<html><body><h1>Service <b>Unavailable</b></h1></body></html>", "Service Unavailable"),
        (b"<html><body>nothing to see</body></html>", "a page without a title"),
        (b"\xef\xbb\xbf<title>With a mark</title>", "With a mark"),
        (b"", None),
        (b" \n ", None),
        (b"null", None),
        (b"42", None),
        (b'{"message": "broken', '{"message": "broken'),
        (b"\xff\xfe\x00binary", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} binary"),
    ],
)
def test_a_body_of_any_shape_is_read(body: Any, message: str | None) -> None:
    assert read(as_bytes(body)).message == message


@pytest.mark.parametrize("name", ["correlationId", "correlation_id"])
def test_both_spellings_of_the_correlation_id_are_read(name: str) -> None:
    assert read(as_bytes({"message": "no", name: "c-1"})).correlation_id == "c-1"


def test_a_nested_error_goes_before_what_is_around_it() -> None:
    body = {"message": "outer", "correlationId": "c-1", "error": {"message": "inner", "code": "quota"}}
    assert read(as_bytes(body)) == ErrorBody(message="inner", code="quota", correlation_id="c-1")


# Field errors


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ("cron is unknown", "cron is unknown"),
        (["a is unknown", "b is unknown"], "a is unknown; b is unknown"),
        (
            [{"path": ["sink", "bucket"], "message": "Required", "code": "invalid_type"}],
            "sink.bucket: Required",
        ),
        ([{"path": ["payload", 3, "apiName"], "message": "Required"}], "payload.3.apiName: Required"),
        ([{"instancePath": "/schedule/every", "message": "bad"}], "schedule/every: bad"),
        (
            {"fieldErrors": {"sink": ["Required"], "id": ["too short"]}, "formErrors": []},
            "sink: Required; id: too short",
        ),
        ({"formErrors": ["Unrecognized key"]}, "Unrecognized key"),
        ({"issues": [{"path": [], "message": "Invalid input"}]}, "Invalid input"),
        (
            {"_errors": [], "sink": {"_errors": [], "bucket": {"_errors": ["Required"]}}},
            "sink.bucket: Required",
        ),
        ({"schedule": "every must be a duration"}, "schedule: every must be a duration"),
        ({"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}, "a: 1; b: 2; c: 3; and 2 more"),
        (["same", "same"], "same"),
    ],
)
def test_field_errors_are_summed_up(details: Any, told: str) -> None:
    assert read(as_bytes({"message": "Invalid body", "details": details})).message == f"Invalid body ({told})"


@pytest.mark.parametrize(
    "details",
    [
        {"secretAccessKey": "hush"},
        {"proxy": "http://u:hush@h"},
        {"received": "hush"},
        {"sink": {"secretAccessKey": "hush", "bucket": "hush"}},
        {"input": {"message": "hush"}},
        {"body": ["hush"]},
        {"payload": [{"parameters": {"password": "hush"}}]},
        [{"path": ["sink"], "received": "hush", "input": "hush", "value": {"message": "hush"}}],
        {"parameters": {"tokens": ["hush"]}},
        17,
        True,
        None,
        {"limit": 5, "ok": False},
    ],
)
def test_values_that_were_sent_are_not_told(details: Any) -> None:
    assert read(as_bytes({"message": "Invalid body", "details": details})).message == "Invalid body"


def test_a_secret_goes_before_anything_is_cut_or_cleaned() -> None:
    secret = "AKIA\nMARKER-0123456789"
    text = "x" * (LONGEST_MESSAGE - 10) + secret

    def redact(said: str) -> str:
        return redaction.hide(said, [secret])

    for body in (
        {"message": text},
        text.encode(),
        {"details": [{"message": text}]},
        f"<title>{text}".encode(),
    ):
        message = read(as_bytes(body), redact).message
        assert message is not None
        assert "AKIA" not in message
        assert "MARKER" not in message


@pytest.mark.parametrize("spelling", ['a"b/c MARKER', 'a\\"b/c MARKER', "a%22b%2Fc%20MARKER"])
def test_a_secret_is_hidden_in_every_spelling(spelling: str) -> None:
    assert redaction.hide(f"with {spelling}!", ['a"b/c MARKER']) == "with (sensitive value)!"


def test_a_longer_secret_is_hidden_before_a_shorter_one_within_it() -> None:
    assert redaction.hide("token-extended", ["token", "token-extended"]) == "(sensitive value)"


def test_what_is_too_short_to_be_a_secret_stays() -> None:
    assert redaction.hide("an id of 12", ["12", "", "id"]) == "an id of 12"


# The error


def test_the_error_is_one_line_with_status_message_and_correlation_id() -> None:
    error = refusal(400, TYPED)
    trace = "(correlation id 5e0f1a52-1111-4222-8333-944445555666)"
    assert error.summary == f"PUT /jobs/prices answered 400: Invalid body {trace}"
    assert (error.status, error.code, error.request) == (400, "bad-request", "PUT /jobs/prices")


@pytest.mark.parametrize(
    ("status", "message"), [(502, "bad gateway"), (418, "i'm a teapot"), (499, "no message")]
)
def test_an_empty_body_is_told_by_its_status(status: int, message: str) -> None:
    assert refusal(status).message == message


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_points_to_the_variable(status: int) -> None:
    error = refusal(status, {"message": "Unauthorized"})
    assert type(error) is AuthenticationFailed
    assert error.hint == "check that `INTUNED_API_KEY` holds a valid key of this workspace"


@pytest.mark.parametrize(
    ("status", "body"),
    [(402, b""), (403, {"category": "billing", "message": "plan"}), (400, {"category": "BILLING"})],
)
def test_a_question_of_money_is_no_question_of_keys(status: int, body: Any) -> None:
    error = refusal(status, body)
    assert type(error) is ApiError
    assert error.hint == "the workspace's plan, quota or billing does not allow this: see its billing page"


@pytest.mark.parametrize(
    "message",
    [
        "Job source is CODE and cannot be updated via the API",
        "This job is managed by code",
        "jobs defined in your project's code cannot be deleted",
        "cannot modify a job whose origin is code",
        "Jobs-as-code jobs are read-only",
        "code-managed job",
    ],
)
@pytest.mark.parametrize("status", [400, 403, 409, 422])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_job_of_the_projects_code_is_named_as_such(message: str, status: int, method: str) -> None:
    error = refusal(status, {"message": message}, request=f"{method} /jobs/prices")
    assert type(error) is ApiError
    assert (
        error.hint
        == "the job is managed by the project's code: change it there, or take it out of these files"
    )


@pytest.mark.parametrize(
    "message", ["invalid country code", "unknown status code 7", "error code: 12", "Decode failed"]
)
def test_the_word_code_alone_means_nothing(message: str) -> None:
    assert refusal(400, {"message": message}).hint is None


def test_a_create_is_never_refused_for_the_origin_of_a_job() -> None:
    assert refusal(400, {"message": "source is CODE"}, request="POST /jobs").hint is None


def test_404_is_about_the_job_where_one_was_named_and_about_the_project_otherwise() -> None:
    assert type(refusal(404)) is JobNotFound
    project = refusal(404, request="GET /jobs")
    assert type(project) is ApiError
    assert project.hint == "check the environment's `url`, `workspace` and `project`"


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (413, "split the job's payload over several jobs"),
        (429, "try again later, or with a smaller `--parallelism`"),
        (500, "the fault is on the API's side: try again later"),
        (503, "the fault is on the API's side: try again later"),
        (422, None),
    ],
)
def test_the_hint_says_the_way_out(status: int, hint: str | None) -> None:
    assert refusal(status).hint == hint


def test_the_apis_own_documentation_is_the_last_resort() -> None:
    assert refusal(400, {"message": "no", "doc_url": "https://docs.test/e"}).hint == "see https://docs.test/e"
    assert refusal(400, {"message": "no", "doc_url": "javascript:alert(1)"}).hint is None
    assert (
        refusal(500, {"doc_url": "https://docs.test/e"}).hint
        == "the fault is on the API's side: try again later"
    )


# Whatever comes

NAMES = ("message", "details", "error", "errors", "code", "category", "correlationId", "path", "issues", "x")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=25,
)
bodies = st.binary(max_size=200) | (st.text(max_size=500) | json_values.map(json.dumps)).map(str.encode)


@given(body=bodies, status=st.integers(300, 599), job_id=st.none() | st.just("prices"))
@example(body=b"[" * 100_000, status=500, job_id=None)
@example(body=b'{"error":' * 50_000, status=500, job_id=None)
@example(body=b"9" * 5000, status=400, job_id=None)
@example(body=b'"\\ud800"', status=400, job_id=None)
@example(body=b"<title>" * 100_000, status=502, job_id=None)
@example(body=b"<" * 500_000, status=502, job_id=None)
@example(body=b"<h1>" + b"<" * 500_000 + b"</h1>", status=502, job_id=None)
@example(body="\u202etxt\u2028two\x1b[31m\x00".encode(), status=400, job_id=None)
def test_no_body_is_too_strange_for_one_line(body: bytes, status: int, job_id: str | None) -> None:
    error = refusals.error_for(Answer("PUT /jobs/prices", status, body, job_id=job_id))
    assert error.status == status
    assert error.message
    for text, limit in (
        (error.message, LONGEST_MESSAGE),
        (error.code, LONGEST_NAME),
        (error.correlation_id, LONGEST_NAME),
        (error.hint, 400),
    ):
        assert text is None or (text.isprintable() and text == " ".join(text.split()) and len(text) <= limit)


@given(
    before=st.text(max_size=400),
    after=st.text(max_size=400),
    wrap=st.sampled_from(
        [
            lambda text: {"message": text},
            lambda text: {"error": {"message": text, "code": text, "correlationId": text}},
            lambda text: {"details": {"fieldErrors": {"sink": [text]}}},
            lambda text: {"message": "x", "doc_url": f"https://{text}"},
            lambda text: f"<html><title>{text}</title></html>".encode(),
            lambda text: text.encode(errors="replace"),
        ]
    ),
)
def test_a_secret_that_the_server_repeats_is_never_shown(before: str, after: str, wrap: Any) -> None:
    answer = Answer(
        "PUT /jobs/prices",
        400,
        as_bytes(wrap(f"{before}MARKER-secret{after}")),
        redact=lambda text: redaction.hide(text, ["MARKER-secret"]),
    )
    error = refusals.error_for(answer)
    assert "MARKER" not in "".join(map(str, (error, error.hint, error.code, error.correlation_id)))
