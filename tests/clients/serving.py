"""The portal on a real port, in a thread: for clients that speak HTTP and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from portal.wsgi import application


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: the tests' output is for failures."""


@dataclass(frozen=True)
class Request:
    """What a client asked for, when (monotonic seconds), and what it got."""

    path: str
    query: dict[str, str]
    at: float
    status: int
    retry_after: int


@dataclass
class Site:
    """A running portal. `before` is called ahead of each request; `begun` are the paths of all so far."""

    base: str = ""
    requests: list[Request] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        answered: dict[str, str] = {}
        at = time.monotonic()
        self.begun.append(environ["PATH_INFO"])
        self.before()

        def noted(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answered.update(dict(headers), status=status)
            return start(status, headers, *rest)

        body = application(environ, noted)
        self.requests.append(
            Request(
                environ["PATH_INFO"],
                dict(parse_qsl(environ["QUERY_STRING"])),
                at,
                int(answered["status"][:3]),
                int(answered.get("Retry-After", 0)),
            )
        )
        return body

    def settle(self) -> None:
        """Until every request that was begun is answered, also one whose client is gone."""
        while len(self.requests) < len(self.begun):
            time.sleep(0.05)


@contextmanager
def portal() -> Iterator[Site]:
    """A running portal on this process's database."""
    site = Site()
    server = make_server("127.0.0.1", 0, site, server_class=_Server, handler_class=_Quiet)
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
