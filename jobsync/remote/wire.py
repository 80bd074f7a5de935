"""Requests and their answers over httpx, which no module but this and `transport` knows.

What comes back is a value: an answer, or in words why there is none. What it means is decided elsewhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
from httpx_retries import RetryTransport

import jobsync
from jobsync.errors import ConnectionFailed, UnreadableAnswer, UsageError
from jobsync.remote import address, failures
from jobsync.remote.answers import Answer, NoAnswer
from jobsync.remote.error_bodies import one_line
from jobsync.remote.transport import Attempt, CutShort, PacedRetry, Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobsync.errors import RemoteError
    from jobsync.model.values import Json
    from jobsync.remote.pace import Pace

MOST_CONNECTIONS = 20

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

_HINT_REACH = "check the environment's `url` and the network"
_HINT_PROXY = "requests go through the proxy that `HTTPS_PROXY` or `HTTP_PROXY` names: check that too"
_HINT_PROXY_FORM = "`HTTPS_PROXY` is an address such as `http://proxy.example:3128`"
_HINT_CERTIFICATE = "where a company's certificate is in use, name its file in `SSL_CERT_FILE`"
_HINT_LOST_READ = "try again"
_HINT_LOST_WRITE = "it may have been done all the same: run `jobsync plan` to see"


class Wire:
    """Carries requests to one address with one key, for up to 20 threads.

    What may be repeated is, after 429, 500, 502, 503, 504 and broken connections: `attempts` in all, with at
    most a minute of pauses. Redirects are not followed, certificates are verified.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        pace: Pace,
        *,
        attempts: int,
        connect_s: float,
        transport: httpx.BaseTransport | None,
    ) -> None:
        base = _base(base_url, leaves_the_process=transport is None)
        self.address = str(base).rstrip("/")
        self._host = base.netloc.decode("ascii")
        self._connect_s = connect_s
        self._repeat = PacedRetry(pace, attempts)
        self._http = httpx.Client(
            transport=RetryTransport(
                Attempt(_network(base) if transport is None else transport, key, pace),
                PacedRetry(pace, attempts=1),
            ),
            headers={"Accept": "application/json", "User-Agent": f"jobsync/{jobsync.__version__}"},
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        shown: str,
        job_id: str | None,
        body: Mapping[str, Json] | None,
        patience_s: float,
        may_repeat: bool,
        redact: Callable[[str], str],
    ) -> Answer | NoAnswer:
        """Send a request, once or as often as it takes, and return how it ended.

        Errors of httpx end here as values, so that none of them, with the headers it holds, hangs on what is
        raised later.
        """
        request = self._http.build_request(
            method,
            self.address + path,
            content=None if body is None else json.dumps(dict(body), allow_nan=False).encode(),
            headers=None if body is None else {"Content-Type": "application/json"},
            timeout=httpx.Timeout(patience_s, connect=self._connect_s, pool=None),
            extensions={"retry": self._repeat} if may_repeat else None,
        )
        try:
            response = self._http.send(request)
        except Stopped as stopped:
            if stopped.answer is None:
                unsent = ConnectionFailed(f"{shown} was not sent, because the run was stopped")
                return NoAnswer(unsent, sent=False)
            response = stopped.answer
        except httpx.HTTPError as error:
            why = one_line(redact(failures.reason(error)))
            return NoAnswer(
                self._in_words(error, shown, why, patience_s),
                sent=not isinstance(error, _NEVER_SENT),
                status=error.status if isinstance(error, CutShort) else None,
            )
        return Answer(
            request=shown,
            status=response.status_code,
            body=response.content,
            job_id=job_id,
            redirect=response.extensions.get("redirect"),
            retry_after=response.headers.get("Retry-After"),
            redact=redact,
        )

    def _in_words(self, error: httpx.HTTPError, shown: str, why: str, patience_s: float) -> RemoteError:
        host = self._host
        lost = _HINT_LOST_READ if shown.startswith("GET ") else _HINT_LOST_WRITE
        match error:
            case CutShort():
                return UnreadableAnswer(f"the answer to {shown} was cut short: {why}", hint=lost)
            case httpx.ConnectTimeout():
                return ConnectionFailed(
                    f"could not connect to {host} within {self._connect_s:g} s", hint=_HINT_REACH
                )
            case httpx.ConnectError():
                hint = _HINT_CERTIFICATE if failures.is_certificate_refused(error) else _HINT_REACH
                return ConnectionFailed(f"could not connect to {host}: {why}", hint=hint)
            case httpx.ProxyError():
                return ConnectionFailed(f"the proxy did not connect to {host}: {why}", hint=_HINT_PROXY)
            case httpx.TimeoutException():
                return ConnectionFailed(f"no answer to {shown} within {patience_s:g} s", hint=lost)
            case _:
                return ConnectionFailed(
                    f"the connection to {host} broke before {shown} was answered: {why}", hint=lost
                )


def _base(base_url: str, *, leaves_the_process: bool) -> httpx.URL:
    """Read the address as httpx will, so that nothing is checked that is not also what is used."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL("")
    address.check(
        scheme=url.scheme,
        host=url.host,
        has_userinfo=bool(url.userinfo),
        has_more=bool(url.query or url.fragment),
        needs_https=leaves_the_process,
    )
    return url


def _network(base: httpx.URL) -> httpx.BaseTransport:
    """Open the way to the API: certificates are always verified, the proxy is that of the environment."""
    limits = httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS)
    try:
        return httpx.HTTPTransport(limits=limits, proxy=address.proxy(base.scheme, base.host))
    except (ValueError, ImportError, httpx.InvalidURL):
        raise UsageError(
            "the proxy that the environment names cannot be used", hint=_HINT_PROXY_FORM
        ) from None
    except OSError:
        raise UsageError("the file that `SSL_CERT_FILE` or `SSL_CERT_DIR` names cannot be read") from None
