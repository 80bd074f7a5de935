"""Plain scalars by the core schema of YAML 1.2, less what JSON cannot hold.

`on`, `no`, `12:30`, `2024-01-01` and `1_000` are text. So are numbers that are led by a zero, such as `08`:
readers disagree whether they are octal, and people who write them mean a code, a month or a postal code.
"""

from __future__ import annotations

import math
import re
from typing import Final

from jobsync.model.values import MAX_EXACT_INTEGER

MAYBE_NOT_TEXT: Final = frozenset("+-.0123456789~nNtTfF<")
"""A plain scalar that begins with anything else is text, and so is a key."""

_NUMERIC: Final = frozenset("+-.0123456789")

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII)

_MOST_DIGITS = 17
"""Longer integers are beyond 2**53, and Python takes quadratic time to read them."""

FORBIDDEN = re.compile("[\0\ud800-\udfff]")
"""Characters that an escape can spell and the platform cannot store."""


class NotJsonError(ValueError):
    """A number that JSON, or the platform's reading of it, cannot hold. Never quotes the number."""

    def __init__(self, summary: str, hint: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.hint = hint


def resolve(text: str) -> bool | int | float | str | None:
    """Return what a plain scalar means; raises `NotJsonError` for NaN, infinity and inexact integers."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC:
        return text
    if _INTEGER.fullmatch(text):
        return integer(text)
    if _FLOAT.fullmatch(text):
        return real(text)
    if _OTHER_BASE.fullmatch(text):
        return _exact(int(text, 0))
    if _NOT_FINITE.fullmatch(text):
        raise NotJsonError("JSON has neither infinity nor NaN", "put it in quotes if it is meant as text")
    return text


def integer(text: str) -> int:
    """Read a decimal integer; raises `NotJsonError` beyond 2**53, where the platform rounds."""
    return _exact(int(text) if len(text) <= _MOST_DIGITS else MAX_EXACT_INTEGER + 1)


def _exact(value: int) -> int:
    if abs(value) > MAX_EXACT_INTEGER:
        raise NotJsonError(
            "this integer is beyond 2^53, where the platform rounds it to another one",
            "put it in quotes, so that it is kept as text",
        )
    return value


def real(text: str) -> float:
    """Read a decimal fraction; raises `NotJsonError` where it is too large for a 64-bit float."""
    value = float(text)
    if math.isinf(value):
        raise NotJsonError("this number is too large for JSON", "put it in quotes if it is meant as text")
    return value
