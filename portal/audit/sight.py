"""Who sees which entries, besides the auditors, who see all. Selectors and docs/audit.md both ask here."""

from __future__ import annotations

from portal.audit.verbs import Verb

# A team sees what was done with its cases, their locations, notices, pictures and entries, reads included.
TEAM_SUBJECTS = frozenset({"case", "hold", "location", "notice", "picture", "entry"})
TEAM_VERBS = frozenset(verb for verb in Verb if verb.split(".")[0] in {*TEAM_SUBJECTS, "fingerprint"})

# The person is shown each of these that a member of staff did with their case: when, and in which role.
OPENINGS = frozenset(
    {Verb.CASE_READ, Verb.CASE_CONTACT_READ, Verb.CASE_MESSAGES_READ}
    | {Verb.PICTURE_PREVIEWED, Verb.PICTURE_REVEALED}
)

# A partner is shown its own.
PULLS = frozenset({Verb.LIST_PULLED})


def readers(verb: Verb) -> list[str]:
    """In words, besides the auditors."""
    found = {"the case's team": TEAM_VERBS, "the person": OPENINGS, "the partner": PULLS}
    return [who for who, verbs in found.items() if verb in verbs]
