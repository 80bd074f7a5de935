"""What is wrong with a file that is not YAML, in our own words and at the most telling place.

libyaml and PyYAML's own parser word the same mistakes differently; both are understood here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobsync.source import codes
from jobsync.source.finding import Finding
from jobsync.source.text import Place

if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

    from jobsync.source.text import SourceText


@dataclass(frozen=True, slots=True)
class _Mistake:
    """`sign` is what parsers say.

    `at_beginning` puts the problem where the construct begins; with `here`, only if that is on another line.
    """

    sign: str
    summary: str
    hint: str
    at_beginning: bool = False
    here: str | None = None
    code: str = codes.SYNTAX


_TAB = _Mistake("tab character", "a tab cannot indent", "indent with spaces")
_QUOTE_IT = "put the text in quotes"

_MISTAKES = (
    _TAB,
    _Mistake("directive", "a `%` directive cannot be read", "remove it; no job file needs one"),
    _Mistake("incompatible yaml", "only YAML 1.x can be read", "remove the `%YAML` line"),
    _Mistake(
        "mapping values are not allowed",
        "a `:` cannot stand here",
        "put a text that holds `: ` in quotes, or check the indentation",
    ),
    _Mistake(
        "sequence entries are not allowed", "a `- ` cannot stand here", "begin the list on its own line"
    ),
    _Mistake("mapping keys are not allowed", "a `? ` cannot stand here", _QUOTE_IT),
    _Mistake(
        "could not find expected ':'", "this is a key without a `:`", "write `key: value`", at_beginning=True
    ),
    _Mistake(
        "flow sequence",
        "a list that begins with `[` is not closed",
        "put texts with `,`, `: `, `[` or `{` in quotes",
        at_beginning=True,
        here="a `,` or `]` is missing before this",
    ),
    _Mistake(
        "flow mapping",
        "a mapping that begins with `{` is not closed",
        "put texts with `,`, `: `, `[` or `{` in quotes",
        at_beginning=True,
        here="a `,` or `}` is missing before this",
    ),
    _Mistake(
        "unexpected end of stream",
        "a text in quotes is not closed",
        "write the closing quote",
        at_beginning=True,
    ),
    _Mistake(
        "unexpected document",
        "a text in quotes runs into the next document",
        "write the closing quote",
        at_beginning=True,
    ),
    _Mistake(
        "unknown escape character",
        "there is no such `\\` escape",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    _Mistake(
        "unicode character escape",
        "this escape names no character",
        "write the character itself, or `\\U` and eight digits",
        code=codes.CHARACTER,
    ),
    _Mistake(
        "hexdecimal number", "a `\\x` or `\\u` escape needs hexadecimal digits", "write `\\\\` for a `\\`"
    ),
    _Mistake(
        "hexadecimal number", "a `\\x` or `\\u` escape needs hexadecimal digits", "write `\\\\` for a `\\`"
    ),
    _Mistake("block scalar", "the text of `|` or `>` begins on the next line", "begin a new line after it"),
    _Mistake("tag", "this tag cannot be read", "put a text that begins with `!` in quotes"),
    _Mistake(
        "alphabetic or numeric",
        "an alias or an anchor has no name",
        "put a text that begins with `*` or `&` in quotes",
        at_beginning=True,
    ),
    _Mistake("document start", "a document ended above", "begin the next one with `---`"),
    _Mistake("node content", "a value is missing here", "write it, or remove what is too much"),
    _Mistake(
        "block mapping",
        "this does not belong to the mapping above",
        "check the indentation and the quotes of this line and the one above",
    ),
    _Mistake(
        "block collection",
        "this does not belong to the list above",
        "begin it with `- `, or check the indentation",
    ),
)

_BARE_REFERENCE = "a reference inside `{}` or `[]` needs quotes"

_UNKNOWN = _Mistake("", "this is not YAML", "check the quotes, brackets and indentation around it")


def explain(error: MarkedYAMLError, source: SourceText) -> Finding:
    """Return what a parser's error means for who wrote the file."""
    said = f"{error.context}: {error.problem}".lower()
    offset = error.problem_mark.index if error.problem_mark else 0
    if "cannot start any token" in said:
        mistake = _misplaced(source.text[offset : offset + 1])
    else:
        mistake = next((mistake for mistake in _MISTAKES if mistake.sign in said), _UNKNOWN)
    noticed = _character(source, offset)
    if "flow" in said and source.text.startswith("${", offset - 1):
        return Finding(codes.SYNTAX, _BARE_REFERENCE, noticed, hint='write `"${var.NAME}"`')
    if not mistake.at_beginning or error.context_mark is None:
        return Finding(mistake.code, mistake.summary, noticed, hint=mistake.hint)
    beginning = _character(source, error.context_mark.index)
    is_on_one_line = offset < len(source.text) and source.line_end(beginning.start) >= offset
    if is_on_one_line and mistake.here:
        return Finding(mistake.code, mistake.here, noticed, hint=mistake.hint)
    related = () if is_on_one_line else (("noticed here", noticed),)
    return Finding(mistake.code, mistake.summary, beginning, hint=mistake.hint, related=related)


def _misplaced(character: str) -> _Mistake:
    if character == "\t":
        return _TAB
    shown = "a backtick" if character == "`" else f"`{character}`"
    return _Mistake("", f"a text cannot begin with {shown}", _QUOTE_IT)


def _character(source: SourceText, offset: int) -> Place:
    """Return the place of one character; at the end of the file, of the last one."""
    last = len(source.text.rstrip())
    offset = min(offset, last)
    return Place(source, offset, min(offset + 1, max(last, offset)))
