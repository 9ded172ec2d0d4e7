"""Partners' clients, unmodified, each pulling into a file as a partner would: state and checkpoint in one."""

from __future__ import annotations

import pickle
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from threatexchange.exchanges.clients.stopncii.api import StopNCIIAPI, StopNCIICaseStatus
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.impl.ncmec_api import NCMECCollabConfig, NCMECSignalExchangeAPI
from threatexchange.signal_type.pdq.signal import PdqSignal

from portal_kit.exchange import PortalCredentials, PortalSignalExchangeAPI


@dataclass(frozen=True)
class Access:
    """Where a client pulls, and with which key."""

    base: str
    prefix: str
    secret: str


@dataclass
class Copy:
    """What a client has stored: records by its own keys, and its checkpoint. `values` are the active PDQ."""

    records: dict[Any, Any] = field(default_factory=dict)
    checkpoint: Any = None
    values: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, file: Path) -> Copy:
        return pickle.loads(file.read_bytes()) if file.exists() else cls()  # noqa: S301 (the test's own file)

    def write(self, file: Path) -> None:
        """Whole or not at all."""
        fresh = file.with_suffix(".fresh")
        fresh.write_bytes(pickle.dumps(self))
        fresh.replace(file)


def stopncii(access: Access, copy: Copy) -> Iterator[None]:
    """The raw client: whoever uses it looks at the status."""
    api = StopNCIIAPI(access.prefix, access.secret, base_url_override=f"{access.base}/stopncii/v1")
    for page in api.fetch_hashes_iter(start_timestamp=copy.checkpoint or StopNCIIAPI.DEFAULT_START_TIME):
        copy.records |= {record.hashValue: record.hashStatus for record in page.hashRecords}
        assert page.nextSetTimestamp >= (copy.checkpoint or 0)
        copy.checkpoint = page.nextSetTimestamp
        copy.values = {value for value, status in copy.records.items() if status is StopNCIICaseStatus.Active}
        yield


def ncmec(access: Access, copy: Copy) -> Iterator[None]:
    """The exchange, which deletes by itself; its environment is any object with an address."""
    environment: Any = types.SimpleNamespace(value=f"{access.base}/ncmec")
    config = NCMECCollabConfig(environment=environment, name="T")
    yield from _exchanged(NCMECSignalExchangeAPI(config, access.prefix, access.secret), config, copy)


def extension(access: Access, copy: Copy) -> Iterator[None]:
    """The partner kit's exchange."""
    config = CollaborationConfigWithDefaults("T")
    own = PortalCredentials(access.base, access.prefix, access.secret)
    yield from _exchanged(PortalSignalExchangeAPI.for_collab(config, own), config, copy)


def _exchanged(api: Any, config: Any, copy: Copy) -> Iterator[None]:
    for delta in api.fetch_iter([PdqSignal], copy.checkpoint):
        before = copy.checkpoint and copy.checkpoint.get_progress_timestamp()
        assert before is None or before <= delta.checkpoint.get_progress_timestamp()
        api.naive_fetch_merge(copy.records, delta.updates)
        copy.checkpoint = delta.checkpoint
        converted = api.naive_convert_to_signal_type([PdqSignal], config, copy.records)
        copy.values = set(converted.get(PdqSignal, {}))
        yield


CLIENTS: dict[str, Callable[[Access, Copy], Iterator[None]]] = {
    "stopncii": stopncii,
    "ncmec": ncmec,
    "extension": extension,
}


def pull(client: str, access: Access, file: Path) -> Copy:
    """A run from what the file holds; the file is written after each page."""
    copy = Copy.read(file)
    for _ in CLIENTS[client](access, copy):
        copy.write(file)
    return copy
