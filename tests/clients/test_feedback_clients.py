"""What partners send back with the unmodified clients of `threatexchange`: feedback and hashes of theirs."""

from __future__ import annotations

import types
from typing import Any

from threatexchange.exchanges.clients.ncmec import hash_api
from threatexchange.exchanges.clients.stopncii.api import (
    StopNCIIAPI,
    StopNCIICSPFeedbackValue,
    StopNCIIEndpoint,
    StopNCIISignalType,
)

from hashing.lists.models import Feedback, Submission
from hashing.lists.states import Wire
from tests.hashing.listing import Desk, make_key, make_partner, make_picture, pdq_value


def test_stopncii_feedback_and_hashes(base: str, desk: Desk) -> None:
    key, value = make_key(Wire.STOPNCII), pdq_value()
    make_partner("Other")
    entry = desk.listed(make_picture(pdq=value))
    writes = (StopNCIIEndpoint.SubmitFeedback, StopNCIIEndpoint.SubmitHashes)
    keys = dict.fromkeys(writes, key.secret)
    api = StopNCIIAPI(key.prefix, key.secret, keys, f"{base}/stopncii/v1")
    api.submit_feedback(StopNCIISignalType.ImagePDQ, value, StopNCIICSPFeedbackValue.Blocked, {"Nude"})
    api.submit_feedback(StopNCIISignalType.ImagePDQ, value, StopNCIICSPFeedbackValue.NotBlocked)
    said = Feedback.objects.filter(entry=entry).order_by("received_at")
    assert list(said.values_list("value", "reason", "standing")) == [
        ("blocked", "", False),
        ("disputed", "inconclusive", True),
    ]
    api.submit_hash(StopNCIISignalType.ImagePDQ, value)
    found = Submission.objects.get()
    assert (found.wire, found.picture_id) == ("stopncii", entry.picture_id)


def test_ncmec_reasons_and_feedback(base: str, desk: Desk) -> None:
    key, entry = make_key(Wire.NCMEC), desk.listed()
    make_partner("Other")
    environment: Any = types.SimpleNamespace(value=f"{base}/ncmec")
    api = hash_api.NCMECHashAPI(key.prefix, key.secret, environment)
    reasons = api.feedback_reasons(hash_api.FingerprintType.pdq)
    guid = next(guid for guid, name in reasons.items() if name == "Matches other content")
    pdq = hash_api.FingerprintType.pdq
    api.submit_feedback(1, str(entry.pk), pdq, hash_api.FeedbackType.upvote)
    api.submit_feedback(1, str(entry.pk), pdq, hash_api.FeedbackType.downvote, guid)
    said = Feedback.objects.filter(entry=entry).order_by("received_at")
    assert list(said.values_list("value", "reason", "kind")) == [
        ("seen", "", "pdq"),
        ("disputed", "wrong_match", "pdq"),
    ]
