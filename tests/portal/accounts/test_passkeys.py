"""Passkeys in place of a code: what is accepted, and what never is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django_otp_webauthn.models import WebAuthnAttestation, WebAuthnCredential

from portal.accounts import ceremonies, services
from portal.accounts.models import Staff
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import DomainError, Invalid, NotAllowed, NotFound
from tests.factories import ctx_of, make_agency, make_staff
from tests.portal.accounts.soft_passkey import SoftPasskey
from tests.staff_fixtures import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Staff:
    make_agency()
    return make_staff()


def add(staff: Staff, key: SoftPasskey) -> WebAuthnCredential:
    options, state = ceremonies.to_make(staff)
    return services.add_passkey(
        ctx_of(staff), staff_id=staff.pk, name=" Phone ", state=state, answer=key.make(options)
    )


def asked(staff: Staff) -> tuple[ceremonies.Options, ceremonies.Options]:
    found = ceremonies.to_use(staff)
    assert found is not None
    return found


def verbs() -> list[str]:
    return list(Entry.objects.order_by("at", "pk").values_list("verb", flat=True))


def test_a_passkey_is_kept_under_its_name_without_its_make(ada: Staff) -> None:
    passkey = add(ada, SoftPasskey())
    assert (passkey.user_id, passkey.name, passkey.confirmed) == (ada.pk, "Phone", True)
    assert WebAuthnAttestation.objects.count() == 0
    assert verbs() == ["staff.passkey_added"]


def test_the_browser_is_told_the_neutral_name_and_who_it_is(ada: Staff) -> None:
    options, _state = ceremonies.to_make(ada)
    assert options["rp"] == {"id": "localhost", "name": "Updates"}
    assert (options["user"]["name"], options["attestation"]) == (ada.email, "none")


def test_it_logs_in_and_steps_up(ada: Staff) -> None:
    key = SoftPasskey()
    passkey = add(ada, key)
    for service in (services.log_in_with_passkey, services.step_up_with_passkey):
        options, state = asked(ada)
        used = service(ctx_of(ada), staff_id=ada.pk, state=state, answer=key.sign(options))
        assert used.pk == passkey.pk
    assert verbs() == ["staff.passkey_added", "staff.logged_in", "staff.stepped_up"]
    logged_in = Entry.objects.get(verb="staff.logged_in")
    assert logged_in.payload == {"method": "passkey"}
    assert WebAuthnCredential.objects.get().sign_count == 2


def _another_challenge(key: SoftPasskey, options: ceremonies.Options) -> str:
    return key.sign(options | {"challenge": "AAAA"})


def _another_site(key: SoftPasskey, options: ceremonies.Options) -> str:
    key.origin = "http://localhost.example"
    return key.sign(options)


def _another_name(key: SoftPasskey, options: ceremonies.Options) -> str:
    key.name = "localhost.example"
    return key.sign(options)


def _another_key(key: SoftPasskey, options: ceremonies.Options) -> str:
    return SoftPasskey(id=key.id).sign(options)


def _unknown(key: SoftPasskey, options: ceremonies.Options) -> str:
    return SoftPasskey().sign(options)


def _made_not_signed(key: SoftPasskey, options: ceremonies.Options) -> str:
    return key.make(options)


def _nonsense(key: SoftPasskey, options: ceremonies.Options) -> str:
    return '{"id": 7}'


def _no_json(key: SoftPasskey, options: ceremonies.Options) -> str:
    return "null["


@pytest.mark.parametrize(
    "answer",
    [
        _another_challenge,
        _another_site,
        _another_name,
        _another_key,
        _unknown,
        _made_not_signed,
        _nonsense,
        _no_json,
    ],
)
def test_a_wrong_answer_opens_nothing(
    ada: Staff, answer: Callable[[SoftPasskey, ceremonies.Options], str]
) -> None:
    key = SoftPasskey()
    add(ada, key)
    options, state = asked(ada)
    with pytest.raises(Invalid) as refusal:
        services.log_in_with_passkey(ctx_of(ada), staff_id=ada.pk, state=state, answer=answer(key, options))
    assert refusal.value.code == "passkey_refused"
    assert verbs() == ["staff.passkey_added", "staff.login_failed"]
    assert Entry.objects.get(verb="staff.login_failed").payload == {"reason": "passkey"}
    assert WebAuthnCredential.objects.get().sign_count == 0


def test_an_answer_counts_once(ada: Staff) -> None:
    key = SoftPasskey()
    add(ada, key)
    options, state = asked(ada)
    answer = key.sign(options)
    services.log_in_with_passkey(ctx_of(ada), staff_id=ada.pk, state=state, answer=answer)
    with pytest.raises(Invalid):
        services.log_in_with_passkey(ctx_of(ada), staff_id=ada.pk, state=state, answer=answer)


def test_without_a_challenge_nothing_is_accepted(ada: Staff) -> None:
    key = SoftPasskey()
    options, _state = ceremonies.to_make(ada)
    with pytest.raises(Invalid):
        services.add_passkey(ctx_of(ada), staff_id=ada.pk, name="x", state=None, answer=key.make(options))
    add(ada, key)
    options, _state = asked(ada)
    with pytest.raises(Invalid):
        services.step_up_with_passkey(ctx_of(ada), staff_id=ada.pk, state=None, answer=key.sign(options))


def test_a_passkey_is_its_owners(ada: Staff) -> None:
    key, other = SoftPasskey(), make_staff()
    passkey = add(ada, key)
    options, state = asked(ada)
    with pytest.raises(Invalid):
        services.log_in_with_passkey(ctx_of(other), staff_id=other.pk, state=state, answer=key.sign(options))
    with pytest.raises(NotAllowed):
        services.remove_passkey(ctx_of(other), staff_id=ada.pk, passkey_id=passkey.pk)
    with pytest.raises(NotFound):
        services.remove_passkey(ctx_of(other), staff_id=other.pk, passkey_id=passkey.pk)
    with pytest.raises(NotAllowed):
        services.add_passkey(ctx_of(other), staff_id=ada.pk, name="x", state=state, answer="{}")
    assert WebAuthnCredential.objects.get() == passkey
    assert verbs() == ["staff.passkey_added", "staff.login_failed"]


def test_a_removed_one_opens_nothing_more(ada: Staff) -> None:
    key = SoftPasskey()
    passkey = add(ada, key)
    options, state = asked(ada)
    services.remove_passkey(ctx_of(ada), staff_id=ada.pk, passkey_id=passkey.pk)
    assert ceremonies.to_use(ada) is None
    with pytest.raises(Invalid):
        services.log_in_with_passkey(ctx_of(ada), staff_id=ada.pk, state=state, answer=key.sign(options))
    assert verbs() == ["staff.passkey_added", "staff.passkey_removed", "staff.login_failed"]


@pytest.mark.parametrize("end", [services.deactivate, services.invite_again])
def test_it_ends_with_the_account(ada: Staff, end: Callable[..., object]) -> None:
    key = SoftPasskey()
    add(ada, key)
    options, state = asked(ada)
    end(Context.system("test"), staff_id=ada.pk)
    assert WebAuthnCredential.objects.count() == 0
    with pytest.raises(DomainError):
        services.log_in_with_passkey(ctx_of(ada), staff_id=ada.pk, state=state, answer=key.sign(options))


def test_a_challenge_for_using_one_makes_none(ada: Staff) -> None:
    """Whoever finds a desk open can ask for a code, but not turn what that page asks into a key of theirs."""
    key = SoftPasskey()
    add(ada, key)
    browser = browser_of(ada)
    session = browser.session
    session["stepped_up_at"] = 0
    session.save()
    page = browser.post("/desk/you/codes").content.decode()
    told = json.loads(
        page.partition('<script id="passkey-options" type="application/json">')[2].partition("<")[0]
    )
    session = browser.session
    session["stepped_up_at"] = session["desk_started_at"]
    session.save()
    answer = browser.post("/desk/you/passkeys/add", {"name": "x", "passkey": SoftPasskey().make(told)})
    assert answer.status_code == 422
    assert WebAuthnCredential.objects.count() == 1
