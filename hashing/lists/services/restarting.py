"""Start a list again after its publications can't be trusted any more: a restore from a backup."""

from __future__ import annotations

from django.db import transaction

from hashing.lists.models import Entry, List
from hashing.lists.models.lists import new_epoch
from hashing.lists.states import State
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context


def restart_list(ctx: Context, *, hash_list: List) -> List:
    """Begin a new epoch: native cursors of the old one are refused, and what is listed is published anew.

    Clients of the other wires have no epochs: they get all that is listed once more, as changed.
    """
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        locked = List.objects.select_for_update(no_key=True).get(pk=hash_list.pk)
        locked.epoch, locked.head = new_epoch(), 0
        locked.save(update_fields=["epoch", "head"])
        Entry.objects.filter(list=locked).update(position=None)
        Entry.objects.filter(list=locked, state=State.LISTED).update(published="")
        record(ctx, Verb.LIST_RESTARTED, Subject("list", locked.pk), list=locked.slug, epoch=locked.epoch)
        return locked
