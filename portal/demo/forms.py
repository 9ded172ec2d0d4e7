"""Fills in forms over HTTP as a browser without JavaScript does; shared by the person and the staff."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import mechanicalsoup
from bs4 import BeautifulSoup

from portal.demo.narration import DemoFailed


class Browser:
    """One visitor's cookies and the page they are on."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.agent = mechanicalsoup.StatefulBrowser(soup_config={"features": "html.parser"})

    @property
    def page(self) -> BeautifulSoup:
        page: BeautifulSoup = self.agent.page
        return page

    @property
    def heading(self) -> str:
        heading = self.page.find("h1")
        return heading.get_text(" ", strip=True) if heading else ""

    @property
    def text(self) -> str:
        return self.page.get_text(" ", strip=True)

    @property
    def path(self) -> str:
        return str(urlsplit(self.agent.url).path)

    def open(self, path: str) -> None:
        self._expect(self.agent.open(self.base_url + path))

    def content(self, path: str) -> Any:
        """A response that isn't a page."""
        return self.agent.session.get(self.base_url + path, timeout=30)

    def submit(self, form: str = "main form", *, button: str | None = None, **fields: Any) -> None:
        """Send a form with `fields` filled in: the one with the button `name=value`, or the first `form`."""
        if button is not None:
            name, _equals, value = button.partition("=")
            form = f"form:has(button[name='{name}'][value='{value}'])"
        self._select(form)
        for name, value in fields.items():
            self.agent[name] = value
        self._press(button)
        self._expect(self.agent.submit_selected())

    def upload(self, form: str, files: list[Path], button: str | None = None) -> None:
        """Send several files in the form's one file field, which needs the parts spelled out."""
        self._select(form)
        self._press(button)
        chosen = self.agent.form.form
        data = [
            (tag["name"], tag.get("value", ""))
            for tag in chosen.select("input[type=hidden], button[name]:not([disabled])")
        ]
        field = chosen.select_one("input[type=file]")["name"]
        parts = [(field, (path.name, path.read_bytes(), "application/octet-stream")) for path in files]
        address = self.agent.absolute_url(chosen.get("action") or self.path)
        response = self.agent.post(address, data=data, files=parts)
        self._expect(response)
        self.agent.open_fake_page(response.text, url=response.url)

    def _select(self, form: str) -> None:
        if self.page.select_one(form) is None:
            raise DemoFailed(f"There is no such form on “{self.heading}”: {form}")
        self.agent.select_form(form)

    def _press(self, button: str | None) -> None:
        if button is not None:
            name, _equals, value = button.partition("=")
            self.agent.form.choose_submit(self.agent.form.form.find(attrs={"name": name, "value": value}))

    def _expect(self, response: Any) -> None:
        if response.status_code >= 400:  # noqa: PLR2004 (the first status that is an error)
            raise DemoFailed(f"{self.path} answered {response.status_code}: “{self.heading}”.")
