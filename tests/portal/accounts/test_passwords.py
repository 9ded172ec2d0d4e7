"""How passwords are kept."""

from __future__ import annotations

import argon2
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.test import override_settings

from portal import settings as production
from portal.accounts.models import Staff


def test_passwords_are_kept_as_argon2id_with_django_s_own_cost() -> None:
    with override_settings(PASSWORD_HASHERS=production.PASSWORD_HASHERS):
        kept = make_password("correct horse battery staple")
        cost = argon2.extract_parameters(kept.removeprefix("argon2"))
        assert identify_hasher(kept) is get_hasher()
    assert cost.type is argon2.Type.ID
    assert (cost.memory_cost, cost.time_cost, cost.parallelism) == (102_400, 2, 8)


def test_one_form_per_address() -> None:
    assert Staff.objects.normalise(" ADA@Agency.Example ") == "ada@agency.example"
    assert Staff.objects.normalise("\uff21da@agency.example") == "ada@agency.example"
    assert Staff.objects.normalize_email(None) == ""
