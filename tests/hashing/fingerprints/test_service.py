"""Checking and fingerprinting a picture, exactly once."""

from __future__ import annotations

import pytest

from hashing.fingerprints.models import Fingerprint
from hashing.services import fingerprint_picture
from portal.core.context import Context
from portal.vault.models import PictureState
from portal.vault.services import preview_of
from tests.photos import entries_of, fresh, stored

pytestmark = pytest.mark.django_db


def test_a_stored_picture_becomes_checked() -> None:
    picture = stored()
    assert fingerprint_picture(Context.system("test"), picture_id=picture.id)
    picture = fresh(picture.id)
    assert (picture.state, picture.width, picture.height) == (PictureState.CHECKED, 600, 400)
    assert picture.lease_until is None
    assert Fingerprint.objects.filter(picture=picture).count() == 11
    assert preview_of(picture) is not None
    assert entries_of(picture.id) == ["fingerprint.computed", "picture.checked", "picture.stored"]
