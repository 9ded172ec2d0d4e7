"""Staff, their second factors and sessions, and the counters that guard logging in."""

from __future__ import annotations

import base64
import secrets
import uuid
from urllib.parse import quote, urlencode

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from portal.accounts.managers import StaffManager
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.audit import unrecorded
from portal.core import clock
from portal.core.context import Actor, ActorKind
from portal.crypto import blind_index
from portal.crypto.fields import EncryptedTextField


class Staff(AbstractBaseUser):
    """A person who works at the agency. Rights come from the role and the teams alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role)
    teams = models.ManyToManyField(Team, related_name="staff", blank=True)
    is_active = models.BooleanField(default=True)
    invited_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Which invitation still opens the door; null once it has been used.
    invitation = models.UUIDField(null=True, blank=True, unique=True)
    joined_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = StaffManager()

    # Set by django-otp on the user of a request: the device of the second factor, or None before it.
    otp_device: Device | None

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="staff_email_lower_case"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role"),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=True) | Q(invitation__isnull=True),
                name="staff_invitation_used_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.email = StaffManager.normalise(self.email)

    @property
    def actor(self) -> Actor:
        """This person as the actor of a service: one query, for the teams."""
        teams = frozenset(self.teams.values_list("pk", flat=True))
        return Actor(ActorKind.STAFF, str(self.pk), role=self.role, teams=teams)


def new_secret() -> str:
    """160 random bits as base32, as RFC 4226 asks: 32 characters."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


class SecondFactor(ThrottlingMixin, Device):  # type: ignore[misc] # django-otp is not typed
    """What an app and recovery codes share: one per person, and a wait after each wrong try."""

    MAX_FAILURES_COUNTED = 11  # the wait doubles from 1 second to 17 minutes, and no further

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    throttling_failure_count: int

    class Meta:
        abstract = True

    @property
    def persistent_id(self) -> str:
        """django-otp reads the key in a session as a whole number, so the UUID is written as one."""
        return f"{self.model_label()}/{self.pk.int}"

    @unrecorded("counts wrong codes; the failed log-in is recorded")
    def throttle_increment(self, commit: bool = True) -> None:  # noqa: FBT001, FBT002 (django-otp's signature)
        super().throttle_increment(commit=False)
        self.throttling_failure_count = min(self.throttling_failure_count, self.MAX_FAILURES_COUNTED)
        if commit:
            self.save()

    def get_throttle_factor(self) -> float:
        return 1.0


class TotpDevice(SecondFactor):
    """An authenticator app. Its secret is encrypted at rest; the first valid code confirms it."""

    METHOD = "app"
    STEP = 30
    DIGITS = 6
    TOLERANCE = 1  # steps that the person's clock may be early or late

    user = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="totp")
    secret = EncryptedTextField(default=new_secret)
    last_step = models.BigIntegerField(default=-1)

    @unrecorded("the device's own counter; the log-in that it serves is recorded")
    def verify_token(self, token: str) -> bool:
        """Whether the code is right, now, and not used before. The row must be locked by the caller."""
        if not self.verify_is_allowed()[0]:
            return False
        totp = TOTP(base64.b32decode(self.secret), self.STEP, 0, self.DIGITS)
        totp.time = clock.now().timestamp()
        right_form = token.isascii() and token.isdigit() and len(token) == self.DIGITS
        if not right_form or not totp.verify(int(token), self.TOLERANCE, self.last_step + 1):
            self.throttle_increment()
            return False
        self.last_step = totp.t()
        self.confirmed = True
        self.throttle_reset(commit=False)
        self.save()
        return True

    @unrecorded("shown to nobody but the one who is joining with it; staff.enrolled tells of it")
    def to_type(self) -> str:
        """The secret (base32), for whoever types it into the app."""
        secret: str = self.secret
        return secret

    def address(self, issuer: str) -> str:
        """What the authenticator app reads from the square code: an otpauth:// address."""
        label = quote(f"{issuer}:{self.user.email}")
        fields = {"secret": self.to_type(), "issuer": issuer, "digits": self.DIGITS, "period": self.STEP}
        return f"otpauth://totp/{label}?{urlencode(fields, quote_via=quote)}"


class RecoveryCodes(SecondFactor):
    """Codes on paper for somebody whose phone is lost: each good once, and kept as a keyed hash."""

    METHOD = "recovery"

    user = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="recovery")

    @unrecorded("uses the code up; the log-in that it serves is recorded")
    def verify_token(self, token: str) -> bool:
        """Whether this is one of the codes and not used. The row must be locked by the caller."""
        if not self.verify_is_allowed()[0]:
            return False
        if not self.codes.filter(digest=self.digest(token), used_at=None).update(used_at=clock.now()):
            self.throttle_increment()
            return False
        self.throttle_reset()
        return True

    def digest(self, code: str) -> bytes:
        """What is kept of a code: 80 random bits under a key apart need no slow hash."""
        return blind_index.keyed("recovery", f"{self.pk} {code}")


class RecoveryCode(models.Model):
    codes = models.ForeignKey(RecoveryCodes, on_delete=models.CASCADE, related_name="codes")
    digest = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)


class DeskSession(models.Model):
    """Whose session it is: goes when Django's own row does, which holds when it was last used."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="desk")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="sessions")
    opened_at = models.DateTimeField()
    method = models.CharField(max_length=10)
    # Names of our own, such as "Firefox, Windows": never what the browser sent.
    browser = models.CharField(max_length=40)


class Attempts(models.Model):
    """Failed tries under one key: a keyed hash, so that the row names neither account nor network."""

    key = models.BinaryField(primary_key=True, max_length=32)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="attempts_last_at")]
