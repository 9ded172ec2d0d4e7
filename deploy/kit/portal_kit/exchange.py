"""The extension for the `threatexchange` command and for HMA: pulls a list and honours withdrawals.

    threatexchange config extensions add portal_kit.exchange

The stock StopNCII exchange keeps every hash for ever, and an installation holds one set of credentials for
it. This one is an exchange of its own beside it, with credentials of its own, and deletes what was withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from threatexchange.exchanges import auth
from threatexchange.exchanges.clients.stopncii import api as wire
from threatexchange.exchanges.collab_config import CollaborationConfigBase
from threatexchange.exchanges.fetch_state import FetchDelta
from threatexchange.exchanges.impl import stop_ncii_api as stock
from threatexchange.exchanges.signal_exchange_api import SignalExchangeAPIWithSimpleUpdates
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest
from threatexchange.signal_type.md5 import VideoMD5Signal
from threatexchange.signal_type.pdq.signal import PdqSignal
from threatexchange.signal_type.signal_base import SignalType

NAME = "portal"
WIRE = "/stopncii/v1"
_SIGNALS = {
    wire.StopNCIISignalType.ImagePDQ: PdqSignal.get_name(),
    wire.StopNCIISignalType.VideoMD5: VideoMD5Signal.get_name(),
}
_LISTED = {wire.StopNCIICaseStatus.Active, wire.StopNCIICaseStatus.Received}
_PARTS = 3

Delta = FetchDelta[tuple[str, str], stock.StopNCIISignalMetadata, stock.StopNCIICheckpoint]


@dataclass
class PortalCredentials(auth.CredentialHelper):
    """A StopNCII-wire key of the portal, as `address,prefix,secret`."""

    ENV_VARIABLE: ClassVar[str] = "TX_PORTAL_KEYS"
    FILE_NAME: ClassVar[str] = "~/.tx_portal_keys"

    address: str = field(metadata={"help": "The portal's address, as in https://portal.example"})
    prefix: str = field(metadata={"help": "The key's prefix (Ocp-Apim-Subscription-Key)"})
    secret: str = field(metadata={"help": "The key's secret (x-functions-key)"})

    @classmethod
    def _from_str(cls, s: str) -> Self:
        parts = [part.strip() for part in s.split(",")]
        if len(parts) != _PARTS:
            raise ValueError("Portal credentials are written address,prefix,secret.")
        return cls(*parts)

    def _are_valid(self) -> bool:
        return self.address.startswith(("https://", "http://")) and bool(self.prefix and self.secret)


class PortalSignalExchangeAPI(
    auth.SignalExchangeWithAuth[CollaborationConfigBase, PortalCredentials],
    SignalExchangeAPIWithSimpleUpdates[
        CollaborationConfigBase, stock.StopNCIICheckpoint, stock.StopNCIISignalMetadata
    ],
):
    """The portal's StopNCII wire, with withdrawals."""

    def __init__(self, client: wire.StopNCIIAPI) -> None:
        super().__init__()
        self.api = client

    @classmethod
    def get_name(cls) -> str:
        return NAME

    @staticmethod
    def get_config_cls() -> type[CollaborationConfigBase]:
        return CollaborationConfigBase

    @staticmethod
    def get_checkpoint_cls() -> type[stock.StopNCIICheckpoint]:
        return stock.StopNCIICheckpoint

    @staticmethod
    def get_record_cls() -> type[stock.StopNCIISignalMetadata]:
        return stock.StopNCIISignalMetadata

    @staticmethod
    def get_credential_cls() -> type[PortalCredentials]:
        return PortalCredentials

    @classmethod
    def for_collab(
        cls,
        collab: CollaborationConfigBase,  # noqa: ARG003 (every exchange is made from one)
        credentials: PortalCredentials | None = None,
    ) -> PortalSignalExchangeAPI:
        own = credentials or PortalCredentials.get(cls)
        address = own.address.rstrip("/").removesuffix(WIRE) + WIRE
        return cls(wire.StopNCIIAPI(own.prefix, own.secret, base_url_override=address))

    def fetch_iter(
        self,
        _supported_signal_types: Sequence[type[SignalType]],
        checkpoint: stock.StopNCIICheckpoint | None,
    ) -> Iterator[Delta]:
        """As the stock exchange does, but a record that isn't listed any more is a deletion."""
        start = wire.StopNCIIAPI.DEFAULT_START_TIME if checkpoint is None else checkpoint.update_time
        for page in self.api.fetch_hashes_iter(start_timestamp=start):
            updates = {
                (_SIGNALS[record.signalType], record.hashValue): _opinion(record)
                for record in page.hashRecords
                if record.signalType in _SIGNALS
            }
            yield FetchDelta(updates, stock.StopNCIICheckpoint.from_stopncii_fetch(page))


def _opinion(record: wire.StopNCIIHashRecord) -> stock.StopNCIISignalMetadata | None:
    """None deletes the record from the local store."""
    return stock.StopNCIISignalMetadata(record.CSPFeedbacks) if record.hashStatus in _LISTED else None


TX_MANIFEST = ThreatExchangeExtensionManifest(apis=(PortalSignalExchangeAPI,))
