"""Letters on paper, for reporters with a postal address and without e-mail."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from reports.deeds import answering, triage
from reports.letters.links import own_token
from reports.models import Contact, EventKind, Report
from reports.personal import erasure
from townhall.letters import send
from townhall.models import Channel, Department, Letter, LetterState, Municipality, Role, User

pytestmark = pytest.mark.django_db
PAGE, PDF = "/amt/briefe", "/amt/briefe/druck.pdf"
ADDRESS = "Lindenweg 4\n64625 Bensheim"


@pytest.fixture
def answered(make_report: Callable[..., Report], caseworker: User) -> Callable[..., Letter]:
    """A report from somebody without e-mail whose status changed; its letter lies to be printed."""

    def make(name: str = "Erna Vogel") -> Letter:
        report = make_report(email="", name=name, postal_address=ADDRESS)
        triage.accept(report, by=caseworker)
        letter = Letter.objects.get(about=f"report:{report.code}", kind="status")
        Letter.objects.filter(pk=letter.pk).update(not_before=None)
        send(letter.pk)
        letter.refresh_from_db()
        return letter

    return make


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_news_goes_on_paper_to_who_has_no_mailbox_and_lies_there_to_be_printed(
    answered: Any, caseworker: User, mailoutbox: list[Any]
) -> None:
    letter = answered()

    assert (letter.channel, letter.state) == (Channel.PAPER, LetterState.TO_PRINT)
    assert letter.to == f"Erna Vogel\n{ADDRESS}"
    assert "http" not in letter.text
    assert mailoutbox == []
    assert "Erna Vogel" in enter(caseworker).get(PAGE).content.decode()


def test_who_has_a_mailbox_gets_no_paper(make_report: Any, caseworker: User) -> None:
    report = make_report(email="erna@example.org", postal_address=ADDRESS)

    triage.accept(report, by=caseworker)

    assert not Letter.objects.filter(channel=Channel.PAPER).exists()


def test_several_letters_are_printed_as_one_pdf_and_noted_once(
    answered: Any, caseworker: User
) -> None:
    ids = [str(answered(name).pk) for name in ("Erna Vogel", "Kurt Amsel")]
    client = enter(caseworker)

    printed = words(client.get(PDF, {"brief": ids}).content)
    first, second = (client.post(PAGE, {"brief": ids}) for _ in range(2))

    assert len(printed) == 2
    assert "Erna Vogel Lindenweg 4 64625 Bensheim" in printed[0]
    assert "Kurt Amsel" in printed[1]
    assert "Mit freundlichen Grüßen" in printed[1]
    assert (first.status_code, second.status_code) == (303, 303)
    assert set(Letter.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"sent"}
    for report in Report.objects.all():
        assert report.events.filter(kind=EventKind.LETTER_PRINTED, actor=caseworker).count() == 1
    assert "Erna Vogel" not in client.get(PAGE).content.decode()
    assert "Erna Vogel" in client.get(f"{PAGE}?gedruckt").content.decode()


def test_other_departments_towns_and_roles_see_and_print_none(
    answered: Any,
    outsider: User,
    town: Municipality,
    make_department: Callable[..., Department],
    make_user: Callable[..., User],
) -> None:
    pk = str(answered().pk)
    parks = make_user("gruen", make_department("Grünamt", serves=[town]), Role.CASEWORKER)
    for other in (outsider, parks):
        client = enter(other)
        assert "Erna Vogel" not in client.get(PAGE).content.decode()
        assert client.get(PDF, {"brief": [pk, "x"]}).status_code == 404
        client.post(PAGE, {"brief": [pk]})
    reader = enter(make_user("leser", town.fallback_department, Role.READ_ONLY))
    assert reader.get(PAGE).status_code == 403
    assert reader.post(PAGE, {"brief": [pk]}).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert Letter.objects.get(pk=pk).state == LetterState.TO_PRINT


def test_the_queue_asks_the_same_whatever_lies_there(answered: Any, caseworker: User) -> None:
    client = enter(caseworker)
    answered()
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    answered("Kurt Amsel")
    with CaptureQueriesContext(connection) as two:
        client.get(PAGE)

    assert len(one) == len(two) <= 8, [each["sql"][:90] for each in two]


def test_a_question_by_post_brings_the_way_to_answer_it(
    make_report: Callable[..., Report], caseworker: User
) -> None:
    report = make_report(email="", name="Erna Vogel", postal_address=ADDRESS)
    client = enter(caseworker)
    form = client.get(f"/amt/meldung/{report.code}/rueckfrage").content.decode()
    assert "Per Brief, mit QR-Code und Antwortabschnitt" in form

    answering.ask(report, "Welche Hausnummer?", by=caseworker, via=answering.Via.PAPER)
    letter = Letter.objects.get(kind="question")
    Letter.objects.update(not_before=None)
    send(letter.pk)
    (sheet,) = words(client.get(PDF, {"brief": str(letter.pk)}).content)

    assert "Erna Vogel Lindenweg 4 64625 Bensheim" in sheet
    for said in ("Welche Hausnummer?", "Meine Antwort", "Bitte hier abtrennen", "Datum, Name"):
        assert said in sheet
    assert f"/r/{own_token(report)}"[:40] in sheet.replace(" ", "")
    assert "http" not in letter.text
    assert Client().get(f"/r/{own_token(report)}/antwort").status_code == 200


def test_the_postal_address_is_forgotten_with_the_contact(answered: Any, caseworker: User) -> None:
    letter = answered()
    report = Report.objects.get()
    Report.objects.filter(pk=report.pk).update(received_at="2020-01-01T12:00Z")

    erasure.erase_contact(report.pk, today=timezone.localdate())

    letter.refresh_from_db()
    assert not Contact.objects.exists()
    assert (letter.to, letter.text) == ("", "")
    assert "Lindenweg" not in letter.key
    assert enter(caseworker).get(PDF, {"brief": str(letter.pk)}).status_code == 404
