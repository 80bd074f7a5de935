"""Diagnostics on a terminal and as JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsync.diagnostics import Diagnostic, Related, Severity, Span
from jobsync.render.diagnostics import tally, to_json, to_text
from jobsync.render.screen import cells
from jobsync.render.style import Role, Style


def diagnostic(
    excerpt: str | None = None, first: int = 1, last: int | None = None, line: int = 7, **others: object
) -> Diagnostic:
    span = Span("jobs/a.yaml", line, first, line, last or first + 1)
    fields = {"code": "S031", "severity": Severity.ERROR, "summary": "a job has no key `x`", "span": span}
    return Diagnostic(**{**fields, "excerpt": excerpt, **others})  # type: ignore[arg-type]  # fields by name


def shown(item: Diagnostic, width: int = 80) -> list[str]:
    return to_text([item], width=width).splitlines()


def test_everything_has_its_line() -> None:
    related = Related("the first one is here", Span("jobs/b.yaml", 3, 1, 3, 2))
    item = diagnostic(
        "  paylod: []",
        3,
        9,
        detail="Two lines\nof detail",
        related=(related,),
        hint="did you mean `payload`?",
    )
    assert (
        to_text([item])
        == """\
jobs/a.yaml:7:3: error[S031]: a job has no key `x`
  Two lines
  of detail
  7 |   paylod: []
    |   ^^^^^^
  jobs/b.yaml:3:1: the first one is here
  hint: did you mean `payload`?"""
    )


def test_what_has_no_place_is_told_without_one_and_last() -> None:
    plan = Diagnostic("P002", Severity.WARNING, "plan deletes 6 jobs")
    assert to_text([plan, diagnostic()]).splitlines() == [
        "jobs/a.yaml:7:1: error[S031]: a job has no key `x`",
        "",
        "warning[P002]: plan deletes 6 jobs",
    ]


def test_nothing_is_told_of_nothing() -> None:
    assert to_text([]) == ""
    assert tally([]) == ""


def test_a_hint_is_written_once() -> None:
    items = [diagnostic(line=line, hint="keep one of them") for line in (2, 1)]
    assert to_text(items).splitlines() == [
        "jobs/a.yaml:1:1: error[S031]: a job has no key `x`",
        "  hint: keep one of them",
        "",
        "jobs/a.yaml:2:1: error[S031]: a job has no key `x`",
    ]


@pytest.mark.parametrize(
    ("line", "first", "last", "expected"),
    [
        ("\ta: b", 5, 6, ["  7 |     a: b", "    |        ^"]),
        ("a\tb: c", 3, 4, ["  7 | a   b: c", "    |     ^"]),
        ("日本: x", 5, 6, ["  7 | 日本: x", "    |       ^"]),
        ("日本: x", 1, 3, ["  7 | 日本: x", "    | ^^^^"]),
        ("e\u0301: x", 5, 6, ["  7 | e\u0301: x", "    |    ^"]),
        ("a: b", 5, 5, ["  7 | a: b", "    |     ^"]),
        ("a: b", 99, 100, ["  7 | a: b", "    |     ^"]),
        ("a\x1b: b", 4, 5, ["  7 | a\ufffd: b", "    |    ^"]),
    ],
)
def test_carets_stand_below_what_they_mean(line: str, first: int, last: int, expected: list[str]) -> None:
    assert shown(diagnostic(line, first, last))[1:] == expected


def test_carets_end_with_the_line_where_the_span_goes_on() -> None:
    span = Span("jobs/a.yaml", 7, 4, 9, 2)
    assert shown(diagnostic("a: |", span=span))[2] == "    |    ^"


def test_a_long_line_is_cut_round_the_carets() -> None:
    line = f"{'a' * 100} HERE {'b' * 100}"
    assert shown(diagnostic(line, 102, 106), width=40)[1:] == [
        "  7 | …aaaaaaaaa HERE bbbbbbbbbbbbbbbbb…",
        "    |            ^^^^",
    ]
    assert shown(diagnostic(line, 1, 3), width=40)[1].endswith("a…")
    end = shown(diagnostic(line, len(line), len(line) + 1), width=40)
    assert end[1].startswith("  7 | …b")
    assert end[1][-1] == "b"
    assert len(end[1]) == len(end[2])


@given(
    st.text(max_size=120),
    st.integers(1, 130),
    st.integers(0, 130),
    st.integers(0, 130),
    st.integers(1, 10**6),
)
def test_no_excerpt_is_wider_than_the_terminal_and_carets_are_always_there(
    line: str, first: int, length: int, width: int, number: int
) -> None:
    line = line.replace("\n", " ").replace("\r", " ")
    text, below = to_text([diagnostic(line, first, first + length, number)], width=width).split("\n")[1:3]
    assert cells(text) <= max(width, 40)
    assert cells(below) <= max(width, 40) + 1
    assert set(below.rpartition("|")[2].strip()) == {"^"}


def test_nothing_a_terminal_would_obey_gets_through() -> None:
    item = diagnostic("x\x1b[2J", summary="a key `\x1b[31m`", hint="\x07", detail="\u202e")
    assert all(line.isprintable() for line in shown(item))


def test_colours_add_nothing_but_colour() -> None:
    class Marked(Style):
        def paint(self, role: Role | None, text: str) -> str:
            return f"<{role}>{text}</>"

    item = diagnostic("a: b", 1, 2, hint="remove it")
    assert to_text([item], style=Marked()).splitlines() == [
        "<bold>jobs/a.yaml:7:1:</> <remove>error[S031]:</> a job has no key `x`",
        "  <dim>7 |</> a: b",
        "  <dim>  |</> <remove>^</>",
        "  <bold>hint:</> remove it",
    ]
    warning = diagnostic("a: b", 1, 2, severity=Severity.WARNING)
    assert "<warn>^</>" in to_text([warning], style=Marked())


def test_json_has_terraforms_names_and_every_key() -> None:
    related = Related("the first one is here", Span("jobs/b.yaml", 3, 1, 3, 2))
    plan = Diagnostic("P002", Severity.WARNING, "plan deletes 6 jobs", hint="pass --allow-delete 6")
    assert to_json([plan, diagnostic("a: b", 1, 2, related=(related,))]) == [
        {
            "severity": "error",
            "code": "S031",
            "summary": "a job has no key `x`",
            "detail": None,
            "hint": None,
            "range": {
                "filename": "jobs/a.yaml",
                "start": {"line": 7, "column": 1},
                "end": {"line": 7, "column": 2},
            },
            "excerpt": "a: b",
            "related": [
                {
                    "message": "the first one is here",
                    "range": {
                        "filename": "jobs/b.yaml",
                        "start": {"line": 3, "column": 1},
                        "end": {"line": 3, "column": 2},
                    },
                }
            ],
        },
        {
            "severity": "warning",
            "code": "P002",
            "summary": "plan deletes 6 jobs",
            "detail": None,
            "hint": "pass --allow-delete 6",
            "range": None,
            "excerpt": None,
            "related": [],
        },
    ]


def test_a_tally_counts_in_words() -> None:
    warning = diagnostic(severity=Severity.WARNING)
    assert tally([diagnostic()]) == "1 error"
    assert tally([diagnostic(), diagnostic(), warning]) == "2 errors, 1 warning"
    assert tally([warning, warning]) == "2 warnings"
