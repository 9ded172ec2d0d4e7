"""What is known of a case; everything that could identify the person is sealed to the case's own key."""

from cases.models.case import About, AgeRoute, Case, Circumstance, ContactKind
from cases.models.consent import Consent, ConsentKind, Recipient
from cases.models.location import Location
from cases.models.picture import CasePicture
from cases.models.throttle import CodeThrottle
from cases.models.visit import Purpose, Visit, VisitPicture

__all__ = [
    "About",
    "AgeRoute",
    "Case",
    "CasePicture",
    "Circumstance",
    "CodeThrottle",
    "Consent",
    "ConsentKind",
    "ContactKind",
    "Location",
    "Purpose",
    "Recipient",
    "Visit",
    "VisitPicture",
]
