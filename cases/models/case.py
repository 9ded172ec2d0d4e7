"""A case: one person's request, its keys, and its state."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.triage import Priority
from cases.states import CLOSED_STATES, CaseState, WaitingFor


class AgeRoute(models.TextChoices):
    """The answer to: was anyone in it under 18 at the time?"""

    ADULT = "adult", _("No")
    MINOR = "minor", _("Yes")
    UNSURE = "unsure", _("Not sure")


class About(models.TextChoices):
    ME = "me", _("Me")
    AUTHORISED = "authorised", _("Someone who asked me to do this for them")
    CHILD = "child", _("My child, or a child I care for")


class ContactKind(models.TextChoices):
    NONE = "none", _("No contact")
    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")


class Case(models.Model):
    """`*_sealed` fields are HPKE to `public_key`, AAD = table, row, field (`cases.services.sealed`).

    The private key exists only wrapped: to the desk's public key, and under the access code. Both are NULL
    once the case is deleted; `destroyed_at` says when. Where the person wanted to be able to undo that, the
    desk's is gone for the seven days before `deletion_due_at`, and only their code can bring it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=8, unique=True)
    state = models.CharField(max_length=16, choices=CaseState, default=CaseState.NEW)
    waiting_for = models.CharField(max_length=10, choices=WaitingFor, default=WaitingFor.NOBODY, blank=True)
    team = models.ForeignKey("agency.Team", on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whom the queue has handed it to, and until when it is theirs alone.
    pulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    pulled_until = models.DateTimeField(null=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.USUAL)
    triage_reasons = models.JSONField(default=list, help_text="codes of cases.models.triage.TriageReason")
    about = models.CharField(max_length=12, choices=About)
    age_route = models.CharField(max_length=8, choices=AgeRoute)
    in_danger = models.BooleanField(default=False, help_text="when they wrote; they were shown whom to call")
    circumstances = models.JSONField(default=list, help_text="codes of cases.models.case.Circumstance")
    language = models.CharField(max_length=8, default="en")

    public_key = models.BinaryField()
    private_for_desk = models.BinaryField(null=True)
    code_salt = models.BinaryField(null=True)
    private_for_code = models.BinaryField(null=True)

    contact_kind = models.CharField(max_length=8, choices=ContactKind, default=ContactKind.NONE)
    contact_sealed = models.BinaryField(null=True)
    contact_index = models.CharField(max_length=10, null=True, db_index=True)  # noqa: DJ001 (NULL: none given)
    contact_verified_at = models.DateTimeField(null=True)
    safety_sealed = models.BinaryField(null=True)
    story_sealed = models.BinaryField(null=True)
    details_sealed = models.BinaryField(null=True)
    # A caseworker may give a new code to whoever proves control of the contact.
    may_regain = models.BooleanField(default=False)
    # When the person was last told that partners have stopped uploads.
    stops_told_at = models.DateTimeField(null=True)

    child_suspected_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # Everything shall go, but a legal hold keeps it until that ends; the desk keeps its key as long.
    deletion_asked_at = models.DateTimeField(null=True)
    deletion_due_at = models.DateTimeField(null=True, db_index=True)
    destroyed_at = models.DateTimeField(null=True)
    # The last proof of deletion, signed JSON: made when nothing more can be expected of any partner.
    final_proof = models.BinaryField(null=True)
    final_proof_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "state", "opened_at"], name="case_queue"),
            models.Index(fields=["assignee", "state"], name="case_assignee"),
            # Pages by key: of all that is open, and of any search, in a team or in several.
            models.Index(
                fields=["team", "opened_at", "id"], name="case_open", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["team", "opened_at", "id"], name="case_in_team"),
            models.Index(fields=["opened_at", "id"], name="case_in_order"),
            models.Index(
                fields=["team", "priority", "opened_at", "id"],
                name="case_next",
                condition=Q(assignee__isnull=True, closed_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="case_priority_known", condition=Q(priority__in=Priority.values)),
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=CaseState.values)),
            models.CheckConstraint(
                name="case_closed_at_iff_closed",
                condition=Q(state__in=sorted(CLOSED_STATES), closed_at__isnull=False)
                | (~Q(state__in=sorted(CLOSED_STATES)) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_waiting_for_iff_waiting",
                condition=(Q(state=CaseState.WAITING) & ~Q(waiting_for=""))
                | (~Q(state=CaseState.WAITING) & Q(waiting_for="")),
            ),
            models.CheckConstraint(
                name="case_verified_only_with_contact",
                condition=Q(contact_verified_at__isnull=True) | ~Q(contact_kind=ContactKind.NONE),
            ),
            models.CheckConstraint(
                name="case_contact_sealed_iff_given",
                condition=Q(destroyed_at__isnull=False)
                | Q(contact_kind=ContactKind.NONE, contact_sealed__isnull=True)
                | (~Q(contact_kind=ContactKind.NONE) & Q(contact_sealed__isnull=False)),
            ),
            models.CheckConstraint(
                name="case_destroyed_holds_nothing",
                condition=Q(destroyed_at__isnull=True)
                | Q(
                    private_for_desk__isnull=True,
                    contact_sealed__isnull=True,
                    contact_index__isnull=True,
                    safety_sealed__isnull=True,
                    story_sealed__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="case_destroyed_holds_no_details",
                condition=Q(destroyed_at__isnull=True) | Q(details_sealed__isnull=True),
            ),
            models.CheckConstraint(
                name="case_due_is_closed_to_the_desk",
                condition=Q(deletion_due_at__isnull=True)
                | Q(private_for_desk__isnull=True, destroyed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_final_proof_of_deleted",
                condition=Q(final_proof__isnull=True, final_proof_at__isnull=True)
                | Q(final_proof__isnull=False, final_proof_at__isnull=False, destroyed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_destroyed_only_when_closed",
                condition=Q(destroyed_at__isnull=True) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_withdrawn_iff_destroyed",
                condition=Q(state=CaseState.WITHDRAWN, destroyed_at__isnull=False)
                | ~Q(state=CaseState.WITHDRAWN),
            ),
        ]


class Relation(models.TextChoices):
    """Who did it, as far as the person wants to say."""

    PARTNER = "partner", _("A partner, or somebody who was one")
    KNOWN = "known", _("Somebody else I know")
    ONLINE = "online", _("Somebody I know only from the internet")
    STRANGER = "stranger", _("Somebody I don't know")
    UNSURE = "unsure", _("I don't know who it was")


class KnownTo(models.TextChoices):
    """Who has heard of it before us."""

    PLATFORM = "platform", _("The site or app where it is")
    POLICE = "police", _("The police")
    ADVICE = "advice", _("A lawyer or an advice service")
    SOMEBODY = "somebody", _("Somebody I trust")


class Circumstance(models.TextChoices):
    SHARED = "shared", _("It has been shared or posted")
    THREATENED = "threatened", _("Someone threatens to share it")
    FAKED = "faked", _("It was made or changed with a computer")
    MONEY = "money", _("Someone asks for money or something else")
