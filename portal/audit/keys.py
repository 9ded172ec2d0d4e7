"""The log's signing key and its name, from the settings."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from portal.audit import marks
from portal.audit.models import Log
from portal.audit.notes import Signer, Verifier
from portal.crypto import configured

_SEED = 32


def origin() -> str:
    """The log's name in its checkpoints: it names no host and no agency."""
    return settings.AUDIT_ORIGIN or _stored()


@cache
def _stored() -> str:
    """It never changes while the database is the same one."""
    return Log.objects.get().origin


def signer() -> Signer:
    """Signs checkpoints."""
    return Signer(origin(), configured.key("CHECKPOINT_KEY")[:_SEED])


def signers() -> list[Signer]:
    """Today's key, and during a change of keys the one before it: who knows either can check."""
    if not settings.CHECKPOINT_FORMER_KEY:
        return [signer()]
    return [signer(), Signer(origin(), configured.key("CHECKPOINT_FORMER_KEY")[:_SEED])]


def trusted() -> list[Verifier]:
    """Keys whose checkpoints count: today's, and those it replaced."""
    old = map(Verifier.parse, settings.CHECKPOINT_OLD_KEYS)
    return [*(one.verifier for one in signers()), *old]


def mark_key() -> bytes:
    return marks.key(signer().seed)


def mark_keys() -> list[bytes]:
    return [marks.key(one.seed) for one in signers()]
