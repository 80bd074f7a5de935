"""What reaches the terminal: data on stdout, talk on stderr, colours where they are wanted, no secret."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobsync.model.redaction import hide
from jobsync.render.style import COLOUR, PLAIN, Role, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from jobsync.diagnostics import Diagnostic
    from jobsync.model.values import Json

DEFAULT_WIDTH = 80


@dataclass(slots=True)
class Output:
    """Where a command prints. `secrets` are values that must not appear, whoever puts them into a text."""

    out: TextIO
    err: TextIO
    style: Style = PLAIN
    err_style: Style = PLAIN
    width: int = DEFAULT_WIDTH
    secrets: set[str] = field(default_factory=set)

    @classmethod
    def of_terminal(cls, *, no_color: bool) -> Output:
        """Return the output of this process, with colours where a terminal reads and nobody said no."""
        plain = no_color or bool(os.environ.get("NO_COLOR"))
        return cls(
            sys.stdout,
            sys.stderr,
            style=PLAIN if plain or not sys.stdout.isatty() else COLOUR,
            err_style=PLAIN if plain or not sys.stderr.isatty() else COLOUR,
            width=shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns
            if sys.stdout.isatty()
            else DEFAULT_WIDTH,
        )

    @property
    def is_interactive(self) -> bool:
        """Whether somebody watches the talk and can answer."""
        return sys.stdin is not None and sys.stdin.isatty() and self.err.isatty()

    def redact(self, text: str) -> str:
        """Hide every known secret in a text."""
        return hide(text, self.secrets)

    def data(self, text: str) -> None:
        """Print what was asked for."""
        self.out.write(self.redact(text) + "\n")

    def json(self, document: Json) -> None:
        """Print one JSON document."""
        self.data(json.dumps(document, indent=2))

    def json_line(self, document: Json) -> None:
        """Print one line of a JSON lines stream, at once."""
        self.data(json.dumps(document))
        self.out.flush()

    def say(self, text: str) -> None:
        """Print talk, after the data that came before it."""
        self.out.flush()
        self.err.write(self.redact(text) + "\n")
        self.err.flush()

    def diagnostics(self, diagnostics: Sequence[Diagnostic], *, as_data: bool = False) -> None:
        """Print problems, sorted by place: on stderr, or on stdout where they are what was asked for."""
        if not diagnostics:
            return
        style = self.style if as_data else self.err_style
        from jobsync.render.diagnostics import to_text

        text = to_text(diagnostics, width=self.width, style=style)
        (self.data if as_data else self.say)(text)

    def error(self, summary: str, hint: str | None = None) -> None:
        """Print what stopped the run, and the way out."""
        self.say(f"{self.err_style.paint(Role.REMOVE, 'error:')} {summary}")
        if hint:
            self.say(f"{self.err_style.paint(Role.BOLD, 'hint:')} {hint}")

    def keep_secret(self, values: Iterable[str]) -> None:
        """Never print these values from now on."""
        self.secrets.update(values)

    def flush(self) -> None:
        """Hand everything over, so that a closed pipe shows here and not at exit."""
        self.out.flush()
        self.err.flush()
