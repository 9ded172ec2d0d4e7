"""A draft: what somebody has told us so far. Only their cookie opens it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy

from cases.models import About, AgeRoute, Circumstance, ConsentKind, KnownTo, Recipient, Relation
from cases.services.details import Details
from cases.services.opening import Confirmation, ConsentGiven, Report
from cases.services.safety import Safety
from cases.wording import CONSENTS, WORDING_VERSION
from portal.notify.models import Channel
from portal.verify.contacts import Contact

# Somebody in these has a reason to be told at once what to do and what not to.
PRESSED = {Circumstance.THREATENED, Circumstance.MONEY}


class Way(models.TextChoices):
    """How somebody wants to give us what it is about. None is better than another."""

    DEVICE = "device", gettext_lazy("Make fingerprints on this device. My files stay here")
    SEND = "send", gettext_lazy("Send the files, encrypted, so that a caseworker can look at them")
    LINKS = "links", gettext_lazy("Give links only, or nothing")


@dataclass
class Draft:
    """Codes and plain text only, so that it is JSON. `answered` are the steps that are done."""

    step: str = "leaving"
    answered: list[str] = field(default_factory=list)
    danger: str = ""  # "yes", "no", or "" for rather not
    about: str = ""
    authority: bool = False
    age: str = ""
    way: str = ""
    circumstances: list[str] = field(default_factory=list)
    story: str = ""
    reach: str = ""  # how they chose to be reached: a code of `forms.Reach`, "" before they did
    channel: str = ""  # what goes to the contact: "" for no contact
    contact: str = ""
    safe_to_leave: str = ""
    safe_when: str = ""
    safe_say: str = ""
    may_regain: bool = False
    challenge: str = ""
    confirmed: bool = False
    links: list[str] = field(default_factory=list)
    who: str = ""
    known_to: list[str] = field(default_factory=list)
    consents: list[str] = field(default_factory=list)
    proof: str = ""  # what the browser is to work on before a request is taken, "" where nothing
    proof_asked: float = 0.0  # when, in seconds since 1970
    notice: str = ""  # a code of cases.intake.pages.NOTICES: what the last POST did
    refused: list[str] = field(default_factory=list)  # why files of the last upload were not taken
    reference: str = ""
    access_code: str = ""

    @classmethod
    def read(cls, payload: dict[str, Any]) -> Draft:
        """What an older version of the portal wrote and this one doesn't know is left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in payload.items() if name in known})

    def write(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_minor(self) -> bool:
        """Anyone in it was, or may have been, under 18: no file is taken."""
        return self.age in {AgeRoute.MINOR, AgeRoute.UNSURE}

    @property
    def for_somebody(self) -> bool:
        """They write for another person."""
        return self.about in {About.AUTHORISED, About.CHILD}

    @property
    def is_pressed(self) -> bool:
        return not PRESSED.isdisjoint(self.circumstances)

    @property
    def is_sent(self) -> bool:
        return bool(self.reference)

    @property
    def safety(self) -> Safety:
        """How to reach them safely; nothing where there is no contact."""
        if not self.channel:
            return Safety()
        return Safety(self.safe_to_leave, self.safe_when, call=self.reach == "call", say=self.safe_say)

    def done(self, step: str) -> None:
        if step not in self.answered:
            self.answered.append(step)

    def undone(self, *steps: str) -> None:
        self.answered = [answered for answered in self.answered if answered not in steps]

    def contact_details(self) -> Contact | None:
        return Contact(Channel(self.channel), self.contact) if self.channel else None

    def report(self, *, binding: str, picture_ids: tuple[UUID, ...], language: str) -> Report:
        """What `open_case` takes."""
        confirmation = Confirmation(UUID(self.challenge), binding) if self.confirmed else None
        who = Relation(self.who) if self.who else None
        return Report(
            about=About(self.about),
            age_route=AgeRoute(self.age),
            in_danger=self.danger == "yes",
            circumstances=tuple(Circumstance(code) for code in self.circumstances),
            story=self.story,
            contact=self.contact_details(),
            confirmation=confirmation,
            safety=self.safety.write(),
            details=Details(who, tuple(KnownTo(code) for code in self.known_to)).write(),
            may_regain=self.may_regain and bool(self.channel),
            links=tuple(self.links),
            consents=tuple(self._given()),
            wording_version=WORDING_VERSION,
            language=language,
            picture_ids=picture_ids,
        )

    def _given(self) -> Iterator[ConsentGiven]:
        if self.for_somebody and self.authority:
            yield ConsentGiven(Recipient.AGENCY, ConsentKind.AUTHORITY)
        for code in self.consents:
            yield ConsentGiven(CONSENTS[code].recipient, CONSENTS[code].kind)
