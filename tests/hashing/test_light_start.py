"""What every command and every process loads before it does anything."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

HEAVY = ("numba", "cv2", "numpy", "scipy", "PIL")
LOADED = f"""
import sys, django
django.setup()
print(*sorted({set(HEAVY)!r} & sys.modules.keys()))
"""


def test_the_tables_are_known_without_the_matcher() -> None:
    """It takes 90 MB and seconds, which beat and most commands would pay for nothing."""
    offline = os.environ | {"PORTAL_OFFLINE": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=offline, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
