"""The hashing app's background work. Messages hold ids only; what is owed is read from the database."""

from __future__ import annotations

from celery import shared_task

from hashing.lists import services as lists


@shared_task(name="hashing.publish")
def publish() -> None:
    """Publish what was approved or withdrawn. Beat sends it every two seconds; runs never overlap."""
    lists.publish_pending()


@shared_task(name="hashing.expire")
def expire() -> None:
    """Drop withdrawn values that no partner needs to be told of any more."""
    lists.expire_tombstones()
