"""All models of the hashing app, from its parts."""

from __future__ import annotations

from hashing.fingerprints.models import Fingerprint

__all__ = ["Fingerprint"]
