"""The sample agency: made only in the embedded database, with fresh random secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.core.context import Context
from portal.embedded.sample import listed, logins, people


def make(home: Path, base_url: str) -> dict[str, Any]:
    """Make what isn't there yet, and write `sample.json`; returns what it holds.

    A login whose secret that file no longer has gets a new one.
    """
    outbox: Path | None = settings.OUTBOX_DIR
    if not settings.EMBEDDED or outbox is None:
        raise ImproperlyConfigured("The sample agency is made in the embedded database only.")
    known = logins.read(home)
    ctx = Context.system("sample")
    team = people.make_agency(ctx)
    staff = people.make_staff(ctx, team, known.get("staff", []))
    partners = [listed.make_partner(ctx, known.get("partners", []))]
    held = {"base_url": base_url, "staff": staff, "partners": partners, "outbox": str(outbox)}
    outbox.mkdir(mode=0o700, exist_ok=True)
    # First the file: a start that is cut short in the slow part below keeps its logins.
    logins.write(home, held)
    listed.make_entries(team)
    return held
