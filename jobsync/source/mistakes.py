"""The findings about single keys and values, in YAML and in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.source import codes
from jobsync.source.document import MAX_DEPTH
from jobsync.source.finding import Finding, shortened
from jobsync.source.text import Place

if TYPE_CHECKING:
    from jobsync.model.values import Json
    from jobsync.source.node import Entry
    from jobsync.source.scalars import NotJsonError


def duplicate_key(place: Place, key: str, first: Entry) -> Finding:
    """Report a key that a mapping has already."""
    return Finding(
        codes.DUPLICATE_KEY,
        f"the key `{shortened(key)}` is in this mapping already",
        place,
        hint="keep one of them",
        related=(("the first one is here", Place(place.source, first[0], first[1])),),
    )


def forbidden_character(place: Place) -> Finding:
    """Report a text that holds, by an escape, what the platform cannot store."""
    summary = "this text holds U+0000 or half of a surrogate pair, which the platform cannot store"
    return Finding(codes.CHARACTER, summary, place, hint="remove the escape")


def not_json(place: Place, error: NotJsonError) -> Finding:
    """Report a number that cannot be sent as it is."""
    return Finding(codes.NUMBER, error.summary, place, hint=error.hint)


def too_deep(place: Place) -> Finding:
    """Report values that nest too deep."""
    summary = f"mappings and lists nest more than {MAX_DEPTH} deep"
    return Finding(codes.DEPTH, summary, place, hint="nest less")


def key_is_no_text(place: Place, key: Json) -> Finding:
    """Report a key that is a number, a list or the like."""
    hint = "put it in quotes"
    if isinstance(key, dict):
        what = "a mapping"
        if place.source.text.startswith("{{", max(0, place.start - 1)):
            hint = "templates such as `{{ x }}` are not rendered; use `${var.x}`, or put the text in quotes"
    elif isinstance(key, list):
        what = "a list"
    else:
        what = "null" if key is None else "a boolean" if isinstance(key, bool) else "a number"
    return Finding(codes.KEY_TYPE, f"a key must be text, and this one is {what}", place, hint=hint)


def merge_key(place: Place) -> Finding:
    """Report a `<<` as a key."""
    return Finding(
        codes.MERGE_KEY,
        "`<<` merges mappings in YAML 1.1 only; in YAML 1.2 it is a key like any other",
        place,
        hint="write the keys out, or put what all jobs share under `defaults` in jobsync.yaml",
    )


def unknown_tag(place: Place) -> Finding:
    """Report a tag that is none of the core schema's, or one of another kind of value."""
    return Finding(
        codes.TAG,
        "this tag is unknown, or does not fit a value like this",
        place,
        hint="remove it, or put a text that begins with `!` in quotes",
    )


def unfit_tag(place: Place, name: str) -> Finding:
    """Report a scalar that is not of the type its tag says."""
    return Finding(codes.TAG, f"this does not fit its tag `!!{name}`", place, hint="remove the tag")


def unknown_anchor(place: Place, name: str) -> Finding:
    """Report an alias that names nothing."""
    hint = f"put `&{shortened(name)}` before the value to repeat, or the text in quotes"
    return Finding(codes.ALIAS, "no anchor of this name is above", place, hint=hint)


def recursive_alias(place: Place) -> Finding:
    """Report an alias that names a value it is in."""
    return Finding(codes.ALIAS, "an alias repeats a value inside itself", place, hint="write the value out")


def alias_bomb(place: Place, limit: int) -> Finding:
    """Report aliases of aliases that stand for more than any job can be."""
    summary = f"aliases stand for more than {limit // 2**20} MiB of text"
    return Finding(codes.ALIAS, summary, place, hint="use fewer of them")
