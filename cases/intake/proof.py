"""Work for a browser before a request is taken, only where many come from one network or one comes too fast.

With JavaScript the browser finds a number whose SHA-256, with a salt, starts with zeros: a second on a phone.
Without it, waiting a little does as well. There is no puzzle for people.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from cases import limits
from cases.intake.turn import Turn
from cases.networks import LOOPBACK

BITS = 18  # 262,144 hashes on average
WAIT = timedelta(seconds=45)
# No person reads and answers all pages in less.
LEAST = timedelta(seconds=20)


def enough(turn: Turn, network: str) -> bool:
    """Whether this request may be sent now; if not, the draft says what the browser is asked for."""
    if not turn.draft.proof:
        if not _is_suspicious(turn, network):
            return True
        turn.draft.proof, turn.draft.proof_asked = secrets.token_hex(16), turn.ctx.at.timestamp()
        return False
    waited = turn.ctx.at.timestamp() - turn.draft.proof_asked >= WAIT.total_seconds()
    return waited or solves(turn.draft.proof, turn.form.cleaned_data["proof"])


def solves(salt: str, number: str) -> bool:
    digest = hashlib.sha256(f"{salt}:{number}".encode()).digest()
    return int.from_bytes(digest) >> (256 - BITS) == 0


def _is_suspicious(turn: Turn, network: str) -> bool:
    """This machine itself is not: behind a proxy that hides addresses, it is everybody."""
    if network == LOOPBACK:
        return False
    return turn.visit.since_begin(turn.ctx) < LEAST or limits.is_busy("report", network)
