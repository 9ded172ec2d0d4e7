"""The log's background work."""

from __future__ import annotations

from celery import shared_task

from portal.audit import exports, publishing, sealer
from portal.core.context import Context


@shared_task(name="audit.seal")
def seal() -> None:
    """Order and seal what was written since the last run. Beat sends it every second."""
    sealer.seal_waiting()


@shared_task(name="audit.publish")
def publish() -> None:
    """Show everybody the newest checkpoint, once an hour at the most. Beat sends it every minute."""
    publishing.publish(Context.system("audit.publish"))


@shared_task(name="audit.export")
def export() -> None:
    """Make the exports that were asked for, and end old ones. Beat sends it every ten seconds."""
    ctx = Context.system("audit.export")
    while exports.make_next(ctx):
        pass
    exports.end_old(ctx)
