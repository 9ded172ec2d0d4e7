"""The log's signing key and its name, from the settings."""

from __future__ import annotations

from django.conf import settings

from portal.audit.notes import Signer, Verifier
from portal.crypto import configured

_SEED = 32


def signer() -> Signer:
    """Signs checkpoints. Its name is the log's origin: it names no host and no agency."""
    return Signer(settings.AUDIT_ORIGIN, configured.key("CHECKPOINT_KEY")[:_SEED])


def trusted() -> list[Verifier]:
    """Keys whose checkpoints count: today's, and those it replaced (CHECKPOINT_OLD_KEYS)."""
    return [signer().verifier, *map(Verifier.parse, settings.CHECKPOINT_OLD_KEYS)]
