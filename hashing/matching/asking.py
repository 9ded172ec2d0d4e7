"""From a vault picture to what it is looked up by: decoded in a cage, by a worker only."""

from __future__ import annotations

from hashing.fingerprints import asked_answers, caged_asked
from hashing.fingerprints.asked import Asked
from hashing.matching.mapped import Mapped
from portal.vault import cage, keys
from portal.vault.models import Picture

# A version's arrays take up to 3 MB a piece, and there are up to thirteen; two versions may be in use.
LIMITS = cage.Limits(answer=96 * 1024**2)


def of_stored(picture: Picture, index: Mapped) -> Asked | str:
    """What to ask of the index, or the code of the file's refusal.

    Raises CageError, Unbelievable, CryptoError or OSError where it can't be had.
    """
    versions = sorted({version for part in index.parts for version in part.regional})
    answer = cage.run(
        caged_asked.__name__, keys.original(picture), args=list(map(str, versions)), limits=LIMITS
    )
    return asked_answers.unpack(answer)
