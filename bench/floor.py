"""The floor: the least that any tool built on the same libraries would have to do.

`python -m bench.floor validate DIR` reads every file under DIR, turns libyaml's events into values, and has
pydantic check them. `python -m bench.floor plan DIR URL` then gets the list of jobs once, has pydantic read
it, and compares each pair of jobs with `==`. No positions, no duplicate keys, no schedules, no references, no
ledger, no output: a real tool cannot be faster than this, only close to it.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from yaml import CLoader


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Retry(_Model):
    maximumAttempts: int = 3  # noqa: N815  wire name


class _Item(_Model):
    apiName: str  # noqa: N815  wire name
    parameters: dict[str, Any]


class _Configuration(_Model):
    maxConcurrentRequests: int | None = None  # noqa: N815  wire name
    retry: _Retry | None = None


class _Webhook(_Model):
    type: Literal["webhook"]
    url: str


class _S3(_Model):
    type: Literal["s3"]
    bucket: str
    region: str
    prefix: str
    accessKeyId: str  # noqa: N815  wire name
    secretAccessKey: str  # noqa: N815  wire name


class _Declared(_Model):
    id: str
    payload: list[_Item]
    configuration: _Configuration
    schedule: dict[str, Any] | None = None
    sink: Annotated[_Webhook | _S3, Field(discriminator="type")] | None = None


class _Remote(BaseModel):
    id: str
    payload: list[dict[str, Any]]
    configuration: dict[str, Any]
    schedule: dict[str, Any] | None = None
    sink: dict[str, Any] | None = None


def main(arguments: list[str]) -> None:
    """Do the work; the caller measures the whole process."""
    gc.disable()
    directory, *url = arguments[1:]
    documents = [_load(text) for text in _texts(directory)]
    declared = TypeAdapter(list[_Declared]).validate_python(documents)
    if url:
        existing = {job.id: job for job in _remote(url[0])}
        for job in declared:
            _is_same(job, existing[job.id])


def _texts(directory: str) -> list[bytes]:
    found = []
    for entry in os.scandir(directory):
        if entry.is_dir():
            found += _texts(entry.path)
        else:
            descriptor = os.open(entry.path, os.O_RDONLY)
            found.append(os.read(descriptor, 1 << 20))
            os.close(descriptor)
    return found


def _load(text: bytes) -> Any:
    """Build a value from libyaml's events, for the plain documents of the workload."""
    next_event = CLoader(text).get_event
    next_event(), next_event()  # the stream and the document begin
    return _value(next_event(), next_event)


def _value(event: Any, next_event: Any) -> Any:
    kind = type(event).__name__
    if kind == "ScalarEvent":
        return _scalar(event.value) if event.implicit[0] else event.value
    if kind == "SequenceStartEvent":
        items = []
        while type(event := next_event()).__name__ != "SequenceEndEvent":
            items.append(_value(event, next_event))
        return items
    mapping = {}
    while type(event := next_event()).__name__ != "MappingEndEvent":
        mapping[event.value] = _value(next_event(), next_event)
    return mapping


def _scalar(text: str) -> Any:
    if text.isdigit():
        return int(text)
    return {"true": True, "false": False, "null": None}.get(text, text)


def _remote(url: str) -> list[_Remote]:
    import httpx

    answer = httpx.get(url, headers={"x-api-key": os.environ["INTUNED_API_KEY"]}, timeout=60)
    return TypeAdapter(list[_Remote]).validate_json(answer.content)


def _is_same(declared: _Declared, existing: _Remote) -> bool:
    mine = declared.model_dump(exclude_none=True)
    theirs = {key: getattr(existing, key) for key in mine}
    return mine == theirs


if __name__ == "__main__":
    main(sys.argv[1:])
