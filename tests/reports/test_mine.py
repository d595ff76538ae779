"""„Meine Meldungen“: seen by whoever reads the mailbox, and by nobody else."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import triage
from reports.models import Category, Contact, Event, Question, Remark, Report
from reports.receiving import intake
from reports.receiving.drafts import Draft
from reports.workflow import Status
from tests.townhall.pictures import corners, encoded
from townhall import visits
from townhall.capabilities import token_for
from townhall.letters.erasing import forget_passing
from townhall.mailboxes import Mailbox
from townhall.models import Letter, LetterState, User, Visit
from townhall.photos import stage
from townhall.spreadsheets import as_csv

pytestmark = pytest.mark.django_db


def invite_all() -> None:
    """What the worker does."""
    for visit_id in Visit.objects.filter(link_digest=None).values_list("pk", flat=True):
        visits.invite(visit_id)


def ask(client: Client, email: str, **more: str) -> Any:
    return client.post("/meine", {"email": email, **more})


def link_in(letter: Letter) -> str:
    found = re.search(r"http://[^/]+(/meine/[\w-]{43}/einlass)", letter.text)
    assert found
    return found[1]


@pytest.fixture
def enter(client: Client) -> Callable[..., str]:
    """The address of the list, as a resident gets there."""

    def go(email: str = "uta@example.org") -> str:
        ask(client, email)
        invite_all()
        letter = Letter.objects.filter(kind="visit").latest("created_at")
        return str(client.post(link_in(letter))["Location"])

    return go


@pytest.fixture
def send(make_draft: Callable[..., Draft]) -> Callable[..., Report]:
    """A report with a confirmed address."""

    def make(email: str = "uta@example.org", *, confirms: bool = True, **changes: Any) -> Report:
        draft = make_draft(email=email, **changes)
        report = intake.submit(draft).report
        if confirms:
            intake.confirm(token_for("confirm", draft.client_id))
        return report

    return make


# ── Asking ───────────────────────────────────────────────────────────────────────────────────
def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_work(
    client: Client, send: Callable[..., Report], django_assert_num_queries: Any
) -> None:
    send("Uta@Example.org")
    client.get("/meine")  # from now on the town's sites are known
    answers = []
    for email in ("uta@example.org", "niemand@example.org"):
        with django_assert_num_queries(3):  # two limits, and the wish with its job
            answer = ask(client, email)
        answers.append((answer.status_code, answer["Location"], answer.content))
        assert not answer.cookies
    assert answers[0] == answers[1]
    invite_all()
    (letter,) = Letter.objects.filter(kind="visit")
    assert letter.to == "Uta@Example.org"  # as it was given, whatever was typed
    assert list(Visit.objects.values_list("email", flat=True)) == ["Uta@Example.org"]


def test_a_mailbox_is_not_flooded_and_nobody_learns_that_it_was_written_to(
    client: Client, send: Callable[..., Report]
) -> None:
    send()
    answers = {ask(client, "UTA@example.org").content for _ in range(7)}
    assert len(answers) == 1
    assert Visit.objects.count() == 5


def test_one_connection_may_not_ask_for_everybody(client: Client, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "visits": (2, 3600)}
    codes = [ask(client, f"{n}@example.org").status_code for n in range(3)]
    assert codes == [303, 303, 429]


def test_programs_that_fill_in_everything_get_the_answer_and_no_letter(client: Client) -> None:
    assert ask(client, "uta@example.org", website="http://spam").status_code == 303
    assert not Visit.objects.exists()


@pytest.mark.parametrize("email", ["", "uta", "uta@", "\x00@example.org", "a" * 300 + "@b.de"])
def test_what_is_no_address_is_said_to_be_none(client: Client, email: str) -> None:
    answer = ask(client, email)
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.content.decode()


def test_somebody_elses_letter_is_not_ours_by_a_kelvin_sign(
    client: Client, send: Callable[..., Report]
) -> None:
    send("mike@example.org")
    ask(client, "mi\u212ae@example.org")
    invite_all()
    assert not Letter.objects.filter(kind="visit").exists()
    assert Mailbox.of("MIKE@Example.ORG") == Mailbox.of(" mike@example.org")


def test_the_letter_speaks_the_language_of_the_page(
    client: Client, send: Callable[..., Report]
) -> None:
    send()
    client.post("/en/meine", {"email": "uta@example.org"})
    invite_all()
    letter = Letter.objects.get(kind="visit")
    assert "My reports" in letter.subject
    assert "/en/meine/" in letter.text


# ── Getting in ───────────────────────────────────────────────────────────────────────────────
def test_a_scanner_that_opens_the_link_is_not_let_in(
    client: Client, send: Callable[..., Report]
) -> None:
    report = send()
    ask(client, "uta@example.org")
    invite_all()
    door = link_in(Letter.objects.get(kind="visit"))
    for _ in range(3):
        page = client.get(door)
        assert page.status_code == 200
        assert report.shown_code not in page.content.decode()
    assert Visit.objects.get().token_digest is None
    first, second = client.post(door), client.post(door)
    assert first["Location"] == second["Location"]
    inside = client.get(first["Location"])
    assert report.shown_code in inside.content.decode()
    assert not client.cookies
    assert inside["Referrer-Policy"] == "no-referrer"
    assert "no-store" in inside["Cache-Control"]


def test_who_leaves_has_left_everywhere(
    client: Client, send: Callable[..., Report], enter: Callable[..., str]
) -> None:
    send()
    first, second = enter(), enter()
    assert first != second
    assert client.post(f"{first}/ende")["Location"] == "/meine?beendet"
    for page in (first, second):
        assert client.get(page).status_code == 410
        assert client.get(f"{page}/daten.zip").status_code == 404


def test_links_and_visits_end_by_themselves_and_leave_nothing(
    client: Client, send: Callable[..., Report], enter: Callable[..., str]
) -> None:
    send()
    page = enter()
    door = link_in(Letter.objects.get(kind="visit"))
    Letter.objects.filter(kind="visit").update(state=LetterState.SENT)
    Visit.objects.update(until=timezone.now(), link_until=timezone.now())
    assert client.get(page).status_code == 410
    assert client.get(door).status_code == 410
    assert client.post(door).status_code == 410
    assert visits.forget() == 1
    assert forget_passing("visit") == 1
    assert not Letter.objects.filter(about__startswith="visit").exists()


# ── Inside ───────────────────────────────────────────────────────────────────────────────────
def test_the_list_holds_mine_whatever_the_capitals_and_nobody_elses(
    client: Client, send: Callable[..., Report], enter: Callable[..., str]
) -> None:
    mine, also, other = send("uta@example.org"), send("UTA@EXAMPLE.ORG"), send("bo@example.org")
    words = client.get(enter()).content.decode()
    assert mine.shown_code in words and also.shown_code in words
    assert other.shown_code not in words


def test_the_list_costs_the_same_for_one_report_and_for_many(
    client: Client,
    send: Callable[..., Report],
    enter: Callable[..., str],
    django_assert_num_queries: Any,
) -> None:
    send()
    page = enter()
    for _ in range(6):
        send()
    # The visit, four counts, and four for the list: contacts, tokens, photos, images.
    with django_assert_num_queries(8):
        client.get(page)


def test_letters_are_switched_off_and_on_in_the_list(
    client: Client, send: Callable[..., Report], enter: Callable[..., str], dispatcher: User
) -> None:
    report = send()
    page = enter()
    client.post(f"{page}/{report.code}/briefe")
    assert "E-Mails: aus" in client.get(page).content.decode()
    triage.set_status(report, Status.DONE, by=dispatcher, text="Verfüllt.")
    assert not Letter.objects.filter(kind="status").exists()
    client.post(f"{page}/{report.code}/briefe", {"an": "1"})
    assert "E-Mails: an" in client.get(page).content.decode()


def test_who_is_inside_confirms_without_another_letter_or_was_not_it(
    client: Client, send: Callable[..., Report], enter: Callable[..., str]
) -> None:
    mine, foreign = send(confirms=False), send(confirms=False, name="Jemand")
    page = enter()
    client.post(f"{page}/{mine.code}/bestaetigung")
    client.post(f"{page}/{foreign.code}/bestaetigung", {"fremd": "1"})
    contact = Contact.objects.get()
    assert contact.report == mine and contact.confirmed_at
    assert Report.objects.filter(pk=foreign.pk, withdrawn_at=None).exists()
    assert not Letter.objects.filter(about=f"report:{foreign.code}", text__contains="/r/").exists()


@pytest.mark.parametrize("door", ["briefe", "bestaetigung"])
def test_nobody_reaches_into_other_peoples_reports(
    client: Client, send: Callable[..., Report], enter: Callable[..., str], door: str
) -> None:
    send()
    other = send("bo@example.org", confirms=False)
    page = enter()
    assert client.post(f"{page}/{other.code}/{door}").status_code == 404
    assert client.post(f"{page}/{'x' * 8}/{door}").status_code == 404
    assert client.get(f"{page}/{other.code}/{door}").status_code == 405
    foreign = client.post(f"{page}/ende", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_followed_reports_have_a_tab_of_their_own(
    client: Client, send: Callable[..., Report], enter: Callable[..., str]
) -> None:
    from_others = send("bo@example.org")
    client.post(
        f"/meldung/{from_others.code}/folgen",
        {"email": "Uta@example.org", "client_id": str(uuid.uuid4())},
    )
    page = enter()
    words = client.get(f"{page}?was=gefolgt").content.decode()
    assert from_others.shown_code in words
    assert client.get(f"{page}?was=unsinn").status_code == 200


# ── The copy ─────────────────────────────────────────────────────────────────────────────────
def test_the_copy_holds_everything_in_words_numbers_and_pictures(
    client: Client,
    send: Callable[..., Report],
    enter: Callable[..., str],
    pothole: Category,
) -> None:
    photo = stage(uuid.uuid4(), io.BytesIO(encoded(corners()))).pk
    options = [{"key": "deep", "name": "tiefer als 5 cm"}]
    Question.objects.create(
        category=pothole, code="tiefe", kind="choice", text="Wie tief?", options=options
    )
    report = send(
        answers={"tiefe": "deep"},
        name="=HYPERLINK(1)",
        phone="+49 6251 1",
        description="<script>alert(1)</script> ein Loch.",
        photo_ids=(photo,),
    )
    Remark.objects.create(
        client_id=uuid.uuid4(),
        digest="d",
        report=report,
        kind="more",
        state="waiting",
        text="Noch ein Loch daneben.",
        is_reporters=True,
        at=timezone.now(),
    )
    send("bo@example.org", description="Das geht sie nichts an.")
    answer: Any = client.get(f"{enter()}/daten.zip")
    assert answer["Content-Type"] == "application/zip"
    pack = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert pack.testzip() is None
    facts = json.loads(pack.read("meine-daten.json"))
    (mine,) = facts["meldungen"]
    assert mine["code"] == report.shown_code
    assert mine["phone"] == "+49 6251 1"
    assert mine["answers"] == [{"question": "Wie tief?", "answer": "tiefer als 5 cm"}]
    assert [each["text"] for each in mine["added"]] == ["Noch ein Loch daneben."]
    assert any("/r/" in letter["text"] for letter in mine["letters"])
    assert pack.read(f"fotos/{report.code}-1.webp")[:4] == b"RIFF"
    page = pack.read("meine-daten.html").decode()
    assert "&lt;script&gt;" in page and "<script" not in page
    table = pack.read("meldungen.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table), delimiter=";")
    assert (row["Name"], row["Telefon"]) == ("'=HYPERLINK(1)", "'+49 6251 1")
    assert not any("nichts an" in pack.read(name).decode("latin-1") for name in pack.namelist())


def test_a_spreadsheet_never_runs_what_somebody_wrote() -> None:
    bad = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"]
    lines = as_csv(["x"], [[each] for each in bad])
    cells = [row[0] for row in csv.reader(io.StringIO(lines.removeprefix("\ufeff")), delimiter=";")]
    assert all(cell.startswith("'") for cell in cells[1:])
    assert "\r\n-5\r\n" in as_csv(["x"], [[-5]])


# ── Forgetting ───────────────────────────────────────────────────────────────────────────────
def test_everything_goes_at_once_with_one_last_letter(
    client: Client, send: Callable[..., Report], enter: Callable[..., str]
) -> None:
    first, second, other = send(), send("Uta@Example.org"), send("bo@example.org")
    page = enter()
    assert "2 Meldungen" in client.get(f"{page}/loeschen").content.decode()
    assert Contact.objects.count() == 3
    assert client.post(f"{page}/loeschen")["Location"] == "/meine?geloescht"
    assert list(Contact.objects.values_list("email", flat=True)) == ["bo@example.org"]
    assert not Report.objects.filter(pk__in=[first.pk, second.pk], is_public=True).exists()
    assert Report.objects.get(pk=other.pk).is_public
    assert not Visit.objects.exists()
    left = Letter.objects.filter(to__icontains="uta").exclude(about__startswith="visit:")
    assert not left.exists()
    assert Letter.objects.filter(kind="forgotten").count() == 1
    assert Event.objects.filter(kind="erasure_asked").count() == 2
    Letter.objects.filter(kind="forgotten").update(state=LetterState.SENT)
    forget_passing("visit")
    assert not Letter.objects.filter(kind="forgotten").exists()
