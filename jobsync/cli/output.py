"""What reaches the terminal: data on stdout, talk on stderr, colours where they are wanted, no secret."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobsync.cli.streams import OutputLost, losing, writable
from jobsync.errors import DiagnosticsError
from jobsync.model.redaction import hide
from jobsync.render.screen import safe
from jobsync.render.style import COLOUR, PLAIN, Role, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from jobsync.diagnostics import Diagnostic
    from jobsync.errors import JobsyncError
    from jobsync.model.values import Json

DEFAULT_WIDTH = 80


@dataclass(slots=True)
class Output:
    """Where a command prints. `secrets` are values that must not appear, whoever puts them into a text.

    `is_json` says that a program reads stdout, so that problems belong there too.
    """

    out: TextIO
    err: TextIO
    style: Style = PLAIN
    err_style: Style = PLAIN
    width: int = DEFAULT_WIDTH
    secrets: set[str] = field(default_factory=set)
    is_json: bool = False

    @classmethod
    def of_terminal(cls, *, no_color: bool) -> Output:
        """Return the output of this process, with colours where a terminal reads and nobody said no.

        What the terminal's encoding lacks is escaped; where stdout or stderr is closed, it goes nowhere.
        """
        sys.stdout = writable(sys.stdout)
        sys.stderr = writable(sys.stderr)
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
        """Print what was asked for, secrets masked already; raises `OutputLost` where it cannot be written.

        Not searched for secrets: one that is a common word, or a port, would tear ids and JSON apart.
        """
        with losing():
            self.out.write(text + "\n")

    def json(self, document: Json) -> None:
        """Print one JSON document."""
        self.data(json.dumps(document, indent=2))

    def json_line(self, document: Json) -> None:
        """Print one line of a JSON lines stream, at once."""
        self.data(json.dumps(document))
        self.flush()

    def say(self, text: str) -> None:
        """Print talk, after the data that came before it; that nobody can hear it stops nothing."""
        with contextlib.suppress(OSError, OutputLost):
            self.flush()
        with contextlib.suppress(OSError):
            self.err.write(self.redact(text) + "\n")
            self.err.flush()

    def diagnostics(self, diagnostics: Sequence[Diagnostic], *, as_data: bool = False) -> None:
        """Print problems, sorted by place: on stderr, or on stdout where they are what was asked for."""
        if not diagnostics:
            return
        style = self.style if as_data else self.err_style
        from jobsync.render.diagnostics import to_text

        text = to_text(diagnostics, width=self.width, style=style)
        if as_data:
            self.data(self.redact(text))
        else:
            self.say(text)

    def stopped(self, error: JobsyncError) -> None:
        """Print what stopped the run; a program that reads JSON finds it on stdout as well."""
        found = error.diagnostics if isinstance(error, DiagnosticsError) else ()
        if found:
            self.diagnostics(found)
        else:
            self.error(error.summary, error.hint)
        if self.is_json:
            from jobsync.render.diagnostics import to_json

            plain: dict[str, Json] = {"severity": "error", "summary": error.summary, "hint": error.hint}
            problems = to_json(found) if found else [plain]
            self.json_line({"format_version": "1.0", "errored": True, "diagnostics": list(problems)})

    def error(self, summary: str, hint: str | None = None) -> None:
        """Print what stopped the run, and the way out."""
        self.say(f"{self.err_style.paint(Role.REMOVE, 'error:')} {safe(summary)}")
        if hint:
            self.say(f"{self.err_style.paint(Role.BOLD, 'hint:')} {safe(hint)}")

    def keep_secret(self, values: Iterable[str]) -> None:
        """Never print these values from now on."""
        self.secrets.update(values)

    def flush(self) -> None:
        """Hand the data over, so that a full disk or a closed pipe shows here and not at exit."""
        with losing():
            self.out.flush()
