"""The Celery application: broker messages hold ids only, and what is owed is always in the database."""

from __future__ import annotations

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _keep_logs(**_kwargs: object) -> None:
    """Django has set logging up; with a receiver here, Celery leaves it alone."""
