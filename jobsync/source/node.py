"""Where each key and value of a document stands, as a tree beside the value.

Plain tuples, because ten thousand files make millions of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, Union

if TYPE_CHECKING:
    from jobsync.model.paths import Path

Node: TypeAlias = "tuple[int, int, Children]"
"""A value: start, end, and what is in it: None for a scalar, entries by key, or a list of nodes."""

Entry: TypeAlias = "tuple[int, int, Node]"
"""A key of a mapping: its start, its end, and its value."""

Children: TypeAlias = Union["dict[str, Entry]", "list[Node]", None]


def find(node: Node, path: Path) -> Node | None:
    """Return the node of the value at `path`, or None where the document has none."""
    for part in path:
        children = node[2]
        if isinstance(children, dict) and isinstance(part, str) and part in children:
            node = children[part][2]
        elif isinstance(children, list) and isinstance(part, int) and part < len(children):
            node = children[part]
        else:
            return None
    return node


def find_key(node: Node, path: Path) -> tuple[int, int] | None:
    """Return where the last key of `path` stands, or None where the document has none."""
    parent = find(node, path[:-1])
    if parent is None or not path or not isinstance(parent[2], dict):
        return None
    entry = parent[2].get(str(path[-1]))
    return None if entry is None else entry[:2]
