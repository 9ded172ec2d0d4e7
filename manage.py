#!/usr/bin/env python
"""Django's command line for the portal."""

from __future__ import annotations

import os
import sys

# These work on files alone: no secret, no database, no broker.
OFFLINE_COMMANDS = frozenset({"fingerprint", "match", "makemessages", "permissions"})


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OFFLINE_COMMANDS:
        os.environ["PORTAL_OFFLINE"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
