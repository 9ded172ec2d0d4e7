"""Writing and reading the log in tests."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction

from portal.audit import Subject, Verb, record, verification
from portal.audit.models import Entry
from portal.core.context import Context

PATIENCE = timedelta(seconds=60)


def write(count: int = 1) -> list[Entry]:
    """Entries in one transaction, each about a case of its own."""
    with transaction.atomic():
        return [
            record(Context.system("test"), Verb.CASE_OPENED, Subject("case", uuid.uuid4()), pictures=number)
            for number in range(count)
        ]


def verify() -> verification.Held:
    return verification.verify(patience=PATIENCE)
