"""Each case shows files and exactly what is said of them; so does each section of the reference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from source_cases import Case, cases, run

from jobsync.source import codes

REPOSITORY = Path(__file__).parent.parent.parent
CASES = [case for path in sorted((REPOSITORY / "tests/cases/source").glob("*.md")) for case in cases(path)]
REFERENCE = REPOSITORY / "docs/reference/diagnostics.md"
SECTIONS = list(cases(REFERENCE))
CODES = {value for name, value in vars(codes).items() if name.isupper()}


@pytest.mark.parametrize("case", CASES + SECTIONS, ids=str)
def test_a_case_says_exactly_this(case: Case, tmp_path: Path) -> None:
    said = run(case, tmp_path)
    assert said.text == (case.text("text", "diagnostics") or "")
    jobs = case.text("text", "jobs")
    assert jobs is None or said.ids == jobs


def test_every_code_has_a_section_in_the_reference_with_an_example_that_shows_it() -> None:
    shown = {section.title.split(":")[0]: section.text("text", "diagnostics") or "" for section in SECTIONS}
    assert {code for code in CODES if f"[{code}]" not in shown.get(code, "")} == set()


def test_every_code_has_a_case() -> None:
    said = "".join(case.text("text", "diagnostics") or "" for case in CASES)
    assert {code for code in CODES if f"[{code}]" not in said} == set()


def test_every_section_of_the_reference_says_what_it_means_and_the_way_out() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    sections = re.split(r"^### (?=S\d)", text, flags=re.MULTILINE)[1:]
    assert [section.split(":")[0] for section in sections] == sorted(CODES)
    assert [section.split(":")[0] for section in sections if "\n**Way out.** " not in section] == []


def test_twelve_mistakes_are_twelve_diagnostics_in_one_run_sorted_and_in_place(tmp_path: Path) -> None:
    (case,) = (case for case in CASES if case.file == "twelve-mistakes.md")
    said = run(case, tmp_path)
    assert len(said.diagnostics) == 12
    assert said.diagnostics == sorted(said.diagnostics, key=lambda diagnostic: diagnostic.order)
    source = case.text("yaml", "jobs/prices.yaml") or ""
    marked = [line for line, text in enumerate(source.splitlines(), start=1) if "# !" in text]
    assert [diagnostic.span.line for diagnostic in said.diagnostics if diagnostic.span] == marked
