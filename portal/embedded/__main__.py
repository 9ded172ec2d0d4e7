"""`python -m portal.embedded`: the portal with its sample agency, until Ctrl-C.

With `--tied` it also stops when the process that started it ends, however that ends.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections import deque
from pathlib import Path
from types import FrameType
from typing import NoReturn

from portal.embedded import launch
from portal.embedded.process import StartFailed
from portal.embedded.stack import ROOT, Stack

# A process that ends more often than this within a minute is broken, not unlucky.
MOST_RESTARTS = 5


class Stopped(BaseException):
    """Somebody wants it to stop."""


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def main() -> int:
    """0 when it was asked to stop; 1 with a sentence when it can't start or go on."""
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        _tell("DATABASE_URL is set, and this would run the sample agency: unset it first.")
        return 1
    port = os.environ.get("PORT", "8000")
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:  # noqa: PLR2004 (a port)
        _tell("PORT must be a number from 1 to 65535.")
        return 1
    if "--tied" in sys.argv[1:]:
        launch.die_with_parent(signal.SIGTERM, os.getppid())
    stack = Stack(Path(os.environ.get("PORTAL_HOME", ROOT / ".portal")), int(port), say=_tell)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        stack.start()
        _introduce(stack)
        return _watch(stack)
    except StartFailed as error:
        _tell(str(error))
        return 1
    except Stopped:
        _tell("Stopping")
        return 0
    finally:
        stack.stop()


def _watch(stack: Stack) -> int:
    """Restart what dies (everything owed is in the database), and give up on what keeps dying."""
    restarts: deque[float] = deque(maxlen=MOST_RESTARTS)
    while True:
        time.sleep(0.3)
        for name in stack.revive():
            now = time.monotonic()
            if len(restarts) == MOST_RESTARTS and now - restarts[0] < 60:  # noqa: PLR2004 (a minute)
                _tell(f"{name} keeps ending; see {stack.home / 'logs'}. Stopping.")
                return 1
            restarts.append(now)
            _tell(f"{name} had ended and was started again.")


def _introduce(stack: Stack) -> None:
    _tell(f"\nThe portal is at  {stack.base_url}/\nIts staff are at  {stack.base_url}/desk/\n")
    for account in stack.sample["staff"]:
        login = f"{account['password']}  TOTP {account['totp_secret']}"
        _tell(f"  {account['role']:14} {account['email']:34} {login}")
    _tell(f"\nAll of it, and the partners' credentials, in {stack.home / 'sample.json'}. Ctrl-C stops.")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
