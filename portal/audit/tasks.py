"""The log's background work."""

from __future__ import annotations

from celery import shared_task

from portal.audit import sealer


@shared_task(name="audit.seal")
def seal() -> None:
    """Order and seal what was written since the last run. Beat sends it every second."""
    sealer.seal_waiting()
