#!/usr/bin/env python
"""Django's command line for the portal."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext

# These work on files alone: no secret, no database, no broker.
OFFLINE_COMMANDS = frozenset({"fingerprint", "learn_codes", "match", "makemessages", "permissions"})
# These need no database, or start their own; for all others the embedded servers are started unless they run.
ALONE_COMMANDS = OFFLINE_COMMANDS | {
    "bench",
    "bench_long_lists",
    "check",
    "collectstatic",
    "demo",
    "help",
    "makemigrations",
    "permissions",
    "spectacular",
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OFFLINE_COMMANDS:
        os.environ["PORTAL_OFFLINE"] = "1"
    from django.core.management import execute_from_command_line

    from portal.embedded.process import StartFailed

    try:
        with _servers(sys.argv[1] if len(sys.argv) > 1 else "help"):
            execute_from_command_line(sys.argv)
    except StartFailed as error:
        sys.exit(str(error))


def _servers(command: str) -> AbstractContextManager[object]:
    """The embedded PostgreSQL and Redis for as long as the command runs, where they are wanted."""
    if command in ALONE_COMMANDS or command.startswith("-") or "--help" in sys.argv:
        return nullcontext()
    from django.conf import settings

    if not settings.EMBEDDED:
        return nullcontext()
    from portal.embedded import services

    return services.running(settings.PORTAL_HOME)


if __name__ == "__main__":
    main()
