"""The unmodified StopNCII client of `threatexchange`, as partners run it, against the portal."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from threatexchange.exchanges.clients.stopncii.api import StopNCIIAPI, StopNCIICSPFeedbackValue
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.impl.stop_ncii_api import StopNCIICredentials, StopNCIISignalExchangeAPI
from threatexchange.signal_type.pdq.signal import PdqSignal

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.states import Wire
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, pdq_value

Values = dict[tuple[str, str], Any]


def raw(base: str, key: IssuedKey) -> StopNCIIAPI:
    return StopNCIIAPI(key.prefix, key.secret, base_url_override=f"{base}/stopncii/v1")


def small_pages(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Make the portal answer in small pages, whatever the client asks for (it always asks for 800)."""
    monkeypatch.setattr("hashing.interop.stopncii.MAX_PAGE", size)


def exchange(base: str, key: IssuedKey) -> StopNCIISignalExchangeAPI:
    """As `TX_STOPNCII_KEYS=function,subscription,address` makes it."""
    credentials = StopNCIICredentials._from_str(f"{key.secret},{key.prefix},{base}/stopncii/v1")
    return StopNCIISignalExchangeAPI.for_collab(CollaborationConfigWithDefaults("T"), credentials)


def fetch(api: StopNCIISignalExchangeAPI, state: Values, checkpoint: Any, pages: int | None = None) -> Any:
    """Merge a run (or its first pages) into `state`, and give the checkpoint that the client stores.

    Its own rule, which the command line and HMA enforce: the checkpoint never goes back.
    """
    for number, delta in enumerate(api.fetch_iter([], checkpoint), 1):
        api.naive_fetch_merge(state, delta.updates)
        if checkpoint is not None:
            assert checkpoint.get_progress_timestamp() <= delta.checkpoint.get_progress_timestamp()
        checkpoint = delta.checkpoint
        if number == pages:
            break
    return checkpoint


def test_pulls_many_pages_and_resumes(base: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pages(monkeypatch, 3)
    values = [pdq_value() for _ in range(10)]
    for value in values:
        desk.approved(make_picture(pdq=value))
    services.publish_pending()
    api = exchange(base, make_key(Wire.STOPNCII))
    state: Values = {}
    checkpoint = fetch(api, state, None)
    assert set(state) == {("pdq", value) for value in values}
    added = pdq_value()
    desk.listed(make_picture(pdq=added))
    fetch(api, state, checkpoint)
    assert set(state) == {("pdq", value) for value in (*values, added)}


def test_a_client_that_stops_between_pages_misses_nothing(
    base: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pages(monkeypatch, 2)
    values = [pdq_value() for _ in range(5)]
    for value in values:
        desk.listed(make_picture(pdq=value))
    api = exchange(base, make_key(Wire.STOPNCII))
    state: Values = {}
    checkpoint = fetch(api, state, None, pages=1)
    assert len(state) == 2
    fetch(api, state, checkpoint)
    assert set(state) == {("pdq", value) for value in values}


def test_what_the_agency_reviewed_reads_as_a_positive_opinion(base: str, desk: Desk) -> None:
    value = pdq_value()
    desk.listed(make_picture(pdq=value))
    api = exchange(base, make_key(Wire.STOPNCII))
    state: Values = {}
    fetch(api, state, None)
    (record,) = state.values()
    (feedback,) = record.feedbacks
    assert (feedback.source, feedback.feedbackValue) == ("eSafety Example", StopNCIICSPFeedbackValue.Blocked)
    converted = api.naive_convert_to_signal_type([PdqSignal], CollaborationConfigWithDefaults("T"), state)
    assert list(converted[PdqSignal]) == [value]
    opinions = converted[PdqSignal][value].get_as_opinions()
    assert "POSITIVE_CLASS" in {opinion.category.name for opinion in opinions}


def test_the_raw_client_sees_a_withdrawal(base: str, desk: Desk) -> None:
    value = pdq_value()
    entry = desk.listed(make_picture(pdq=value))
    api = raw(base, make_key(Wire.STOPNCII))
    (page,) = api.fetch_hashes_iter(start_timestamp=10)
    assert [record.hashStatus.name for record in page.hashRecords] == ["Active"]
    desk.withdraw(entry)
    services.publish_pending()
    (after,) = api.fetch_hashes_iter(start_timestamp=page.nextSetTimestamp)
    (record,) = after.hashRecords
    assert (record.hashValue, record.hashStatus.name) == (value, "Withdrawn")
    assert {status.name for status in record.caseNumbers.values()} == {"Withdrawn"}


def test_a_client_that_comes_later_never_hears_of_it(base: str, desk: Desk) -> None:
    entry = desk.listed()
    kept = desk.listed()
    desk.withdraw(entry)
    services.publish_pending()
    (page,) = raw(base, make_key(Wire.STOPNCII)).fetch_hashes_iter(start_timestamp=10)
    (record,) = page.hashRecords
    assert list(record.caseNumbers) == [str(kept.pk)]


@pytest.mark.parametrize("wrong", ["secret", "prefix", "revoked", "other_wire"])
def test_a_bad_key_is_an_error_at_once(base: str, desk: Desk, wrong: str) -> None:
    partner = make_partner()
    key = make_key(Wire.NATIVE if wrong == "other_wire" else Wire.STOPNCII, partner)
    if wrong == "revoked":
        services.revoke_key(admin(), prefix=key.prefix)
    used = IssuedKey(
        prefix="0" * 12 if wrong == "prefix" else key.prefix,
        secret="x" if wrong == "secret" else key.secret,
    )
    with pytest.raises(requests.HTTPError) as refused:
        list(raw(base, used).fetch_hashes_iter(start_timestamp=10))
    assert refused.value.response.status_code == 401
