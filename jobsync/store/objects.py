"""One storage primitive: put an object if it still is the version that was read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jobsync.errors import LedgerConflict, LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK_TIMEOUT_S = 10.0


class LocalObjects:
    """Objects as files in one directory.

    Files are replaced atomically and have mode 0600. The version of an object is a digest of its content.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Return an object and its version, or None where there is none; raises `LedgerError`."""
        try:
            data = (self._root / key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LedgerError(f"cannot read {self._root / key}: {error.strerror}") from error
        return data, _version(data)

    def put(self, key: str, data: bytes, *, if_version: str | None) -> str:
        """Write an object if its version is still `if_version` (None: there is none); return the new version.

        Raises `LedgerConflict` where it is not, `LedgerError` where the directory cannot be written.
        """
        target = self._root / key
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked(key):
                existing = self.get(key)
                found = existing[1] if existing else None
                if found != if_version:
                    raise LedgerConflict(
                        f"{target} was changed by somebody else since it was read",
                        hint="run the command again; it starts from what is there now",
                    )
                _replace(target, data)
        except OSError as error:
            raise LedgerError(f"cannot write {target}: {error.strerror}") from error
        return _version(data)

    @contextlib.contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            with FileLock(self._root / f"{key}.lock", timeout=_LOCK_TIMEOUT_S, mode=0o600):
                yield
        except Timeout as error:
            raise LedgerError(
                f"{self._root / key} is held by another process for more than {_LOCK_TIMEOUT_S:.0f} s",
                hint="wait for the other jobsync to end, then run the command again",
            ) from error


def _version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _replace(target: Path, data: bytes) -> None:
    """Write beside the target, make it durable, then rename: a reader sees the old or the new, never half."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
