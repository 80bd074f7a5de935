"""What a request goes through on its way to the network: repeated where that helps, one attempt at a time.

The layers are httpx transports; from the outside in: `RetryTransport` with `PacedRetry`, `Attempt`, network.
"""

from __future__ import annotations

import copy
import logging

import httpx
from httpx_retries import Retry

from jobsync.remote import failures
from jobsync.remote.pace import TOTAL_PAUSE_S, Pace

_METHODS = ("GET", "PUT", "DELETE", "POST")
_SUCCESSES = range(200, 300)
_REDIRECTS = range(300, 400)

_ONE_TOO_MANY = frozenset({429, 503})
"""Answers that ask every worker to slow down."""

_TRANSIENT = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the vendor's own client repeats a request."""

_BROKEN = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.DecodingError)

_LOST_IN_SILENCE = (httpx.ReadTimeout, httpx.WriteTimeout)
_MOST_REPEATED_IN_SILENCE = 2
"""Each such attempt has already waited for half a minute or, for a list, for two."""

_KEPT = ("Retry-After", "Location")
"""Headers that count where the body of a refusal is lost."""

_log = logging.getLogger("jobsync.remote")


class Stopped(Exception):
    """Ends the repeating of a request, with the last answer where there is one."""

    def __init__(self, answer: httpx.Response | None) -> None:
        super().__init__("the run was stopped")
        self.answer = answer


class CutShort(httpx.RemoteProtocolError):
    """A success began and broke off."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class PacedRetry(Retry):
    """Repeats a request with pauses by `Pace`, which can be stopped; who sends it says whether it may be."""

    def __init__(self, pace: Pace, attempts: int) -> None:
        super().__init__(
            total=attempts - 1,
            allowed_methods=_METHODS,
            status_forcelist=_TRANSIENT,
            retry_on_exceptions=_BROKEN,
            total_timeout=TOTAL_PAUSE_S,
        )
        self._pace = pace

    def increment(self) -> PacedRetry:
        """Return what holds for the next attempt; the original is shared by all requests."""
        following = copy.copy(self)
        following.attempts_made += 1
        return following

    def is_retryable_exception(self, exception: Exception) -> bool:
        """Say whether to try again; not long after long silence, and not where a certificate is refused."""
        if isinstance(exception, _LOST_IN_SILENCE) and self.attempts_made >= _MOST_REPEATED_IN_SILENCE:
            return False
        return super().is_retryable_exception(exception) and not failures.is_certificate_refused(exception)

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Pause before the next attempt, or end the repeating with what there is when the run was stopped."""
        retry_after = response.headers.get("Retry-After") if isinstance(response, httpx.Response) else None
        seconds = self._pace.pause(self.attempts_made - 1, retry_after, self.elapsed_sleep)
        self.elapsed_sleep += seconds
        if not self._pace.sleep(seconds):
            raise Stopped(response) if isinstance(response, httpx.Response) else response


class Attempt(httpx.BaseTransport):
    """One attempt: waits for its turn, adds the key, reads the whole answer, writes one line of log.

    The key is added here and nowhere else. An answer is read to its end before it counts, so that one that
    is cut short is repeated like one that never came.
    """

    def __init__(self, inner: httpx.BaseTransport, key: str, pace: Pace) -> None:
        self._inner = inner
        self._key = key
        self._pace = pace

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request once."""
        if not self._pace.admit():
            raise Stopped(None)
        attempt = request.extensions["attempt"] = request.extensions.get("attempt", 0) + 1
        request.headers["x-api-key"] = self._key
        sent_at = self._pace.clock()
        outcome = "no answer"
        try:
            response = _read(self._inner.handle_request(request))
            outcome = str(response.status_code)
        finally:
            path, elapsed = request.url.raw_path.decode("ascii"), 1000 * (self._pace.clock() - sent_at)
            _log.debug("%s %s: %s in %.0f ms (attempt %d)", request.method, path, outcome, elapsed, attempt)
        if response.status_code in _ONE_TOO_MANY:
            self._pace.slow_down(sent_at, response.headers.get("Retry-After"))
        else:
            self._pace.speed_up()
        return response

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _read(response: httpx.Response) -> httpx.Response:
    """Read an answer to its end; of a refusal the status is enough where the rest is lost."""
    try:
        response.read()
    except (httpx.TransportError, httpx.DecodingError) as error:
        response.close()
        if response.status_code in _SUCCESSES:
            raise CutShort(response.status_code, failures.reason(error)) from error
        kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
        response = httpx.Response(response.status_code, headers=kept)
    if response.status_code in _REDIRECTS:
        response.extensions["redirect"] = _target(response.headers.get("Location", ""))
    # httpx would prepare to follow the first, and would send the second back with later requests
    for name in ("Location", "Set-Cookie"):
        response.headers.pop(name, None)
    return response


def _target(location: str) -> str | None:
    """Return the scheme and host of a redirect; what follows them may hold secrets."""
    try:
        url = httpx.URL(location)
    except httpx.InvalidURL:
        return "an unreadable address"
    if not location:
        return None
    return f"`{url.scheme or 'https'}://{url.netloc.decode('ascii')}`" if url.host else "another path"
