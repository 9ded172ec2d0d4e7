"""`manage.py check --deploy`: nothing of the sample agency is in a database of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def no_sample_accounts(app_configs: Sequence[AppConfig] | None, **_more: Any) -> list[CheckMessage]:  # noqa: ARG001 (Django's signature)
    """Sample accounts have logins that were written to a file."""
    if settings.EMBEDDED or settings.OFFLINE:
        return []
    from portal.accounts.models import Staff  # noqa: PLC0415 (models aren't loaded when this is registered)
    from portal.embedded.sample.people import DOMAIN  # noqa: PLC0415 (as above)

    count = Staff.objects.filter(email__endswith=f"@{DOMAIN}").count()
    if not count:
        return []
    message = f"{count} account(s) of the sample agency are in this database."
    return [Error(message, hint=f"Delete every account that ends in @{DOMAIN}.", id="embedded.E001")]
