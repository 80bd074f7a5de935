"""What the outcome of one create request says about whether the job was made.

A create is the one request that must not simply be repeated: the API has no idempotency key. What a status
means for it is decided here; asking for the job and repeating is the client's part.
"""

from __future__ import annotations

from enum import Enum
from http import HTTPStatus
from typing import assert_never

from pydantic_core import from_json

from jobsync.remote.answers import Answer, NoAnswer


class Verdict(Enum):
    """Whether one create request made the job."""

    MADE = "made"
    NOT_MADE = "not made, and the same request may be sent again"
    UNKNOWN = "perhaps made: only the job itself can tell"
    PERHAPS_TAKEN = "not made, perhaps because the id is taken"
    REFUSED = "not made, and never will be"


def judge(outcome: Answer | NoAnswer, job_id: str) -> Verdict:
    """Say what the outcome of one request to create that job is worth.

    A 429 and a connection that never stood are certain: nothing was made. Every 5xx, every success that is
    not the promised one and every lost answer are not. The status of a duplicate id is not documented: 400
    or 409.
    """
    match outcome:
        case NoAnswer(status=HTTPStatus.CREATED):
            return Verdict.MADE
        case NoAnswer(sent=sent):
            return Verdict.UNKNOWN if sent else Verdict.NOT_MADE
        case Answer(status=HTTPStatus.CREATED):
            return Verdict.MADE
        case Answer(status=HTTPStatus.TOO_MANY_REQUESTS):
            return Verdict.NOT_MADE
        case Answer(status=HTTPStatus.BAD_REQUEST | HTTPStatus.CONFLICT):
            return Verdict.PERHAPS_TAKEN
        case Answer(status=status):
            if status < HTTPStatus.MULTIPLE_CHOICES:
                return Verdict.MADE if _names(outcome, job_id) else Verdict.UNKNOWN
            return Verdict.UNKNOWN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Verdict.REFUSED
        case _:
            assert_never(outcome)


def _names(answer: Answer, job_id: str) -> bool:
    """Whether a success other than 201 is nevertheless the API's word for this job."""
    try:
        value = from_json(answer.body)
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("id") == job_id
