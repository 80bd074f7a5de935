"""A whole world for a test: the emulator, a client of it, a ledger on disk, and jobsync between them."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from emulators import BASE_URL, KEY, PROJECT, WORKSPACE, in_process, new_emulator

from jobsync.apply import apply
from jobsync.emulator.faults import Faults
from jobsync.model.ledger import Identity, Ledger
from jobsync.plan.build import Rules
from jobsync.plan.policy import Limits
from jobsync.reconcile import Draft, reconcile
from jobsync.remote.client import JobsClient
from jobsync.remote.pace import Pace
from jobsync.store.ledger import StoredLedger
from jobsync.store.objects import LocalObjects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jobsync.emulator.app import Emulator
    from jobsync.emulator.faults import Fault, FaultSource, Rule
    from jobsync.emulator.switches import Switches
    from jobsync.model.desired import DesiredJob
    from jobsync.plan.outcome import Progress, Result
    from jobsync.ports import JobsApi, LedgerStore

IDENTITY = Identity(environment="test", url=BASE_URL, workspace=WORKSPACE, project=PROJECT)
WRITES = frozenset({"POST", "PUT", "DELETE"})


class QuickClock:
    """Time that passes at once when somebody waits; `stopped` asks the run to end."""

    def __init__(self) -> None:
        self.stopped = False
        self._now = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self._now

    def wait(self, seconds: float) -> bool:
        with self._lock:
            self._now += seconds
        return self.stopped

    def is_stopped(self) -> bool:
        return self.stopped


class Weather:
    """Faults that can be switched off."""

    def __init__(self, storm: FaultSource | None = None) -> None:
        self.storm = storm
        self.is_calm = False

    def pick(self, method: str, path: str) -> Fault | None:
        return None if self.is_calm or self.storm is None else self.storm.pick(method, path)


class World:
    """One project, one ledger, one machine."""

    def __init__(self, emulator: Emulator, folder: Path, weather: Weather) -> None:
        self.emulator = emulator
        self.weather = weather
        self.on_report: Callable[[Progress], None] = lambda _step: None
        self.store: LedgerStore = StoredLedger(LocalObjects(folder), "test.ledger.json", IDENTITY)
        self.clock = QuickClock()
        pace = Pace(clock=self.clock.monotonic, wait=self.clock.wait)
        self.client = JobsClient(BASE_URL, WORKSPACE, PROJECT, KEY, transport=in_process(emulator), pace=pace)
        self.api: JobsApi = self.client

    def plan(self, desired: Sequence[DesiredJob], rules: Rules | None = None) -> Draft:
        return reconcile(
            desired,
            api=self.api,
            store=self.store,
            rules=rules or Rules(),
            limits=Limits(deletes=1000, allow_empty=True),
        )

    def apply(
        self, desired: Sequence[DesiredJob], rules: Rules | None = None, *, parallelism: int = 4
    ) -> Result:
        draft = self.plan(desired, rules)
        assert not draft.plan.is_blocked, draft.plan.diagnostics
        return self.carry_out(draft, parallelism=parallelism)

    def carry_out(self, draft: Draft, *, parallelism: int = 4) -> Result:
        return apply(
            draft.plan,
            api=self.api,
            store=self.store,
            ledger=draft.ledger,
            version=draft.version,
            clock=self.clock,
            report=self.on_report,
            parallelism=parallelism,
        )

    def emulator_faults(self, *rules: Rule) -> None:
        """Have these requests go wrong from now on."""
        self.weather.storm = Faults(*rules)

    @property
    def ledger(self) -> Ledger:
        return self.store.read()[0]

    def stored(self) -> dict[str, dict[str, Any]]:
        return {job["id"]: job for job in self.emulator.jobs()}

    def writes(self) -> list[tuple[str, str]]:
        """Every writing request so far: method and path behind `/jobs`."""
        return [
            (request.method, request.path.partition("/jobs")[2])
            for request in self.emulator.requests
            if request.method in WRITES
        ]


@contextmanager
def world(switches: Switches | None = None, **options: Any) -> Iterator[World]:
    """Make a world; `options` as those of the emulator."""
    if switches is not None:
        options["switches"] = switches
    faults = options.pop("faults", None)
    weather = faults if isinstance(faults, Weather) else Weather(faults)
    with TemporaryDirectory() as folder, new_emulator(faults=weather, **options) as emulator:
        made = World(emulator, Path(folder), weather)
        with made.client:
            yield made
