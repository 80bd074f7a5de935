"""Text on a terminal: its width, how it is cut, and that it is only text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsync.render.screen import Line, cells, safe, shorten, shorten_pair, wrap
from jobsync.render.style import COLOUR, PLAIN, Role

ROOM = st.integers(1, 60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, also Grüße and 日本", "plain text, also Grüße and 日本"),
        ("\x1b[2Jgone", "\\u001b[2Jgone"),
        ("two\nlines\tand\rmore", "two\\nlines\\tand\\rmore"),
        ("\x9b31m", "\\u009b31m"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_what_cannot_be_printed_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text())
def test_safe_text_is_printable_encodable_and_stays_as_it_is(text: str) -> None:
    once = safe(text)
    assert once.isprintable()
    assert once.encode().decode() == once
    assert safe(once) == once


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert [cells("ab"), cells("日本"), cells("e\u0301"), cells("…")] == [2, 4, 1, 1]


@given(st.text().map(safe), ROOM)
def test_shortened_text_fits_and_short_text_is_left_alone(text: str, room: int) -> None:
    short = shorten(text, room)
    assert cells(short) <= room
    assert (short == text) == (cells(text) <= room)


def test_text_is_cut_in_the_middle() -> None:
    assert shorten("https://shop.example/very/long/path", 15) == "https:/…ng/path"


@given(st.text(max_size=90).map(safe), st.text(max_size=90).map(safe), st.integers(8, 60))
def test_two_shortened_texts_fit_and_still_differ(before: str, after: str, room: int) -> None:
    short = shorten_pair(before, after, room)
    assert max(map(cells, short)) <= room
    # A difference that is only a combining character may still be lost behind the cut.
    if before.isascii() and after.isascii():
        assert (short[0] == short[1]) == (before == after)


@given(st.text().map(safe), st.integers(10, 60))
def test_wrapping_keeps_every_word_in_its_order(text: str, room: int) -> None:
    assert " ".join(wrap(text, room)) == text


def test_a_line_never_lets_control_characters_through_whatever_its_style() -> None:
    line = Line().add("job.\x1b[2J", Role.ADD).add(" done")
    assert line.paint(PLAIN) == "job.\\u001b[2J done"
    assert line.paint(COLOUR) == "\x1b[32mjob.\\u001b[2J\x1b[0m done"
