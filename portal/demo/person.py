"""The person affected: reports, confirms a contact, follows, withdraws; plain forms and no account."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.demo.forms import Browser
from portal.demo.narration import DemoFailed, until

ON = "go=on"


@dataclass(frozen=True)
class Receipt:
    """What the last page shows once: the reference (8) and the access code (16), without separators."""

    reference: str
    access_code: str


class Person:
    """A visitor with a phone of their own: `outbox` is where their messages arrive."""

    def __init__(self, base_url: str, outbox: Path, email: str) -> None:
        self.browser = Browser(base_url)
        self.outbox = outbox
        self.email = email

    def begin(self, story: str) -> None:
        self.browser.open("/")
        self.browser.submit()
        self._answer()
        self._answer(danger="no")
        self._answer(about="me")
        self._answer(age="adult")
        self._answer(circumstances=("shared",))
        self._answer(story=story)
        self._answer(way="send")

    def give_contact(self) -> None:
        before = self._codes()
        self._answer(reach="email")
        self._answer(contact=self.email, safe_to_leave="yes")
        code = until(lambda: self._new_code(before), seconds=30, waiting_for="code in the person's mailbox")
        self._answer(code=code)

    def add_files(self, files: list[Path]) -> None:
        """Upload, then look again until each is checked."""
        self.browser.upload("main form[enctype]", files, "go=add")
        until(self._checked, seconds=90, waiting_for="checked files")
        ready = len(self.browser.page.select("button[value^='remove:']"))
        if ready != len(files) or self.browser.page.select_one(".govuk-error-summary"):
            raise DemoFailed(f"Of {len(files)} files {ready} were taken: {self.browser.text}")
        self._answer()

    def add_links(self, links: list[str]) -> None:
        self._answer(links="\n".join(links))
        self._answer()  # who did it: rather not

    def agree(self, *consents: str) -> None:
        self._answer(**dict.fromkeys(consents, True))

    def send(self) -> Receipt:
        self._answer()
        codes = re.findall(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-)+[0-9A-HJKMNP-TV-Z]{4}\b", self.browser.text)
        if [len(code) for code in codes] != [9, 19]:
            raise DemoFailed(f"The receipt “{self.browser.heading}” doesn't show a reference and a code.")
        reference, access_code = (code.replace("-", "") for code in codes)
        self._answer(saved=True)
        return Receipt(reference, access_code)

    def follow(self, receipt: Receipt) -> None:
        self.browser.open("/follow/")
        self.browser.submit(button="go=enter", reference=receipt.reference, code=receipt.access_code)
        if self.browser.page.select_one("button[value=leave]") is None:
            raise DemoFailed(f"The reference and code don't open the request: “{self.browser.heading}”.")

    def withdraw_everything(self) -> None:
        self.browser.submit(button="go=choose")
        self.browser.submit(button="go=chosen", choice="everything")
        self.browser.submit(button="go=take_back")

    def _answer(self, **fields: Any) -> None:
        before = self.browser.heading
        self.browser.submit(button=ON, **fields)
        if self.browser.heading == before:
            errors = self.browser.page.select(".govuk-error-summary li")
            raise DemoFailed(f"“{before}” was not accepted: {[error.text.strip() for error in errors]}")

    def _checked(self) -> bool:
        look_again = self.browser.page.select_one("button[value=look]")
        if look_again is None:
            return True
        self.browser.submit(button="go=look")
        return False

    def _codes(self) -> set[Path]:
        return set(self.outbox.glob("*.json"))

    def _new_code(self, before: set[Path]) -> str | None:
        for path in self._codes() - before:
            message = json.loads(path.read_text())
            code = re.search(r"\b\d{6}\b", message["body"])
            if message["to"] == self.email and code:
                return code[0]
        return None
