"""How long one client waits: between attempts of one request, and together when the API asks for less.

The gate is shared by all threads of a client and is passed before every attempt. An answer of 429 or 503
closes it for everybody and spreads the requests that follow; each good answer brings them closer together
again. Without the spreading, 20 threads that waited for the same moment would be refused together again.
"""

from __future__ import annotations

import random
import re
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_PAUSE_S = 0.5
GROWTH = 1.5
LONGEST_PAUSE_S = 60.0
"""Of one pause, also where `Retry-After` asks for more."""

TOTAL_PAUSE_S = 60.0
"""Of all pauses of one call together."""

SLOW_DOWN_S = 1.0
"""How long the gate stays closed where the API says nothing about it."""

FIRST_SPACING_S = 0.05
LARGEST_SPACING_S = 2.0
SMALLEST_SPACING_S = 0.01
"""Below this, spreading requests does nothing any more and ends."""

RECOVERY = 0.97
"""What a good answer leaves of the spacing."""

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]*)?")


def _now() -> datetime:
    return datetime.now(UTC)


class Pace:
    """Pauses and the shared gate of one client; safe to use from many threads.

    Setting `stop` ends every wait at once. `wait` sleeps for some seconds and says whether it was stopped,
    as `threading.Event.wait`; `clock` is monotonic seconds, `today` the time of day for a `Retry-After`
    date, `chance` a number in [0, 1).
    """

    def __init__(
        self,
        stop: threading.Event | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
        today: Callable[[], datetime] = _now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._stop = stop or threading.Event()
        self._wait = wait or self._stop.wait
        self._today = today
        self._chance = chance
        self._lock = threading.Lock()
        self._closed_until = clock()
        self._next_turn = self._closed_until
        self._slowed_at = self._closed_until
        self._spacing = 0.0
        self.clock = clock

    def sleep(self, seconds: float) -> bool:
        """Wait, and return whether the run goes on; False at once when it was stopped."""
        if self._stop.is_set():
            return False
        return seconds <= 0 or not self._wait(seconds)

    def pause(self, retries: int, retry_after: str | None, spent: float) -> float:
        """Return the seconds to wait after so many retries, by `Retry-After` or growing with chance.

        `spent` is what this call has already waited; the pauses of a call never exceed `TOTAL_PAUSE_S`.
        """
        grown = FIRST_PAUSE_S * GROWTH**retries * (0.5 + self._chance())
        asked = seconds_asked(retry_after, self._today()) or 0.0
        return max(0.0, min(max(asked, grown), LONGEST_PAUSE_S, TOTAL_PAUSE_S - spent))

    def admit(self) -> bool:
        """Wait for this request's turn; False if the run was stopped while it waited."""
        reached = self.clock()
        while True:
            with self._lock:
                now = max(self.clock(), reached)
                turn = max(self._closed_until, self._next_turn)
                if turn <= now:
                    self._next_turn = now + self._spacing
                    return True
            if not self.sleep(turn - now):
                return False
            reached = turn  # also where the wait of a test took no time

    def slow_down(self, sent_at: float, retry_after: str | None) -> None:
        """Close the gate for everybody, because a request sent at that time was refused as one too many."""
        asked = seconds_asked(retry_after, self._today())
        with self._lock:
            now = self.clock()
            if sent_at >= self._slowed_at:
                # of a burst that was refused together, one counts
                self._spacing = min(max(FIRST_SPACING_S, 2 * self._spacing), LARGEST_SPACING_S)
                self._slowed_at = now
            seconds = SLOW_DOWN_S if asked is None else min(asked, LONGEST_PAUSE_S)
            self._closed_until = max(self._closed_until, now + seconds)

    def speed_up(self) -> None:
        """Let requests follow each other a little faster, because one was answered."""
        with self._lock:
            self._spacing *= RECOVERY
            if self._spacing < SMALLEST_SPACING_S:
                self._spacing = 0.0


class Patience:
    """What one call, made of several requests, may still wait: for one thread."""

    def __init__(self, pace: Pace, attempts: int) -> None:
        self._pace = pace
        self._attempts = attempts
        self._made = 1
        self._paused = 0.0

    def wait(self, retry_after: str | None) -> bool:
        """Pause before another attempt; False where there is none: used up, or the run was stopped."""
        if self._made >= self._attempts or self._paused >= TOTAL_PAUSE_S:
            return False
        seconds = self._pace.pause(self._made - 1, retry_after, self._paused)
        self._made += 1
        self._paused += seconds
        return self._pace.sleep(seconds)


def seconds_asked(retry_after: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` of seconds or of an HTTP date; None where it is absent, past or no such thing."""
    text = (retry_after or "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return seconds.total_seconds() if seconds.total_seconds() > 0 else None
