"""All regimes, by code and by the country of the agency that writes."""

from __future__ import annotations

from cases.notices import australia, european_union, generic, india, united_kingdom, united_states
from cases.notices.regime import Regime

ALL: tuple[Regime, ...] = (
    australia.REGIME,
    united_states.REGIME,
    united_kingdom.REGIME,
    european_union.ARTICLE_16,
    european_union.ARTICLE_9,
    india.REGIME,
    generic.REGIME,
)
BY_CODE = {regime.code: regime for regime in ALL}
CHOICES = [(regime.code, regime.name) for regime in ALL]
# An order is an authority's of the country; anybody may send the notices of other countries.
_MEMBER_STATES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_POWERS = frozenset({australia.REGIME.code, european_union.ARTICLE_9.code})


def open_to(country: str) -> list[Regime]:
    """What an agency of this country may send: another country's powers are not its own."""
    own = "EU" if country in _MEMBER_STATES.split() else country
    return [one for one in ALL if one.code not in _POWERS or one.jurisdiction == own]
