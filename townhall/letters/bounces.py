"""What comes back: reports of mail servers about letters that they took and could not deliver.

The envelope sender of each letter carries a mark: MAIL_BOUNCE_ADDRESS with the letter's id and a
keyed digest of it where the star is. So a report is known by the address it was sent to, whatever
it says, and a mark that we did not make is nobody's. Read are delivery reports (RFC 3464) alone:
automatic answers, quotas' warnings and chatter change nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from townhall.models import Letter, LetterState

from .subjects import subject_of

LARGEST: Final = 1024 * 1024  # bytes; of a longer one the beginning is read
MOST_PARTS: Final = 50
_RECIPIENTS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_SEAL_BYTES: Final = 10
# The reader's address is wrong (RFC 3463): class 5.1, a disabled mailbox, or no reason at all.
_NOBODY_THERE: Final = ("5.0.", "5.1.", "5.2.1")
log = logging.getLogger(__name__)


# ── Marks ────────────────────────────────────────────────────────────────────────────────────
def envelope_sender(letter: Letter) -> str:
    """`bounces+<mark>@stadt.example`; without a star in the setting the same for all letters."""
    address: str = settings.MAIL_BOUNCE_ADDRESS
    return address.replace("*", mark_of(letter.id), 1)


def mark_of(letter_id: UUID) -> str:
    """42 letters and digits that any server may fold to lower case."""
    raw = letter_id.bytes + _seal(letter_id.bytes)
    return base64.b32encode(raw).decode().rstrip("=").lower()


def letter_id_of(mark: str) -> UUID | None:
    """None for what we did not make."""
    try:
        raw = base64.b32decode(mark.upper() + "=" * (-len(mark) % 8))
    except ValueError:
        return None
    name, seal = raw[:16], raw[16:]
    if len(name) == 16 and hmac.compare_digest(seal, _seal(name)):
        return UUID(bytes=name)
    return None


def _seal(name: bytes) -> bytes:
    key = b"augenmerk bounce " + settings.SECRET_KEY.encode()
    return hmac.digest(key, name, hashlib.sha256)[:_SEAL_BYTES]


@cache
def _pattern(address: str) -> re.Pattern[str]:
    before, _star, after = address.partition("*")
    return re.compile(f"{re.escape(before)}([a-z2-7]{{42}}){re.escape(after)}", re.IGNORECASE)


# ── Reading ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Bounce:
    """A letter that a server gave up. `status`: RFC 3463, such as "5.1.1"."""

    letter_id: UUID
    status: str

    @property
    def is_nobody_there(self) -> bool:
        return self.status.startswith(_NOBODY_THERE)


def read(raw: bytes, *, recipient: str = "") -> Bounce | None:
    """None for everything that is no final report about a letter of ours, however it looks.

    `recipient`: the envelope's, if the mail server told.
    """
    try:
        mail = message_from_bytes(raw[:LARGEST], policy=policy.default)
        letter_id = _addressed(mail, recipient)
        status = _given_up(mail) if letter_id else None
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # the email package promises no more than that about hostile input
    return Bounce(letter_id, status) if letter_id and status else None


def _addressed(mail: EmailMessage, recipient: str) -> UUID | None:
    if "*" not in settings.MAIL_BOUNCE_ADDRESS:
        return None
    said = [recipient, *(str(v) for name in _RECIPIENTS for v in mail.get_all(name, []))]
    for text in said:
        for found in _pattern(settings.MAIL_BOUNCE_ADDRESS).finditer(text[:2000]):
            if letter_id := letter_id_of(found[1]):
                return letter_id
    return None


def _given_up(mail: EmailMessage) -> str | None:
    """The status code of the first recipient that was given up."""
    if mail.get_content_type() != "multipart/report":
        return None
    for fields in _recipients(mail):
        action = str(fields.get("Action", "")).strip().lower()
        status = re.match(r"\s*([45]\.\d{1,3}\.\d{1,3})(?!\d)", str(fields.get("Status", "")))
        if action == "failed" and status:
            return status[1]
    return None


def _recipients(mail: EmailMessage) -> Iterator[Any]:
    """The groups of fields of a delivery report, one per recipient; the first is about the mail."""
    for number, part in enumerate(mail.walk()):
        if number > MOST_PARTS:
            return
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            if isinstance(groups, list):
                yield from groups[1:MOST_PARTS]


# ── The deed ─────────────────────────────────────────────────────────────────────────────────
def take_back(bounce: Bounce) -> bool:
    """The letter is undeliverable, and the case learns it. False: known, erased, not ours."""
    with transaction.atomic():
        _wait_for_sender(bounce.letter_id)
        letter = Letter.objects.select_for_update().filter(pk=bounce.letter_id).first()
        if letter is None or letter.state != LetterState.SENT:
            return False
        letter.state, letter.error = LetterState.RETURNED, f"DSN {bounce.status}"
        letter.save(update_fields=["state", "error"])
        if bounce.is_nobody_there and (subject := subject_of(letter)):
            subject.bounced(letter)
    log.info("Letter %s came back: %s", bounce.letter_id, bounce.status)
    return True


def _wait_for_sender(letter_id: UUID) -> None:
    """A pipe can be faster than the worker that notes that the letter left (sending.claimed)."""
    with connection.cursor() as cursor:
        key = f"letter:{letter_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def take_all(mails: Iterable[bytes]) -> int:
    """How many letters came back."""
    return sum(take_back(bounce) for raw in mails if (bounce := read(raw)))
