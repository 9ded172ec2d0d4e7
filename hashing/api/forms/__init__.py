"""What the native API takes and gives: checked on the way in, described in the OpenAPI document."""

from __future__ import annotations

from hashing.api.forms.checking import PREFIX as PREFIX_PARAMETER
from hashing.api.forms.checking import SLUG, NoQuery, Problem, Strict, checked, read
from hashing.api.forms.feed import HashList, Lists, Mask, Page, PageLines, PublicationLine, PullQuery
from hashing.api.forms.keys import Keys, NewKey, Rotation
from hashing.api.forms.lookup import Answers, Lookup
from hashing.api.forms.pulls import Pulls, PullsQuery
from hashing.api.forms.reports import Accepted, NewSubmission, Reports, Submission
from hashing.api.forms.service import SigningKeys, Status
from hashing.api.forms.snapshots import Snapshots
from hashing.api.forms.webhooks import Confirmation, Deliveries, NewWebhook, Webhook, Webhooks

__all__ = [
    "PREFIX_PARAMETER",
    "SLUG",
    "Accepted",
    "Answers",
    "Confirmation",
    "Deliveries",
    "HashList",
    "Keys",
    "Lists",
    "Lookup",
    "Mask",
    "NewKey",
    "NewSubmission",
    "NewWebhook",
    "NoQuery",
    "Page",
    "PageLines",
    "Problem",
    "PublicationLine",
    "PullQuery",
    "Pulls",
    "PullsQuery",
    "Reports",
    "Rotation",
    "SigningKeys",
    "Snapshots",
    "Status",
    "Strict",
    "Submission",
    "Webhook",
    "Webhooks",
    "checked",
    "read",
]
