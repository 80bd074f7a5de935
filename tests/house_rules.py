"""What `test_architecture` enforces, as functions from source text to violations.

Each violation is one sentence that names the file, the line and what stands there.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT_PACKAGE = "jobsync"

MAY_IMPORT: Mapping[str, frozenset[str]] = {
    "diagnostics": frozenset(),
    "errors": frozenset({"diagnostics"}),
    "ports": frozenset({"model"}),
    "schedule": frozenset(),
    "model": frozenset({"diagnostics", "schedule"}),
    "source": frozenset({"diagnostics", "errors", "model", "schedule"}),
    "plan": frozenset({"diagnostics", "model", "schedule"}),
    "render": frozenset({"diagnostics", "model", "plan", "schedule"}),
    "remote": frozenset({"errors", "model", "ports"}),
    "store": frozenset({"errors", "model"}),
    "emulator": frozenset({"errors", "schedule"}),
    "settings": frozenset({"diagnostics", "errors", "model", "source"}),
    "reconcile": frozenset({"diagnostics", "errors", "model", "plan", "ports", "settings", "source"}),
    "apply": frozenset({"diagnostics", "errors", "model", "plan", "ports"}),
    "claiming": frozenset({"diagnostics", "model"}),
    "__main__": frozenset({"cli"}),
    "cli": frozenset(
        {
            *("apply", "claiming", "diagnostics", "emulator", "errors", "model", "plan", "ports"),
            *("reconcile", "remote", "render", "schedule", "settings", "source", "store"),
        }
    ),
}
"""Package or top-level module to those it may import: only the start may import `cli`, all the version."""

TOUCHES_THE_WORLD = ("source.files", "remote", "store", "emulator", "settings", "cli", "__main__")
"""All other modules are pure: what they return depends on their arguments alone."""

COORDINATORS = ("reconcile.py", "cli/wiring.py", "cli/output.py")
LONGEST_COORDINATOR = 150

VAGUE_NAMES = frozenset({"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"})

_IMPURE_MODULES = frozenset(
    {
        *("os", "sys", "io", "pathlib", "glob", "shutil", "tempfile", "fcntl", "filelock", "sqlite3"),
        *("socket", "http.client", "urllib.request", "httpx", "httpx_retries", "werkzeug"),
        *("time", "random", "secrets", "uuid", "subprocess", "signal", "logging", "click", "rich"),
    }
)
_PURE_NAMES = frozenset({"pathlib.PurePath", "pathlib.PurePosixPath"})
_IMPURE_CALLS = frozenset(
    {
        *("breakpoint", "input", "open", "print"),
        *("date.today", "datetime.now", "datetime.today", "datetime.utcnow"),
    }
)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `name` is dotted and absolute, as in `jobsync.model.job` or `os.path`."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file of the package. `path` is relative to the package, as in `plan/build.py`."""

    path: str
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        names = self.path.removesuffix(".py").split("/")
        return tuple(names[:-1] if names[-1] == "__init__" else names)

    @property
    def dotted(self) -> str:
        return ".".join((ROOT_PACKAGE, *self.parts))

    @property
    def house(self) -> str:
        """The row of the import table it belongs to; empty for the package itself."""
        return self.parts[0] if self.parts else ""

    @property
    def is_pure(self) -> bool:
        inside = ".".join(self.parts)
        return not any(inside == place or inside.startswith(f"{place}.") for place in TOUCHES_THE_WORLD)


def imports(module: Module) -> Iterator[Import]:
    """Yield every import of a module: at the top, inside functions, and for type checkers only."""
    for node in ast.walk(ast.parse(module.text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(module, node)
            for alias in node.names:
                yield Import(f"{origin}.{alias.name}", node.lineno)


def _origin(module: Module, node: ast.ImportFrom) -> str:
    """Return the absolute module a `from … import` names, counting the dots of a relative one."""
    if node.level == 0:
        return node.module or ""
    package = module.dotted.split(".")
    if not module.path.endswith("__init__.py"):
        package.pop()
    kept = package[: len(package) - (node.level - 1)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def forbidden_imports(module: Module) -> list[str]:
    """Tell which imports the table does not allow."""
    if module.house and module.house not in MAY_IMPORT:
        return [f"{module.path} has no row in the import table"]
    allowed = MAY_IMPORT.get(module.house, frozenset())
    rule = f"{module.house or ROOT_PACKAGE} may import: {', '.join(sorted(allowed)) or 'nothing of ours'}"
    free = {None, "__version__", module.house, *allowed}
    return [
        f"{module.path}:{item.line} imports {item.name}; {rule}"
        for item in imports(module)
        if _house_of(item.name) not in free
    ]


def _house_of(name: str) -> str | None:
    parts = name.split(".")
    if parts[0] != ROOT_PACKAGE:
        return None
    return parts[1] if len(parts) > 1 else "__version__"


def cycles(modules: list[Module]) -> list[str]:
    """Return each import cycle between modules, written as a path that ends where it began."""
    known = {module.dotted for module in modules}
    graph = {
        module.dotted: sorted(
            {_module_of(item.name, known) for item in imports(module)} - {"", module.dotted}
        )
        for module in modules
    }
    found: list[str] = []
    finished: set[str] = set()

    def visit(node: str, trail: list[str]) -> None:
        if node in trail:
            found.append(" -> ".join([*trail[trail.index(node) :], node]))
        elif node not in finished:
            for target in graph[node]:
                visit(target, [*trail, node])
            finished.add(node)

    for start in graph:
        visit(start, [])
    return found


def _module_of(name: str, known: set[str]) -> str:
    """Return the module an imported name is or stands in; empty where it is none of ours."""
    parent = name.rpartition(".")[0]
    return name if name in known else parent if parent in known and parent != ROOT_PACKAGE else ""


def impurities(module: Module) -> list[str]:
    """Tell where a module reaches for the clock, chance, the file system, the network or the terminal."""
    reaches = [
        f"{module.path}:{item.line} imports {item.name}"
        for item in imports(module)
        if item.name not in _PURE_NAMES and any(_is_within(item.name, impure) for impure in _IMPURE_MODULES)
    ]
    calls = [
        f"{module.path}:{node.lineno} calls {called}"
        for node in ast.walk(ast.parse(module.text))
        if isinstance(node, ast.Call)
        for called in [ast.unparse(node.func)]
        if called in _IMPURE_CALLS or ".".join(called.split(".")[-2:]) in _IMPURE_CALLS
    ]
    return reaches + calls


def _is_within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def overlong(module: Module) -> list[str]:
    """Tell whether a coordinator has outgrown its limit."""
    lines = len(module.text.splitlines())
    if module.path not in COORDINATORS or lines < LONGEST_COORDINATOR:
        return []
    return [f"{module.path} has {lines} lines; a coordinator stays under {LONGEST_COORDINATOR}"]


def vague_names(module: Module) -> list[str]:
    """Tell whether a module's name says nothing about what is in it."""
    return [f"{module.path} is named `{part}`" for part in module.parts if part in VAGUE_NAMES]


# Written apart, so that this file does not name what it forbids.
_REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape("".join(parts))
        for parts in (
            ("pyp", "i.org"),
            ("python", "hosted.org"),
            ("npm", "js.org"),
            ("deb.deb", "ian.org"),
            ("proxy.go", "lang.org"),
            ("conda.ana", "conda.org"),
        )
    )
)


def registry_hosts(path: str, text: str) -> list[str]:
    """Tell where a file names the host of a package registry."""
    return [
        f"{path}:{number} names {match.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        for match in _REGISTRY_HOSTS.finditer(line)
    ]
