"""Every console block of the documentation runs, and shows what the commands really write."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import click
import pytest
from console_blocks import BlockError, Ran, Session, Step, differences, matches, run, sessions

from jobsync.cli.main import COMMANDS, jobsync

REPOSITORY = Path(__file__).parent.parent
DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
SESSIONS = [
    session
    for path in DOCUMENTS
    for session in sessions(path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8"))
]
COMMANDS_REFERENCE = (REPOSITORY / "docs/reference/commands.md").read_text(encoding="utf-8")


def _environment(home: Path) -> dict[str, str]:
    """Return what a newcomer's shell has: the installed command on PATH, and no setting of ours."""
    binaries = Path(sys.executable).parent
    return {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "COLUMNS": "80",
        "TZ": "UTC",
    }


def _place(session: Session, directory: Path) -> Path:
    place = directory / "shop"
    place.mkdir()
    if session.place == "example":
        shutil.copy(REPOSITORY / "jobsync.yaml", place)
        shutil.copytree(REPOSITORY / "jobs", place / "jobs")
    return place


@pytest.mark.parametrize("session", SESSIONS, ids=str)
def test_a_console_block_shows_what_happens(session: Session, tmp_path: Path) -> None:
    problems = differences(session, run(session, _place(session, tmp_path), _environment(tmp_path)))
    if problems:
        pytest.fail("\n\n".join(problems), pytrace=False)


def test_the_readme_and_the_quickstart_have_console_blocks() -> None:
    assert {"README.md", "docs/quickstart.md"} <= {session.file for session in SESSIONS}


def test_the_demo_sets_every_variable_that_the_example_needs() -> None:
    jobs = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "jobs").rglob("*.yaml"))
    set_there = re.findall(r"^demo: export (\w+) :=", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r": \$\{env\.(\w+)\}", jobs)) == set(set_there)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_a_link_to_another_document_leads_there(path: Path) -> None:
    targets = _link_targets(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_every_code_of_a_plan_is_in_the_reference() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "jobsync").rglob("*.py"))
    codes = set(re.findall(r"\"(P\d{3})\"", sources))
    assert codes
    assert {code for code in codes if f"| {code} |" not in COMMANDS_REFERENCE} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_flag_is_in_the_reference(name: str) -> None:
    command = jobsync.get_command(click.Context(jobsync), name)
    assert command is not None
    flags = {flag for parameter in command.params for flag in parameter.opts if flag.startswith("--")}
    assert {word for word in {name, *flags} if not re.search(rf"`{word}\b", COMMANDS_REFERENCE)} == set()


def _link_targets(text: str) -> list[str]:
    parts = [part.partition(")")[0] for part in text.split("](")[1:]]
    return [part.partition("#")[0] for part in parts if "://" not in part and not part.startswith("#")]


# The runner itself

TEXT = """\
Some prose.

<!-- in: empty -->
```console
$ echo one
one
$ cat <<END
> two
> END
two
```

<!-- continues -->
```console
$ false
$ echo $?
1
```

<!-- in: example -->
```console
$ ls
jobs
jobsync.yaml
```
"""


def test_blocks_are_read_with_their_lines_and_a_continued_one_joins_the_first() -> None:
    first, second = sessions("a.md", TEXT)
    assert [(step.line, step.command, step.shown) for step in first.steps] == [
        (5, "echo one", ("one",)),
        (7, "cat <<END\ntwo\nEND", ("two",)),
        (15, "false", ()),
        (16, "echo $?", ("1",)),
    ]
    assert (second.place, str(second)) == ("example", "a.md:22")


def test_what_was_read_runs_and_matches(tmp_path: Path) -> None:
    for number, session in enumerate(sessions("a.md", TEXT)):
        directory = tmp_path / str(number)
        directory.mkdir()
        assert differences(session, run(session, _place(session, directory), _environment(tmp_path))) == []


@pytest.mark.parametrize(
    "text",
    [
        "```console\n$ true\n```\n",
        "<!-- in: nowhere -->\n```console\n$ true\n```\n",
        "<!-- continues -->\n```console\n$ true\n```\n",
        "<!-- in: empty -->\n```console\noutput first\n```\n",
    ],
)
def test_a_block_that_cannot_be_run_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(BlockError, match=r"^a\.md:\d"):
        sessions("a.md", text)


def _session(*steps: Step) -> Session:
    return Session("a.md", "empty", steps)


def test_another_output_than_shown_is_told_with_both() -> None:
    session = _session(Step(5, "echo one", ("two",)))
    assert differences(session, [Ran("one\n", 0)]) == ["a.md:5: $ echo one\n--- shown\ntwo\n--- written\none"]


def test_a_failure_that_nobody_shows_is_told() -> None:
    (problem,) = differences(_session(Step(5, "false", ())), [Ran("", 1)])
    assert problem == "a.md:5: $ false\nended with status 1, and no `$ echo $?` says so"


def test_a_step_that_ends_the_shell_is_told(tmp_path: Path) -> None:
    session = _session(Step(5, "exit 0", ()), Step(6, "echo on", ("on",)))
    (problem,) = differences(session, run(session, tmp_path, _environment(tmp_path)))
    assert problem == "a.md:5: $ exit 0\nwas not finished: the shell ended"


@pytest.mark.parametrize(
    ("shown", "output", "is_match"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a",), "a\nb\n", False),
        (("a", "b"), "a\n", False),
        ((), "", True),
        ((), "a\n", False),
        (("a", "...", "d"), "a\nb\nc\nd\n", True),
        (("a", "...", "d"), "a\nd\n", True),
        (("a", "...", "d"), "a\nb\n", False),
        (("took ... in all",), "took 12 requests in all\n", True),
        (("took ... in all",), "took 12\nrequests in all\n", False),
        (("next run Mon 2026-11-23 02:30Z",), "next run Thu 2031-01-02 14:00Z\n", True),
        (("created 2026-11-23T02:30:00Z",), "created yesterday\n", False),
        (("done in 0.4s",), "done in 12.75s\n", True),
        (("complete after 0s",), "complete after 3s\n", True),
        (("times out at 600s",), "times out at 300s\n", False),
        (("3 jobs",), "4 jobs\n", False),
        (("a.c",), "abc\n", False),
    ],
)
def test_output_matches_but_for_dots_and_times(
    shown: tuple[str, ...], output: str, *, is_match: bool
) -> None:
    assert matches(shown, output) is is_match
