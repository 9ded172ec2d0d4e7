"""The sample agency's post: one JSON file per message, readable by its owner only."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from django.conf import settings

from portal.core import clock
from portal.notify.senders import NotSent
from portal.notify.wording import Parcel


def send(message_id: UUID, parcel: Parcel) -> None:
    """Write the file under a temporary name first, so that a reader never sees half of it.

    Names sort by time. A message sent twice is two files that end in the same id.
    """
    folder = Path(str(settings.OUTBOX_DIR))
    name = f"{clock.now():%Y%m%dT%H%M%S.%f}-{message_id}"
    half = folder / f".{name}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(_shown(parcel), file, ensure_ascii=False)
        half.rename(folder / f"{name}.json")
    except OSError as error:
        raise NotSent(final=False) from error


def _shown(parcel: Parcel) -> dict[str, str]:
    """To, subject and body; sender and where to answer only where they are not the usual ones."""
    return {
        name: value for name, value in asdict(parcel).items() if value or name in {"to", "subject", "body"}
    }
