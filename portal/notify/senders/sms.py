"""Text messages through an HTTP gateway: POST JSON {"id", "from", "to", "text"} to SMS_URL."""

from __future__ import annotations

import json
import socket
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import UUID

from django.conf import settings

from portal.agency import selectors as agency
from portal.notify.senders import NotSent, Unsure
from portal.notify.wording import Parcel

TIMEOUT_SECONDS = 20
_TRY_LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


def send(message_id: UUID, parcel: Parcel) -> None:
    """Any 2xx means taken. The id is sent as Idempotency-Key, for gateways that know it."""
    if not settings.SMS_URL.startswith(("https://", "http://127.0.0.1:")):
        raise NotSent(final=True)
    body = {
        "id": str(message_id),
        "from": agency.current().neutral_name,
        "to": parcel.to,
        "text": parcel.body,
    }
    request = Request(  # noqa: S310 (the address is the operator's setting, its scheme checked above)
        settings.SMS_URL,
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {settings.SMS_TOKEN}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(message_id),
        },
    )
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 (as above)
            return
    except HTTPError as error:
        raise _refusal(error.code) from error
    except (URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ConnectionRefusedError | socket.gaierror):
            raise NotSent(final=False) from error
        raise Unsure from error


def _refusal(status: int) -> NotSent | Unsure:
    if status in _TRY_LATER:
        return NotSent(final=False)
    return NotSent(final=True) if status < HTTPStatus.INTERNAL_SERVER_ERROR else Unsure()
