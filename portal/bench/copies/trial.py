"""One altered picture, asked of our matcher and of the others."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from hashing.matching.answers import Decision
from hashing.matching.matcher import Kept, Match, Matcher, keep, prepare
from portal.bench.copies.alteration import SAVED_AGAIN, Alter, subject
from portal.bench.copies.peers import Peers

LONG_LIST = 1_000_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A bank picture with every fingerprint."""

    path: Path
    kept: Kept
    peers: Peers | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one query went. short and long: our answers at the thresholds of 1 thousand and 1 million."""

    picture: str
    row: str
    short: Match
    long: Match
    right: bool
    right_long: bool
    peers: dict[str, bool]

    @property
    def found(self) -> bool:
        return self.right and self.short.decision is not Decision.NONE

    @property
    def found_long(self) -> bool:
        return self.right_long and self.long.decision is not Decision.NONE

    @property
    def copy(self) -> bool:
        return self.right and self.short.decision is Decision.COPY


def enlist(asked: tuple[Path, bool]) -> Listed:
    """Fingerprints a bank picture; by other methods too if copies of it will be asked about."""
    path, compared = asked
    data = path.read_bytes()
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    return Listed(path, keep(data, picture), Peers.of(data, picture) if compared else None)


def altered(path: Path, row: str, alter: Alter, others: Sequence[Path]) -> bytes:
    """The altered picture as the JPEG file that is uploaded."""
    made = io.BytesIO()
    alter(subject(path, row, others)).convert("RGB").save(made, "JPEG", quality=SAVED_AGAIN)
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class Trial:
    """An upload to ask about. picture: its place in the list, or None for an unrelated one."""

    picture: int | None
    name: str
    row: str
    data: bytes
    peers: Peers | None


def ask(matcher: Matcher, trial: Trial) -> Outcome:
    with Image.open(io.BytesIO(trial.data)) as opened:
        image = opened.convert("RGB")
    upload = prepare(trial.data, image)
    votes = matcher.search(upload)
    short, long = matcher.match(upload, votes), matcher.as_if(LONG_LIST).match(upload, votes)
    others = trial.peers.find(trial.data, image) if trial.peers else {}
    right = (short.picture == trial.picture, long.picture == trial.picture)
    return Outcome(trial.name, trial.row, short, long, *right, others)
