"""What the native API takes and gives: checked on the way in, described in the OpenAPI document."""

from __future__ import annotations

from hashing.api.forms.checking import SLUG, NoQuery, Problem, Strict, checked, read
from hashing.api.forms.feed import HashList, Lists, Page, PageLines, PublicationLine, PullQuery
from hashing.api.forms.service import SigningKeys, Status
from hashing.api.forms.snapshots import Snapshots

__all__ = [
    "SLUG",
    "HashList",
    "Lists",
    "NoQuery",
    "Page",
    "PageLines",
    "Problem",
    "PublicationLine",
    "PullQuery",
    "SigningKeys",
    "Snapshots",
    "Status",
    "Strict",
    "checked",
    "read",
]
