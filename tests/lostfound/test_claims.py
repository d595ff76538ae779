"""„Das gehört mir“: handing in, three tries, and nothing that tells whether an answer was right."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from lostfound.claiming import claims, deciding
from lostfound.models import (
    Claim,
    Claimant,
    ClaimCount,
    ClaimState,
    ClaimTry,
    FoundItem,
    HiddenMark,
    Loser,
    LossReport,
    ProofQuestion,
)
from lostfound.searching import publishing
from tests.townhall.pictures import corners, encoded
from townhall.capabilities import digest
from townhall.models import Image, Letter, User

pytestmark = pytest.mark.django_db
Items = Callable[..., FoundItem]


@pytest.fixture
def backpack(make_item: Items) -> FoundItem:
    """Published, with a question that only its owner can answer."""
    item = make_item("backpack", colour="black", brand="Deuter", value="estimate", value_cents=8000)
    HiddenMark.objects.create(item=item, kind="inside", text="rotes Futter")
    ProofQuestion.objects.create(item=item, text="Wie sieht das Futter aus?", answer="rot kariert")
    publishing.publish(item, by=None)
    return FoundItem.objects.get(pk=item.pk)


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "client_id": str(uuid.uuid4()),
        "answer_0": "rot kariert",
        "text": "",
        "name": "Erika Muster",
        "email": "erika@example.org",
        "phone": "",
        "postal_address": "",
        **changes,
    }


def send(client: Client, code: str, **changes: Any) -> Any:
    return client.post(f"/fundbuero/anspruch/{code}", fields(**changes))


def words_of(paper: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)


def settled(claim: Claim) -> Claim:
    """As it is once the job has run."""
    claims.look_up(claim.pk)
    return Claim.objects.get(pk=claim.pk)


def test_a_claim_arrives_with_a_receipt_and_a_page_of_its_own(
    client: Client, backpack: FoundItem
) -> None:
    answer = send(client, backpack.code)
    assert answer.status_code == 303
    claim = Claim.objects.get()
    assert settled(claim).item == backpack
    assert claim.title == "Rucksack, schwarz, Deuter"
    page = client.get(answer["Location"])
    assert "Ihr Anspruch ist bei uns" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    letter = Letter.objects.get(kind="claim_receipt")
    assert answer["Location"] in letter.text
    assert "Muster" not in letter.subject
    backpack.refresh_from_db()
    assert [event.kind for event in backpack.events.all()][-1] == "claimed"


def test_nothing_tells_right_from_wrong_claimed_or_unknown(
    client: Client, backpack: FoundItem, make_item: Items, clerk: User
) -> None:
    """The same statements, the same bytes but for the link, and the same page behind it."""
    hidden = make_item("cash")  # there, but nobody may know
    taken = make_item("cash")
    rival = deciding.confirm_at_counter(taken, deciding.WalkIn("Jemand", "Quittung"), by=clerk)
    assert rival.state == ClaimState.CONFIRMED

    def seen(code: str, **changes: Any) -> tuple[int, int, bytes, list[str], bytes, int, int]:
        with CaptureQueriesContext(
            connection,
        ) as form:
            asked = client.get(f"/fundbuero/anspruch/{code}")
        with CaptureQueriesContext(connection) as sent:
            answer = send(client, code, **changes)
        link = answer["Location"]
        claim = Claim.objects.get(capability_digest=digest(link.rsplit("/", 1)[1]))
        claims.look_up(claim.pk)
        with CaptureQueriesContext(connection) as read:
            page = client.get(link)
        own = {link.rsplit("/", 1)[1], claim.shown_code, claim.shown_wanted, code, str(code)}
        body = page.content.decode()
        for secret in own:
            body = body.replace(secret, "…")
        body = re.sub(r'name="client_id" value="[^"]+"', "", body)
        body = re.sub(r"<time[^>]*>[^<]*</time>", "", body)
        shape = [re.sub(r"\d{6,}_x\d+", "", each["sql"])[:30] for each in sent.captured_queries]
        with CaptureQueriesContext(connection) as taken_back:
            gone = client.post(f"{link}/rueckzug")
        return (
            asked.status_code,
            len(form),
            answer.content,
            shape,
            body.encode(),
            len(read),
            len(taken_back) * 1000 + gone.status_code,
        )

    send(client, backpack.code, email="warm@example.org")  # caches of the process
    right = seen(backpack.code, email="a@example.org")
    assert right == seen(backpack.code, answer_0="grün, glatt", email="b@example.org")
    told = {"answer_0": "", "text": "27 Euro in einer roten Dose"}
    unknown = seen("ZZZZ9999", email="c@example.org", **told)
    assert unknown == seen(hidden.code, email="d@example.org", **told)
    assert unknown == seen(taken.code, email="e@example.org", **told)
    assert unknown[3] == right[3]


def test_three_tries_for_a_mailbox_however_it_is_written(
    client: Client, backpack: FoundItem
) -> None:
    for email in ("erika@example.org", "Erika@Example.org", "ERIKA+x@example.org"):
        assert send(client, backpack.code, email=email).status_code == 303
    answer = send(client, backpack.code, email="erikA@example.org")
    assert answer.status_code == 422
    assert "dreimal" in answer.content.decode()
    assert Claim.objects.count() == 3
    assert send(client, backpack.code, email="paul@example.org").status_code == 303
    assert "erika" not in str(list(ClaimCount.objects.values_list())).lower()


def test_three_tries_for_a_client_without_a_mailbox_also_for_what_is_not_there(
    client: Client,
) -> None:
    told = {"email": "", "phone": "06251 1", "text": "27 Euro in einer roten Dose"}
    for _attempt in range(3):
        assert send(client, "ZZZZ9999", **told).status_code == 303
    assert send(client, "ZZZZ9999", **told).status_code == 422
    assert send(client, "ZZZZ9998", **told).status_code == 303


def test_sent_twice_is_one_claim_and_one_try(client: Client, backpack: FoundItem) -> None:
    same = fields()
    answers = [client.post(f"/fundbuero/anspruch/{backpack.code}", same) for _ in range(4)]
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}
    assert ClaimCount.objects.get().tries == 1
    assert Letter.objects.filter(kind="claim_receipt").count() == 1
    other = client.post(f"/fundbuero/anspruch/{backpack.code}", same | {"answer_0": "blau"})
    assert other.status_code == 409
    assert Claim.objects.count() == 1


def test_adding_counts_as_a_try_answering_a_question_does_not(
    client: Client, backpack: FoundItem, clerk: User
) -> None:
    link = send(client, backpack.code)["Location"]
    more = {"client_id": str(uuid.uuid4()), "text": "Vorne fehlt der Zipper."}
    assert client.post(f"{link}/ergaenzung", more).status_code == 303
    claim = settled(Claim.objects.get())
    deciding.ask(claim, by=clerk, text="Was lag im Seitenfach?")
    page = client.get(link).content.decode()
    assert "Was lag im Seitenfach?" in page
    for text in ("Ein Apfel.", "Und ein Schirm."):
        client.post(f"{link}/ergaenzung", more | {"text": text})
    assert client.post(f"{link}/ergaenzung", more).status_code == 422  # the fourth try
    assert ClaimCount.objects.get().tries == 3
    assert [each.text for each in ClaimTry.objects.filter(claim=claim)] == [
        "",
        "Vorne fehlt der Zipper.",
        "Ein Apfel.",
        "Und ein Schirm.",
    ]


def test_what_nobody_can_read_is_refused_in_words(client: Client, backpack: FoundItem) -> None:
    for changes, sentence in (
        ({"answer_0": "", "text": " "}, "Sagen Sie, woran wir erkennen"),
        ({"email": ""}, "Geben Sie eine E-Mail-Adresse"),
        ({"email": "erika@"}, "E-Mail-Adresse"),
        ({"name": ""}, "Geben Sie Ihren Namen"),
        ({"client_id": "x"}, "noch einmal"),
        ({"answer_0": "x" * 301}, "Kürzen"),
        ({"text": "x" * 2001}, "Kürzen"),
    ):
        answer = send(client, backpack.code, **changes)
        assert answer.status_code == 422, changes
        assert sentence in answer.content.decode(), changes
    nonsense: tuple[dict[str, Any], ...] = (
        {"text": "a\x00b"},
        {"photos": ["x", "../../etc"]},
        {"website": " "},
    )
    for changes in nonsense:
        assert send(client, backpack.code, **changes).status_code in {303, 422}, changes
    assert client.get("/fundbuero/anspruch/kurz").status_code == 404
    assert client.get("/fundbuero/anspruch/stand/kurz").status_code == 404


def test_other_sites_and_programs_get_nowhere(client: Client, backpack: FoundItem) -> None:
    answer = client.post(
        f"/fundbuero/anspruch/{backpack.code}", fields(), headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert send(client, backpack.code, website="https://x.example").status_code == 303
    assert settled(Claim.objects.get()).is_suspect
    assert not Letter.objects.exists()


def test_evidence_is_seen_by_the_office_alone_and_goes_in_time(
    client: Client, backpack: FoundItem, clerk: User, stranger: User
) -> None:
    picture = SimpleUploadedFile("beweis.jpg", encoded(corners()), "image/jpeg")
    send(client, backpack.code, photo=picture)
    claim = settled(Claim.objects.get())
    image = ClaimTry.objects.get().images.get()
    door = f"/amt/fund/ansprueche/{claim.code}/bild/{image.pk}/full"
    assert client.get(door).status_code == 302
    client.force_login(stranger)
    assert client.get(door).status_code == 404
    client.force_login(clerk)
    shown = client.get(door)
    assert b"".join(shown.streaming_content).startswith(b"RIFF")  # type: ignore[attr-defined]
    assert client.get(f"/foto/{image.pk}/full").status_code == 404
    deciding.reject(claim, by=clerk, reason="Passt nicht.")
    claim.refresh_from_db()
    assert claim.erase_evidence_on == timezone.localdate() + dt.timedelta(days=31)
    assert claims.erase_evidence(today=timezone.localdate() + dt.timedelta(days=30)) == 0
    assert claims.erase_evidence(today=timezone.localdate() + dt.timedelta(days=31)) == 1
    assert not ClaimTry.objects.exists()
    assert not Claimant.objects.exists()
    assert not Letter.objects.exclude(to="").exists()
    assert Image.objects.filter(pk=image.pk).exists()  # nobody's now: the sweep takes it


def test_withdrawing_needs_a_button_and_sets_the_thing_free(
    client: Client, backpack: FoundItem, clerk: User
) -> None:
    link = send(client, backpack.code)["Location"]
    deciding.confirm(settled(Claim.objects.get()), by=clerk)
    assert client.get(f"{link}/rueckzug").status_code == 200
    assert Claim.objects.get().state == ClaimState.CONFIRMED
    assert client.post(f"{link}/rueckzug").status_code == 303
    assert Claim.objects.get().state == ClaimState.WITHDRAWN
    backpack.refresh_from_db()
    assert (backpack.state, backpack.registered_on) == ("held", None)


def test_a_rejection_has_a_reason_and_one_way_to_a_second_look(
    client: Client, backpack: FoundItem, clerk: User
) -> None:
    link = send(client, backpack.code)["Location"]
    deciding.reject(settled(Claim.objects.get()), by=clerk, reason="Das Futter ist anders.")
    page = client.get(link).content.decode()
    assert "Das Futter ist anders." in page
    assert "Überprüfung" in page
    why = {"client_id": str(uuid.uuid4()), "text": "Ich habe ein Foto davon."}
    assert client.post(f"{link}/ueberpruefung", why).status_code == 303
    assert Claim.objects.get().state == ClaimState.REVIEW
    claim = Claim.objects.get()
    deciding.reject(claim, by=clerk, reason="Es bleibt dabei.")
    assert client.post(f"{link}/ueberpruefung", why).status_code == 409


def test_a_claim_to_nothing_is_answered_days_later_like_any_other(client: Client) -> None:
    link = send(client, "ZZZZ9999", answer_0="", text="27 Euro in einer Dose")["Location"]
    claim = settled(Claim.objects.get())
    now = timezone.now()
    assert claims.answer_unknown(now=now + dt.timedelta(days=2)) == 0
    assert claims.answer_unknown(now=now + dt.timedelta(days=4)) == 1
    assert claims.answer_unknown(now=now + dt.timedelta(days=4)) == 0
    page = client.get(link).content.decode()
    assert "Ihre Angaben passen nicht" in page
    assert Letter.objects.get(kind="claim_rejected").to == "erika@example.org"
    assert Claim.objects.get(pk=claim.pk).item is None


def test_a_number_counts_whole_and_its_tail_half(backpack: FoundItem, make_item: Items) -> None:
    phone = make_item("phone")
    from_owner = "352099001761481"
    HiddenMark.objects.create(item=phone, kind="imei", digest="", tail="1481")
    wish = claims.Wish(uuid.uuid4(), phone.code, "A", phone="1", text=f"IMEI {from_owner}")
    claim = settled(claims.submit(wish).claim)
    assert claim.score == 0.5
    assert claim.components == [{"kind": "number", "name": "imei", "score": 0.5}]


def test_what_staff_noted_no_answer_to_counts_against_nobody(
    client: Client, make_item: Items, clerk: User
) -> None:
    item = make_item("purse")
    ProofQuestion.objects.create(item=item, text="Was ist darin?")
    HiddenMark.objects.create(item=item, kind="damage", text="Kratzer am Verschluss")
    publishing.publish(item, by=None)
    send(client, item.code, answer_0="Zwei Fotos und ein Einkaufszettel")
    claim = settled(Claim.objects.get())
    assert (claim.score, claim.components) == (None, [])
    client.force_login(clerk)
    page = client.get(f"/amt/fund/ansprueche/{claim.code}").content.decode()
    assert "keine Antwort hinterlegt" in page
    assert "passen kaum" not in page + client.get("/amt/fund/ansprueche").content.decode()
    ProofQuestion.objects.update(answer="Ausweis, 20 Euro")
    assert settled(claim).score == 0


def test_from_a_hit_the_address_is_known(client: Client, backpack: FoundItem) -> None:
    token = "t" * 43
    loss = LossReport.objects.create(
        code="7K3F9QMX",
        client_id=uuid.uuid4(),
        kind="backpack",
        lost_from=dt.date(2026, 3, 1),
        lost_until=dt.date(2026, 3, 2),
        capability_digest=digest(token),
        capability_expires_at=timezone.now() + dt.timedelta(days=9),
        reported_at=timezone.now(),
        watch_until=dt.date(2027, 1, 1),
    )

    Loser.objects.create(loss=loss, name="Erika Muster", email="erika@example.org")
    door = f"/fundbuero/anspruch/{backpack.code}/treffer/{token}"
    page = client.get(door)
    assert 'value="erika@example.org"' in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert client.post(door, fields()).status_code == 303
    assert Claim.objects.get().loss == loss
    assert client.get(door[:-1]).status_code == 404


def test_the_job_is_posted_with_the_claim(client: Client, backpack: FoundItem) -> None:
    send(client, backpack.code)
    job = ProcrastinateJob.objects.filter(task_name="look_up_claim").get()
    assert job.args == {"claim_id": Claim.objects.get().pk}


def test_whoever_sends_somebody_else_gets_a_form_without_names(
    client: Client, backpack: FoundItem, clerk: User
) -> None:
    send(client, backpack.code)
    claim = deciding.confirm(settled(Claim.objects.get()), by=clerk)
    page = f"/fundbuero/abholung/{deciding.pickup_token(claim)}"
    assert f'href="{page}/vollmacht.pdf"' in client.get(page).content.decode()
    paper = client.get(f"{page}/vollmacht.pdf")
    assert paper["Referrer-Policy"] == "no-referrer"
    text = " ".join(words_of(paper.content).split())
    for words in ("Vollmacht", claim.shown_wanted, "Kirchbergstraße 18", "Ort und Datum"):
        assert words in text
    assert "Muster" not in text
    assert str(claim.pickup_code) not in text
    Claim.objects.update(state="released")
    assert client.get(f"{page}/vollmacht.pdf").status_code == 404
    assert client.get(f"{page}x/vollmacht.pdf").status_code == 404


def test_links_end_with_their_time(client: Client, backpack: FoundItem) -> None:
    link = send(client, backpack.code)["Location"]
    Claim.objects.update(capability_expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(link).status_code == 404


# ── At the counter ───────────────────────────────────────────────────────────────────────────
def test_the_desk_sorts_by_fit_and_shows_rivals_side_by_side(
    client: Client, backpack: FoundItem, clerk: User
) -> None:
    send(client, backpack.code, answer_0="blau", name="Rudi Rival", email="rudi@example.org")
    send(client, backpack.code, name="Erika Muster")
    for claim in Claim.objects.all():
        claims.look_up(claim.pk)
    client.force_login(clerk)
    listed = client.get("/amt/fund/ansprueche").content.decode()
    assert listed.index("E. M.") < listed.index("R. R.")
    assert "Erika Muster" not in listed
    assert "2 Ansprüche darauf" in listed
    mine = Claim.objects.get(claimant__name="Erika Muster")
    page = client.get(f"/amt/fund/ansprueche/{mine.code}").content.decode()
    for words in ("Ansprüche nebeneinander", "rot kariert", "blau", "rotes Futter", "passen gut"):
        assert words in page
    deciding.confirm(mine, by=clerk)
    rival = Claim.objects.get(claimant__name="Rudi Rival")
    answer = client.post(f"/amt/fund/ansprueche/{rival.code}/bestaetigung")
    assert answer.status_code == 409
    assert "Ein anderer Anspruch" in answer.content.decode()


def test_two_people_decide_at_once_and_one_is_told(
    client: Client, backpack: FoundItem, clerk: User, colleague: User
) -> None:
    send(client, backpack.code)
    claim = settled(Claim.objects.get())
    client.force_login(clerk)
    door = f"/amt/fund/ansprueche/{claim.code}"
    no_words = client.post(f"{door}/ablehnung", {"version": claim.version})
    assert no_words.status_code == 422
    deciding.ask(claim, by=colleague, text="Haben Sie ein Foto?", version=claim.version)
    told: dict[str, Any] = {
        "version": claim.version,
        "template": "answers",
        "text": "Rufen Sie an.",
    }
    late = client.post(f"{door}/ablehnung", told)
    assert late.status_code == 409
    shown = late.content.decode()
    for words in ("Jemand war schneller", "Rückfrage gestellt", "Rufen Sie an."):
        assert words in shown
    told["version"] += 1
    assert client.post(f"{door}/ablehnung", told).status_code == 303
    letter = Letter.objects.get(kind="claim_rejected")
    assert "Ihre Antworten passen nicht" in letter.text
    assert "Rufen Sie an." in letter.text


def test_the_claimant_reads_their_own_language(
    client: Client, backpack: FoundItem, clerk: User
) -> None:
    client.post(f"/en/fundbuero/anspruch/{backpack.code}", fields())
    claim = settled(Claim.objects.get())
    client.force_login(clerk)
    client.post(f"/amt/fund/ansprueche/{claim.code}/ablehnung", {"template": "answers"})
    assert "Your answers do not fit" in Letter.objects.get(kind="claim_rejected").text
    assert "/en/fundbuero/anspruch/stand/" in Letter.objects.get(kind="claim_receipt").text


def test_claims_are_the_offices_own(
    client: Client, backpack: FoundItem, stranger: User, dispatcher: User
) -> None:
    send(client, backpack.code)
    claim = settled(Claim.objects.get())
    door = f"/amt/fund/ansprueche/{claim.code}"
    posts = ("/frage", "/bestaetigung", "/ablehnung", "/ausweis")
    for who, answers in ((None, {302, 403}), (dispatcher, {403}), (stranger, {404})):
        if who is not None:
            client.force_login(who)
        assert client.get(door).status_code in answers
        for each in posts:
            assert client.post(door + each).status_code in answers
    assert "Erika" not in client.get("/amt/fund/ansprueche").content.decode()


def test_list_and_dossier_ask_a_bounded_number_of_questions(
    client: Client, backpack: FoundItem, clerk: User
) -> None:
    client.force_login(clerk)

    def asked() -> tuple[int, int]:
        claim = Claim.objects.order_by("pk")[0]
        with CaptureQueriesContext(connection) as of_list:
            client.get("/amt/fund/ansprueche")
        with CaptureQueriesContext(connection) as of_claim:
            client.get(f"/amt/fund/ansprueche/{claim.code}")
        return len(of_list), len(of_claim)

    for n in range(5):
        wish = claims.Wish(
            uuid.uuid4(),
            backpack.code,
            f"Nr. {n}",
            email=f"nr{n}@example.org",
            answers=(("Wie sieht das Futter aus?", "rot"),),
        )
        claims.look_up(claims.submit(wish).claim.pk)
        if n == 1:
            asked()
            few = asked()
    assert asked() == few
    assert max(few) <= 26
