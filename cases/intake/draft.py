"""A draft: what somebody has told us so far. Only their cookie opens it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID

from cases.intake.wording import CONSENTS, WORDING_VERSION
from cases.models import About, AgeRoute, Circumstance
from cases.services.opening import Confirmation, ConsentGiven, Report
from cases.services.safety import Safety
from portal.notify.models import Channel
from portal.verify.contacts import Contact


@dataclass
class Draft:
    """Codes and plain text only, so that it is JSON. `answered` are the steps that are done."""

    step: str = "about"
    answered: list[str] = field(default_factory=list)
    about: str = ""
    age: str = ""
    circumstances: list[str] = field(default_factory=list)
    story: str = ""
    channel: str = ""  # "" for no contact
    contact: str = ""
    safe_to_leave: str = ""
    safe_when: str = ""
    challenge: str = ""
    confirmed: bool = False
    links: list[str] = field(default_factory=list)
    consents: list[str] = field(default_factory=list)
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
    def is_sent(self) -> bool:
        return bool(self.reference)

    def done(self, step: str) -> None:
        if step not in self.answered:
            self.answered.append(step)

    def undone(self, step: str) -> None:
        self.answered = [answered for answered in self.answered if answered != step]

    def contact_details(self) -> Contact | None:
        return Contact(Channel(self.channel), self.contact) if self.channel else None

    def report(self, *, binding: str, picture_ids: tuple[UUID, ...], language: str) -> Report:
        """What `open_case` takes."""
        confirmation = Confirmation(UUID(self.challenge), binding) if self.confirmed else None
        return Report(
            about=About(self.about),
            age_route=AgeRoute(self.age),
            circumstances=tuple(Circumstance(code) for code in self.circumstances),
            story=self.story,
            contact=self.contact_details(),
            confirmation=confirmation,
            safety=Safety(self.safe_to_leave, self.safe_when).write(),
            links=tuple(self.links),
            consents=tuple(
                ConsentGiven(CONSENTS[code].recipient, CONSENTS[code].kind) for code in self.consents
            ),
            wording_version=WORDING_VERSION,
            language=language,
            picture_ids=picture_ids,
        )
