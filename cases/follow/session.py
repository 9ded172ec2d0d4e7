"""A follow visit: who is logged in with a code, and on which page."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from cases.models import Case, Purpose
from cases.services import visits
from cases.services.following import Opened
from cases.services.visits import OpenVisit
from portal.core.context import Context


@dataclass
class Following:
    """The payload of a follow visit: it holds the case's private key, so only the cookie opens it."""

    case_id: UUID
    private: bytes = field(repr=False)
    page: str = "status"  # a key of cases.follow.pages.PAGES
    choice: str = ""
    new_contact: str = ""  # "channel:value", until it is confirmed
    refused: list[str] = field(default_factory=list)  # why files were not taken
    challenge: str = ""
    notice: str = ""

    @classmethod
    def read(cls, payload: dict[str, Any]) -> Following:
        values = payload | {
            "case_id": UUID(payload["case_id"]),
            "private": base64.b64decode(payload["private"]),
        }
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def write(self) -> dict[str, Any]:
        return {
            "case_id": str(self.case_id),
            "private": base64.b64encode(self.private).decode(),
            "page": self.page,
            "choice": self.choice,
            "new_contact": self.new_contact,
            "refused": self.refused,
            "challenge": self.challenge,
            "notice": self.notice,
        }

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.case_id)


def begin(ctx: Context, opened: Opened) -> OpenVisit:
    payload = Following(opened.case.id, opened.private).write()
    return visits.begin(ctx, purpose=Purpose.FOLLOW, payload=payload, case=opened.case)
