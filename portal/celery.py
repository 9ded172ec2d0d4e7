"""The Celery application: broker messages hold ids only, and what is owed is always in the database."""

from __future__ import annotations

import os
import signal

from celery import Celery, signals

from portal.embedded import launch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _keep_logs(**_kwargs: object) -> None:
    """Django has set logging up; with a receiver here, Celery leaves it alone."""


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _end_with_worker(**_kwargs: object) -> None:
    """A pool process whose worker was killed would go on with its task, beside its successor."""
    launch.die_with_parent(signal.SIGKILL, os.getppid())
