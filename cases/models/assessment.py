"""May this person report it, and is it what the law protects: the answers on record, and a review."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.crypto.fields import EncryptedTextField


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNCLEAR = "unclear", _("Not clear yet")


class Basis(models.TextChoices):
    """By which of the two doors the person came; the same codes as on a notice."""

    COMPLAINT = "complaint", _("Complaint: it was shared without consent")
    OBJECTION = "objection", _("Objection: they object, whatever they once agreed to")


class Proof(models.TextChoices):
    """On what the agency believes that somebody may report. A code proves a contact, never an identity."""

    NONE = "none", _("Nothing yet")
    WORD = "word", _("Their own signed statement")
    IDENTITY = "identity", _("An identity document was seen, and not kept")
    CALL = "call", _("Somebody here spoke with the person it is about")
    VOUCHED = "vouched", _("Another service that we know vouches for them")
    AUTHORITY = "authority", _("A written authority was seen")
    CARE = "care", _("A document was seen that says who cares for them")
    COURT = "court", _("A court's decision was seen")


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    OPEN = "open", _("More is needed")
    REFUSED = "refused", _("Refused")


class Review(models.TextChoices):
    UPHELD = "upheld", _("The refusal stands")
    OVERTURNED = "overturned", _("The refusal was wrong: the case goes on")


_FOR = Q(may_report=Answer.YES, protected=Answer.YES, depicts=Answer.YES, unwanted=Answer.YES) & Q(
    exempt=Answer.NO
)
_AGAINST = (
    Q(may_report=Answer.NO)
    | Q(protected=Answer.NO)
    | Q(depicts=Answer.NO)
    | Q(unwanted=Answer.NO)
    | Q(exempt=Answer.YES)
)


class Assessment(models.Model):
    """Never changed but for its review: who thinks otherwise later assesses anew, and the newest counts.

    `written_at` is when the refusal went to the person, `review_asked_at` when they answered it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="assessments")
    basis = models.CharField(max_length=10, choices=Basis)
    proof = models.CharField(max_length=10, choices=Proof)
    may_report = models.CharField(max_length=8, choices=Answer)
    protected = models.CharField(max_length=8, choices=Answer)
    depicts = models.CharField(max_length=8, choices=Answer)
    unwanted = models.CharField(max_length=8, choices=Answer)
    exempt = models.CharField(max_length=8, choices=Answer)
    reasons = EncryptedTextField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    review_asked_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=10, choices=Review, blank=True)
    review_reasons = EncryptedTextField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "-at"], name="assessment_newest"),
            models.Index(
                fields=["review_asked_at", "id"],
                name="assessment_to_review",
                condition=Q(review_asked_at__isnull=False, reviewed_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="assessment_accepted_on_every_answer",
                condition=~Q(outcome=Outcome.ACCEPTED) | (_FOR & ~Q(proof=Proof.NONE)),
            ),
            models.CheckConstraint(
                name="assessment_refused_on_an_answer", condition=~Q(outcome=Outcome.REFUSED) | _AGAINST
            ),
            models.CheckConstraint(
                name="assessment_refusal_is_written",
                condition=Q(outcome=Outcome.REFUSED, written_at__isnull=False)
                | (~Q(outcome=Outcome.REFUSED) & Q(written_at__isnull=True, review_asked_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="assessment_reviewed_by_another",
                condition=Q(review="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (
                    Q(outcome=Outcome.REFUSED, reviewed_at__isnull=False, reviewed_by__isnull=False)
                    & ~Q(review="")
                    & ~Q(reviewed_by=F("by"))
                ),
            ),
        ]
