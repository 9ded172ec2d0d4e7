"""The portal's settings for a test run: a home of its own, a database and Redis number per process."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

for name in (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "KEYRING_DIR",
    "VAULT_DIR",
    "INDEX_DIR",
    "AUDIT_ORIGIN",
    "BASE_URL",
    "PORT",
):
    os.environ.pop(name, None)
# The controller of a parallel run makes the home; its workers inherit the name.
if "PORTAL_TEST_HOME" not in os.environ:
    os.environ["PORTAL_TEST_HOME"] = str(Path(tempfile.mkdtemp(prefix="portal-test-")).resolve())
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
os.environ["PORTAL_HOME"] = os.environ["PORTAL_TEST_HOME"]
os.environ["VAULT_DIR"] = str(Path(os.environ["PORTAL_TEST_HOME"]) / f"vault-{_worker}")
os.environ["SEALED_DIR"] = str(Path(os.environ["PORTAL_TEST_HOME"]) / f"sealed-{_worker}")
os.environ["PORTAL_DATABASE"] = f"test_{_worker}"
os.environ["PORTAL_REDIS_DB"] = _worker.removeprefix("gw")

from portal.settings import *  # noqa: E402, F403 (the lines above choose what they are)

# Built files are served as they are: no manifest, nothing to collect before a run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405

PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
