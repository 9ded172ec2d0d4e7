"""Caseworkers look at pictures and decide; a second person approves. All stops if a child is suspected."""

from __future__ import annotations

from uuid import UUID

from cases.models import CasePicture
from hashing.lists.models import Entry
from portal.core.context import Context
from portal.vault.models import Reveal


def preview(ctx: Context, *, case_id: UUID, position: int) -> tuple[str, bytes]:
    """(media type, bytes) of the blurred, grey preview. Perm picture.preview."""
    raise NotImplementedError


def request_reveal(ctx: Context, *, case_id: UUID, position: int, reason: str) -> Reveal:
    """Ask for a watermarked view. Perm picture.reveal."""
    raise NotImplementedError


def open_reveal(ctx: Context, *, case_id: UUID, reveal_id: UUID) -> bytes:
    """The revealed picture, to the staff member who asked, while it is open (60 seconds)."""
    raise NotImplementedError


def propose(ctx: Context, *, case_id: UUID, position: int, list_slug: str) -> Entry:
    """Propose the picture for a list. Perm entry.propose."""
    raise NotImplementedError


def decide_not_listed(ctx: Context, *, case_id: UUID, position: int) -> CasePicture:
    """Not for a list: the picture is shredded unless it is kept as evidence. Perm entry.propose."""
    raise NotImplementedError


def approve(ctx: Context, *, case_id: UUID, entry_id: UUID, digest: str) -> Entry:
    """The second person agrees; `digest` is of what was shown to them. Perm entry.approve. May shred."""
    raise NotImplementedError


def reject(ctx: Context, *, case_id: UUID, entry_id: UUID, reason: str) -> Entry:
    """The second person does not agree: the review goes back to the caseworker. Perm entry.approve."""
    raise NotImplementedError
