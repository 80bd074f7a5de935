from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsync.schedule import duration
from jobsync.schedule.duration import milliseconds, parse_ms, suggestion, to_text

# What version 2.1.3 of the npm package `ms` gives for each text.
READ_BY_MS = [
    ("100", 100),
    ("1", 1),
    ("0", 0),
    ("-1", -1),
    ("0.5", 0.5),
    (".5", 0.5),
    ("-.5", -0.5),
    ("100ms", 100),
    ("100 ms", 100),
    ("1 millisecond", 1),
    ("53 milliseconds", 53),
    ("17 msecs", 17),
    ("5 msec", 5),
    ("1s", 1000),
    ("1 sec", 1000),
    ("1 secs", 1000),
    ("1 second", 1000),
    ("2 seconds", 2000),
    ("0.25s", 250),
    (".5s", 500),
    ("-3s", -3000),
    ("1.001s", 1000.9999999999999),
    ("1m", 60000),
    ("1 min", 60000),
    ("1 mins", 60000),
    ("1 minute", 60000),
    ("3 minutes", 180000),
    ("1.5m", 90000),
    ("90m", 5400000),
    ("4.1m", 245999.99999999997),
    ("1h", 3600000),
    ("1 hr", 3600000),
    ("1 hrs", 3600000),
    ("1 hour", 3600000),
    ("2 hours", 7200000),
    ("1.1h", 3960000.0000000005),
    ("2.5 hrs", 9000000),
    ("-.5h", -1800000),
    ("-10.5 hours", -37800000),
    ("-100 milliseconds", -100),
    ("1d", 86400000),
    ("1 day", 86400000),
    ("2 days", 172800000),
    ("1.1d", 95040000.00000001),
    ("0.1d", 8640000),
    ("1w", 604800000),
    ("1 week", 604800000),
    ("3 weeks", 1814400000),
    ("1y", 31557600000),
    ("1 yr", 31557600000),
    ("2 yrs", 63115200000),
    ("1 year", 31557600000),
    ("2 years", 63115200000),
    ("0.5y", 15778800000),
    ("1   s", 1000),
    ("1.5H", 5400000),
    ("53 YeArS", 1672552800000),
    ("10 MINUTES", 600000),
    ("5 ", 5),
    ("007s", 7000),
    ("00.50h", 1800000),
    ("123456789ms", 123456789),
    ("9007199254740993", 9007199254740992),
    ("1" + "0" * 99, 1e99),
    ("9" * 98 + "y", 3.15576e108),
]
REFUSED_BY_MS = [
    *("1e3", "1h30m", "1h 30m", "1d12h", "1 h h", "1 month", "1mo", "1 fortnight", "PT1H", "1 sec."),
    *("", " 1s", "  1s", "1s ", "1\ts", "1s\n", "1\u00a0s", "- 1s", "+1s", "--1s", "-", ".", "h", "ms"),
    *("1.", "1. s", "1.2.3s", "1,5h", "1_000", "0x10", "Infinity", "NaN", "\u2603", "\u0663s", "5\u017f"),
    *("1" + "0" * 100, "9" * 99 + " y"),
]


@pytest.mark.parametrize(("text", "expected"), READ_BY_MS)
def test_a_text_is_read_as_the_platform_reads_it(text: str, expected: float) -> None:
    assert parse_ms(text) == float(expected)


@pytest.mark.parametrize("text", REFUSED_BY_MS)
def test_a_text_that_the_platform_cannot_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_ms(text)


def test_the_reason_says_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"^`1h30m` is no duration$"):
        parse_ms("1h30m")
    with pytest.raises(ValueError, match="at most 100 characters, this one has 101"):
        parse_ms("1" * 101)


@given(st.integers(-(2**53), 2**53))
def test_a_written_duration_reads_back_as_the_same(ms: int) -> None:
    assert parse_ms(to_text(ms)) == ms


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (21_600_000, "6h"),
        (600_000, "10m"),
        (1_500, "1500ms"),
        (5_400_000, "90m"),
        (86_400_000, "1d"),
        (604_800_000, "1w"),
        (31_557_600_000, "8766h"),
        (-3_600_000, "-1h"),
        (0, "0s"),
    ],
)
def test_a_duration_is_written_in_the_largest_unit_that_takes_no_fraction(ms: int, text: str) -> None:
    assert to_text(ms) == text


@pytest.mark.parametrize(("raw", "ms"), [(3_600_000, 3_600_000), ("1h", 3_600_000), (2.0, 2), ("-0s", 0)])
def test_whole_milliseconds_are_integers_however_they_came(raw: float | str, ms: int) -> None:
    read = milliseconds(raw)
    assert (read, type(read)) == (ms, int)


def test_a_fraction_of_a_millisecond_is_kept() -> None:
    assert milliseconds(1500.5) == 1500.5
    assert milliseconds("0.5ms") == 0.5


@pytest.mark.parametrize("raw", [True, False, None, [], {}, math.nan, math.inf, "soon"])
def test_what_is_no_duration_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="duration"):
        milliseconds(raw)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1h30m", "90m"),
        ("1h 30m", "90m"),
        ("1 day and 12 hours", "36h"),
        ("1d, 12h", "36h"),
        (" 6h", "6h"),
        ("6h\n", "6h"),
        ("1m30", None),
        ("soon", None),
        ("", None),
        ("1 month", None),
        ("0m0s", None),
        ("9" * 400 + "h", None),
        ("9" * 90 + "h1m", None),
    ],
)
def test_what_was_probably_meant_is_suggested(text: str, meant: str | None) -> None:
    assert suggestion(text) == meant


def test_the_longest_duration_is_what_64_bits_of_nanoseconds_hold() -> None:
    assert duration.MAX_MS == 9_223_372_036_854
    assert duration.MAX_MS // duration.YEAR == 292
