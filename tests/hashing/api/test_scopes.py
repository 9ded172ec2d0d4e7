"""What a key may do is what its scopes say."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import Feedback, List, Partner, PartnerKey, PartnerPosition, Submission
from hashing.lists.states import Scope, Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from tests.hashing.listing import admin, make_partner
from tests.hashing.wire import PUBLICATIONS, basic, bearer, refused, two_keys

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


def test_the_wires_keys_have_scopes_too() -> None:
    partner = make_partner()
    stopncii = [
        ("get", "FetchHashes?startTimestamp=10", Scope.PULL),
        ("post", "SubmitFeedback", Scope.FEEDBACK),
        ("post", "SubmitHashes", Scope.SUBMIT),
    ]
    for method, name, scope in stopncii:
        headers = two_keys(without(scope, partner, Wire.STOPNCII))
        ask = getattr(Client(), method)
        refused(ask(f"/stopncii/v1/{name}", headers=headers), 403, "scope_missing")
    ncmec = [
        ("get", "entries?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z", Scope.PULL),
        ("put", "entries/1/x/PDQ/feedback", Scope.FEEDBACK),
    ]
    for method, name, scope in ncmec:
        ask = getattr(Client(), method)
        answer = ask(f"/ncmec/v2/{name}", headers=basic(without(scope, partner, Wire.NCMEC)))
        refused(answer, 403, "scope_missing")
    logged = AuditEntry.objects.filter(verb="partner.refused", subject_id=str(partner.pk))
    told = Counter((entry.payload["wire"], entry.payload["reason"]) for entry in logged)
    assert told == {("stopncii", "scope"): 3, ("ncmec", "scope"): 2}
    assert not any(model.objects.exists() for model in (PartnerPosition, Submission, Feedback))


def without(scope: Scope, partner: Partner, wire: Wire) -> IssuedKey:
    """A key of the reviewed list with all scopes but this; the one before it is ended."""
    PartnerKey.objects.filter(partner=partner).update(revoked_at=clock.now())
    others = [each for each in Scope if each != scope]
    reviewed_list = List.objects.get(slug="reviewed")
    return services.issue_key(admin(), partner=partner, wire=wire, hash_list=reviewed_list, scopes=others)


@pytest.mark.parametrize("address", ["", "status", "signing-keys"])
def test_what_needs_no_key_takes_none_that_is_bad(address: str) -> None:
    assert Client().get(f"/api/v1/{address}").status_code == 200
    headers = {"Authorization": "Bearer x.y"}
    refused(Client().get(f"/api/v1/{address}", headers=headers), 401, "key_refused")
