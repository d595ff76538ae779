"""One letter to one mail server. The only place that speaks SMTP."""

from __future__ import annotations

import enum
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from email.charset import QP, Charset
from email.utils import format_datetime, parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from townhall.models import Letter

# Quoted-printable: passes servers that take seven bits only.
_UTF8: Final = Charset("utf-8")
_UTF8.body_encoding = QP


class Fate(enum.Enum):
    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt. `error` names codes and kinds of trouble, never a person."""

    fate: Fate
    error: str = ""


def hand_over(letter: Letter) -> Outcome:
    """Give a letter to the mail server.

    Refused for good is only what the server says for good about this recipient or this text. A
    server that is down, asks for patience, or doesn't know us may know us tomorrow.
    """
    server = EmailBackend(fail_silently=False)
    try:
        server.open()
        server.send_messages([message(letter)])
    except smtplib.SMTPRecipientsRefused as refused:
        return _answered("RCPT", *next(iter(refused.recipients.values())))
    except smtplib.SMTPDataError as refused:
        return _answered("DATA", refused.smtp_code, refused.smtp_error)
    except smtplib.SMTPResponseException as refused:
        return Outcome(Fate.LATER, f"{type(refused).__name__} {refused.smtp_code}")
    except OSError as error:  # smtplib's other errors, TLS, names and timeouts are OSErrors
        return Outcome(Fate.LATER, type(error).__name__)
    except (ValueError, UnicodeError) as error:  # an address or a subject that can't be one
        return Outcome(Fate.REFUSED, type(error).__name__)
    finally:
        with suppress(OSError):  # what was accepted stays accepted when the goodbye fails
            server.close()
    return Outcome(Fate.SENT)


def _answered(step: str, code: int, text: bytes | str) -> Outcome:
    """The server's verdict. Of its words only the status code (RFC 3463): the rest may name him."""
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    status = words.split(" ", 1)[0] if words[:1] in {"4", "5"} and words[1:2] == "." else ""
    fate = Fate.REFUSED if 500 <= code < 600 else Fate.LATER
    return Outcome(fate, f"{step} {code} {status}".strip()[:40])


def message(letter: Letter) -> EmailMessage:
    """Plain text. Id and date are the letter's own, so every repeat is the same message."""
    mail = EmailMessage(
        subject=letter.subject,
        body=letter.text,
        to=[letter.to],
        headers={
            "Message-ID": message_id(letter),
            "Date": format_datetime(letter.created_at),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": letter.language,
        },
    )
    mail.encoding = _UTF8
    return mail


def message_id(letter: Letter) -> str:
    """`<letter's id@our domain>`"""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{letter.id}@{domain}>"
