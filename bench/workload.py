"""Job files to measure on: the same for the same numbers, on every machine.

One job a file, 1.2 KB of YAML on average: 1 to 20 payload items with nested parameters, calendars or
intervals, and a sink.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES_PER_FOLDER = 500

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_TOPICS = ("prices", "stock", "reviews", "tenders", "vessels", "rates")


def write_jobs(directory: Path, count: int) -> None:
    """Write `count` job files under `directory`/jobs."""
    for number in range(count):
        path = _path(directory, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_job(number), encoding="utf-8")


def change_jobs(directory: Path, count: int) -> int:
    """Change one job of a hundred among the first `count`, each in one field; return how many."""
    changed = range(0, count, 100)
    for number in changed:
        path = _path(directory, number)
        path.write_text(
            _job(number).replace("maxConcurrentRequests: ", "maxConcurrentRequests: 1"), encoding="utf-8"
        )
    return len(changed)


def write_project(directory: Path, url: str) -> None:
    """Write a jobsync.yaml whose only environment is the server at `url`."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "jobsync.yaml").write_text(
        "version: 1\n"
        "jobs: jobs\n"
        "default_environment: bench\n"
        "environments:\n"
        "  bench:\n"
        f"    url: {url}\n"
        "    workspace: 5f3c6a52-6c1e-4f4e-9d5b-1d2f7a8b9c0d\n"
        "    project: bench\n",
        encoding="utf-8",
    )


def _path(directory: Path, number: int) -> Path:
    return directory / "jobs" / f"{number // FILES_PER_FOLDER:03}" / f"job-{number:05}.yaml"


def _job(number: int) -> str:
    chance = random.Random(number)  # noqa: S311  a workload, not a secret
    topic = chance.choice(_TOPICS)
    lines = [
        f"# {topic}, number {number}",
        f"id: {topic}-{number:05}",
        "payload:",
        *(line for item in range(chance.randint(1, 20)) for line in _item(topic, item, chance)),
        "configuration:",
        f"  maxConcurrentRequests: {chance.randint(1, 9)}",
        f"  retry: {{maximumAttempts: {chance.randint(1, 5)}}}",
        *_schedule(chance),
        *_sink(topic, chance),
    ]
    return "\n".join(lines) + "\n"


def _item(topic: str, item: int, chance: random.Random) -> list[str]:
    options = f"{{depth: {item % 4}, full: true}}"
    return [
        f"  - apiName: {topic}/page",
        f"    parameters: {{page: {item}, shop: shop-{chance.randrange(1000)}, options: {options}}}",
    ]


def _schedule(chance: random.Random) -> list[str]:
    if chance.random() < 0.5:  # noqa: PLR2004  half of them
        return ["schedule:", "  intervals:", f"    - every: {chance.randint(1, 48)}h", "  jitter: 5m"]
    days = ", ".join(chance.sample(_DAYS, 3))
    return [
        "schedule:",
        "  calendars:",
        f"    - dayOfWeek: [{days}]",
        f"      hour: {{start: {chance.randint(1, 6)}, step: 4, end: 22}}",
        f"      minute: {chance.randint(0, 59)}",
    ]


def _sink(topic: str, chance: random.Random) -> list[str]:
    if chance.random() < 0.5:  # noqa: PLR2004  half of them
        return ["sink:", "  type: webhook", f"  url: https://inbox.example/{topic}"]
    return [
        "sink:",
        "  type: s3",
        "  bucket: results",
        "  region: eu-west-1",
        f"  prefix: {topic}/{chance.randrange(100)}",
        "  accessKeyId: ${env.BENCH_KEY_ID}",
        "  secretAccessKey: ${env.BENCH_SECRET}",
    ]
