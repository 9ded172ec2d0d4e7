"""What a look-up answers, and by what: without the matcher itself, which takes long to load."""

from __future__ import annotations

from enum import StrEnum


class Decision(StrEnum):
    """This picture, worth a person's look, or nothing."""

    COPY = "copy"
    LOOK = "look"
    NONE = "none"


class How(StrEnum):
    EXACT = "exact"
    PDQ = "pdq"
    REGIONAL = "regional"
