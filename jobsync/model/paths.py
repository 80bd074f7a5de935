"""Paths into a job: `("sink", "headers", "X-Token")` in code, `sink.headers.X-Token` on screen."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

ANY_ITEM = "*"
"""Stands for every index of a list in a pattern of paths."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*|\*")


@lru_cache(maxsize=4096)
def to_text(path: Path) -> str:
    """Write a path for a person: `payload[3].parameters.url`; a key that is no plain word is quoted."""
    parts: list[str] = []
    for part in path:
        if isinstance(part, int):
            parts.append(f"[{part}]")
        elif part == ANY_ITEM:
            parts.append("[*]")
        elif _PLAIN.fullmatch(part):
            parts.append(f".{part}" if parts else part)
        else:
            parts.append(f"[{json.dumps(part, ensure_ascii=False)}]")
    return "".join(parts)


_PART = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_-]*|\*)|\[(\d+)\]|\[\*\]|\[("(?:[^"\\]|\\.)*")\]')


@lru_cache(maxsize=4096)
def parse(text: str) -> Path:
    """Read a path that `to_text` wrote; raises ValueError for anything else."""
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            raise ValueError(f"not a path: {text!r}")
        word, index, quoted = match.groups()
        if word is not None:
            parts.append(word)
        elif index is not None:
            parts.append(int(index))
        else:
            parts.append(ANY_ITEM if quoted is None else json.loads(quoted))
        position = match.end()
    return tuple(parts)


def to_pattern(path: Path) -> Path:
    """Replace every list index by `*`, so that one item's place speaks for all of them."""
    return tuple(ANY_ITEM if isinstance(part, int) else part for part in path)
