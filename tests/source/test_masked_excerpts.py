"""No secret that stands in a file is ever shown, whatever is wrong with the file beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jobsync.render.diagnostics import to_json, to_text
from jobsync.source.excerpt import LONGEST_LINE, Hidden, masked_line
from jobsync.source.load import load
from jobsync.source.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "hunter2"

PLACES: list[dict[str, Any]] = [
    {"sink": {"type": "s3", "bucket": "b", "region": "r", "accessKeyId": "k", "secretAccessKey": SECRET}},
    {"sink": {"type": "s3", "bucket": "b", "region": "r", "accessKeyId": SECRET, "secretAccessKey": "k"}},
    {"sink": {"type": "webhook", "headers": {"X-Any": f"Bearer {SECRET}", "X-Other": SECRET}, "url": "u"}},
    {"sink": {"type": "webhook", "url": f"https://user:{SECRET}@host.example/path"}},
    {"sink": {"type": "webhook", "url": f"https://host.example/path?a=b&token={SECRET}&c=d"}},
    {"notifications": [{"type": "webhook", "url": "https://x.example", "headers": {"X-Any": SECRET}}]},
    {"proxy": f"http://{SECRET}@proxy.example:8080"},
    {"configuration": {"proxy": f"http://user:{SECRET}@proxy.example:8080", "maxRuns": 0}},
    {"payload": [{"apiName": "a", "parameters": {"password": SECRET, "apiToken": SECRET, "n": 1}}]},
]

LAYOUTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "yaml block": lambda body: yaml.safe_dump(body, sort_keys=False),
    "yaml flow": lambda body: yaml.safe_dump(body, default_flow_style=True, sort_keys=False, width=60),
    "yaml quoted": lambda body: yaml.safe_dump(body, default_style='"', sort_keys=False),
    "yaml folded": lambda body: yaml.safe_dump(body, default_style=">", sort_keys=False),
    "json": json.dumps,
    "json indented": lambda body: json.dumps(body, indent=2),
}


def shown(name: str, text: str) -> str:
    diagnostics = load([SourceText(name, text)]).diagnostics
    return to_text(diagnostics) + json.dumps(to_json(diagnostics))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_secret_is_hidden_in_every_layout(place: dict[str, Any], layout: str) -> None:
    body = {"id": "short", "payload": [], "configuration": {}, **place, "unknown": 1}
    text = LAYOUTS[layout](body)
    for name in ("a.yaml", "a.job.json"):
        assert SECRET not in shown(name, text)


@given(
    st.sampled_from(PLACES),
    st.sampled_from(list(LAYOUTS)),
    st.sampled_from(["a.yaml", "a.job.json"]),
    st.data(),
)
def test_a_secret_is_hidden_when_the_text_around_it_breaks(
    place: dict[str, Any], layout: str, name: str, data: st.DataObject
) -> None:
    text = LAYOUTS[layout]({"id": "some-job", **place, "state": "gone"})
    marks = [index for index, character in enumerate(text) if character in "{}[],\n" or index == 0]
    at = data.draw(st.sampled_from(marks))
    junk = data.draw(
        st.sampled_from(["", "\t", "]", "}", "{", ": ", "@", "\\", "# ", "- ", "x: y: z", "\x1b", "\u2028"])
    )
    assert SECRET not in shown(name, text[:at] + junk + text[at + data.draw(st.integers(0, 1)) :])


def test_a_misspelt_key_in_a_sink_hides_its_value_too() -> None:
    for key in ("accesKeyId", "Header", "secrt"):
        text = f"id: misspelt\nsink: {{type: s3, {key}: {SECRET}, bukcet: x}}\n"
        assert SECRET not in shown("a.yaml", text)
        assert "bucket" in shown("a.yaml", text)


def test_neither_does_a_message_repeat_a_value() -> None:
    for text in (
        f"id: some-job\nstate: {SECRET}\n",
        f"id: some-job\npayload: {SECRET}\n",
        f"id: some-job\nconfiguration: {{maxRuns: {SECRET}}}\n",
        f"id: some-job\nsink: {{type: {SECRET}}}\n",
        f"id: some-job\nproxy: ${{{SECRET}}}\n",
        f"id: some-job\nproxy: {SECRET}\n",
    ):
        summaries = [diagnostic.summary for diagnostic in load([SourceText("a.yaml", text)]).diagnostics]
        assert SECRET not in " ".join(summaries)


def excerpt(text: str, number: int = 1, *ranges: tuple[int, int], is_all: bool = True) -> str | None:
    return masked_line(SourceText("a.yaml", text), number, Hidden(ranges, is_all))


def test_a_mask_keeps_the_width_the_quotes_and_the_references() -> None:
    assert excerpt('key: "abc" # x', 1, (5, 10)) == 'key: "***" # x'
    assert excerpt("key: a${env.X}b", 1, (5, 15)) == "key: *${env.X}*"
    assert excerpt("a\nkey: abc\nb", 2, (7, 99)) == "key: ***"
    assert excerpt("a\nkey: abc\nb", 3, (0, 8)) == "b"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("password: abc def # x", "password: ***********"),
        ("{password: abc, b: c}", "{password: ***, b: c}"),
        ('{"apiToken": "a, b", "c": 1}', '{"apiToken": "****", "c": 1}'),
        ("secret: 'it''s', x", "secret: '*****', x"),
        ("url: https://a.example?api_key=abc&b=c", "url: https://a.example?api_key=***&b=c"),
        ("note: Bearer abc.def", "note: **************"),
        ("proxy: user:abc@host", "proxy: *********host"),
        ("proxy: http://${env.U}:${env.P}@host", "proxy: http://${env.U}*${env.P}*host"),
        ("prefix: tokens", "prefix: tokens"),
        ("mail: me at home", "mail: me at home"),
    ],
)
def test_what_is_named_like_a_secret_is_hidden_on_any_line(line: str, expected: str) -> None:
    assert excerpt(line) == expected


def test_below_a_secret_key_everything_is_hidden_where_the_file_could_not_be_read() -> None:
    text = "sink:\n  headers:\n    X-A: abc\n    X-B: |\n      def\n  bucket: b\n"
    lines = [excerpt(text, number, is_all=False) for number in range(1, 7)]
    assert lines == ["sink:", "  headers:", "    X-A:****", "    X-B:**", "      ***", "  bucket: b"]


def test_what_a_terminal_would_obey_is_replaced() -> None:
    assert excerpt("a\x1b[31m\u202e\x9b\x00b\tc") == "a\ufffd[31m\ufffd\ufffd\ufffdb\tc"


def test_a_line_that_is_blank_or_far_too_long_has_no_excerpt() -> None:
    assert excerpt("  ") is None
    assert excerpt("") is None
    assert excerpt("x", 7) is None
    assert excerpt("x" * (LONGEST_LINE + 1)) is None
