"""JSON as the platform reads it: JavaScript's numbers, and only text that its database can hold."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

MAX_EXACT_INTEGER = 2**53
_FIRST_WITH_EXPONENT = 1e21
"""JavaScript writes numbers from here on with an exponent, even whole ones."""


class NotJson(ValueError):
    """A body that cannot be read. The message says why, without repeating a value."""


def parse(body: bytes) -> Any:
    """Read a JSON body; raises `NotJson`.

    `2.0` becomes 2, as it does in JavaScript, and an integer beyond 2**53 the nearest double. NUL and lone
    surrogates, which no PostgreSQL text can hold, are refused.
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_int=_integer, parse_float=_number, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise NotJson(f"the body is not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"the body is not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise NotJson("the body is nested too deeply") from None
    if "\\u" in text:
        _check_text(value)
    return value


def dump(value: Any) -> bytes:
    """Write JSON compactly, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _integer(digits: str) -> int | float:
    if len(digits) < len(str(MAX_EXACT_INTEGER)):
        return int(digits)
    return _number(digits)


def _number(digits: str) -> int | float:
    number = float(digits)
    if math.isinf(number):
        raise NotJson("the body has a number that is too large")
    return int(number) if number.is_integer() and abs(number) < _FIRST_WITH_EXPONENT else number


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"the body is not JSON: {name} is no number")


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise NotJson("the body has text that cannot be stored: NUL or half of a surrogate pair")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
