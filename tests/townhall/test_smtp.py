"""Mail servers as they are: certificates, logins, and lines that are cut at the worst moment."""

from __future__ import annotations

import shutil
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.db import transaction

from tests.townhall.mailserver import MailServer, Started
from townhall import letters
from townhall.letters import Draft, NotYet, post, smtp
from townhall.models import Letter
from townhall.outbox import in_words

pytestmark = pytest.mark.django_db
PATIENCE = 60.0


def posted(**changes: Any) -> Letter:
    fields = {"kind": "receipt", "to": "erika@example.org", "subject": "Ihre Meldung"}
    with transaction.atomic():
        post(Draft(key="eins", text="Danke.\n.\n..Punkte am Anfang\n", **fields | changes))
    return Letter.objects.get()


def state(letter: Letter) -> tuple[str, int, str]:
    letter.refresh_from_db()
    return letter.state, letter.attempts, letter.error


# ── Encrypted and signed in ──────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def make_certificate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")

    def make(host: str) -> Path:
        folder = tmp_path_factory.mktemp("certificate")
        subprocess.run(
            [
                *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"),
                *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
            ],
            check=True,
            capture_output=True,
        )
        return folder

    return make


@pytest.fixture(scope="session")
def certificate(make_certificate: Callable[[str], Path]) -> Path:
    return make_certificate("localhost")


class FromTheFirstByte(Started):
    """Implicit TLS; aiosmtpd's own knock at the door would not trust our certificate."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", self.port), PATIENCE) as line,
            context.wrap_socket(line, server_hostname="localhost") as safe,
        ):
            safe.recv(100)


def signs_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    is_known = (data.login, data.password) == (b"rathaus", b"geheim")
    return AuthResult(success=is_known, handled=False)


@contextmanager
def secure(settings: Any, folder: Path, *, implicit: bool, **more: Any) -> Iterator[MailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server = MailServer()
    kind: type[Controller] = FromTheFirstByte if implicit else Started
    tls = {"ssl_context": context} if implicit else {"tls_context": context}
    controller = kind(server, hostname="127.0.0.1", port=0, **tls, **more)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", controller.port
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = implicit, not implicit
    settings.EMAIL_CA_FILE = str(folder / "cert.pem")
    try:
        yield server
    finally:
        controller.stop()


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS from the first byte"])
def test_a_letter_goes_over_an_encrypted_line(
    settings: Any, certificate: Path, implicit: bool
) -> None:
    more = {} if implicit else {"require_starttls": True}
    letter = posted()
    with secure(settings, certificate, implicit=implicit, **more) as mail:
        letters.send(letter.id)
    assert state(letter) == ("sent", 1, "")
    plain = mail.letters[0].get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines() == letter.text.splitlines()


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS from the first byte"])
@pytest.mark.parametrize("flaw", ["unknown authority", "other name"])
def test_a_wrong_certificate_gets_no_letter_and_is_named(
    settings: Any,
    certificate: Path,
    make_certificate: Callable[[str], Path],
    implicit: bool,
    flaw: str,
) -> None:
    folder = certificate if flaw == "unknown authority" else make_certificate("post.example")
    letter = posted()
    with secure(settings, folder, implicit=implicit) as mail:
        if flaw == "unknown authority":
            settings.EMAIL_CA_FILE = ""
        with pytest.raises(NotYet):
            letters.send(letter.id)
    assert not mail.letters
    assert state(letter) == ("waiting", 1, "SSLCertVerificationError")
    assert in_words(letter) == "Das Zertifikat unseres Mailservers ist nicht gültig."


def test_a_letter_is_sent_by_who_signs_in(settings: Any, certificate: Path) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "rathaus", "falsch"
    letter = posted()
    more = {"authenticator": signs_in, "auth_required": True}
    with secure(settings, certificate, implicit=False, **more) as mail:
        with pytest.raises(NotYet):
            letters.send(letter.id)
        assert state(letter) == ("waiting", 1, "SMTPAuthenticationError 535")
        assert in_words(letter) == "Unser Mailserver nimmt unsere Anmeldung nicht an."
        settings.EMAIL_HOST_PASSWORD = "geheim"
        letters.send(letter.id)
    assert state(letter) == ("sent", 2, "")
    assert len(mail.letters) == 1


# ── Cut lines ────────────────────────────────────────────────────────────────────────────────
class CutServer:
    """Speaks SMTP up to the moment at which it dies: "at once", "in the text", "after the dot"."""

    def __init__(self, dies: str, *, hard: bool = False) -> None:
        self._dies, self._hard = dies, hard
        self.texts: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes who waits for the next
        self._socket.close()
        self._thread.join(PATIENCE)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                line.settimeout(PATIENCE)
                self._talk(line)
                if self._hard:  # a reset, not a farewell
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _talk(self, line: socket.socket) -> None:
        if self._dies == "at once":
            return
        line.sendall(b"220 cut.example\r\n")
        while (asked := line.recv(1000)) and not asked.upper().startswith(b"DATA"):
            line.sendall(b"250 OK\r\n")
        line.sendall(b"354 Go on\r\n")
        text = line.recv(100)
        while self._dies == "after the dot" and not text.endswith(b"\r\n.\r\n"):
            text += line.recv(65536)
        self.texts.append(text)


@pytest.fixture
def cut(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., CutServer]]:
    started: list[CutServer] = []

    def start(dies: str, *, hard: bool = False) -> CutServer:
        server = CutServer(dies, hard=hard)
        started.append(server)
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        return server

    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    monkeypatch.setattr(smtp, "LAST_LOOK_SECONDS", 5.0)  # ends when the server does
    yield start
    for server in started:
        server.close()


@pytest.mark.parametrize("hard", [False, True], ids=["farewell", "reset"])
@pytest.mark.parametrize("dies", ["at once", "in the text"])
def test_a_line_that_is_cut_before_the_dot_is_tried_again_as_the_same_message(
    cut: Callable[..., CutServer],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    dies: str,
    hard: bool,
) -> None:
    cut(dies, hard=hard)
    letter = posted()
    with pytest.raises(NotYet):
        letters.send(letter.id)
    assert state(letter)[:2] == ("waiting", 1)
    assert in_words(letter) == "Die Verbindung zum Mailserver ist abgerissen."
    monkeypatch.setattr(smtp, "LAST_LOOK_SECONDS", 0.05)
    server = MailServer()
    controller = Started(server, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        settings.EMAIL_PORT = controller.port
        letters.send(letter.id)
    finally:
        controller.stop()
    assert [sent["Message-ID"] for sent in server.letters] == [smtp.message_id(letter)]
    assert state(letter) == ("sent", 2, "")


@pytest.mark.parametrize("hard", [False, True], ids=["farewell", "reset"])
def test_a_server_that_dies_with_the_whole_text_leaves_the_letter_unclear(
    cut: Callable[..., CutServer], monkeypatch: pytest.MonkeyPatch, hard: bool
) -> None:
    monkeypatch.setattr(smtp, "LAST_LOOK_SECONDS", 0.05)
    server = cut("after the dot", hard=hard)
    letter = posted()
    letters.send(letter.id)
    letters.send(letter.id)  # not doubled blindly
    assert state(letter)[:2] == ("unclear", 1)
    assert "nicht gesagt, ob er ihn annimmt" in str(in_words(letter))
    assert len(server.texts) == 1
    assert b"\r\n..\r\n...Punkte" in server.texts[0]


def test_an_alarm_is_rather_doubled_than_lost(
    cut: Callable[..., CutServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "LAST_LOOK_SECONDS", 0.05)
    cut("after the dot")
    letter = posted(kind="hazard_alarm", may_repeat=True)
    with pytest.raises(NotYet):
        letters.send(letter.id)
    assert state(letter)[:2] == ("waiting", 1)


def test_a_server_that_never_answers_leaves_the_letter_unclear(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.3)
    server = MailServer()
    server.may_answer.clear()
    controller = Started(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = False
    letter = posted()
    try:
        letters.send(letter.id)
    finally:
        server.may_answer.set()
        controller.stop()
    assert state(letter)[:2] == ("unclear", 1)


# ── Who writes, and where answers and bounces go ─────────────────────────────────────────────
def test_header_and_envelope_name_town_installation_and_bounces(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Augenmerk <post@augenmerk.example>"
    settings.MAIL_BOUNCE_ADDRESS = "bounce@augenmerk.example"
    seen: list[str] = []

    class Noting(MailServer):
        async def handle_MAIL(  # noqa: N802
            self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
        ) -> str:
            seen.append(address)
            envelope.mail_from = address
            return "250 OK"

    server = Noting()
    controller = Started(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = False
    letter = posted(
        sender="Bürstadt",
        reply_to="tiefbau@buerstadt.example",
        unsubscribe="https://melden.example/r/abc/abmelden",
    )
    try:
        letters.send(letter.id)
    finally:
        controller.stop()
    [sent] = server.letters
    assert seen == ["bounce@augenmerk.example"]
    assert sent["From"] == "Bürstadt <post@augenmerk.example>"
    assert sent["Reply-To"] == "tiefbau@buerstadt.example"
    assert sent["List-Unsubscribe"] == "<https://melden.example/r/abc/abmelden>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Precedence"] == "bulk"
    assert sent["Message-ID"] == f"<{letter.id}@augenmerk.example>"


@pytest.mark.parametrize(
    ("code", "words", "is_bounce"),
    [
        (550, b"5.1.1 no such user", True),
        (550, b"No such user", True),
        (550, b"5.2.1 mailbox disabled", True),
        (550, b"5.7.1 we don't like you", False),
        (552, b"5.2.2 mailbox full", False),
        (554, b"5.7.1 relay denied", False),
        (450, b"4.2.1 later", False),
    ],
)
def test_only_an_address_that_does_not_exist_bounces(
    code: int, words: bytes, is_bounce: bool
) -> None:
    assert smtp._answered("RCPT", code, words).is_bounce is is_bounce
    assert not smtp._answered("DATA", code, words).is_bounce
