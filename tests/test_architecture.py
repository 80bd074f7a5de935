"""The house keeps its shape: who may import whom, what stays pure, how fast it starts.

The rules are in `house_rules`; each of them is first shown to see a violation, then applied to every file.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from house_rules import (
    LONGEST_COORDINATOR,
    MAY_IMPORT,
    Import,
    Module,
    cycles,
    forbidden_imports,
    imports,
    impurities,
    overlong,
    registry_hosts,
    vague_names,
)

REPOSITORY = Path(__file__).parent.parent
PACKAGE = REPOSITORY / "jobsync"

MODULES = [
    Module(path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
]
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path)


# The table


@every_module
def test_a_module_imports_only_what_the_table_allows(module: Module) -> None:
    assert forbidden_imports(module) == []


def test_no_module_imports_itself_by_a_detour() -> None:
    assert cycles(MODULES) == []


def test_only_the_start_may_import_the_command_line() -> None:
    assert [house for house, allowed in MAY_IMPORT.items() if "cli" in allowed] == ["__main__"]


def test_the_table_has_no_row_for_what_is_not_there() -> None:
    assert set(MAY_IMPORT) == {module.house for module in MODULES} - {""}


@pytest.mark.parametrize(
    "line",
    [
        "import jobsync.remote.client",
        "from jobsync.remote import client",
        "from jobsync import remote",
        "from ..remote import client",
        "def later():\n    from jobsync.remote.client import JobsClient",
        "if TYPE_CHECKING:\n    from jobsync.remote.client import JobsClient",
    ],
)
def test_the_table_sees_an_import_in_every_spelling(line: str) -> None:
    (violation,) = forbidden_imports(Module("plan/build.py", line))
    assert violation.startswith("plan/build.py:")
    assert "imports jobsync.remote" in violation
    assert "plan may import: diagnostics, model, schedule" in violation


def test_the_table_allows_what_it_lists_and_other_packages_and_the_version() -> None:
    ours = "from jobsync.model.job import Job\nfrom . import change\nfrom jobsync import __version__"
    assert forbidden_imports(Module("plan/build.py", f"import json\n{ours}")) == []


def test_a_package_without_a_row_is_a_violation() -> None:
    assert forbidden_imports(Module("extras/more.py", "")) == [
        "extras/more.py has no row in the import table"
    ]


def test_a_relative_import_is_counted_from_the_package_it_stands_in() -> None:
    assert list(imports(Module("plan/__init__.py", "from .build import build"))) == [
        Import("jobsync.plan.build.build", 1)
    ]
    assert list(imports(Module("cli/commands/plan.py", "from ...model import job"))) == [
        Import("jobsync.model.job", 1)
    ]


def test_a_cycle_is_shown_from_where_it_begins_to_where_it_ends() -> None:
    modules = [
        Module("model/a.py", "from jobsync.model import b"),
        Module("model/b.py", "from jobsync.model.c import thing"),
        Module("model/c.py", "def later():\n    import jobsync.model.a"),
    ]
    assert cycles(modules) == ["jobsync.model.a -> jobsync.model.b -> jobsync.model.c -> jobsync.model.a"]


# Purity


@every_module
def test_a_module_of_the_core_is_pure(module: Module) -> None:
    assert (impurities(module) if module.is_pure else []) == []


@pytest.mark.parametrize(
    ("text", "violation"),
    [
        ("import os", "imports os"),
        ("from os import environ", "imports os.environ"),
        ("import os.path", "imports os.path"),
        ("from pathlib import Path", "imports pathlib.Path"),
        ("def f():\n    import httpx", "imports httpx"),
        ("from urllib.request import urlopen", "imports urllib.request.urlopen"),
        ("x = datetime.now(UTC)", "calls datetime.now"),
        ("x = datetime.datetime.now()", "calls datetime.datetime.now"),
        ("x = date.today()", "calls date.today"),
        ("with open('x') as f: pass", "calls open"),
        ("print('x')", "calls print"),
    ],
)
def test_purity_sees_what_reaches_for_the_world(text: str, violation: str) -> None:
    (found,) = impurities(Module("plan/build.py", text))
    assert found.endswith(violation)


def test_purity_lets_pure_things_pass() -> None:
    text = "from pathlib import PurePosixPath\nfrom datetime import datetime\nx = clock.now()\nbook.open()"
    assert impurities(Module("plan/build.py", text)) == []


def test_only_the_edge_may_touch_the_world() -> None:
    assert Module("source/files.py", "").is_pure is False
    assert Module("cli/commands/plan.py", "").is_pure is False
    assert Module("source/files_of_a_job.py", "").is_pure is True
    assert Module("plan/build.py", "").is_pure is True


# Sizes and names


@every_module
def test_a_coordinator_stays_short(module: Module) -> None:
    assert overlong(module) == []


def test_a_long_coordinator_is_seen_and_a_long_module_of_one_thing_is_not() -> None:
    text = "x = 1\n" * LONGEST_COORDINATOR
    (violation,) = overlong(Module("cli/wiring.py", text))
    assert violation == "cli/wiring.py has 150 lines; a coordinator stays under 150"
    assert overlong(Module("plan/build.py", text)) == []


@every_module
def test_a_module_is_named_for_what_is_in_it(module: Module) -> None:
    assert vague_names(module) == []


def test_a_vague_name_is_seen_in_a_file_and_in_a_folder() -> None:
    assert vague_names(Module("plan/utils.py", "")) == ["plan/utils.py is named `utils`"]
    assert vague_names(Module("helpers/plan.py", "")) == ["helpers/plan.py is named `helpers`"]


# What no file may mention


def _files_of_the_repository() -> list[Path]:
    """Return every text file git would track; what .gitignore lists by name is left out."""
    ignored = {".git", *(REPOSITORY / ".gitignore").read_text(encoding="utf-8").replace("/", "").split()}
    return [
        path
        for path in sorted(REPOSITORY.rglob("*"))
        if path.is_file() and ignored.isdisjoint(path.relative_to(REPOSITORY).parts)
    ]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    files = _files_of_the_repository()
    assert REPOSITORY / "requirements.lock" in files
    found = [
        violation
        for path in files
        for violation in registry_hosts(
            path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8", errors="replace")
        )
    ]
    assert found == []


def test_the_host_of_a_registry_is_seen() -> None:
    host = "python" + "hosted.org"
    (violation,) = registry_hosts("requirements.lock", f"a==1\n--find-links https://files.{host}/simple\n")
    assert violation == f"requirements.lock:2 names {host}"


# Start-up

HEAVY = {"httpx", "deepdiff", "werkzeug", "rich", "sqlite3", "pyjson5"}
_IMPORTED = re.compile(r"^import time:[^|]*\|[^|]*\| +(\S+)$", re.MULTILINE)


@cache
def _imported_by(*command: str) -> frozenset[str]:
    """Run Python with a command line in the example project; return the modules it imported."""
    line = [sys.executable, "-X", "importtime", *command]
    done = subprocess.run(line, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return frozenset(_IMPORTED.findall(done.stderr))


def _imported_by_jobsync(*arguments: str) -> frozenset[str]:
    return _imported_by(str(Path(sys.executable).parent / "jobsync"), *arguments)


def test_the_version_is_told_without_reading_anything() -> None:
    assert _imported_by_jobsync("--version") & (HEAVY | {"pydantic", "yaml"}) == set()


def test_help_is_shown_without_reading_anything() -> None:
    assert _imported_by_jobsync("--help") & (HEAVY | {"pydantic", "yaml"}) == set()


def test_validate_imports_nothing_that_talks_compares_or_decorates() -> None:
    yaml_only = str(REPOSITORY / "jobs" / "exchange-rates.yaml")
    assert _imported_by_jobsync("validate", yaml_only) & HEAVY == set()


def test_an_import_at_start_up_is_seen() -> None:
    assert {"httpx", "httpx._client"} <= _imported_by("-c", "import httpx")
