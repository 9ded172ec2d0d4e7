"""The project package, and the ground that every app stands on."""

# Every process that queues work, not only workers, must know the broker: Celery's current app is this one.
from portal.celery import app as celery_app

__all__ = ["celery_app"]
