"""The schema for editors agrees with `validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from examples import examples
from hypothesis import given
from jsonschema import Draft202012Validator
from strategies import job_bodies

from jobsync.source.core_yaml import parse
from jobsync.source.job_schema import job_schema
from jobsync.source.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = job_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
BODY: dict[str, Any] = {"id": "prices-1", "payload": [], "configuration": {}}


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(job_bodies())
@examples(200)
def test_it_accepts_every_job_that_a_file_may_declare(raw: dict[str, Any]) -> None:
    assert not list(VALIDATOR.iter_errors({"id": "prices-1", **raw}))


def test_it_accepts_the_example_project(request: pytest.FixtureRequest) -> None:
    def documents(root: Path) -> Iterator[Any]:
        for path in sorted(root.rglob("*.yaml")):
            for document in parse(SourceText(path.name, path.read_text())).documents:
                yield document.value

    found = list(documents(request.config.rootpath / "jobs"))
    assert len(found) >= 8
    assert not [error for job in found for error in VALIDATOR.iter_errors(job)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"shedule": None},
        {"id": "short"},
        {"configuration": {"requestTimeout": "60"}},
        {"configuration": {"maxConcurrentRequests": 0}},
        {"payload": [{"apiName": "a"}]},
        {"sink": {"type": "ftp"}},
        {"schedule": {"calendars": [{"hour": {"start": 1, "step": 2}}]}},
        {"state": "STOPPED"},
        {"jobsync": {"prevent_deletes": True}},
    ],
)
def test_it_refuses_what_validate_refuses(wrong: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors({**BODY, **wrong}))


@pytest.mark.parametrize(
    "referring",
    [
        {"id": "prices-${var.shop}"},
        {"configuration": {"requestTimeout": "${var.seconds}"}},
        {"state": "${var.state}"},
        {"sink": {"type": "webhook", "url": "${env.URL}", "skipOnFail": "${var.skip}"}},
        {"schedule": {"calendars": [{"hour": "${var.hour}"}]}},
    ],
)
def test_a_reference_may_stand_for_any_value(referring: dict[str, Any]) -> None:
    assert not list(VALIDATOR.iter_errors({**BODY, **referring}))
