"""What the main job writes into the log: the prediction that docs/audit.md prints and the demo holds
itself to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.audit.verbs import Verb


@dataclass(frozen=True)
class Step:
    """What people and partners do in one step of the demo, in order."""

    title: str
    verbs: tuple[Verb, ...]


@dataclass(frozen=True)
class Line:
    """One entry of the log, as far as the prediction goes."""

    step: str
    verb: str
    is_system: bool
    subject: tuple[str, str]
    empty: bool  # a pull or a look-up that found nothing


_REPORT = (
    Verb.CODE_SENT,
    Verb.CODE_CONFIRMED,
    Verb.PICTURE_STORED,
    Verb.PICTURE_STORED,
    Verb.CASE_OPENED,
    Verb.CASE_CONTACT_VERIFIED,
    Verb.CASE_CONSENTED,
    Verb.CASE_CONSENTED,
)
_LOOK = (
    Verb.STAFF_LOGGED_IN,
    Verb.CASE_READ,
    Verb.PICTURE_PREVIEWED,
    Verb.PICTURE_REVEAL_REQUESTED,
    Verb.PICTURE_REVEALED,
    Verb.PICTURE_REVEALED,
)
_PROPOSE = (Verb.PICTURE_DECIDED, Verb.PICTURE_GUARDED, Verb.ENTRY_PROPOSED, Verb.CASE_READ)
_APPROVE = (Verb.PICTURE_GUARDED, Verb.ENTRY_APPROVED, Verb.PICTURE_DECIDED, Verb.PICTURE_SHREDDED)
_TAKE_BACK = (Verb.ENTRY_WITHDRAWN, Verb.PICTURE_DECIDED)
_DESTROY = (
    Verb.CASE_CONSENT_WITHDRAWN,
    Verb.CASE_CONSENT_WITHDRAWN,
    Verb.CASE_WITHDRAWN,
    Verb.PICTURE_REASONS_SHREDDED,
    Verb.CASE_MOVED,
)

STEPS = (
    Step("A person reports, without an account and without JavaScript", _REPORT),
    Step("A caseworker logs in with two factors and looks", _LOOK),
    Step(
        "A partner pulls with an unmodified threatexchange client: nothing matches yet", (Verb.LIST_PULLED,)
    ),
    Step(
        "Two people decide: one proposes, another approves",
        (
            *_PROPOSE,
            *_PROPOSE,
            Verb.LIST_PULLED,
            Verb.STAFF_LOGGED_IN,
            *_APPROVE,
            *_APPROVE,
            Verb.LIST_PULLED,
        ),
    ),
    Step("The partner pulls again, and stops the copy", (Verb.LIST_PULLED,)),
    Step("What that client can't find, the partner looks up by regional fingerprints", (Verb.LIST_ASKED,)),
    Step(
        "The person follows the request with the code, and withdraws",
        (Verb.CASE_FOLLOWED, *_TAKE_BACK, *_TAKE_BACK, *_DESTROY, Verb.LIST_PULLED),
    ),
)

# What workers, the outbox and the publisher do meanwhile, for each subject of a kind in this order. The
# list is published as often as there is something to publish.
ALONGSIDE = {
    "message": (Verb.MESSAGE_SENT,),
    "picture": (
        Verb.PICTURE_CHECKED,
        Verb.FINGERPRINT_COMPUTED,
        Verb.FINGERPRINT_ENROLLED,
        Verb.PICTURE_GUARDED,
    ),
    "entry": (Verb.ENTRY_LISTED,),
    "list": (Verb.LIST_PUBLISHED,),
}
# Whenever their time comes: once an hour, and within half a minute of a withdrawal.
BY_THE_CLOCK = frozenset({Verb.CHECKPOINT_PUBLISHED, Verb.FINGERPRINT_FORGOTTEN})


def differences(lines: Iterable[Line]) -> list[str]:
    """What the log says other than predicted. Pulls and look-ups that found nothing don't count."""
    kept = [line for line in lines if not line.empty and line.verb not in BY_THE_CLOCK]
    return [*_steps(kept), *_alongside([line for line in kept if line.is_system])]


def _steps(lines: list[Line]) -> list[str]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if not line.is_system:
            verbs = found.setdefault(line.step, [])
            # What is published in two goes may be pulled in two.
            if not (verbs[-1:] == [line.verb] == [Verb.LIST_PULLED]):
                verbs.append(line.verb)
    expected = {step.title: [str(verb) for verb in step.verbs] for step in STEPS}
    return [
        f"{title}: the log says {found.get(title, [])}, docs/audit.md {expected.get(title, [])}"
        for title in {**expected, **found}
        if found.get(title, []) != expected.get(title, [])
    ]


def _alongside(lines: list[Line]) -> list[str]:
    chains: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        chain = chains.setdefault(line.subject, [])
        if line.subject[0] != "list" or line.verb not in chain:
            chain.append(line.verb)
    wrong = [
        f"{kind}: the log says {chain}, docs/audit.md {list(map(str, ALONGSIDE.get(kind, ())))}"
        for (kind, _id), chain in chains.items()
        if chain != list(map(str, ALONGSIDE.get(kind, ())))
    ]
    missing = ALONGSIDE.keys() - {kind for kind, _id in chains}
    return wrong + [f"{kind}: nothing in the log" for kind in sorted(missing)]
