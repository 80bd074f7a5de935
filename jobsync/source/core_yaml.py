"""YAML to documents, with libyaml where PyYAML has it and with PyYAML's own parser where it has not."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from yaml.error import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from jobsync.source import codes, scalars, syntax, yaml_quick
from jobsync.source.document import Document, Parsed, Unreadable
from jobsync.source.finding import Finding
from jobsync.source.text import Place
from jobsync.source.yaml_builder import YamlBuilder

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobsync.source.node import Node
    from jobsync.source.text import SourceText

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_BREAKS_OF_1_1 = "\x85\u2028\u2029"
_LAST_OF_LATIN_1 = 0xFF


def parse(source: SourceText) -> Parsed:
    """Read every document of a YAML file; never raises for what is in it. Empty documents are left out."""
    new_parser = _fastest_parser()
    if not yaml_quick.is_plain(source.text):
        return parse_whole(source, new_parser)
    try:
        events = new_parser(source.text)
        read = yaml_quick.read(events.get_event)
    except (yaml_quick.NotPlainError, scalars.NotJsonError, YAMLError, UnicodeEncodeError):
        return parse_whole(source, new_parser)

    @cache
    def whole() -> tuple[Document, ...]:
        return parse_whole(source, new_parser).documents

    return Parsed(
        tuple(
            Document(source, value, top, read_node=partial(_node_of, whole, number))
            for number, (value, top) in enumerate(read)
        ),
        (),
    )


def parse_whole(source: SourceText, new_parser: Callable[[str], Any]) -> Parsed:
    """Read a file with the place of everything in it, and with every problem that it has.

    `new_parser` makes one of PyYAML's event parsers from the text.
    """
    documents: list[Document] = []
    findings: list[Finding] = []
    try:
        _refuse_line_breaks_of_1_1(source)
        events = new_parser(source.text)
        builder = YamlBuilder(source, events.get_event, findings)
        while builder.has_next():
            document = builder.document()
            if document is not None:
                documents.append(document)
    except Unreadable as stop:
        findings.append(stop.finding)
    except MarkedYAMLError as error:
        findings.append(syntax.explain(error, source))
    except (ReaderError, UnicodeEncodeError):
        # How much was read before the character depends on the parser.
        unprintable = _UNPRINTABLE.search(source.text)
        finding = _misplaced(source, unprintable.start() if unprintable else 0)
        return Parsed((), (finding,), is_complete=False)
    else:
        return Parsed(tuple(documents), tuple(findings))
    return Parsed(tuple(documents), tuple(findings), is_complete=False)


def _node_of(whole: Callable[[], tuple[Document, ...]], number: int) -> Node:
    return whole()[number].node


def _fastest_parser() -> Callable[[str], Any]:
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]  # it is there, only not in `__all__`
    except ImportError:
        from jobsync.source.pure_yaml import PureParser

        return PureParser
    return CParser


def _refuse_line_breaks_of_1_1(source: SourceText) -> None:
    """YAML 1.2 reads these three as text, PyYAML as line breaks: a text would silently be another one."""
    found = [source.text.find(character) for character in _LINE_BREAKS_OF_1_1 if character in source.text]
    if found:
        raise Unreadable(_misplaced(source, min(found)))


def _misplaced(source: SourceText, offset: int) -> Finding:
    character = source.text[offset : offset + 1] or "\0"
    number = ord(character)
    hint = "remove it"
    if not scalars.FORBIDDEN.match(character):
        escape = f"\\x{number:02x}" if number <= _LAST_OF_LATIN_1 else f"\\u{number:04x}"
        hint = f"remove it, or write `{escape}` in double quotes"
    summary = f"the character U+{number:04X} cannot stand in a YAML file"
    return Finding(codes.CHARACTER, summary, Place(source, offset, offset + 1), hint=hint)
