"""A job as its file has it, on top of the defaults of jobsync.yaml; who wrote what is still known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jobsync.source.tree import has, merge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobsync.model.paths import Path
    from jobsync.model.values import Json
    from jobsync.source.document import Document
    from jobsync.source.references import Origin, Resolved
    from jobsync.source.text import Place

DEFAULTS: Final[Path] = ("defaults",)
"""Where jobsync.yaml has the defaults of all jobs."""

OLD_SPELLINGS: Final = {"auth_session": "authSession"}
"""Top-level keys as the API writes them, and how they may be written as well."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the two: a document, where in it the layer begins, and its value without references."""

    document: Document
    resolved: Resolved
    begins_at: Path = ()

    def place(self, path: Path, *, on_key: bool) -> Place | None:
        """Return where this layer has the value, or the key, at `path`; None where it has none."""
        find = self.document.key_place if on_key else self.document.value_place
        found = find((*self.begins_at, *path))
        if found is None and path and path[0] in OLD_SPELLINGS:
            found = find((*self.begins_at, OLD_SPELLINGS[str(path[0])], *path[1:]))
        return found

    def has(self, path: Path) -> bool:
        """Whether this layer has a value at `path`."""
        return has(self.resolved.value, path)


@dataclass(frozen=True, slots=True)
class Layers:
    """A job's own layer, and the defaults below it where there are some."""

    own: Layer
    defaults: Layer | None = None

    def merged(self) -> Json:
        """Return the job with the defaults under it."""
        own = self.own.resolved.value
        return own if self.defaults is None else merge(self.defaults.resolved.value, own)

    def place(self, path: Path, *, on_key: bool = False) -> Place:
        """Return where the value at `path`, or its key, was written; else where what it would be in was."""
        place = (self._place(path, on_key=True) if on_key else None) or self._place(path, on_key=False)
        while place is None:
            path = path[:-1]
            place = self._place(path, on_key=False)
        return place

    def _place(self, path: Path, *, on_key: bool) -> Place | None:
        place = self.own.place(path, on_key=on_key)
        if place is None and self.defaults is not None:
            place = self.defaults.place(path, on_key=on_key)
        return place

    def origin(self, path: Path) -> Origin | None:
        """Return the origin of the scalar at `path` if it had references."""
        if self.defaults is None or self.own.has(path):
            return self.own.resolved.origins.get(path)
        return self.defaults.resolved.origins.get(path)

    def origins(self, merged: Json) -> Iterator[tuple[Path, Origin]]:
        """Yield what of the merged job had references, with its path."""
        yield from self.own.resolved.origins.items()
        if self.defaults is not None:
            for path, origin in self.defaults.resolved.origins.items():
                if not self.own.has(path) and has(merged, path):
                    yield path, origin
