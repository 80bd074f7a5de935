"""Measuring whole processes, in pairs.

Machines drift by tens of percent between one minute and the next, so a time alone says little. A pair runs
one after the other, pairs are repeated, and what is reported is the median of the pairs' ratios.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_RSS_UNIT = 1024 * 1024 if sys.platform == "darwin" else 1024


class BenchmarkError(Exception):
    """A measured command did not do what it should; the message holds what it wrote."""


@dataclass(frozen=True, slots=True)
class Command:
    """A process to measure; `status` is the exit status that means it did its work."""

    arguments: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str]
    status: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall time, and peak resident memory."""

    seconds: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians over the rounds: of the subject, of the floor, and of the ratios within each round."""

    subject: Run
    floor: Run
    ratio: float
    memory_ratio: float


def run(command: Command) -> Run:
    """Run a process to its end; raises `BenchmarkError` where it ends with another status."""
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  the command lines are ours
            command.arguments,
            cwd=command.directory,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        # Not `wait`: only this tells the peak memory of one child and not of all that ever ran.
        _, waited, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(waited)
        if process.returncode != command.status:
            output.seek(0)
            written = output.read().decode(errors="replace")
            line = " ".join(command.arguments)
            raise BenchmarkError(
                f"`{line}` ended with {process.returncode}, not {command.status}:\n{written}"
            )
    return Run(seconds, usage.ru_maxrss / _RSS_UNIT)


def run_pairs(subject: Command, floor: Command, rounds: int) -> Pair:
    """Run both in turns, once to warm up and then `rounds` times."""
    run(subject), run(floor)
    pairs = [(run(subject), run(floor)) for _ in range(rounds)]
    return Pair(
        _median([one for one, _ in pairs]),
        _median([other for _, other in pairs]),
        statistics.median(one.seconds / other.seconds for one, other in pairs),
        statistics.median(one.peak_mib / other.peak_mib for one, other in pairs),
    )


def _median(runs: list[Run]) -> Run:
    return Run(
        statistics.median(one.seconds for one in runs), statistics.median(one.peak_mib for one in runs)
    )
