"""The sample agency's partner, and a few entries made by the same services as everybody's."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import Any
from uuid import UUID

from hashing.enrolment import services as enrolment
from hashing.lists import services
from hashing.lists.models import Entry, Partner
from hashing.lists.states import Wire
from hashing.sandbox import fingerprinted, put_in_sandbox
from portal.accounts.models import Staff
from portal.agency.models import Team
from portal.core.context import Context
from portal.embedded.process import StartFailed
from portal.embedded.sample.people import DOMAIN
from portal.vault.services import shred

# Every installation starts with it.
REVIEWED = "reviewed"
PARTNER = "Sample Platform"
# Of scikit-image's own sample photographs: a cat, a cup of coffee, a rocket, a galaxy field.
PHOTOGRAPHS = ("chelsea.png", "coffee.png", "rocket.jpg", "hubble_deep_field.jpg")
SANDBOX = "sandbox"
HARMLESS = ("coins.png", "retina.jpg")
AGREEMENT = b"The sample platform agrees with the sample agency."
BASIS = services.Basis(consented=True, contact_verified=True, caseworker_decided=True, regional=True)


def make_partner(ctx: Context, known: list[dict[str, Any]]) -> dict[str, Any]:
    """A partner with a key for each wire; returns the keys."""
    partner = Partner.objects.filter(name=PARTNER).first()
    held = next((each for each in known if each["name"] == PARTNER), None)
    if partner and held:
        return held
    partner = partner or services.add_partner(ctx, name=PARTNER, contact=f"safety@platform.{DOMAIN}")
    if not partner.agreements.filter(ended_at=None).exists():
        paper = services.Document(sha256=hashlib.sha256(AGREEMENT).hexdigest(), signed_by="Sample Signatory")
        services.agree(ctx, partner=partner, version="sample", document=paper, signed_on=ctx.at.date())
    wires = (Wire.NATIVE, Wire.STOPNCII, Wire.NCMEC)
    native, stopncii, ncmec = (services.issue_key(ctx, partner=partner, wire=wire) for wire in wires)
    return {
        "name": PARTNER,
        "api_key": native.bearer,
        "stopncii": {"function_key": stopncii.secret, "subscription_key": stopncii.prefix},
        "ncmec": {"username": ncmec.prefix, "password": ncmec.secret},
    }


def make_entries(team: Team) -> None:
    """List each photograph: stored, fingerprinted, proposed, approved by another, shredded; then publish."""
    decided = Entry.objects.filter(list__slug=REVIEWED, decided_by__isnull=False).count()
    ctx = Context.system("sample")
    pictures = [fingerprinted(ctx, _photograph(name)) for name in PHOTOGRAPHS[decided:]]
    if enrolment.enrol_pictures(ctx, picture_ids=pictures) != len(pictures):
        raise StartFailed("A sample photograph can't be fingerprinted; see the log.")
    for picture_id in pictures:
        _list(picture_id, team)
    for name in HARMLESS[Entry.objects.filter(list__slug=SANDBOX).count() :]:
        put_in_sandbox(ctx, _photograph(name))
    services.publish_pending()


def _list(picture_id: UUID, team: Team) -> None:
    ctx = Context.system("sample")
    proposer, approver = _acting("caseworker"), _acting("supervisor")
    entry = services.propose(proposer, picture_id=picture_id, list_slug=REVIEWED, basis=BASIS, team=team.pk)
    services.approve(approver, entry_id=entry.pk, digest=entry.digest, team=team.pk)
    shred(ctx, picture_id=picture_id, reason="decided")


def _acting(account: str) -> Context:
    return Context(Staff.objects.get(email=f"{account}@{DOMAIN}").actor)


def _photograph(name: str) -> bytes:
    package = importlib.util.find_spec("skimage")
    if package is None or not package.submodule_search_locations:
        raise StartFailed("The sample photographs are those of scikit-image: install deploy/locks/dev.txt.")
    return Path(package.submodule_search_locations[0], "data", name).read_bytes()
