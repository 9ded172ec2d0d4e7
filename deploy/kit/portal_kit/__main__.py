"""`python -m portal_kit` is portal-list."""

from __future__ import annotations

import sys

from portal_kit.command import main

if __name__ == "__main__":
    sys.exit(main())
