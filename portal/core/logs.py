"""Logs as JSON lines on standard error, without what could identify anyone.

Only events with fixed names and values of a few safe types are logged; request paths, bodies, addresses and
exception messages (which may quote input) are dropped, the traceback's file and line numbers stay. The
portal's own code logs with `structlog.get_logger()`: `log.info("picture_checked", picture=id)`. Of what a
library logs, the place and the template are shown, never the values.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from datetime import date, datetime
from types import TracebackType
from typing import Any, cast
from uuid import UUID

import structlog
from structlog.typing import EventDict, ProcessorReturnValue, WrappedLogger

from portal.core import clock

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
# A name out of the code. No digits and never all capitals: so no reference, access code, number or address.
SHORT_NAME = re.compile(r"(?=.*[a-z])[A-Za-z][A-Za-z_.-]{0,63}")
OWN = ("portal", "hashing", "cases")
SAFE_TYPES = (bool, int, float, UUID, date, datetime, type(None))
MAX_FRAMES = 30
STANDARD = {
    *vars(logging.makeLogRecord({})),
    "message",
    "asctime",
    "_logger",
    "_name",
    "_from_structlog",
    "_record",
}
# Told only when something is wrong.
QUIET = (
    "amqp",
    "asyncio",
    "celery",
    "django",
    "gunicorn",
    "health_check",
    "kombu",
    "PIL",
    "redis",
    "urllib3",
    "fontTools",
)


def configure(_config: dict[str, object]) -> None:
    """Set up logging for every process; Django calls this at start."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[_describe, structlog.processors.JSONRenderer(default=str)],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in list(logging.root.manager.loggerDict):
        _hand_over(logging.getLogger(name))
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    threading.excepthook = _log_thread_end


def _hand_over(logger: logging.Logger) -> None:
    """A library's own handlers would print what the root's drops."""
    logger.handlers = []
    logger.propagate = True


def _describe(_logger: WrappedLogger, _method: str, event: EventDict) -> ProcessorReturnValue:
    """The line that is written, for an event of the portal's own or a library's record."""
    record: logging.LogRecord = event["_record"]
    line: dict[str, Any] = {
        "at": clock.now().isoformat(),
        "level": record.levelname.lower(),
        "logger": record.name,
    }
    if event["_from_structlog"]:
        kept = {
            key: value
            for key, value in event.items()
            if key not in {"_record", "_from_structlog", "exc_info"}
        }
        line |= {key: safe(value) for key, value in kept.items()}
    elif record.name.startswith(OWN) and SHORT_NAME.fullmatch(str(record.msg)):
        line |= {"event": record.msg} | {
            key: safe(value) for key, value in vars(record).items() if key not in STANDARD
        }
    else:
        line["event"] = f"{record.module}.{record.funcName}:{record.lineno}"
        # Without arguments the message may have been put together from values.
        if event.get("positional_args") and isinstance(record.msg, str):
            line["template"] = record.msg.strip()
    error = _exc_info(event.get("exc_info") or record.exc_info)
    if error:
        line["error"] = describe_error(error)
    return line


def _exc_info(given: object) -> ExcInfo | None:
    """An exception in the forms that logging takes."""
    if isinstance(given, BaseException):
        return type(given), given, given.__traceback__
    found = given if isinstance(given, tuple) else sys.exc_info() if given else (None, None, None)
    return cast("ExcInfo", found) if found[0] else None


def safe(value: object) -> object:
    """The value if its type can't hold free text; a short name; else only the name of its type."""
    if isinstance(value, SAFE_TYPES) or (isinstance(value, str) and SHORT_NAME.fullmatch(value)):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [safe(item) for item in value]
    return f"<{type(value).__name__}>"


def describe_error(error: ExcInfo) -> dict[str, object]:
    """The exception's type, where it was raised, and the same of its cause: no message, no values."""
    kind, value, traceback = error
    frames = []
    while traceback:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_qualname}")
        traceback = traceback.tb_next
    described: dict[str, object] = {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "frames": frames[-MAX_FRAMES:],
    }
    cause = value.__cause__ or (None if value.__suppress_context__ else value.__context__)
    if cause:
        described["cause"] = describe_error((type(cause), cause, cause.__traceback__))
    return described


def _log_thread_end(args: threading.ExceptHookArgs) -> None:
    error = cast("ExcInfo", (args.exc_type, args.exc_value, args.exc_traceback))
    structlog.get_logger("portal.core").error("thread_ended", exc_info=error)
