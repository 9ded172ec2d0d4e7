"""A reveal: a reason, one minute, one person, and an entry each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import time_machine
from django.conf import settings
from PIL import Image

from hashing.services import fingerprint_picture
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from portal.crypto.errors import KeyErased
from portal.vault import keys, services
from portal.vault.models import Picture, Rendition, Reveal
from portal.vault.services.rendering import render_reveal, watermark
from portal.vault.services.sweeping import sweep
from tests.factories import ctx_of, make_agency, make_staff, make_team
from tests.photos import entries_of, fresh, photo, stored

pytestmark = pytest.mark.django_db
REASON = "To confirm what the person described"
SYSTEM = Context.system("test")


@pytest.fixture
def team() -> Team:
    make_agency()
    return make_team()


@pytest.fixture
def caseworker(team: Team) -> Staff:
    return make_staff(Role.CASEWORKER, [team])


@pytest.fixture
def picture() -> Picture:
    picture = stored()
    fingerprint_picture(SYSTEM, picture_id=picture.id)
    return fresh(picture.id)


def ready(picture: Picture, staff: Staff, team: Team) -> Reveal:
    reveal = services.request_reveal(ctx_of(staff), picture_id=picture.id, reason=REASON, team=team.id)
    assert render_reveal(SYSTEM, reveal_id=reveal.id)
    reveal.refresh_from_db()
    return reveal


def test_it_shows_the_picture_marked_and_without_metadata(
    picture: Picture, caseworker: Staff, team: Team
) -> None:
    reveal = ready(picture, caseworker, team)
    shown = Image.open(BytesIO(services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id)))
    assert (shown.format, shown.size) == ("JPEG", (600, 400))
    assert not shown.getexif()
    difference = np.abs(np.asarray(shown).astype(int) - np.asarray(photo()).astype(int)).max(axis=2)
    marked = difference > 40
    assert 0.005 < marked.mean() < 0.4
    for part in np.array_split(marked, 2, axis=0):
        assert all(half.any() for half in np.array_split(part, 2, axis=1))
    assert entries_of(picture.id)[-2:] == ["picture.revealed", "picture.stored"]
    entry = Entry.objects.get(verb="picture.revealed")
    assert entry.payload == {"reveal": str(reveal.id), "seconds": 60}


def test_the_mark_names_the_viewer_and_the_time(picture: Picture, team: Team) -> None:
    staff = make_staff(Role.CASEWORKER, [team], name="Ada Byron", email="ada.b@agency.example")
    with time_machine.travel("2030-02-03T04:05:06Z", tick=False):
        reveal = Reveal(requested_at=clock.now(), staff_id=staff.id)
    assert watermark(staff, reveal) == "Ada Byron ada.b 2030-02-03 04:05:06Z"
    staff.name = "أدا"
    assert watermark(staff, reveal) == "ada.b 2030-02-03 04:05:06Z"


def test_a_short_reason_is_refused(picture: Picture, caseworker: Staff, team: Team) -> None:
    with pytest.raises(Invalid):
        services.request_reveal(ctx_of(caseworker), picture_id=picture.id, reason="because  ", team=team.id)
    assert not Reveal.objects.exists()
    assert "picture.reveal_requested" not in entries_of(picture.id)


def test_the_reason_is_encrypted_and_committed_to(picture: Picture, caseworker: Staff, team: Team) -> None:
    reveal = services.request_reveal(ctx_of(caseworker), picture_id=picture.id, reason=REASON, team=team.id)
    assert Reveal.objects.get(pk=reveal.pk).reason == REASON
    entry = Entry.objects.get(verb="picture.reveal_requested")
    assert str(entry.payload["reason"]).startswith("hmac-sha256:")
    assert REASON not in str(entry.payload)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_roles_without_it_are_refused(picture: Picture, team: Team, role: Role) -> None:
    with pytest.raises(NotAllowed):
        services.request_reveal(
            ctx_of(make_staff(role, [team])), picture_id=picture.id, reason=REASON, team=team.id
        )
    assert not Reveal.objects.exists()


def test_another_team_and_another_person_are_refused(picture: Picture, caseworker: Staff, team: Team) -> None:
    with pytest.raises(NotAllowed):
        services.request_reveal(ctx_of(caseworker), picture_id=picture.id, reason=REASON, team=make_team().id)
    reveal = ready(picture, caseworker, team)
    with pytest.raises(NotFound):
        services.open_reveal(ctx_of(make_staff(Role.CASEWORKER, [team])), reveal_id=reveal.id)
    assert "picture.revealed" not in entries_of(picture.id)


def test_the_minute_begins_with_the_first_look(picture: Picture, caseworker: Staff, team: Team) -> None:
    reveal = ready(picture, caseworker, team)
    start = clock.now() + timedelta(minutes=4)
    with time_machine.travel(start, tick=False):
        services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id)
    with time_machine.travel(start + timedelta(seconds=59), tick=False):
        services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id)
    with time_machine.travel(start + timedelta(seconds=60), tick=False):
        with pytest.raises(Conflict) as refused:
            services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id)
        sweep(Context.system("test"))
    assert refused.value.code == "reveal_closed"
    seconds = [entry.payload["seconds"] for entry in Entry.objects.filter(verb="picture.revealed")]
    assert sorted(seconds) == [1, 60]
    rendition = Rendition.objects.get(kind="reveal")
    assert rendition.wrapped_key is None
    assert rendition.bytes_gone_at is not None
    assert not (Path(settings.VAULT_DIR) / rendition.storage_name).exists()


def test_unopened_it_lapses_after_five_minutes(picture: Picture, caseworker: Staff, team: Team) -> None:
    reveal = ready(picture, caseworker, team)
    with (
        time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)),
        pytest.raises(Conflict) as refused,
    ):
        services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id)
    assert refused.value.code == "reveal_closed"
    assert "picture.revealed" not in entries_of(picture.id)


def test_before_it_is_rendered_it_is_not_ready(picture: Picture, caseworker: Staff, team: Team) -> None:
    reveal = services.request_reveal(ctx_of(caseworker), picture_id=picture.id, reason=REASON, team=team.id)
    with pytest.raises(Conflict) as refused:
        services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id)
    assert refused.value.code == "reveal_not_ready"


def test_rendering_twice_makes_one(picture: Picture, caseworker: Staff, team: Team) -> None:
    reveal = ready(picture, caseworker, team)
    assert not render_reveal(SYSTEM, reveal_id=reveal.id)
    assert not render_reveal(SYSTEM, reveal_id=uuid4())
    assert Rendition.objects.filter(kind="reveal").count() == 1


def test_an_unchecked_picture_is_not_revealed(caseworker: Staff, team: Team) -> None:
    with pytest.raises(Conflict):
        services.request_reveal(ctx_of(caseworker), picture_id=stored().id, reason=REASON, team=team.id)


def test_locking_stops_every_view_at_once(picture: Picture, caseworker: Staff, team: Team) -> None:
    reveal = ready(picture, caseworker, team)
    services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id)
    preview = services.preview_of(picture)
    assert preview is not None
    services.lock(SYSTEM, picture_id=picture.id)
    services.lock(SYSTEM, picture_id=picture.id)
    attempts: list[Callable[[], object]] = [
        lambda: services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id),
        lambda: services.read_rendition(ctx_of(caseworker), rendition_id=preview.id, team=team.id),
        lambda: services.request_reveal(
            ctx_of(caseworker), picture_id=picture.id, reason=REASON, team=team.id
        ),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert entries_of(picture.id).count("picture.locked") == 1
    assert entries_of(picture.id).count("picture.revealed") == 1


def test_a_preview_shows_shapes_only(picture: Picture, caseworker: Staff, team: Team) -> None:
    preview = services.preview_of(picture)
    assert preview is not None
    media_type, data = services.read_rendition(ctx_of(caseworker), rendition_id=preview.id, team=team.id)
    assert media_type == "image/jpeg"
    shown = Image.open(BytesIO(data))
    assert (shown.mode, shown.size) == ("L", (320, 213))
    edges = np.abs(np.diff(np.asarray(shown).astype(int), axis=1))
    assert edges.max() <= 12  # no edge that a feature could be told by
    assert "picture.previewed" in entries_of(picture.id)


def test_a_preview_is_refused_outside_the_team(picture: Picture, caseworker: Staff) -> None:
    preview = services.preview_of(picture)
    assert preview is not None
    for team_id in (None, make_team().id):
        with pytest.raises(NotAllowed):
            services.read_rendition(ctx_of(caseworker), rendition_id=preview.id, team=team_id)
    assert "picture.previewed" not in entries_of(picture.id)


def test_a_shredded_rendition_opens_for_nobody(picture: Picture, caseworker: Staff, team: Team) -> None:
    reveal = ready(picture, caseworker, team)
    services.shred(SYSTEM, picture_id=picture.id, reason="decided")
    with pytest.raises(DomainError):
        services.open_reveal(ctx_of(caseworker), reveal_id=reveal.id)
    rendition = Rendition.objects.get(kind="reveal")
    with pytest.raises(KeyErased):
        keys.open_rendition(rendition)
