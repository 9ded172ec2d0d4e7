"""What the portal does by itself, and how often."""

from __future__ import annotations

from celery.schedules import schedule

# Each task: every so many seconds; left undone when nobody took it for so many.
EVERY = {
    "audit.seal": (1, 5),
    "audit.publish": (60, 60),
    "audit.export": (10, 10),
    "hashing.publish": (2, 10),
    "notify.checkpoint": (600, 600),
    "notify.requeue": (10, 10),
    "hashing.index": (2, 5),
    "hashing.compare": (5, 5),
    "hashing.release": (10, 10),
    "hashing.requeue": (10, 10),
    "vault.sweep": (30, 30),
    "hashing.watch": (300, 300),
    "hashing.state": (600, 600),
    "hashing.silence": (3600, 600),
    "hashing.expire": (3600, 600),
    "hashing.webhooks": (10, 10),
    "hashing.snapshots": (300, 300),
    "hashing.forget": (30, 30),
    "cases.digest": (3600, 600),
    "cases.sweep": (60, 60),
    "cases.tell": (300, 300),
}

BEAT = {
    task: {"task": task, "schedule": schedule(float(seconds)), "options": {"expires": expires}}
    for task, (seconds, expires) in EVERY.items()
}
