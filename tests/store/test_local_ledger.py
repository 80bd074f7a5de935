"""The ledger on disk: compare-and-swap, atomic, private, and refused where it is not what it should be."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from jobsync.errors import LedgerConflict, LedgerError
from jobsync.model.ledger import Claim, Identity
from jobsync.store.ledger import StoredLedger
from jobsync.store.objects import LocalObjects

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = Identity(environment="test", url="local", workspace="w", project="shop")


def stored(folder: Path, identity: Identity = IDENTITY) -> StoredLedger:
    return StoredLedger(LocalObjects(folder / ".jobsync"), "test.ledger.json", identity)


def test_what_is_written_is_read_again_by_the_next_run(tmp_path: Path) -> None:
    store = stored(tmp_path)
    ledger, version = store.read()
    assert version is None

    written = ledger.with_jobs({"prices-1": Claim(status="held")})
    new_version = store.write(written, if_version=None)

    assert stored(tmp_path).read() == (written, new_version)
    assert written.serial == ledger.serial + 1


def test_files_are_private_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    store = stored(tmp_path)
    store.write(store.read()[0], if_version=None)

    folder = tmp_path / ".jobsync"
    assert stat.S_IMODE((folder / "test.ledger.json").stat().st_mode) == 0o600
    assert {path.name for path in folder.iterdir()} <= {"test.ledger.json", "test.ledger.json.lock"}


def test_a_write_on_an_old_version_is_refused(tmp_path: Path) -> None:
    store = stored(tmp_path)
    ledger, _ = store.read()
    version = store.write(ledger, if_version=None)
    store.write(ledger.with_jobs({}), if_version=version)

    for stale in (None, version):
        with pytest.raises(LedgerConflict, match="changed by somebody else"):
            store.write(ledger, if_version=stale)


def test_of_sixteen_writers_on_one_version_one_wins(tmp_path: Path) -> None:
    version = stored(tmp_path).write(stored(tmp_path).read()[0], if_version=None)

    def attempt(number: int) -> bool:
        store = stored(tmp_path)
        ledger, _ = store.read()
        try:
            store.write(ledger.with_jobs({f"job-number-{number}": Claim(status="held")}), if_version=version)
        except LedgerConflict:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(16))) == 1


def change(folder: Path, edit: Any) -> None:
    path = folder / ".jobsync" / "test.ledger.json"
    document = json.loads(path.read_text())
    edit(document)
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda ledger: ledger.update(format=2), "format 2; this jobsync reads up to 1"),
        (lambda ledger: ledger["identity"].update(project="other"), "belongs to project other"),
        (lambda ledger: ledger.update(serial="x"), "damaged at `serial`"),
        (lambda ledger: ledger.pop("salt"), "damaged at `salt`"),
        (lambda ledger: ledger["jobs"].update(a={"status": "perhaps"}), "damaged at `jobs.a.status`"),
    ],
)
def test_a_ledger_that_is_not_ours_to_use_is_refused_with_a_way_out(
    tmp_path: Path, edit: Any, message: str
) -> None:
    store = stored(tmp_path)
    store.write(store.read()[0], if_version=None)
    change(tmp_path, edit)

    with pytest.raises(LedgerError, match=message) as caught:
        store.read()
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_half_a_ledger_is_damaged_and_never_an_empty_one(tmp_path: Path, content: bytes) -> None:
    store = stored(tmp_path)
    store.write(store.read()[0], if_version=None)
    (tmp_path / ".jobsync" / "test.ledger.json").write_bytes(content)

    with pytest.raises(LedgerError, match="damaged"):
        store.read()


def test_a_directory_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".jobsync").write_text("a file in its place")

    with pytest.raises(LedgerError, match="cannot"):
        stored(tmp_path).write(stored(tmp_path / "x").read()[0], if_version=None)
