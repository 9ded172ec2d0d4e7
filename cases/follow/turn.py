"""One POST of a follow page: what came with it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest

from cases.follow.session import Following
from cases.services.visits import OpenVisit
from portal.core.context import Context


@dataclass(frozen=True)
class Download:
    name: str
    media_type: str
    data: bytes


@dataclass
class Turn:
    """`form` is set when it was refused and the page is to be shown again."""

    ctx: Context
    request: HttpRequest
    visit: OpenVisit
    following: Following
    form: Form | None = None
    download: Download | None = None

    def go(self, page: str, notice: str = "") -> None:
        self.following.page, self.following.notice = page, notice
