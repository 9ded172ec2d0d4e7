"""What is known of a case; everything that could identify the person is sealed to the case's own key."""

from cases.models.assessment import Assessment
from cases.models.case import About, AgeRoute, Case, Circumstance, ContactKind, KnownTo, Relation
from cases.models.consent import Consent, ConsentKind, Recipient
from cases.models.deadline import Deadline, DeadlineKind, Digest
from cases.models.disposal import Disposal, DisposedCase
from cases.models.finding import CaseTag, SavedView
from cases.models.hold import Hold, HoldKind
from cases.models.link import CaseLink, Handle, LinkDecision, LinkKind
from cases.models.location import Capture, Location, PassedTo, Refusal
from cases.models.message import CaseMessage, Sender
from cases.models.notice import Notice, NoticeCopy
from cases.models.picture import CasePicture
from cases.models.regain import Regain, RegainState
from cases.models.throttle import CodeThrottle
from cases.models.triage import Priority, PriorityChoice, TriageReason
from cases.models.visit import Purpose, Visit, VisitPicture

__all__ = [
    "About",
    "AgeRoute",
    "Assessment",
    "Capture",
    "Case",
    "CaseLink",
    "CaseMessage",
    "CasePicture",
    "CaseTag",
    "Circumstance",
    "CodeThrottle",
    "Consent",
    "ConsentKind",
    "ContactKind",
    "Deadline",
    "DeadlineKind",
    "Digest",
    "Disposal",
    "DisposedCase",
    "Handle",
    "Hold",
    "HoldKind",
    "KnownTo",
    "LinkDecision",
    "LinkKind",
    "Location",
    "Notice",
    "NoticeCopy",
    "PassedTo",
    "Priority",
    "PriorityChoice",
    "Purpose",
    "Recipient",
    "Refusal",
    "Regain",
    "RegainState",
    "Relation",
    "SavedView",
    "Sender",
    "TriageReason",
    "Visit",
    "VisitPicture",
]
