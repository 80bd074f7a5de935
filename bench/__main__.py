"""`python -m bench`: prints ratios beside their goals; `--short` only shows that everything runs."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import workload
from bench.measure import BenchmarkError, Command, Run, run, run_pairs
from bench.server import API_KEY, emulator

REPOSITORY = Path(__file__).parent.parent
JOBSYNC = str(Path(sys.executable).parent / "jobsync")
LATENCY_S = 0.05
IN_FLIGHT = 20
RESULT_PATH = "5f3c6a52-6c1e-4f4e-9d5b-1d2f7a8b9c0d/projects/bench/jobs"

HEADER = """\
Each figure is the median of rounds in which the subject and what it is compared with ran one after the
other. "floor" is bench/floor.py: libyaml's events, pydantic, one GET and ==, and nothing else.
"""
SHORT_HEADER = """\
A short run: so few jobs and rounds show only that the benchmarks work. The figures mean nothing.
"""


@dataclass(frozen=True, slots=True)
class Scale:
    """Two numbers of jobs, and how many rounds to measure each of them and start-up."""

    some: int
    many: int
    start_rounds: int
    some_rounds: int
    many_rounds: int

    def rounds(self, jobs: int) -> int:
        """Return how often to measure something with so many jobs."""
        return self.many_rounds if jobs == self.many else self.some_rounds


FULL = Scale(some=1_000, many=10_000, start_rounds=21, some_rounds=5, many_rounds=3)
SHORT = Scale(some=20, many=60, start_rounds=1, some_rounds=1, many_rounds=1)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the benchmarks write, and how much they do."""

    directory: Path
    scale: Scale

    @property
    def environment(self) -> dict[str, str]:
        """What every process sees; nothing in it keeps Python from using compiled sources."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ}
        secrets = {"BENCH_KEY_ID": "key-id", "BENCH_SECRET": "key", "INTUNED_API_KEY": API_KEY}
        return {**kept, **secrets, "PYTHONPATH": str(REPOSITORY)}

    def project(self, name: str, jobs: int, url: str = "http://127.0.0.1:9/api/v1/workspace") -> Path:
        """Write a project of so many jobs for the server at `url`."""
        directory = self.directory / name
        workload.write_project(directory, url)
        workload.write_jobs(directory, jobs)
        return directory

    def python(self, project: Path, *arguments: str) -> Command:
        """Return a process of the same interpreter."""
        return Command((sys.executable, *arguments), project, self.environment)

    def jobsync(self, project: Path, *arguments: str, status: int = 0) -> Command:
        """Return a process of the installed command."""
        return Command((JOBSYNC, *arguments), project, self.environment, status)


def row(name: str, subject: str, against: str, ratio: float, goal: float) -> None:
    """Print one line of the table."""
    verdict = "ok" if ratio <= goal else "OVER"
    sys.stdout.write(f"{name:<44}{subject:>11}{against:>12}{ratio:>8.2f}{goal:>8g}  {verdict}\n")
    sys.stdout.flush()


def compare(
    name: str,
    subject: Command,
    against: Command,
    *,
    rounds: int,
    goal: float,
    memory_goal: float | None = None,
) -> Run:
    """Measure a pair, print it, and return the subject's medians."""
    pair = run_pairs(subject, against, rounds)
    row(name, _time(pair.subject.seconds), _time(pair.floor.seconds), pair.ratio, goal)
    if memory_goal is not None:
        peaks = f"{pair.subject.peak_mib:.0f} MiB", f"{pair.floor.peak_mib:.0f} MiB"
        row("  peak memory", *peaks, pair.memory_ratio, memory_goal)
    return pair.subject


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def start_up(bench: Bench) -> None:
    """Compare the shortest commands with a Python that does nothing."""
    project = bench.project("start", 1)
    bare = bench.python(project, "-c", "pass")
    for name, goal in (("--version", 2.0), ("--help", 6), ("validate", 13)):
        subject = bench.jobsync(project, name)
        label = "validate, one file" if name == "validate" else name
        compare(f"{label} / bare python", subject, bare, rounds=bench.scale.start_rounds, goal=goal)


def validating(bench: Bench, jobs: int) -> Run:
    """Compare `validate` with the floor."""
    project = bench.project(f"validate-{jobs}", jobs)
    floor = bench.python(project, "-m", "bench.floor", "validate", "jobs")
    subject = bench.jobsync(project, "validate")
    return compare(f"validate {jobs:,} / floor", subject, floor, rounds=bench.scale.rounds(jobs), goal=1.5)


def planning(bench: Bench, jobs: int) -> Run:
    """Compare `plan` with the floor: all jobs as declared, then one of a hundred changed."""
    name = f"plan-{jobs}"
    with emulator(bench.directory / f"{name}.db", bench.environment) as server:
        project = bench.project(name, jobs, server.url)
        run(bench.jobsync(project, "apply", "--auto-approve", "--parallelism", str(IN_FLIGHT)))
        server.traffic()
        run(bench.jobsync(project, "plan", "--detailed-exitcode"))
        methods, _ = server.traffic()
        if dict(methods) != {"GET": 1}:
            raise BenchmarkError(f"a plan of {jobs} jobs sent {methods}, not one GET")
        url = f"{server.url}/{RESULT_PATH}"
        floor = bench.python(project, "-m", "bench.floor", "plan", "jobs", url)
        rounds = bench.scale.rounds(jobs)
        same = bench.jobsync(project, "plan", "--detailed-exitcode")
        compare(f"plan {jobs:,} unchanged, one GET / floor", same, floor, rounds=rounds, goal=1.8)
        workload.change_jobs(project, jobs)
        some = bench.jobsync(project, "plan", "--detailed-exitcode", status=2)
        return compare(
            f"plan {jobs:,}, 1 % changed / floor", some, floor, rounds=rounds, goal=1.8, memory_goal=1.3
        )


def applying(bench: Bench, jobs: int) -> None:
    """Compare an apply of creates against a slow server with the least time its latency allows."""
    ideal = jobs * LATENCY_S / IN_FLIGHT
    seconds, peaks = [], []
    for number in range(bench.scale.rounds(jobs)):
        name = f"apply-{number}"
        with emulator(bench.directory / f"{name}.db", bench.environment, latency=LATENCY_S) as server:
            project = bench.project(name, jobs, server.url)
            apply = bench.jobsync(project, "apply", "--auto-approve", "--parallelism", str(IN_FLIGHT))
            seconds.append(run(apply).seconds)
            peaks.append(server.traffic()[1])
    spent = statistics.median(seconds)
    row(f"apply {jobs:,} creates at 50 ms / ideal", _time(spent), _time(ideal), spent / ideal, 1.3)
    row("  most requests in flight / allowed", str(max(peaks)), str(IN_FLIGHT), max(peaks) / IN_FLIGHT, 1)


def growth(name: str, scale: Scale, some: Run, many: Run) -> None:
    """Show how time grows from some jobs to many; the goal is a tenth more than linear."""
    times = _time(many.seconds), _time(some.seconds)
    goal = 1.1 * scale.many / scale.some
    row(f"{name}: {scale.many:,} / {scale.some:,}", *times, many.seconds / some.seconds, goal)


def main(arguments: list[str]) -> int:
    """Run all benchmarks; return 1 where one of them could not be run."""
    scale = SHORT if "--short" in arguments else FULL
    sys.stdout.write(SHORT_HEADER if scale is SHORT else HEADER)
    sys.stdout.write(f"\n{'':<44}{'jobsync':>11}{'against':>12}{'ratio':>8}{'goal':>8}\n")
    with tempfile.TemporaryDirectory(prefix="jobsync-bench-") as directory:
        bench = Bench(Path(directory), scale)
        try:
            start_up(bench)
            growth("validate", scale, validating(bench, scale.some), validating(bench, scale.many))
            growth("plan", scale, planning(bench, scale.some), planning(bench, scale.many))
            applying(bench, scale.some)
        except BenchmarkError as error:
            sys.stderr.write(f"error: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
