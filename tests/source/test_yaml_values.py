"""YAML becomes the values of YAML 1.2, each with its place, and libyaml and PyYAML's own parser agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from strategies import JSON
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # it is there, only not in `__all__`

from jobsync.source import core_yaml, jsonc
from jobsync.source.node import find, find_key
from jobsync.source.pure_yaml import PureParser
from jobsync.source.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobsync.model.paths import Path as ValuePath
    from jobsync.source.document import Document, Parsed
    from jobsync.source.node import Node

REPOSITORY = Path(__file__).parent.parent.parent


def parse(text: str) -> Parsed:
    return core_yaml.parse(SourceText("a.yaml", text))


def parse_slowly(text: str) -> Parsed:
    return core_yaml.parse_whole(SourceText("a.yaml", text), PureParser)


def value(text: str) -> Any:
    parsed = parse(text)
    assert parsed.findings == ()
    (document,) = parsed.documents
    return document.value


def same(one: Any, other: Any) -> bool:
    """Compare as JSON does: `1` is not `True`, and `1.0` is not `1`."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def outline(parsed: Parsed) -> Any:
    """Return what two parsers must agree on; only an empty value may stand before or behind a blank."""
    documents = [(document.value, places(document.node)) for document in parsed.documents]
    return repr(documents), [finding.code for finding in parsed.findings]


def places(node: Node) -> Any:
    start, end, children = node
    if isinstance(children, dict):
        return start, end, {key: (*entry[:2], places(entry[2])) for key, entry in children.items()}
    if isinstance(children, list):
        return start, end, [places(child) for child in children]
    return (start, end) if start < end else ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(word, None) for word in ("null", "Null", "NULL", "~", "")],
        *[(word, True) for word in ("true", "True", "TRUE")],
        *[(word, False) for word in ("false", "False", "FALSE")],
        *[(word, word) for word in ("yes", "no", "on", "off", "y", "n", "tRUE", "nULL", "None", "nil")],
        *[("0", 0), ("-1", -1), ("+12", 12), ("-0", 0), ("0o17", 15), ("0x1F", 31), ("0xff", 255)],
        *[(word, word) for word in ("08", "010", "007", "-01", "00", "1_000", "0b1", "0O17", "0X1F", "0o8")],
        *[("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-1.5E-3", -0.0015), ("0.10", 0.1)],
        *[(word, word) for word in ("1.2.3", "1e", "e5", ".", "+", "1,5", "08.5", "12:30", "1:30:00")],
        *[(word, word) for word in ("2024-01-01", "2024-01-01T00:00:00Z", "<<", "=", "inf", "nan", "NaN")],
        *[("9007199254740992", 2**53), ("-9007199254740992", -(2**53))],
        *[("'1'", "1"), ('"true"', "true"), ("'null'", "null"), ("'a''b'", "a'b"), ('"\\t"', "\t")],
        *[("|\n  a\n  b\n", "a\nb\n"), (">-\n  a\n  b\n", "a b"), ("|+\n  a\n\n", "a\n\n")],
        *[("a b\n  c", "a b c"), ("a # comment", "a"), ("a#b", "a#b"), ("http://x/y", "http://x/y")],
    ],
)
def test_a_scalar_means_what_yaml_1_2_says(text: str, expected: Any) -> None:
    assert same(value(f"key: {text}"), {"key": expected})
    assert same(value(f"- {text}"), [expected])


@pytest.mark.parametrize(
    "text",
    ["9007199254740993", "-9007199254740993", "9" * 5000, "0x20000000000001", "1e999", ".inf", "-.INF"],
)
def test_a_number_that_json_cannot_hold_is_refused_where_it_stands(text: str) -> None:
    (finding,) = parse(f"a: {text}").findings
    assert (finding.code, finding.place.start, finding.place.end) == ("S017", 3, 3 + len(text))


@given(JSON)
def test_json_without_escapes_is_yaml(data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False)
    parsed = parse(text)
    if parsed.findings:  # line breaks of YAML 1.1, which JSON takes for text
        assert {finding.code for finding in parsed.findings} == {"S018"}
        assert set(text) & set("\x85\u2028\u2029\ufffe\uffff")
    else:
        assert same(parsed.documents[0].value, data)


@given(JSON, st.sampled_from(['"', "'", "|", ">"]), st.sampled_from([True, False, None]))
def test_what_is_dumped_with_quotes_and_tags_is_read_back(data: Any, style: str, flow: bool | None) -> None:  # noqa: FBT001
    text = yaml.safe_dump(data, default_style=style, default_flow_style=flow, sort_keys=False)
    assert same(value(text), data)


@given(JSON, st.sampled_from(['"', "'", "|", ">", None]))
def test_both_parsers_agree_on_what_is_dumped(data: Any, style: str | None) -> None:
    text = yaml.safe_dump(data, default_style=style, allow_unicode=True, sort_keys=False)
    assert outline(parse(text)) == outline(parse_slowly(text))


SNIPPETS = st.sampled_from(
    [
        *(
            "a",
            "b: ",
            "a: ",
            "- ",
            "\n",
            "  ",
            "\n  ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'",
            '"',
            "# c",
            "|\n",
            ">-\n",
        ),
        *("&x ", "*x", "!!str ", "!!int ", "!y ", "1", "08", ".5", "~", "true", "<<: ", "? ", ": ", "---\n"),
        *("...\n", "é", "😀", "\\", "\\u00e9", "\\0", "\\ud83d", "@", "`", "%", "${env.X}", "\x1b", "\u2028"),
    ]
)


@given(st.lists(SNIPPETS, max_size=14).map("".join))
def test_both_parsers_agree_on_most_of_what_can_be_typed(text: str) -> None:
    fast, slow = parse(text), parse_slowly(text)
    if fast.is_complete and slow.is_complete:
        assert outline(fast) == outline(slow)


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "tests/cases/source").glob("*.md")), ids=lambda path: path.name
)
def test_both_parsers_agree_on_every_case(path: Path) -> None:
    blocks = path.read_text(encoding="utf-8").split("```yaml jobs")[1:]
    assert [
        text for text in blocks if outline(parse(_body(text))) != outline(parse_slowly(_body(text)))
    ] == []


def _body(block: str) -> str:
    return block.partition("\n")[2].partition("```")[0]


@given(
    st.lists(SNIPPETS, max_size=14).map("".join)
    | JSON.map(lambda data: yaml.safe_dump({"a": data, "b": data}))
)
def test_the_quick_way_agrees_with_the_thorough_one_where_it_goes_through(text: str) -> None:
    quick, whole = parse(text), core_yaml.parse_whole(SourceText("a.yaml", text), CParser)
    assert outline(quick) == outline(whole)
    for document in quick.documents:
        keys = list(document.value) if isinstance(document.value, dict) else []
        (thorough,) = [other for other in whole.documents if other.node == document.node][:1]
        for path in [(), *[(key,) for key in keys]]:
            assert document.value_place(path) == thorough.value_place(path)
            assert document.key_place(path) == thorough.key_place(path)


@pytest.mark.parametrize(
    ("text", "is_quick"),
    [
        ("a: {b: [1, 'x', \"y\", ~]}\nc: https://x.example?a=1&b=2!\n'd': [{hour: \"*\"}]\n---\ne: 1", True),
        *[
            (text, False)
            for text in ("a: &x 1", "a: [*x]", "a: !!str 1", '{"a":!x 1}', "{?!x a: 1}", '"\\n": 1')
        ],
        *[
            (text, False)
            for text in ("a: .nan", "1: a", "<<: {}", "- a", "a: 1\na: 1", "a: b: c", "[", "", "a: \x85")
        ],
    ],
)
def test_only_what_is_unusual_is_read_twice(text: str, is_quick: bool) -> None:  # noqa: FBT001
    assert any(document.read_node is not None for document in parse(text).documents) is is_quick


# Places


def leaves(data: Any, path: ValuePath = ()) -> Iterator[tuple[ValuePath, Any]]:
    if isinstance(data, dict):
        for key, item in data.items():
            yield from leaves(item, (*path, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from leaves(item, (*path, index))
    else:
        yield path, data


def written(document: Document, path: ValuePath) -> str:
    start, end, _ = find(document.node, path) or (0, 0, None)
    return document.source.text[start:end]


@given(JSON, st.sampled_from([None, 2]), st.sampled_from(["yaml", "json"]))
def test_the_place_of_a_scalar_and_of_a_key_is_its_text(data: Any, indent: int | None, kind: str) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    reader: Callable[[SourceText], Parsed] = core_yaml.parse if kind == "yaml" else jsonc.parse
    for document in reader(SourceText("a", text)).documents:
        for path, leaf in leaves(data):
            assert same(json.loads(written(document, path)), leaf)
            if path and isinstance(path[-1], str):
                start, end = find_key(document.node, path) or (0, 0)
                assert json.loads(text[start:end]) == path[-1]


def test_lines_and_columns_count_characters_whatever_ends_a_line() -> None:
    for end in ("\n", "\r\n", "\r"):
        (document,) = parse(end.join(["# é😀", "a: 😀", "b:", "  - c", "  - ddd"])).documents
        place = document.value_place(("b", 1))
        assert place is not None
        span = place.span
        assert (span.line, span.column, span.end_line, span.end_column) == (5, 5, 5, 8)
        assert document.source.line(2) == "a: 😀"


def test_the_place_of_a_mapping_is_its_first_line() -> None:
    (document,) = parse("a:\n  b: 1\n  c: 2\nd: {e: 1,\n  f: 2}\n").documents
    places = [document.value_place(path) for path in ((), ("a",), ("d",))]
    assert [str(place.span) if place else "" for place in places] == [
        "a.yaml:1:1",
        "a.yaml:2:3",
        "a.yaml:4:4",
    ]
    assert all(place and place.span.line == place.span.end_line for place in places)


def test_an_alias_has_its_own_place_and_what_is_in_it_that_of_the_anchor() -> None:
    (document,) = parse("a: &x {b: 1}\nc: *x\n").documents
    assert same(document.value, {"a": {"b": 1}, "c": {"b": 1}})
    assert written(document, ("c",)) == "*x"
    assert find(document.node, ("c", "b")) == find(document.node, ("a", "b"))


def test_an_anchor_may_be_used_again_for_another_value_and_ends_with_its_document() -> None:
    assert same(value("[&x 1, *x, &x 2, *x]"), [1, 1, 2, 2])
    (finding,) = parse("--- &x a\n--- *x\n").findings
    assert finding.code == "S015"


def test_nesting_up_to_the_limit_is_fine_and_no_depth_breaks_the_reader() -> None:
    for opening, closing in (("[", "]"), ("{a: ", "}")):
        assert parse(opening * 100 + closing * 100).findings == ()
        for depth in (101, 5000):
            (finding,) = parse(opening * depth + closing * depth).findings
            assert finding.code == "S016"


def test_aliases_may_stand_for_much_but_not_for_everything() -> None:
    item = "x" * 1000
    fine = f"a: &a [{', '.join([item] * 100)}]\nb: [{', '.join(['*a'] * 100)}]\n"
    assert parse(fine).findings == ()
    (finding,) = parse(f"{fine}c: [{', '.join(['*a'] * 100)}]\n").findings
    assert finding.code == "S015"
