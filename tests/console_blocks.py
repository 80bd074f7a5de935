"""Console blocks of the documentation, read and run.

A block is fenced as `console` and stands under a comment that says where it runs:

    <!-- in: example -->   in a fresh copy of the example project
    <!-- in: empty -->     in a fresh empty directory
    <!-- continues -->     where the block before it in the same file ended, in the same shell

Lines that begin with `$ ` are typed into one shell, those with `> ` continue the line above; what follows
is what the terminal shows. In it a line `...` stands for any lines, `...` inside a line for any text, and
times and durations are not compared. A command that fails must be followed by `$ echo $?`, so that no
failure goes unnoticed, by reader or test.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PLACES = ("example", "empty")

_BLOCK = re.compile(
    r"(?:^<!-- (?P<comment>[^\n]*?) -->\n+)?^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


class BlockError(Exception):
    """A console block that cannot be run as it stands; the message names its place and the mistake."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command and what the terminal shows after it; `line` is the command's, counted from 1."""

    line: int
    command: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """One shell's life: a block and those that continue it."""

    file: str
    place: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return f"{self.file}:{self.steps[0].line}"


def sessions(file: str, text: str) -> list[Session]:
    """Read all console blocks of a document; raises `BlockError`."""
    found: list[Session] = []
    for match in _BLOCK.finditer(text):
        first_line = text.count("\n", 0, match.start("body")) + 1
        steps = tuple(_steps(file, first_line, match["body"].splitlines()))
        place = (match["comment"] or "").removeprefix("in: ")
        if place == "continues" and found:
            before = found.pop()
            found.append(Session(file, before.place, before.steps + steps))
        elif place in PLACES:
            found.append(Session(file, place, steps))
        else:
            raise BlockError(
                f"{file}:{first_line}: no comment above says where the block runs: "
                "`<!-- in: example -->`, `<!-- in: empty -->` or `<!-- continues -->`"
            )
    return found


def _steps(file: str, first_line: int, lines: list[str]) -> list[Step]:
    steps: list[Step] = []
    for number, line in enumerate(lines, start=first_line):
        if line.startswith("$ "):
            steps.append(Step(number, line[2:], ()))
        elif not steps:
            raise BlockError(f"{file}:{number}: a console block begins with a command, `$ …`")
        elif line.startswith("> ") and not steps[-1].shown:
            steps[-1] = Step(steps[-1].line, f"{steps[-1].command}\n{line[2:]}", ())
        else:
            steps[-1] = Step(steps[-1].line, steps[-1].command, (*steps[-1].shown, line))
    return steps


@dataclass(frozen=True, slots=True)
class Ran:
    """What a step really did: all it wrote to the terminal, and its exit status."""

    output: str
    status: int


_MARK = "\x1e"


def run(session: Session, directory: Path, environment: Mapping[str, str]) -> list[Ran]:
    """Type the steps into one bash, whose output and errors go to the same place, as on a screen."""
    # After each step: print its status between marks, then make it `$?` again for a step that asks for it.
    mark = f"__status=$?; printf '{_MARK}%s{_MARK}' \"$__status\"; (exit $__status)"
    script = "\n".join(f"{step.command}\n{mark}" for step in session.steps)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        cwd=directory,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=90,
        check=False,
    )
    pieces = done.stdout.split(_MARK)
    return [Ran(output, int(status)) for output, status in zip(pieces[0::2], pieces[1::2], strict=False)]


_PASSING = (
    re.compile(r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?"),
    re.compile(r"\b\d+\.\d+ ?s\b|(?<=after )\d+s\b"),
)


def _timeless(line: str) -> str:
    for pattern in _PASSING:
        line = pattern.sub("<time>", line)
    return line.rstrip()


def matches(shown: tuple[str, ...], output: str) -> bool:
    """Tell whether what a document shows is what a command wrote, but for `...` and for times."""
    pattern = "".join(_line_pattern(line) for line in shown)
    written = "".join(f"{_timeless(line)}\n" for line in output.splitlines())
    return re.fullmatch(pattern, written) is not None


def _line_pattern(line: str) -> str:
    if line.strip() == "...":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in _timeless(line).split("...")) + r"\n"


def differences(session: Session, ran: list[Ran]) -> list[str]:
    """Tell, for each step that did not do what its document shows, what it did instead."""
    found = []
    for index, step in enumerate(session.steps):
        where = f"{session.file}:{step.line}: $ {step.command}"
        if index >= len(ran):
            found.append(f"{where}\nwas not finished: the shell ended")
            break
        if not matches(step.shown, ran[index].output):
            shown = "\n".join(step.shown)
            found.append(f"{where}\n--- shown\n{shown}\n--- written\n{ran[index].output.rstrip()}")
        following = session.steps[index + 1].command if index + 1 < len(session.steps) else ""
        if ran[index].status != 0 and not following.startswith("echo $?"):
            found.append(f"{where}\nended with status {ran[index].status}, and no `$ echo $?` says so")
    return found
