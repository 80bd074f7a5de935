"""The emulator on a loopback port, with connections that stay open from one request to the next.

werkzeug's own handler closes each connection after one answer; this one reads the whole body first, so the
next request begins where it must.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import socket
import struct
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, cast

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from jobsync.emulator import BASE_PATH
from jobsync.emulator.answers import Answer, Refusal
from jobsync.emulator.faults import Severed
from jobsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import WSGIApplication

HOST = "127.0.0.1"
"""Never anything else: the emulator holds secrets in clear and is no server for others."""

_BACKLOG = 128
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


def serve(app: WSGIApplication, port: int, *, on_ready: Callable[[str], None], debug: bool = False) -> None:
    """Serve until SIGINT or SIGTERM; call only from the main thread.

    `on_ready` gets the base URL as soon as connections are accepted; port 0 takes a free one; `debug` logs
    each request on stderr. Requests in flight are finished before this returns. Raises `UsageError` where
    the port is taken.
    """
    stop = threading.Event()
    with listening(app, port, debug=debug) as url:
        previous = {
            number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            on_ready(url)
            stop.wait()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


@contextmanager
def listening(app: WSGIApplication, port: int = 0, *, debug: bool = False) -> Iterator[str]:
    """Serve in threads while the block runs, and yield the base URL; raises as `serve`."""
    with _listener(port) as listener:
        server = _Server(HOST, port, app, _Handler, fd=listener.fileno())
    server.debug = debug
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.port}{BASE_PATH}"
    finally:
        server.shutdown()
        server.end_connections()
        thread.join()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} is in use", hint="choose another with `--port`") from error
        raise UsageError(f"port {port} cannot be used: {error.strerror}") from error


class _Server(ThreadedWSGIServer):
    """One thread a connection; knows its connections, so that idle ones do not hold up the end."""

    daemon_threads = False
    debug = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Let every connection end after the answer it is about to send; ends hangs at once."""
        self.stopping.set()
        with self._lock:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RD)
                except OSError:
                    continue  # the client was faster


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024  # one packet for headers and a small body

    def run_wsgi(self) -> None:
        """Serve one request of a connection; http.server calls this for any method."""
        try:
            environ = self.make_environ()
            environ["wsgi.input"] = io.BytesIO(self._body(environ))
            self._send(*_called(self.server.app, environ))
        except Severed as fault:
            self._act_out(fault)
        except ConnectionError:
            self.close_connection = True
        except Exception:  # noqa: BLE001  the boundary: a bug must not look like a lost connection
            traceback.print_exc()
            self.close_connection = True
            answer = Refusal(500, "the emulator failed; its log has the traceback").answer()
            self._send(answer.status_line, answer.header_list(), answer.body)

    def handle_expect_100(self) -> bool:
        """Tell a client that waits with its body to go on."""
        is_served = super().handle_expect_100()
        self.wfile.flush()
        return is_served

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log requests only where asked to."""
        if cast("_Server", self.server).debug:
            super().log_request(code, size)

    def _body(self, environ: dict[str, Any]) -> bytes:
        if "wsgi.input_terminated" in environ:
            return cast("bytes", environ["wsgi.input"].read())
        length = environ.get("CONTENT_LENGTH", "0")
        if not length.isdecimal():
            self.close_connection = True
            return b""
        return self.rfile.read(int(length))

    def _send(self, status_line: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        code, _, phrase = status_line.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _act_out(self, fault: Severed) -> None:
        self.close_connection = True
        if fault.kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
            os.close(self.connection.detach())  # now: socketserver would say goodbye first
        elif fault.kind == "hang":
            cast("_Server", self.server).stopping.wait(fault.seconds)
            if fault.answer is not None:
                self._send_answer(fault.answer, fault.answer.body)
        elif fault.answer is not None:
            self._send_answer(fault.answer, fault.answer.body[: len(fault.answer.body) // 2])

    def _send_answer(self, answer: Answer, body: bytes) -> None:
        try:
            self._send(answer.status_line, answer.header_list(), body)
        except ConnectionError:
            self.close_connection = True  # the client gave up waiting


def _called(app: WSGIApplication, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        started.append((status, headers))
        return _no_writes

    chunks = app(environ, start_response)
    status, headers = started[-1]
    return status, headers, b"".join(chunks)


def _no_writes(_data: bytes) -> NoReturn:
    raise RuntimeError("answers are returned, not written")
