"""The hashing app's background work. Messages hold ids only; what is owed is read from the database."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from hashing import services
from hashing.enrolment import forgetting, upgrades, upgrading
from hashing.enrolment import services as enrolment
from hashing.lists import guarding
from hashing.lists import services as lists
from hashing.matching import builder, comparing, mapped, searches
from portal.core.context import Context


@shared_task(name="hashing.fingerprint")
def fingerprint(picture_id: str) -> None:
    """Check and fingerprint one picture; nothing happens if that was done or is being done."""
    services.fingerprint_picture(Context.system("hashing.fingerprint"), picture_id=UUID(picture_id))


@shared_task(name="hashing.requeue")
def requeue() -> None:
    """Queue what the broker lost, or a killed worker left."""
    services.requeue()
    searches.sweep(Context.system("hashing.requeue"))
    enrolment.requeue()
    upgrades.requeue()


@shared_task(name="hashing.enrol")
def enrol(picture_id: str) -> None:
    """Fingerprint one picture in full; nothing happens if that was done or is being done.

    What was made is held against harmless pictures at once, so that the case's page can say what would hit.
    Every proposal does it again.
    """
    ctx = Context.system("hashing.enrol")
    if enrolment.enrol_picture(ctx, picture_id=UUID(picture_id)):
        guarding.examine(ctx, picture_id=UUID(picture_id))


@shared_task(name=upgrades.TASK)
def upgrade(picture_id: str) -> None:
    """Give one picture the newer version of its regional fingerprint; nothing happens if that was done."""
    upgrading.upgrade(Context.system(upgrades.TASK), picture_id=UUID(picture_id))


@shared_task(name="hashing.forget")
def forget() -> None:
    """Delete fingerprints of what is destroyed and on no list."""
    forgetting.forget(Context.system("hashing.forget"))


@shared_task(name="hashing.publish")
def publish() -> None:
    """Publish what was approved or withdrawn. Beat sends it every two seconds; runs never overlap."""
    lists.publish_pending()


@shared_task(name="hashing.release")
def release() -> None:
    """Hold what has waited long enough against harmless pictures once more, and let it go on."""
    lists.release_waited(Context.system("hashing.release"))


@shared_task(name="hashing.webhook", time_limit=60)
def webhook(delivery_id: str) -> None:
    """Attempt one delivery; nothing happens if that is done or being done."""
    lists.deliver(Context.system("hashing.webhook"), delivery_id=UUID(delivery_id))


@shared_task(name="hashing.webhooks")
def webhooks() -> None:
    """Queue deliveries that the broker lost, or whose next attempt has come."""
    lists.requeue_deliveries(Context.system("hashing.webhooks"))


@shared_task(name="hashing.snapshots", time_limit=3600)
def snapshots() -> None:
    """Build the files of whole lists that are due, and remove those that are over."""
    lists.refresh_snapshots(Context.system("hashing.snapshots"))


@shared_task(name="hashing.expire")
def expire() -> None:
    """Drop withdrawn values that no partner needs to be told of any more, and submissions of no case."""
    lists.expire_tombstones()
    lists.forget_deliveries(Context.system("hashing.expire"))
    lists.expire_submissions(Context.system("hashing.expire"))


@shared_task(name="hashing.index", time_limit=12 * 3600)
def index() -> None:
    """Take what has changed into the index of this machine. Nothing if another builder is at it.

    The first run on a machine reads everything, which takes an hour per million pictures.
    """
    builder.run(mapped.folder())


@shared_task(name="hashing.watch")
def watch() -> None:
    """Quarantine what matches far above its list's baseline."""
    lists.watch_matches(Context.system("hashing.watch"))


@shared_task(name="hashing.silence")
def silence() -> None:
    """Tell the agency of partners that have stopped to pull."""
    lists.tell_of_silence(Context.system("hashing.silence"))


@shared_task(name="hashing.compare")
def compare() -> None:
    """Look new pictures up among the others. Nothing if another run is at it."""
    comparing.compare_new(Context.system("hashing.compare"))


@shared_task(name=searches.TASK)
def search(search_id: str) -> None:
    """Answer somebody at the desk; nothing happens if that was done."""
    searches.answer(Context.system(searches.TASK), search_id=UUID(search_id))


@shared_task(name="hashing.state")
def state() -> None:
    """Sign what each list held at the end of the days that are over."""
    lists.state_days(Context.system("hashing.state"))
