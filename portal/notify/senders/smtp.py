"""Mail by SMTP, with a Message-ID that stays the same when a notice is sent again."""

from __future__ import annotations

import smtplib
import socket
from email.utils import formataddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from portal.agency import selectors as agency
from portal.notify.senders import NotSent, Unsure
from portal.notify.wording import Parcel

PERMANENT = 500  # SMTP answers from here on mean: don't try again
_BEFORE_ANYTHING_WAS_SENT = (
    ConnectionRefusedError,
    socket.gaierror,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPNotSupportedError,
)


def send(message_id: UUID, parcel: Parcel) -> None:
    address = settings.DEFAULT_FROM_EMAIL
    mail = EmailMessage(
        parcel.subject,
        parcel.body,
        from_email=formataddr((parcel.sender or agency.current().neutral_name, address)),
        to=[parcel.to],
        reply_to=[parcel.reply_to] if parcel.reply_to else None,
        headers={
            "Message-ID": f"<{message_id}@{address.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        mail.send()
    except _BEFORE_ANYTHING_WAS_SENT as error:
        raise NotSent(final=False) from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        raise NotSent(final=all(code >= PERMANENT for code in codes)) from error
    except smtplib.SMTPResponseException as error:  # the server answered, and did not take it
        raise NotSent(final=error.smtp_code >= PERMANENT) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unsure from error
