"""Gunicorn's configuration, embedded and in production: `gunicorn -c python:portal.core.gunicorn`.

No access log: it would hold addresses and paths. Each setting of the command line wins over these.
"""

from __future__ import annotations

import gc

import gunicorn.glogging
from gunicorn.config import Config
from gunicorn.http.wsgi import Response
from gunicorn.workers.base import Worker


class Logger(gunicorn.glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's own messages go where Django's go, in the same form; requests go nowhere."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers = []
            log.propagate = True

    def access(self, *_args: object) -> None:
        return


_headers = Response.default_headers


def _headers_without_server(response: Response) -> list[str]:
    """Gunicorn has no setting for it: every answer would name the server's software."""
    return [line for line in _headers(response) if not line.startswith("Server:")]


Response.default_headers = _headers_without_server

logger_class = Logger
accesslog = None
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 5
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# It would be a file in the user's home.
control_socket_disable = True


def post_worker_init(_worker: Worker) -> None:
    """What is loaded by now stays: searching it for garbage would cost a part of every request."""
    gc.collect()
    gc.freeze()
