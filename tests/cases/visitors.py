"""People in a browser, without an account: they send a page's form and go on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from cases import cookies
from cases.intake.draft import Draft
from cases.models import Purpose
from cases.services import visits
from portal.core.context import Context
from portal.notify.delivery import deliver
from portal.notify.models import Message

EMAIL = "someone@post.example"
STORY = "canary-story-5f1c"
LINK = "https://video.example/watch?v=canary-link-77"


class Visitor(Client):
    """`step` posts one page and returns the answer; `draft` opens the draft as only this browser can."""

    def step(self, step: str, go: str = "on", **data: Any) -> Any:
        return self.post("/", {"step": step, "go": go, **data})

    @property
    def token(self) -> str:
        return self.cookies[cookies.NAME].value

    @property
    def draft(self) -> Draft:
        visit = visits.load(Context.visitor(), token=self.token, purpose=Purpose.REPORT)
        assert visit is not None
        return Draft.read(visit.payload)

    def begin(self, *, age: str = "adult", about: str = "me", past_referral: bool = True) -> None:
        self.step("start")
        self.step("leaving")
        self.step("danger", danger="no")
        self.step("about", about=about)
        if about != "me":
            self.step("authority", authority="on")
        self.step("age", age=age)
        if age != "adult" and past_referral:
            self.step("refer")

    def tell(self, *, contact: str = "none", story: str = STORY, **details: Any) -> None:
        """`contact` is a way to be reached, with its address in `email` or `phone`."""
        self.step("happened", circumstances=["shared"])
        self.step("story", story=story)
        self.step("way", way="send")
        self.step("contact", reach=contact)
        if contact != "none":
            address = details.pop("email", None) or details.pop("phone")
            self.step("safe", contact=address, **{"safe_to_leave": "yes"} | details)

    def finish(self, *, links: str = LINK, consents: tuple[str, ...] = ()) -> tuple[str, str]:
        """From the links to the receipt: the reference and the code, as the page shows them."""
        self.step("links", links=links)
        self.step("more")
        self.step("consents", **dict.fromkeys(consents, "on"))
        self.step("check")
        return receipt(self.get("/"))

    def report(self, **details: Any) -> tuple[str, str]:
        """The whole journey without files and contact."""
        self.begin()
        self.tell(**details)
        self.step("files")
        return self.finish()

    def follow(self, reference: str, code: str) -> Any:
        return self.post("/follow/", {"go": "enter", "reference": reference, "code": code})

    def press(self, go: str, **data: Any) -> Any:
        return self.post("/follow/", {"go": go, **data})


def receipt(page: Any) -> tuple[str, str]:
    codes = re.findall(r'dir="ltr">([0-9A-Z]{4}(?:-[0-9A-Z]{4})+)</bdi>', page.content.decode())
    assert [len(code) for code in codes] == [9, 19]
    return codes[0], codes[1]


def deliver_all() -> None:
    for message in Message.objects.filter(state="owed"):
        deliver(Context.system("test"), message_id=message.id)


def mails() -> list[dict[str, str]]:
    """Everything in the sample agency's outbox, oldest first."""
    folder = Path(str(settings.OUTBOX_DIR))
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def last_code() -> str:
    """The code of the newest message."""
    deliver_all()
    found = re.fullmatch(r"(\d{6}) is your code", mails()[-1]["body"])
    assert found is not None
    return found[1]
