"""A staged upload becomes a picture."""

from __future__ import annotations

from portal.core.context import Context
from portal.vault.models import Picture
from portal.vault.uploads import StagedPicture


def accept(ctx: Context, *, staged: StagedPicture) -> Picture:
    """Keep a staged picture. Raises Invalid with the staged refusal's sentence when it has one."""
    raise NotImplementedError
