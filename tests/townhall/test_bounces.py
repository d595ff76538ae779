"""Letters that come back, as mail servers send them: by pipe and in a Maildir."""

from __future__ import annotations

import io
import mailbox
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as some

from townhall import outbox
from townhall.letters import bounces, smtp
from townhall.letters.bounce_mailbox import look
from townhall.models import Letter, LetterState

pytestmark = pytest.mark.django_db
REPORT = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; uta@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 User uta unknown

--b--
"""


@pytest.fixture(autouse=True)
def marked(settings: Any) -> None:
    settings.MAIL_BOUNCE_ADDRESS = "bounces+*@stadt.example"


@pytest.fixture
def letter() -> Letter:
    return Letter.objects.create(
        key="k", kind="status", to="uta@example.org", subject="S", text="T", state="sent"
    )


def report_of(letter: Letter, **changes: str) -> bytes:
    facts = {"to": bounces.envelope_sender(letter), "action": "failed", "status": "5.1.1"}
    return REPORT.format(**facts | changes).encode()


def pipe(monkeypatch: pytest.MonkeyPatch, raw: bytes, *more: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("read_bounces", *more)


def state(letter: Letter) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, letter.error


def test_each_letter_leaves_with_a_mark_of_its_own(letter: Letter) -> None:
    sender = smtp.message(letter).from_email
    assert sender.startswith("bounces+")
    assert sender.endswith("@stadt.example")
    assert len(sender.partition("@")[0]) <= 64  # RFC 5321
    assert bounces.letter_id_of(sender[8:50].upper()) == letter.id


def test_a_bounce_by_pipe_makes_the_letter_undeliverable_and_says_why(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, report_of(letter))
    assert state(letter) == (LetterState.RETURNED, "DSN 5.1.1")
    assert str(outbox.in_words(letter)) == "Kam zurück: Diese Adresse gibt es nicht."


def test_bounces_in_a_maildir_are_read_once_and_go(
    letter: Letter, tmp_path: Path, settings: Any
) -> None:
    box = mailbox.Maildir(tmp_path / "box", create=True)
    for raw in (b"From: x\n\nhello", report_of(letter, status="5.2.2"), report_of(letter)):
        box.add(raw)
    settings.BOUNCE_MAILBOX = str(tmp_path / "box")
    assert look() == 1
    assert state(letter)[0] == LetterState.RETURNED
    assert len(box) == 0
    assert look() == 0


def forged(letter: Letter) -> bytes:
    mark = bounces.mark_of(letter.id)
    other = "b" if mark[0] == "a" else "a"
    return report_of(letter, to=f"bounces+{other}{mark[1:]}@stadt.example")


@pytest.mark.parametrize(
    "raw",
    [
        lambda letter: report_of(letter, action="delayed", status="4.4.1"),
        lambda letter: report_of(letter, action="delivered", status="2.0.0"),
        lambda letter: report_of(letter, status="5.1.1.1.1x", to="someone@stadt.example"),
        forged,
        lambda letter: report_of(letter).replace(b"multipart/report", b"multipart/mixed"),
        lambda letter: (
            f"To: {bounces.envelope_sender(letter)}\nAuto-Submitted: auto-replied\n"
            "Subject: Bin im Urlaub\n\nfailed 5.1.1"
        ).encode(),
        lambda letter: report_of(letter, to="bounces+" + "a" * 42 + "@stadt.example"),
        lambda letter: report_of(letter).partition(b"Final-Recipient")[0],
        lambda letter: b"\x00\xff" * 1000,
    ],
)
def test_what_is_no_final_report_about_our_letter_changes_nothing(
    letter: Letter, monkeypatch: pytest.MonkeyPatch, raw: Callable[[Letter], bytes]
) -> None:
    pipe(monkeypatch, raw(letter))
    assert state(letter) == (LetterState.SENT, "")


def test_the_pipes_envelope_counts_where_no_header_names_it(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = report_of(letter, to="nobody@stadt.example")
    pipe(monkeypatch, raw, "--recipient", bounces.envelope_sender(letter))
    assert state(letter)[0] == LetterState.RETURNED


def test_an_erased_or_unknown_letter_is_no_trouble(letter: Letter) -> None:
    assert not bounces.take_back(bounces.Bounce(uuid4(), "5.1.1"))


@trials(max_examples=60)
@given(some.binary(max_size=400), some.integers(0, 700))
def test_hostile_mail_breaks_nothing(noise: bytes, place: int) -> None:
    raw = REPORT.format(to="bounces+x@stadt.example", action="failed", status="5.1.1").encode()
    assert bounces.read(raw[:place] + noise + raw[place:]) is None
