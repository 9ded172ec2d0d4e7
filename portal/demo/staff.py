"""A caseworker or a supervisor at the desk."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any

from django_otp.oath import totp

from portal.demo.forms import Browser
from portal.demo.narration import DemoFailed, until


class Member:
    """Somebody of the sample agency who logs in with password and authenticator."""

    def __init__(self, base_url: str, login: dict[str, str]) -> None:
        self.browser = Browser(base_url)
        self.login = login

    @property
    def role(self) -> str:
        return self.login["role"]

    def log_in(self) -> None:
        self.browser.open("/desk/login")
        self.browser.submit(email=self.login["email"], password=self.login["password"])
        self.browser.submit(code=self._code())
        if self.browser.path != "/desk/":
            raise DemoFailed(f"The {self.role} could not log in: “{self.browser.heading}”.")

    def open_case(self, reference: str) -> str:
        """The case page's text."""
        self.browser.open(f"/desk/cases/{reference}/")
        return self.browser.text

    def preview(self, reference: str, position: int) -> bytes:
        return self._content(f"/desk/cases/{reference}/files/{position}/preview")

    def reveal(self, reference: str, position: int, reason: str) -> bytes:
        """Ask to see the picture itself, wait for the rendering, open it for its minute."""
        self.browser.open(f"/desk/cases/{reference}/files/{position}/view")
        self.browser.submit(reason=reason)
        waiting = self.browser.path
        until(lambda: self._ready(waiting), seconds=60, waiting_for="rendering to look at")
        self.browser.submit()
        return self._content(f"{waiting}content")

    def propose(self, reference: str, position: int, list_slug: str) -> None:
        path = f"/desk/cases/{reference}/files/{position}/propose"
        until(lambda: self._ready(path), seconds=120, waiting_for="full fingerprints")
        self.browser.submit(list_slug=list_slug, category="ncii")

    def approve_all(self) -> int:
        """Approve every proposal that waits for a second person; how many there were."""
        approved = 0
        while True:
            self.browser.open("/desk/approvals/")
            link = self.browser.page.select_one("main a[href^='/desk/approvals/']")
            if link is None:
                return approved
            self.browser.open(str(link["href"]))
            self.browser.submit("main form[action$='approve']")
            approved += 1

    def _ready(self, path: str) -> bool:
        self.browser.open(path)
        return self.browser.page.select_one("main form") is not None

    def _content(self, path: str) -> bytes:
        response: Any = self.browser.content(path)
        if response.status_code != HTTPStatus.OK:
            raise DemoFailed(f"{path} answered {response.status_code}: {response.text[-600:]}")
        content: bytes = response.content
        return content

    def _code(self) -> str:
        key = base64.b32decode(self.login["totp_secret"])
        return f"{totp(key):06}"
