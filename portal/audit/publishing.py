"""The checkpoint that everybody sees: chosen at most once an hour, co-signed by witnesses."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from portal.audit import keys, notes
from portal.audit.heads import Head
from portal.audit.models import Checkpoint, Cosignature, Published, Witness
from portal.audit.notes import BadNote, Verifier
from portal.audit.recording import record
from portal.audit.subjects import Subject
from portal.audit.verbs import Verb
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotFound

# Not oftener: the log's size, second by second, would tell when somebody reports.
EVERY = timedelta(hours=1)
_LOCK = int.from_bytes(b"audit-pb", "big") >> 1


@transaction.atomic
def publish(ctx: Context, *, at_once: bool = False) -> Published | None:
    """Publish the newest checkpoint, if the last one is an hour old (or `at_once`) and there is a newer
    one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = newest()
    if last is not None and last.at > ctx.at - EVERY and not at_once:
        return None
    checkpoint = Checkpoint.objects.order_by("-size").first()
    if checkpoint is None or (last is not None and last.pk >= checkpoint.size):
        return None
    published = Published.objects.create(checkpoint=checkpoint, at=ctx.at)
    record(ctx, Verb.CHECKPOINT_PUBLISHED, Subject("checkpoint", str(checkpoint.size)))
    return published


def newest() -> Published | None:
    return Published.objects.select_related("checkpoint").order_by("-pk").first()


@transaction.atomic
def add_witness(ctx: Context, *, key: str) -> Witness:
    """Let somebody co-sign: `key` is their verifier key (name+id+base64). Raises Invalid, Conflict."""
    try:
        verifier = Verifier.parse(key)
    except BadNote as error:
        raise Invalid(f"This is no verifier key: {error}.", code="bad_key") from error
    if verifier.name == keys.origin() or Witness.objects.filter(name=verifier.name).exists():
        raise Conflict("There is a witness, or a log, of this name.", code="name_taken")
    witness = Witness.objects.create(name=verifier.name, public_key=verifier.public, added_at=ctx.at)
    record(ctx, Verb.WITNESS_ADDED, Subject("witness", witness.id))
    return witness


@transaction.atomic
def end_witness(ctx: Context, *, name: str) -> Witness:
    """Take no further co-signatures from a witness; those it gave stay. Raises NotFound."""
    witness = Witness.objects.select_for_update().filter(name=name, ended_at=None).first()
    if witness is None:
        raise NotFound("There is no such witness.", code="no_such_witness")
    witness.ended_at = ctx.at
    witness.save(update_fields=["ended_at"])
    record(ctx, Verb.WITNESS_ENDED, Subject("witness", witness.id))
    return witness


@transaction.atomic
def cosign(ctx: Context, *, note: str) -> list[UUID]:
    """Keep the witnesses' signatures under a published checkpoint; the ids of those that are new.

    Each witness signs with its own key, so whoever brings the note need not be known. Raises Invalid when no
    witness's signature is under it or one is false, NotFound when this isn't a checkpoint that was published.
    """
    witnesses = {one.name: one for one in Witness.objects.filter(ended_at=None)}
    verifiers = [Verifier(name, bytes(one.public_key)) for name, one in witnesses.items()]
    try:
        text, signed = notes.cosignatures(note, verifiers)
        head = Head.parse(text)
    except BadNote as error:
        raise Invalid(f"This can't be taken: {error}.", code="bad_note") from error
    published = Published.objects.select_related("checkpoint").filter(pk=head.size).first()
    if published is None or Head.parse(published.checkpoint.note.partition("\n\n")[0] + "\n") != head:
        raise NotFound("This is not a checkpoint that this log has published.", code="not_published")
    return [
        witnesses[one.name].pk
        for one in signed
        if _keep(ctx, witnesses[one.name], published, line=one.line, at=one.at)
    ]


def _keep(ctx: Context, witness: Witness, published: Published, *, line: str, at: datetime) -> bool:
    try:
        with transaction.atomic():
            Cosignature.objects.create(witness=witness, published=published, at=at, line=line)
    except IntegrityError:
        return False  # this witness's is here already
    subject = Subject("checkpoint", str(published.pk))
    record(ctx, Verb.CHECKPOINT_COSIGNED, subject, witness=witness.pk)
    return True
