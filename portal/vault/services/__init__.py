"""What can be done with pictures: accept, check, reveal, lock and shred them."""

from __future__ import annotations

from portal.vault.services.accepting import accept
from portal.vault.services.holding import hold, release
from portal.vault.services.reading import preview_of, read_rendition
from portal.vault.services.registering import register
from portal.vault.services.revealing import open_reveal, request_reveal
from portal.vault.services.shredding import lock, schedule_shred, shred, shred_reasons

__all__ = [
    "accept",
    "hold",
    "lock",
    "open_reveal",
    "preview_of",
    "read_rendition",
    "register",
    "release",
    "request_reveal",
    "schedule_shred",
    "shred",
    "shred_reasons",
]
