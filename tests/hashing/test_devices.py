"""What a browser said is kept as the full fingerprints of a picture that nobody here holds."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image, ImageOps

from hashing import changes, devices
from hashing.enrolment.models import Enrolment
from hashing.enrolment.readiness import require_ready
from hashing.fingerprints import claims, pdq
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.fingerprints.regional import serial
from portal.audit.models import Entry as Logged
from portal.core.context import Context
from portal.core.errors import Conflict
from portal.vault import services as vault
from portal.vault.models import Picture
from tests.devices import claim_of
from tests.hashing.listing import make_picture
from tests.photos import photo

pytestmark = pytest.mark.django_db
CTX = Context.visitor()
SYSTEM = Context.system("test")


def small(name: str = "coffee") -> Image.Image:
    return ImageOps.contain(photo(name), (320, 320))


def claim(name: str = "coffee", **changed: Any) -> claims.Claim:
    return claims.read(json.dumps([claim_of(small(name)) | changed]), most=1)[0]


def registered(name: str = "coffee", **changed: Any) -> Picture:
    return devices.register(CTX, claim=claim(name, **changed))


def test_it_is_fingerprinted_in_full_and_holds_nothing_to_open() -> None:
    picture = registered()
    assert (picture.state, picture.size, picture.wrapped_key) == ("on_device", 0, None)
    assert require_ready(picture.pk).trim == "none"
    said = claim()
    rows = Fingerprint.objects.filter(picture=picture)
    assert dict(rows.filter(kind="pdq").values_list("variant", "value")) == {
        one.variant: one.value for one in said.pdq
    }
    assert rows.get(kind="sha256").value == said.sha256
    kept = RegionalFingerprint.objects.get(picture=picture)
    assert (kept.source, kept.box, kept.count, bytes(kept.codes)) == (
        "device",
        "full",
        len(said.regional),
        serial.dump(said.regional),
    )
    logged = Logged.objects.filter(subject_id=str(picture.pk)).order_by("pk")
    assert [one.verb for one in logged] == ["picture.registered", "fingerprint.enrolled"]


@pytest.mark.parametrize(("trim", "box"), [("accepted", (0, 20, 320, 200)), ("whole", None)])
def test_what_the_person_said_of_a_frame_is_kept(trim: str, box: Any) -> None:
    part = {"left": 0, "top": 20, "right": 320, "bottom": 200}
    changed: dict[str, Any] = {"proposed": part, "within": part if box else None}
    if box:
        changed |= {key: claim_of(small().crop((0, 20, 320, 200)))[key] for key in ("pdq", "regional")}
    enrolment = Enrolment.objects.get(picture=registered(**changed))
    assert (enrolment.trim, enrolment.box, enrolment.proposal) == (trim, box, (0, 20, 320, 200))
    assert enrolment.ready


def test_nothing_can_be_rendered_or_revealed_and_the_end_is_an_end() -> None:
    picture = registered()
    assert vault.preview_of(picture) is None
    with pytest.raises(Conflict):
        vault.request_reveal(
            Context.system("test"), picture_id=picture.pk, reason="to look at it", team=uuid4()
        )
    ended = vault.shred(SYSTEM, picture_id=picture.pk, reason="withdrawn")
    assert (ended.state, Picture.objects.get(pk=picture.pk).wrapped_key) == ("shredded", None)


def test_of_what_nobody_saw_framings_find_nothing() -> None:
    picture = registered()
    known = changes.load({picture.pk: 1})[0]
    variants = {one.variant for one in known.hashes if one.kind == "pdq"}
    assert variants == set(pdq.ORIENTATIONS)
    assert (len(known.regional), Fingerprint.objects.filter(picture=picture).count()) == (
        1,
        1 + len(claim().pdq),
    )


def test_the_same_picture_is_known_again_when_it_is_sent() -> None:
    mine = registered()
    value = Fingerprint.objects.get(picture=mine, kind="pdq", variant="original").value
    near = f"{int(value, 16) ^ 0b1111_1111:064x}"
    far = f"{int(value, 16) ^ 0b1_1111_1111:064x}"
    sent, other = make_picture(pdq=near), make_picture(pdq=far)
    also_here = registered()
    everybody = [sent.pk, other.pk, also_here.pk]
    assert devices.same_picture(mine.pk, everybody) == {sent.pk}
    assert devices.same_picture(sent.pk, [mine.pk, other.pk]) == {mine.pk}
    Fingerprint.objects.filter(picture=other, kind="sha256").update(value=claim().sha256)
    assert devices.same_picture(mine.pk, everybody) == {sent.pk, other.pk}
