"""Answers that go wrong, on purpose: what gateways, networks and overloaded servers do to requests.

A script (`Faults`) or a seeded dice (`RandomFaults`) says which request meets which `Fault`. What breaks the
connection itself leaves the emulator as the exception `Severed`, for whoever carries the answers to act out:
the server closes the socket, a test's transport raises what its client would.
"""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypeAlias

from jobsync.emulator import wire
from jobsync.emulator.answers import HTML, Answer, error_body

Moment: TypeAlias = Literal["before", "after"]
Kind: TypeAlias = Literal["status", "reset", "hang", "truncated", "not-json", "not-array"]

_DAMAGE = ("truncated", "not-json", "not-array")


class Severed(ConnectionError):
    """The connection breaks instead of a whole answer.

    `reset`: closed without a byte. `hang`: nothing for `seconds`, then `answer`, or the end where it is
    None. `truncated`: only a part of `answer`, whose full length was announced.
    """

    def __init__(
        self, kind: Literal["reset", "hang", "truncated"], answer: Answer | None = None, seconds: float = 0.0
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.answer = answer
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong.

    `moment` says whether the request is carried out first; a damaged answer (`truncated`, `not-json`,
    `not-array`) always comes after. `status`, `retry_after` (seconds or an HTTP date) and `body` are those of
    the kind `status`; `seconds` is how long a `hang` lasts. `not-array` wraps the list in an object.
    """

    kind: Kind
    moment: Moment = "before"
    status: int = 503
    retry_after: int | str | None = None
    body: Literal["typed", "2024", "html"] = "typed"
    seconds: float = 30.0

    @property
    def is_after_commit(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.moment == "after" or self.kind in _DAMAGE

    def disturb(self, answer: Answer | None) -> Answer:
        """Return what is sent in place of `answer`, None where nothing was carried out; raises `Severed`."""
        if self.kind == "status":
            return self._error()
        if self.kind == "hang":
            raise Severed("hang", answer, self.seconds)
        if self.kind == "reset" or answer is None or not answer.body:
            raise Severed("reset")
        if self.kind == "truncated":
            raise Severed("truncated", answer)
        if self.kind == "not-json":
            return Answer(answer.status, _page("Welcome"), HTML)
        return replace(answer, body=b'{"data":%s}' % answer.body)

    def _error(self) -> Answer:
        message = "injected fault"
        retry_after = () if self.retry_after is None else (("Retry-After", str(self.retry_after)),)
        if self.body == "html":
            return Answer(self.status, _page(f"{self.status} {message}"), HTML, retry_after)
        is_typed = self.body == "typed"
        body = error_body(self.status, message) if is_typed else {"message": message, "details": {}}
        return Answer(self.status, wire.dump(body), headers=retry_after)


def _page(title: str) -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{title}</body></html>".encode()


@dataclass(frozen=True, slots=True)
class Rule:
    """Which requests meet a fault.

    Those of `method` (None: any) whose path the regular expression `path` finds, from the `nth` such request
    on (counted from 1), `times` of them (None: all).
    """

    fault: Fault
    method: str | None = None
    path: str = ""
    nth: int = 1
    times: int | None = 1

    def matches(self, method: str, path: str) -> bool:
        """Whether a request counts for this rule."""
        return self.method in (None, method) and re.search(self.path, path) is not None

    def hits(self, count: int) -> bool:
        """Whether the `count`-th matching request meets the fault."""
        return self.nth <= count and (self.times is None or count < self.nth + self.times)


class FaultSource(Protocol):
    """Says which request goes wrong. Called once a request, from any thread."""

    def pick(self, method: str, path: str) -> Fault | None:
        """Return the fault that this request meets, or None."""


class Faults:
    """A script of faults: the first rule that hits a request decides, and later rules do not count it.

    So `Faults(Rule(a), Rule(b))` makes the first request meet `a` and the second `b`.
    """

    def __init__(self, *rules: Rule) -> None:
        self._lock = threading.Lock()
        self._counts = [(rule, [0]) for rule in rules]

    def add(self, *rules: Rule) -> None:
        """Append rules, which count requests from now on."""
        with self._lock:
            self._counts += [(rule, [0]) for rule in rules]

    def pick(self, method: str, path: str) -> Fault | None:
        """Return the fault that this request meets, or None."""
        with self._lock:
            for rule, count in self._counts:
                if rule.matches(method, path):
                    count[0] += 1
                    if rule.hits(count[0]):
                        return rule.fault
        return None


CATALOGUE = (
    *(Fault("status", moment, 500) for moment in ("before", "after")),
    *(Fault("status", moment, 502, body="html") for moment in ("before", "after")),
    *(Fault("status", moment, 503, body="2024") for moment in ("before", "after")),
    *(Fault("status", moment, 504) for moment in ("before", "after")),
    *(Fault("reset", moment) for moment in ("before", "after")),
    *(Fault("hang", moment) for moment in ("before", "after")),
    *(Fault("status", "before", 429, retry_after=0), Fault("status", "before", 429)),
    *(Fault("truncated"), Fault("not-json"), Fault("not-array")),
)
"""Every kind of fault, at every moment that makes sense for it."""


class RandomFaults:
    """Gives each request a fault of the catalogue with a probability, `at_most` of them in all.

    The same seed throws the same dice; which request meets which throw depends on their order.
    """

    def __init__(
        self,
        seed: int,
        probability: float,
        *,
        at_most: int = 10,
        catalogue: tuple[Fault, ...] = CATALOGUE,
    ) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # noqa: S311  dice for tests, not for secrets
        self._probability = probability
        self._left = at_most
        self._catalogue = catalogue

    def pick(self, method: str, path: str) -> Fault | None:  # noqa: ARG002  any request may meet one
        """Return the fault that this request meets, or None."""
        with self._lock:
            if self._left <= 0 or self._random.random() >= self._probability:
                return None
            self._left -= 1
            return self._random.choice(self._catalogue)
