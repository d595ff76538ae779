"""Bounces in a mailbox of a real IMAP server (Debian's dovecot-imapd), where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command

from tests.townhall import dovecot
from tests.townhall.dovecot import PASSWORD, USER, Dovecot
from tests.townhall.test_bounces import letter, marked, report_of, state  # noqa: F401  (fixtures)
from townhall.letters.bounce_mailbox import BadMailbox, look
from townhall.letters.bounces import LARGEST
from townhall.models import Letter

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not dovecot.PROGRAM, reason="dovecot-imapd is not installed"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot.running() as found:
        yield found


@pytest.fixture(autouse=True)
def _with_tls(server: Dovecot, settings: Any) -> None:
    settings.EMAIL_CA_FILE = str(server.ca_file)
    settings.BOUNCE_MAILBOX = address(server)


def address(server: Dovecot, *, folder: str = "INBOX", scheme: str = "imaps") -> str:
    port = server.tls_port if scheme == "imaps" else server.port
    return f"{scheme}://{quote(USER, '')}:{quote(PASSWORD, '')}@localhost:{port}/{quote(folder)}"


def test_what_came_back_is_noted_and_goes_once(
    server: Dovecot,
    letter: Letter,  # noqa: F811
) -> None:
    server.deliver(report_of(letter))
    server.deliver(b"Subject: Angebot\r\n\r\nKaufen Sie jetzt.\r\n")
    server.deliver(b"")
    server.deliver(b"X-Long: 1\r\n\r\n" + b"x" * (LARGEST + 10_000))
    assert look() == 1
    assert state(letter) == ("returned", "DSN 5.1.1")
    assert server.lying() == 0
    assert look() == 0


def test_without_tls_only_on_this_machine_and_in_a_folder_of_any_name(
    server: Dovecot,
    letter: Letter,  # noqa: F811
    settings: Any,
) -> None:
    server.deliver(report_of(letter), folder=".Zur&APw-ck")  # Zurück, as IMAP spells it
    settings.BOUNCE_MAILBOX = address(server, folder="Zurück", scheme="imap")
    assert look() == 1
    assert server.lying(".Zur&APw-ck") == 0


def test_a_wrong_password_or_folder_is_said_and_nothing_is_lost(
    server: Dovecot,
    letter: Letter,  # noqa: F811
    settings: Any,
) -> None:
    server.deliver(report_of(letter))
    settings.BOUNCE_MAILBOX = address(server, folder='Gibt & "ß" nicht')
    with pytest.raises(BadMailbox):
        look()
    settings.BOUNCE_MAILBOX = address(server).replace(quote(PASSWORD, ""), "falsch")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("read_bounces", "--mailbox")
    settings.EMAIL_CA_FILE = ""
    settings.BOUNCE_MAILBOX = address(server)
    with pytest.raises(CommandError, match="cannot be read"):  # nobody vouches for it
        call_command("read_bounces", "--mailbox")
    settings.EMAIL_CA_FILE = str(server.ca_file)
    assert look() == 1
