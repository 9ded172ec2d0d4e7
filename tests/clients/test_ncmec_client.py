"""The unmodified NCMEC client of `threatexchange` against the portal: fetch, resume, and delete."""

from __future__ import annotations

import time
import types
from typing import Any

import pytest
import requests
from threatexchange.exchanges.clients.ncmec.hash_api import NCMECHashAPI
from threatexchange.exchanges.impl.ncmec_api import NCMECCollabConfig, NCMECSignalExchangeAPI
from threatexchange.signal_type.pdq.signal import PdqSignal

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.states import Wire
from tests.hashing.listing import Desk, make_key, make_partner, make_picture, pdq_value

# The client asks up to five seconds ago.
LAG = 6.2


def environment(base: str) -> Any:
    """The client reads nothing but `value` of the environments that it knows."""
    return types.SimpleNamespace(value=f"{base}/ncmec")


def exchange(base: str, key: IssuedKey) -> NCMECSignalExchangeAPI:
    config = NCMECCollabConfig(environment=environment(base), name="T")
    return NCMECSignalExchangeAPI(config, key.prefix, key.secret)


def fetch(api: NCMECSignalExchangeAPI, state: dict[str, Any], checkpoint: Any) -> Any:
    for delta in api.fetch_iter([PdqSignal], checkpoint):
        api.naive_fetch_merge(state, delta.updates)
        checkpoint = delta.checkpoint
    return checkpoint


def values(api: NCMECSignalExchangeAPI, state: dict[str, Any]) -> set[str]:
    converted = api.naive_convert_to_signal_type([PdqSignal], api.collab, state)
    return set(converted.get(PdqSignal, {}))


def test_knows_who_it_is_and_whose_entries_there_are(base: str) -> None:
    key = make_key(Wire.NCMEC, make_partner("Platform"))
    api = NCMECHashAPI(key.prefix, key.secret, environment(base))
    assert (api.status().esp_id, api.status().esp_name) == (2, "Platform")
    assert [(each.esp_id, each.esp_name) for each in api.members()] == [(1, "eSafety Example")]


def test_fetches_pages_then_deletes_what_was_withdrawn(
    base: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hashing.interop.ncmec.PAGE", 3)
    wanted = {"original": pdq_value(), "rotate90": pdq_value()}
    entry = desk.listed(make_picture(variants=wanted))
    others = [pdq_value() for _ in range(6)]
    for value in others:
        desk.approved(make_picture(pdq=value))
    services.publish_pending()
    time.sleep(LAG)
    api = exchange(base, make_key(Wire.NCMEC))
    state: dict[str, Any] = {}
    checkpoint = fetch(api, state, None)
    assert values(api, state) == {*wanted.values(), *others}
    desk.withdraw(entry)
    services.publish_pending()
    time.sleep(LAG)
    fetch(api, state, checkpoint)
    assert values(api, state) == set(others)


def test_a_bad_key_is_an_error_at_once(base: str) -> None:
    key = make_key(Wire.NCMEC)
    api = NCMECHashAPI(key.prefix, "wrong", environment(base))
    with pytest.raises(requests.HTTPError) as refused:
        api.status()
    assert refused.value.response.status_code == 401


def test_a_clock_ahead_of_ours_is_told_so(base: str) -> None:
    key = make_key(Wire.NCMEC)
    api = NCMECHashAPI(key.prefix, key.secret, environment(base))
    with pytest.raises(requests.HTTPError) as refused:
        api.get_entries(start_timestamp=0, end_timestamp=int(time.time()) + 11 * 3600)
    assert refused.value.response.json()["code"] == "window_open"
