"""PyYAML's parser in pure Python, for installations without libyaml: the same events, many times slower."""

from __future__ import annotations

import re
from typing import Any

from yaml.events import ScalarEvent
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

_SURROGATE = re.compile("[\ud800-\udfff]")


class PureParser(Reader, Scanner, Parser):
    """Reads a text that is decoded already."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def get_event(self) -> Any:
        """Return the next event; an empty scalar with the tag `!` is an empty text, as libyaml has it."""
        event = super().get_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it open
        if type(event) is ScalarEvent and event.tag == "!" and not event.value:
            event.implicit = (False, True)
        return event

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> list[str]:  # noqa: FBT001  PyYAML's
        """Refuse escapes that name no character, as libyaml does; PyYAML makes surrogates of some of them."""
        chunks: list[str]
        try:
            chunks = super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError) as error:
            raise self._no_character(start_mark) from error
        if any(_SURROGATE.search(chunk) for chunk in chunks):
            raise self._no_character(start_mark)
        return chunks

    def _no_character(self, start_mark: Any) -> ScannerError:
        problem = "found invalid Unicode character escape code"
        return ScannerError("while scanning a double-quoted scalar", start_mark, problem, self.get_mark())
