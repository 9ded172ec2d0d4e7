"""Moving encrypted fields to the newest field key, so that an older key can be taken out of the keyring."""

from __future__ import annotations

from django.apps import apps
from django.db import models, transaction

from portal.audit.recording import record
from portal.audit.subjects import Subject
from portal.audit.verbs import Verb
from portal.core.context import Context
from portal.crypto import keyring, symmetric
from portal.crypto.fields import Ciphertext, EncryptedField

_BATCH = 200


def reencrypt_all(ctx: Context) -> dict[str, int]:
    """Every model's encrypted fields; how many rows of each table were rewritten. Safe to stop and repeat."""
    changed: dict[str, int] = {}
    for model in apps.get_models():
        fields = [field for field in model._meta.fields if isinstance(field, EncryptedField)]  # noqa: SLF001 (Django's public-by-documentation API)
        if fields:
            changed[model._meta.db_table] = reencrypt(ctx, model, fields)  # noqa: SLF001 (as above)
    return changed


def reencrypt(ctx: Context, model: type[models.Model], fields: list[EncryptedField]) -> int:
    """Rewrite the rows of one table that use an older key, a locked batch at a time. Returns how many."""
    ring = keyring.current()
    newest = symmetric.key_id(ring.field_key(ring.field_version()))
    changed, last = 0, None
    while True:
        with transaction.atomic():
            rows = model._default_manager.select_for_update().order_by("pk")  # noqa: SLF001 (as above)
            batch = list((rows if last is None else rows.filter(pk__gt=last))[:_BATCH])
            if rewritten := sum(_rewrite(row, fields, newest) for row in batch):
                record(ctx, Verb.KEY_REENCRYPTED, Subject("table", model._meta.db_table), rows=rewritten)  # noqa: SLF001 (as above)
                changed += rewritten
        if not batch:
            return changed
        last = batch[-1].pk


def _rewrite(row: models.Model, fields: list[EncryptedField], newest: bytes) -> bool:
    """Whether the row had a value under an older key."""
    old = [field.attname for field in fields if _is_old(row.__dict__[field.attname], newest)]
    for name in old:
        setattr(row, name, getattr(row, name))
    if old:
        row.save(update_fields=old)
    return bool(old)


def _is_old(value: object, newest: bytes) -> bool:
    return isinstance(value, Ciphertext) and symmetric.id_of(value) != newest
