"""What a key may do is what its scopes say."""

from __future__ import annotations

import pytest
from django.test import Client

from hashing.lists import services
from hashing.lists.models import PartnerPosition
from hashing.lists.states import Scope, Wire
from portal.audit.models import Entry as AuditEntry
from tests.hashing.listing import admin, make_partner
from tests.hashing.wire import PUBLICATIONS, bearer, refused

pytestmark = pytest.mark.django_db


def test_a_key_without_the_scope_is_refused_and_audited() -> None:
    partner = make_partner()
    others = [scope for scope in Scope if scope != Scope.PULL]
    key = services.issue_key(admin(), partner=partner, wire=Wire.NATIVE, scopes=others)
    refused(Client().get(PUBLICATIONS, headers=bearer(key)), 403, "scope_missing")
    assert not PartnerPosition.objects.exists()
    logged = AuditEntry.objects.get(verb="partner.refused")
    assert (logged.subject_id, logged.payload) == (str(partner.pk), {"wire": "native", "reason": "scope"})


def test_a_key_with_only_that_scope_is_served() -> None:
    key = services.issue_key(admin(), partner=make_partner(), wire=Wire.NATIVE, scopes=[Scope.PULL])
    assert Client().get(PUBLICATIONS, headers=bearer(key)).status_code == 200


@pytest.mark.parametrize("address", ["", "status", "signing-keys"])
def test_what_needs_no_key_takes_none_that_is_bad(address: str) -> None:
    assert Client().get(f"/api/v1/{address}").status_code == 200
    headers = {"Authorization": "Bearer x.y"}
    refused(Client().get(f"/api/v1/{address}", headers=headers), 401, "key_refused")
