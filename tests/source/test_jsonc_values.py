"""JSON with comments and trailing commas: everything else is exactly JSON."""

from __future__ import annotations

import json
from typing import Any

import pyjson5
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import JSON

from jobsync.source import jsonc
from jobsync.source.text import SourceText


def read(text: str) -> tuple[Any, list[str]]:
    parsed = jsonc.parse(SourceText("a.job.jsonc", text))
    return (parsed.documents[0].value if parsed.documents else None), [f.code for f in parsed.findings]


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(JSON, st.booleans(), st.sampled_from([None, 0, 3]))
def test_what_json_writes_is_read_back(data: Any, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001
    read_back, codes = read(json.dumps(data, ensure_ascii=ascii_only, indent=indent))
    assert codes == []
    assert same(read_back, data)


TOKENS = st.sampled_from(
    [
        *("{", "}", "[", "]", ",", ":", '"a"', '"b"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\/"', '"\\x"'),
        *("1", "-1", "01", "1.5", "1e3", "1.", ".5", "+1", "-", "0x1", "true", "false", "null", "nul"),
        *(" ", "\n", "\t", "\r", "\x0b", "\u00a0", "// c\n", "/* c */", "/*", "#", "'a'", "a", '"', "\\"),
    ]
)


@given(st.lists(TOKENS, max_size=12).map("".join))
def test_strict_json_is_read_as_json_reads_it_and_nothing_that_json5_refuses_is_read(text: str) -> None:
    read_back, codes = read(text)
    try:
        strict = json.loads(text, parse_constant=_no_constant)
    except ValueError:
        strict = _NOTHING
    if strict is not _NOTHING and not codes:
        assert same(read_back, strict)
    if strict is not _NOTHING:
        assert set(codes) <= {"S011"}  # JSON takes a key twice
    if not codes:
        assert same(read_back, pyjson5.loads(text))


_NOTHING = object()


def _no_constant(_name: str) -> None:
    raise ValueError("JSON has no constants")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,}', {"a": 1}),
        ("[1, 2,]", [1, 2]),
        ("/**/[/* [ */1// ]\n]//", [1]),
        ("[1,/***/]", [1]),
        ('"http://x/*y*/"', "http://x/*y*/"),
        ('"\\ud83d\\ude00\\uFFFD"', "😀\ufffd"),
        ("1E2", 100.0),
        ("-0", 0),
    ],
)
def test_comments_and_trailing_commas_are_passed_over(text: str, expected: Any) -> None:
    read_back, codes = read(text)
    assert codes == []
    assert same(read_back, expected)


@pytest.mark.parametrize(
    "text",
    [
        "[,]",
        "[1,,]",
        "{,}",
        "{a: 1}",
        "{'a': 1}",
        "[1 2]",
        "01",
        "1.",
        ".5",
        "+1",
        "0x1",
        '"\t"',
        '"\\x41"',
        "[1]]",
    ],
)
def test_what_only_json5_knows_is_no_json(text: str) -> None:
    assert read(text)[1] == ["S010"]


def test_half_a_surrogate_pair_and_a_null_character_are_refused() -> None:
    for escape in ("\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\u0000"):
        assert read(f'"{escape}"')[1] == ["S018"]


def test_a_long_array_and_a_long_string_are_read() -> None:
    assert read(json.dumps([{"n": n} for n in range(50_000)]))[1] == []
    assert len(read(json.dumps("ab\n" * 300_000))[0]) == 900_000
