"""Letters: posted with a deed, sent once, patient with mail servers."""

from __future__ import annotations

import datetime as dt
import logging
import socket
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.townhall import mailserver
from tests.townhall.mailserver import MailServer
from townhall import letters
from townhall.letters import Draft, NotYet, post, sending
from townhall.models import Letter, LetterState
from townhall.tasks import Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    with mailserver.running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = False
        settings.DEFAULT_FROM_EMAIL = "Stadt Bensheim <meldungen@bensheim.example>"
        yield server


def draft(key: str = "report:7K3F9QMX:1:receipt", **changes: Any) -> Draft:
    fields = {
        "kind": "receipt",
        "to": "erika@example.org",
        "subject": "Ihre Meldung 7K3F-9QMX: Schlagloch, Lindenweg",
        "text": "Danke für Ihre Meldung.\n\nGrüße aus dem Rathaus\n",
        "about": "report:7K3F9QMX",
    }
    return Draft(key=key, **fields | changes)


def posted(**changes: Any) -> Letter:
    with transaction.atomic():
        post(draft(**changes))
    return Letter.objects.get()


def jobs() -> list[dict[str, Any]]:
    found = ProcrastinateJob.objects.filter(task_name="send_letter", status="todo")
    return list(found.order_by("id").values_list("args", flat=True))


def state(letter: Letter) -> tuple[str, int, str]:
    letter.refresh_from_db()
    return letter.state, letter.attempts, letter.error


# ── Posting ──────────────────────────────────────────────────────────────────────────────────
def test_a_letter_and_its_job_are_written_in_one_statement() -> None:
    drafts = [draft(f"schlüssel {n}") for n in range(5)]
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        post(*drafts)
    assert len(queries) == 1
    assert Letter.objects.count() == len(jobs()) == 5


def test_jobs_carry_nothing_personal() -> None:
    letter = posted()
    assert jobs() == [{"letter_id": str(letter.id)}]


def test_the_same_letter_posted_twice_leaves_once() -> None:
    first = posted()
    with transaction.atomic():
        post(draft(text="Doppelt"), draft())
    assert Letter.objects.get() == first
    assert len(jobs()) == 1


def test_two_letters_with_one_key_in_one_deed_are_one() -> None:
    with transaction.atomic():
        post(draft(), draft())
    assert Letter.objects.count() == len(jobs()) == 1


def test_a_deed_that_is_rolled_back_posts_nothing() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        post(draft())
        raise RuntimeError
    assert not Letter.objects.exists()
    assert not jobs()


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_posted_in_a_transaction_only() -> None:
    with pytest.raises(TransactionManagementError):
        post(draft())


def test_no_letter_costs_no_statement() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        post()
    assert not queries.captured_queries


def test_a_subject_is_one_line_and_a_text_may_hold_anything() -> None:
    letter = posted(subject="Zwei\r\nBcc: alle@example.org " + "x" * 300, text="a\x00b \ud83d 'ü'")
    assert letter.subject.startswith("Zwei Bcc: alle@example.org xxx")
    assert len(letter.subject) == 200
    assert letter.text == "ab ? 'ü'"


# ── Sending ──────────────────────────────────────────────────────────────────────────────────
def test_a_letter_is_sent_in_a_way_that_robots_dont_answer(mail: MailServer) -> None:
    letter = posted()
    letters.send(letter.id)
    [sent] = mail.letters
    assert state(letter) == ("sent", 1, "")
    assert letter.sent_at is not None
    assert sent["Message-ID"] == f"<{letter.id}@bensheim.example>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["To"] == "erika@example.org"
    assert sent["From"] == "Stadt Bensheim <meldungen@bensheim.example>"
    assert sent["Subject"] == letter.subject
    assert sent["Content-Language"] == "de"
    assert sent["Date"].datetime == letter.created_at.replace(microsecond=0)
    assert sent.get_content_type() == "multipart/alternative"
    plain = sent.get_body(("plain",))
    assert plain is not None
    assert plain["Content-Transfer-Encoding"] == "quoted-printable"
    assert plain.get_content().splitlines() == letter.text.splitlines()


def test_a_sent_letter_is_not_sent_again(mail: MailServer) -> None:
    letter = posted()
    letters.send(letter.id)
    letters.send(letter.id)
    assert len(mail.letters) == 1


def test_an_erased_letter_is_no_trouble(mail: MailServer) -> None:
    letters.send(UUID(int=0))
    assert not mail.letters


def test_a_greylisted_letter_is_sent_a_little_later(mail: MailServer) -> None:
    mail.at_rcpt = ["451 4.7.1 Greylisted: erika@example.org, please try again"]
    letter = posted()
    with pytest.raises(NotYet) as later:
        letters.send(letter.id)
    assert later.value.delay == dt.timedelta(minutes=1)
    assert state(letter) == ("waiting", 1, "RCPT 451 4.7.1")
    letters.send(letter.id)
    assert state(letter) == ("sent", 2, "")
    assert len(mail.letters) == 1


def test_a_refused_recipient_is_final(mail: MailServer) -> None:
    mail.at_rcpt = ["550 5.1.1 No such user erika@example.org here"]
    letter = posted()
    letters.send(letter.id)
    assert state(letter) == ("failed", 1, "RCPT 550 5.1.1")
    letters.send(letter.id)
    assert letter.attempts == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("554 5.7.1 Spam", ("failed", 1, "DATA 554 5.7.1")),
        ("452 4.3.1 Full", ("waiting", 1, "DATA 452 4.3.1")),
        ("421 Bye", ("waiting", 1, "DATA 421")),
    ],
)
def test_a_refused_text_is_final_unless_the_server_says_later(
    mail: MailServer, answer: str, expected: tuple[str, int, str]
) -> None:
    mail.at_data = [answer]
    letter = posted()
    if expected[0] == "waiting":
        with pytest.raises(NotYet):
            letters.send(letter.id)
    else:
        letters.send(letter.id)
    assert state(letter) == expected


def test_a_server_that_is_down_is_tried_again(settings: Any) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        settings.EMAIL_USE_TLS = False
        letter = posted()
        with pytest.raises(NotYet):
            letters.send(letter.id)
    assert state(letter) == ("waiting", 1, "ConnectionRefusedError")
    with mailserver.running() as server:
        settings.EMAIL_PORT = server.port
        letters.send(letter.id)
    assert state(letter) == ("sent", 2, "")


def test_a_server_without_encryption_gets_no_letter(mail: MailServer, settings: Any) -> None:
    settings.EMAIL_USE_TLS = True
    letter = posted()
    with pytest.raises(NotYet):
        letters.send(letter.id)
    assert state(letter) == ("waiting", 1, "SMTPNotSupportedError")
    assert not mail.letters


def test_an_impossible_address_is_final(mail: MailServer) -> None:
    letter = posted(to="erika@example.org\r\nBcc: alle@example.org")
    letters.send(letter.id)
    assert state(letter)[0] == "failed"
    assert not mail.letters


def test_patience_grows_and_ends_after_three_days(mail: MailServer) -> None:
    mail.at_rcpt = ["451 Later"] * 40
    letter = posted()
    delays, now = [], letter.created_at
    for _ in range(40):
        try:
            letters.send(letter.id, now=now)
        except NotYet as later:
            delays.append(later.delay)
            now += later.delay
        else:
            break
    assert state(letter)[0] == "failed"
    assert delays[0] == dt.timedelta(minutes=1)
    assert delays == sorted(delays)
    assert max(delays) == dt.timedelta(hours=6)
    assert now - letter.created_at > dt.timedelta(days=3)
    assert 15 < len(delays) < 25


def test_logs_and_errors_name_no_person(mail: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mail.at_rcpt = [
        "451 erika@example.org must wait",
        "550 5.1.1 <erika@example.org>: Recipient address rejected",
    ]
    letter = posted()
    with pytest.raises(NotYet) as later:
        letters.send(letter.id)
    letters.send(letter.id)
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("mail.log")
    )
    assert str(letter.id) in ours
    for text in (ours, state(letter)[2], str(later.value)):
        assert "erika" not in text
        assert "Lindenweg" not in text


def test_without_a_mail_server_a_letter_is_kept(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    letter = posted()
    letters.send(letter.id)
    assert state(letter) == ("kept", 0, "")


# ── Two workers, dead workers, lost jobs ─────────────────────────────────────────────────────
def test_what_another_worker_is_sending_is_left_to_it(mail: MailServer) -> None:
    letter = posted()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            key = f"letter:{letter.id}"
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
            with pytest.raises(NotYet):
                letters.send(letter.id)
            # a closed connection would let go, too, but only when its server process has noticed
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
    finally:
        other.close()
    assert state(letter) == ("waiting", 0, "")
    assert not mail.letters
    letters.send(letter.id)
    assert state(letter)[0] == "sent"


def test_a_letter_whose_job_is_gone_gets_a_new_one() -> None:
    old, young = posted(), posted_other()
    age(old, dt.timedelta(minutes=6))
    clear_jobs()
    assert letters.enqueue_forgotten() == 1
    assert jobs() == [{"letter_id": str(old.id)}]
    assert letters.enqueue_forgotten() == 0
    assert young.state == LetterState.WAITING


def posted_other() -> Letter:
    with transaction.atomic():
        post(draft("ein anderer"))
    return Letter.objects.get(key="ein anderer")


def age(letter: Letter, by: dt.timedelta) -> None:
    Letter.objects.filter(pk=letter.pk).update(created_at=timezone.now() - by)


def clear_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_finished_letters_get_no_new_job() -> None:
    letter = posted()
    Letter.objects.update(state=LetterState.SENT)
    age(letter, dt.timedelta(days=1))
    clear_jobs()
    assert letters.enqueue_forgotten() == 0


def test_unforeseen_trouble_is_tried_again_too() -> None:
    job = App(connector=app.connector).configure_task("send_letter").job
    later = Patient().get_retry_decision(exception=ValueError(), job=job.evolve(attempts=99))
    assert later.retry_at is not None
    assert later.retry_at - timezone.now() > dt.timedelta(hours=5)


def test_the_worker_knows_its_tasks() -> None:
    names = {"send_letter", "rescue", "sweep_photos", "sweep_stray_photos", "forget_old_jobs"}
    assert names <= set(app.tasks)


def test_our_tables_fit_the_statement_that_writes_letters() -> None:
    """The one raw INSERT names every column."""
    columns = {field.column for field in Letter._meta.concrete_fields}
    assert columns - {"sent_at", "resent_at"} == {
        *("id", "key", "kind", "about", "to", "subject", "text", "language"),
        *("municipality_id", "sender", "reply_to", "unsubscribe", "may_repeat"),
        *("channel", "secret", "not_before"),
        *("state", "attempts", "error", "created_at"),
    }


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_left_while_the_database_crashed_does_not_leave_again(
    mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "RECOVERY_S", (0, 0))
    letter = posted()
    crashes = iter([True, True, False])

    def crash(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "sent_at" in sql and sql.startswith("UPDATE") and next(crashes):
            raise OperationalError("the database system is in recovery mode")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(crash):
        letters.send(letter.id)
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    assert len(mail.letters) == 1
