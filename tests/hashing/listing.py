"""Pictures with fingerprints, entries, lists and partners for the tests of lists and feeds."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date

from hashing.enrolment.models import Enrolment
from hashing.enrolment.models import State as Enrolled
from hashing.fingerprints.models import Fingerprint
from hashing.lists import services
from hashing.lists.bases import Basis, IssuedKey
from hashing.lists.models import Agreement, Entry, List, Partner, Quarantine
from hashing.lists.models.quarantine import Outcome
from hashing.lists.services.judging import quarantine_digest
from hashing.lists.states import Category, Wire
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.core import clock
from portal.core.context import Context
from portal.vault.models import Picture, PictureState
from tests.factories import ctx_of, make_staff, make_team

GOOD = Basis(consented=True, contact_verified=True, caseworker_decided=False, regional=True)


def admin() -> Context:
    return Context.system("tests")


def pdq_value() -> str:
    """A random PDQ value: 64 hex digits, never all zero."""
    return "f" + secrets.token_hex(32)[1:]


def make_picture(
    *, pdq: str | None = None, quality: int = 100, variants: dict[str, str] | None = None
) -> Picture:
    """A checked picture with SHA-256, MD5, pHash, and PDQ of each of `variants` ("original" by default)."""
    now = clock.now()
    picture = Picture.objects.create(
        state=PictureState.CHECKED,
        size=10,
        media_type="image/jpeg",
        wrapped_key=b"key",
        epoch=now.date(),
        storage_name=uuid.uuid4().hex,
        stored_at=now,
        checked_at=now,
    )
    Enrolment.objects.create(
        picture=picture,
        state=Enrolled.DONE,
        looked=True,
        version=1,
        regions=0,
        strength=0,
        owed_at=now,
        done_at=now,
    )
    rows = [
        ("sha256", "", secrets.token_hex(32)),
        ("md5", "", secrets.token_hex(16)),
        ("phash", "", secrets.token_hex(8)),
    ]
    rows += [("pdq", name, value) for name, value in (variants or {"original": pdq or pdq_value()}).items()]
    Fingerprint.objects.bulk_create(
        Fingerprint(
            picture=picture,
            kind=kind,
            variant=variant,
            value=value,
            algorithm=f"{kind}-1",
            quality=quality if kind == "pdq" else None,
            computed_at=now,
        )
        for kind, variant, value in rows
    )
    return picture


@dataclass(frozen=True)
class Desk:
    """A team with somebody to propose and somebody to approve."""

    team: Team
    caseworker: Staff
    supervisor: Staff

    @classmethod
    def make(cls) -> Desk:
        team = make_team()
        return cls(team, make_staff(Role.CASEWORKER, [team]), make_staff(Role.SUPERVISOR, [team]))

    def propose(
        self, picture: Picture | None = None, slug: str = "reviewed", category: Category = Category.NCII
    ) -> Entry:
        return services.propose(
            ctx_of(self.caseworker),
            picture_id=(picture or make_picture()).pk,
            list_slug=slug,
            basis=GOOD,
            team=self.team.pk,
            category=category,
        )

    def approve(self, entry: Entry) -> Entry:
        ctx = ctx_of(self.supervisor)
        return services.approve(ctx, entry_id=entry.pk, digest=entry.digest, team=self.team.pk)

    def approved(self, picture: Picture | None = None) -> Entry:
        return self.approve(self.propose(picture))

    def listed(self, picture: Picture | None = None) -> Entry:
        entry = self.approved(picture)
        services.publish_pending()
        entry.refresh_from_db()
        return entry

    def quarantined(self, entry: Entry) -> Quarantine:
        """Off the feed by the caseworker's hand; published."""
        services.quarantine(ctx_of(self.caseworker), entry_id=entry.pk, reason="disputed")
        services.publish_pending()
        return Quarantine.objects.get(entry=entry, closed_at=None)

    def judge(self, found: Quarantine, outcome: Outcome = Outcome.RESTORED) -> Entry:
        """The caseworker proposes it, the supervisor agrees."""
        proposed = services.propose_outcome(
            ctx_of(self.caseworker),
            quarantine_id=found.pk,
            outcome=outcome,
            digest=quarantine_digest(found, ""),
            team=self.team.pk,
        )
        return services.decide_outcome(
            ctx_of(self.supervisor), quarantine_id=found.pk, digest=proposed.digest, team=self.team.pk
        )

    def withdraw(self, entry: Entry) -> Entry:
        return services.withdraw(ctx_of(self.caseworker), entry_id=entry.pk, reason="mistake")


def reviewed() -> List:
    return List.objects.get(slug="reviewed")


def make_partner(name: str = "Platform") -> Partner:
    """One that has agreed, so it may pull the reviewed lists and the sandbox."""
    partner = services.add_partner(admin(), name=name)
    agree(partner)
    return partner


def agree(partner: Partner, version: str = "2026-1") -> Agreement:
    document = services.Document(sha256="ab" * 32, signed_by="Head of Safety")
    return services.agree(
        admin(), partner=partner, version=version, document=document, signed_on=date(2026, 1, 31)
    )


def make_key(wire: Wire, partner: Partner | None = None) -> IssuedKey:
    return services.issue_key(admin(), partner=partner or make_partner(), wire=wire)
