"""Where bounces lie: an IMAP mailbox or a Maildir. What was read goes; nothing is read half."""

from __future__ import annotations

import base64
import imaplib
import mailbox
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from . import bounces

SECONDS: Final = 20
MOST: Final = 200  # in one look; the next comes in five minutes


class BadMailbox(ValueError):
    """BOUNCE_MAILBOX is neither imap(s)://… nor a folder that is a Maildir."""


def look() -> int:
    """Read the mailbox of the settings. Returns how many letters came back.

    Raises BadMailbox, OSError or imaplib.IMAP4.error; what was not read lies there still.
    """
    place: str = settings.BOUNCE_MAILBOX
    if not place:
        return 0
    parts = urlsplit(place)
    if parts.scheme in {"imap", "imaps"}:
        return _look_by_imap(parts)
    return look_in_maildir(Path(place))


def look_in_maildir(folder: Path) -> int:
    """A mail is removed after its letter was noted: read twice at worst, lost never."""
    if not (folder / "new").is_dir():
        raise BadMailbox
    box = mailbox.Maildir(folder, factory=None, create=False)
    back = 0
    for key in list(box.iterkeys())[:MOST]:
        with suppress(KeyError):  # another reader was faster
            with box.get_file(key) as file:
                raw: bytes = file.read(bounces.LARGEST)
            back += bounces.take_all([raw])
            box.discard(key)
    return back


def _look_by_imap(parts: SplitResult) -> int:
    back = 0
    with _signed_in(parts) as server:
        _answer, found = server.uid("SEARCH", "UNDELETED")
        for name in (found[0] or b"").split()[:MOST]:
            uid = name.decode("ascii")
            # PEEK: unread until it is noted. Bounded, whatever a stranger sent.
            _answer, parcel = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{bounces.LARGEST}>)")
            raw = next((piece[1] for piece in parcel if isinstance(piece, tuple)), b"")
            back += bounces.take_all([raw])
            server.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
        server.expunge()
    return back


@contextmanager
def _signed_in(parts: SplitResult) -> Iterator[imaplib.IMAP4]:
    server = _connect(parts)
    try:
        _sign_in(server, unquote(parts.username or ""), unquote(parts.password or ""))
        folder = _spelled(unquote(parts.path.lstrip("/")) or "INBOX")
        answer, _said = server.select(folder)
        if answer != "OK":
            raise BadMailbox
        yield server
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _sign_in(server: imaplib.IMAP4, user: str, password: str) -> None:
    """LOGIN knows ASCII only; where the server offers it, PLAIN takes any password."""
    if "AUTH=PLAIN" in server.capabilities:
        said = f"\0{user}\0{password}".encode()
        server.authenticate("PLAIN", lambda _challenge: said)
    else:
        server.login(user, password)


def _spelled(folder: str) -> str:
    """A folder's name as IMAP quotes and spells it: „Zurück“ is "Zur&APw-ck" (RFC 3501, 5.1.3)."""
    spelled = re.sub(r"&|[^\x20-\x7e]+", _in_utf7, folder)
    return '"' + spelled.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_utf7(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    letters = base64.b64encode(found[0].encode("utf-16-be")).decode("ascii")
    return f"&{letters.rstrip('=').replace('/', ',')}-"


def _connect(parts: SplitResult) -> imaplib.IMAP4:
    """imaps: TLS from the first byte. imap: STARTTLS, except on this machine."""
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if settings.EMAIL_CA_FILE:
        context.load_verify_locations(cafile=settings.EMAIL_CA_FILE)
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=SECONDS)
    server = imaplib.IMAP4(host, parts.port or 143, timeout=SECONDS)
    if host not in {"localhost", "127.0.0.1", "::1"}:
        server.starttls(ssl_context=context)
    return server
