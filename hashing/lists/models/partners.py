"""Partners, their keys, what they may pull, and how far they have come."""

from __future__ import annotations

import builtins
import uuid

from django.db import models
from django.db.models import Q

from hashing.lists.models.lists import List
from hashing.lists.states import GIVEN_TO_ALL, Rule, Scope, Wire


def every_scope() -> builtins.list[str]:
    return [str(scope) for scope in Scope.values]


class Partner(models.Model):
    """`number` is its member number on the NCMEC wire, which needs an integer; the agency itself is 1."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    number = models.PositiveIntegerField(unique=True)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    # A role's address at the partner: where it is asked to delete everything when it leaves.
    contact = models.EmailField(blank=True)
    # When the agency was told that the partner is silent; before its last pull: not of the present silence.
    silence_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gte=2), name="partner_number")]


class PartnerKey(models.Model):
    """A credential of one wire. Only a hash of its secret is kept: 256 random bits need no slow hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True)
    secret_sha256 = models.BinaryField(max_length=32)
    wire = models.CharField(max_length=10, choices=Wire.choices)
    # The one list that a StopNCII or NCMEC credential serves; a native key serves all that are entitled.
    list = models.ForeignKey(List, models.PROTECT, null=True, related_name="+")
    # Networks in CIDR notation that may use the key; empty is any.
    networks = models.JSONField(default=builtins.list)
    scopes = models.JSONField(default=every_scope)
    # SHA-256 (hex) of the client certificate that must come with it; empty asks for none.
    certificate = models.CharField(max_length=64, blank=True)
    # The place of a live key among the two that a partner may have of a wire and list at a time.
    slot = models.SmallIntegerField(null=True)
    last_used_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    # As long as the agency gave it; null is no end. A rotation brings `expires_at` forward, and not this.
    life = models.DurationField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(wire__in=Wire.values), name="key_wire"),
            models.CheckConstraint(
                condition=Q(wire=Wire.NATIVE, list__isnull=True)
                | (~Q(wire=Wire.NATIVE) & Q(list__isnull=False)),
                name="key_list",
            ),
            models.CheckConstraint(condition=Q(slot__isnull=True) | Q(slot__in=[1, 2]), name="key_slot"),
            models.UniqueConstraint(
                fields=["partner", "wire", "list", "slot"],
                condition=Q(revoked_at__isnull=True, slot__isnull=False),
                nulls_distinct=False,
                name="key_two_at_a_time",
            ),
        ]


class Entitlement(models.Model):
    """A partner may pull a list. Lists other than reviewed ones are given only to partners that asked."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="entitlements")
    list = models.ForeignKey(List, models.PROTECT, related_name="entitlements")
    rule = models.CharField(max_length=16, choices=Rule.choices)
    asked_for = models.BooleanField(default=False)
    # Whether regional codes leave to this partner (masked for it), and whether it is told of a mere "look".
    regional = models.BooleanField(default=False)
    looks = models.BooleanField(default=False)
    # The agreement in force that it rests on, this partner's own (see 0012).
    agreement = models.ForeignKey("hashing.Agreement", models.PROTECT, null=True, related_name="entitlements")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Not checked for rows from before there were agreements: the partner's page names them.
            models.CheckConstraint(condition=Q(agreement__isnull=False), name="entitlement_agreed"),
            models.UniqueConstraint(fields=["partner", "list"], name="entitlement_once"),
            models.CheckConstraint(
                condition=Q(rule__in=GIVEN_TO_ALL) | Q(asked_for=True), name="entitlement_asked_for"
            ),
        ]


class PartnerPosition(models.Model):
    """How far a partner has come on a wire.

    `position` is the furthest that it was handed; `proven` the furthest that it has come back with, so it
    has surely stored all up to there. Publication positions, or record revisions on the StopNCII wire.
    """

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="positions")
    wire = models.CharField(max_length=10, choices=Wire.choices)
    list = models.ForeignKey(List, models.PROTECT, related_name="+")
    epoch = models.CharField(max_length=12)
    position = models.BigIntegerField(default=0)
    proven = models.BigIntegerField(default=0)
    pulled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "wire", "list"], name="position_once"),
        ]
