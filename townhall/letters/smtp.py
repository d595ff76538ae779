"""One letter to one mail server. The only place that speaks SMTP."""

from __future__ import annotations

import enum
import re
import select
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.charset import QP, Charset
from email.utils import format_datetime, formataddr, parseaddr
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from townhall.models import Letter

from . import bounces
from .looks import as_html

# Quoted-printable: passes servers that take seven bits only.
_UTF8: Final = Charset("utf-8")
_UTF8.body_encoding = QP
# After the last dot the server may look for spam and viruses before it answers; RFC 5321 4.5.3.2.6
# asks for ten minutes, and an answer that is missed makes a letter unclear.
ANSWER_SECONDS: Final = 300
LAST_LOOK_SECONDS: Final = 0.05


class Fate(enum.Enum):
    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt. `error` names codes and kinds of trouble, never a person."""

    fate: Fate
    error: str = ""
    is_bounce: bool = False  # there is no such reader
    answer: Mapping[str, Any] = field(default_factory=dict)  # what a webhook's reader said


def hand_over(letter: Letter) -> Outcome:
    """Give a letter to the mail server.

    Refused for good is only what the server says for good about this recipient or this text. A
    server that is down, asks for patience, or doesn't know us may know us tomorrow. One that had
    the whole text and then fell silent leaves open whether it took it.
    """
    server = Backend(fail_silently=False)
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
        fate = Fate.UNCLEAR if server.has_whole_text else Fate.LATER
        return Outcome(fate, type(error).__name__)
    except (ValueError, UnicodeError) as error:  # an address or a subject that can't be one
        return Outcome(Fate.REFUSED, type(error).__name__)
    finally:
        with suppress(OSError):  # what was accepted stays accepted when the goodbye fails
            server.close()
    return Outcome(Fate.SENT)


# Codes that are about the mailbox; with a status code only those of class 5.1 (address) and 5.2.1
# (mailbox disabled), because 5.7 speaks of us and 5.2.2 of a full mailbox.
_NOBODY_THERE: Final = frozenset({550, 551, 553, 556})
_ADDRESS_STATUS: Final = ("5.0.", "5.1.", "5.2.1")


def _answered(step: str, code: int, text: bytes | str) -> Outcome:
    """The server's verdict. Of its words only the status code (RFC 3463): the rest may name him."""
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    found = re.match(r"[45]\.\d{1,3}\.\d{1,3}(?!\d)", words)
    status = found[0] if found else ""
    is_final = 500 <= code < 600
    is_about_address = not status or status.startswith(_ADDRESS_STATUS)
    return Outcome(
        Fate.REFUSED if is_final else Fate.LATER,
        f"{step} {code} {status}".strip()[:40],
        is_bounce=step == "RCPT" and code in _NOBODY_THERE and is_about_address,
    )


# ── The line ─────────────────────────────────────────────────────────────────────────────────
class _Line(smtplib.SMTP):
    """Knows whether the other side had the whole text."""

    has_whole_text = False
    sock: Any

    def data(self, msg: Any) -> tuple[int, bytes]:
        """As smtplib's, but the closing dot goes alone, and only to a server that is still there.

        So a transfer that is cut before the dot was surely not accepted.
        """
        self.putcmd("data")
        code, words = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, words)
        text = msg.encode("ascii") if isinstance(msg, str) else msg
        quoted = re.sub(rb"(?m)^\.", b"..", re.sub(rb"\r\n|\r|\n", b"\r\n", text))
        self.send(quoted if quoted.endswith(b"\r\n") else quoted + b"\r\n")
        self._look_once_more()
        self.send(b".\r\n")
        self.has_whole_text = True
        self.sock.settimeout(ANSWER_SECONDS)
        code, words = self.getreply()
        self.sock.settimeout(settings.EMAIL_TIMEOUT)
        return code, words

    def _look_once_more(self) -> None:
        """Before the dot a server has nothing to say: what can be read is its farewell."""
        if not select.select([self.sock], [], [], LAST_LOOK_SECONDS)[0]:
            return
        self.sock.setblocking(False)
        try:
            self.sock.recv(512)
        except (BlockingIOError, ssl.SSLWantReadError):  # a record of TLS itself
            self.sock.settimeout(settings.EMAIL_TIMEOUT)
        else:
            raise smtplib.SMTPServerDisconnected("Cut in the middle of the text")


class _TlsLine(_Line, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Django's, which also trusts the authority of EMAIL_CA_FILE, and tells how far it came."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TlsLine if self.use_ssl else _Line

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if settings.EMAIL_CA_FILE:
            context.load_verify_locations(cafile=settings.EMAIL_CA_FILE)
        return context

    @property
    def has_whole_text(self) -> bool:
        return bool(getattr(self.connection, "has_whole_text", False))


# ── The message ──────────────────────────────────────────────────────────────────────────────
def message(letter: Letter) -> EmailMultiAlternatives:
    """Plain text, and the same words as HTML.

    Id and date are the letter's own, so every repeat is the same message. The header names who
    writes; bounces go to MAIL_BOUNCE_ADDRESS.
    """
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=bounces.envelope_sender(letter) or settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=headers(letter),
    )
    mail.attach_alternative(as_html(letter), "text/html")
    mail.encoding = _UTF8
    return mail


def headers(letter: Letter) -> dict[str, str]:
    facts = {
        "From": sender(letter),
        "Message-ID": message_id(letter),
        "Date": format_datetime(letter.created_at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
    }
    if letter.unsubscribe:
        facts |= {
            "List-Unsubscribe": f"<{letter.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        }
    return facts


def sender(letter: Letter) -> str:
    """The municipality's name with the installation's address: that is what may send here."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((letter.sender or name, address))


def message_id(letter: Letter) -> str:
    """`<letter's id@our domain>`"""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{letter.id}@{domain}>"
