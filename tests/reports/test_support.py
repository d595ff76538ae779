"""„Betrifft mich auch“: voices without names, and what they set in motion."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.deeds import triage
from reports.letters import news
from reports.models import Event, Follower, Photo, Remark, Report, Supporter
from reports.personal import erasure
from reports.receiving import intake
from reports.voices import follow, support
from reports.workflow import Status
from tests.townhall.pictures import corners, encoded
from townhall.capabilities import token_for
from townhall.models import Letter, User
from townhall.photos import stage

pytestmark = pytest.mark.django_db
Make = Callable[..., Report]
DAY = dt.timedelta(days=1)


def kinds(report: Report) -> list[str]:
    return list(report.events.order_by("id").values_list("kind", flat=True))


def photo() -> uuid.UUID:
    return stage(uuid.uuid4(), BytesIO(encoded(corners()))).pk


def press(report: Report, client: Client, **fields: Any) -> Any:
    fields.setdefault("client_id", str(uuid.uuid4()))
    url = f"/api/v1/reports/{report.code}/support/"
    return client.post(url, fields, content_type="application/json")


@pytest.fixture
def report(make_report: Make) -> Report:
    return make_report()


# ── A voice ──────────────────────────────────────────────────────────────────────────────────
def test_one_press_is_one_voice_however_often_it_arrives(report: Report, client: Client) -> None:
    mine = str(uuid.uuid4())
    answers = [press(report, client, client_id=mine) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({answer.json()["token"] for answer in answers}) == 1
    assert support.count(report) == 1
    assert kinds(report).count("supported") == 1
    assert not answers[0].cookies
    assert answers[0]["Cache-Control"] == "no-store"


def test_the_public_reads_a_few_below_three(report: Report, client: Client) -> None:
    page = f"/meldung/{report.code}"
    assert "wenige" not in client.get(page).content.decode()
    said = [press(report, client).json()["supporters"] for _ in range(3)]
    assert said == [None, None, 3]
    assert "betrifft 3 Personen" in client.get(page).content.decode()
    Supporter.objects.first().delete()  # type: ignore[union-attr]
    body = client.get(page).content.decode()
    assert "betrifft wenige Personen" in body
    assert "betrifft 2" not in body


def test_a_voice_can_be_taken_back_by_its_holder_alone(report: Report, client: Client) -> None:
    token = press(report, client).json()["token"]
    assert client.delete(f"/api/v1/voices/{'x' * 43}/").status_code == 404
    assert client.delete(f"/api/v1/voices/{token}/").status_code == 204
    assert client.delete(f"/api/v1/voices/{token}/").status_code == 404
    assert support.count(report) == 0
    assert kinds(report)[-2:] == ["supported", "unsupported"]


def test_nothing_of_a_person_or_device_is_kept(report: Report, client: Client) -> None:
    mine = uuid.uuid4()
    answer = press(report, client, client_id=str(mine))
    (row,) = Supporter.objects.values()
    told = str(list(row.values())) + str(list(Event.objects.values_list("facts", "text")))
    assert str(mine) not in told
    assert mine.hex not in told
    assert answer.json()["token"] not in told
    assert "127.0.0.1" not in told


def test_what_is_not_public_takes_no_voice(make_report: Make, client: Client) -> None:
    hidden = make_report(private=True)
    assert press(hidden, client).status_code == 404
    assert press(Report(code="00000000"), client).status_code == 404
    for path in ("betrifft", "folgen", "atom.xml"):
        assert client.get(f"/meldung/{hidden.code}/{path}").status_code == 404


def test_one_id_for_two_reports_is_a_conflict(make_report: Make, client: Client) -> None:
    mine = str(uuid.uuid4())
    assert press(make_report(), client, client_id=mine).status_code == 201
    assert press(make_report(), client, client_id=mine).status_code == 409


def test_nonsense_is_refused_in_a_sentence(report: Report, client: Client) -> None:
    assert press(report, client, client_id="ich").status_code == 400
    foreign = Client(headers={"Sec-Fetch-Site": "cross-site"})
    assert press(report, foreign).status_code == 403
    assert foreign.post(f"/meldung/{report.code}/betrifft").status_code == 403


def test_a_merged_report_passes_its_voices_on(make_report: Make, client: Client) -> None:
    main = make_report()
    double = make_report(status=Status.DUPLICATE, closed_at=timezone.now(), duplicate_of=main)
    assert press(double, client).json()["code"] == main.code
    assert support.count(main) == 1


def test_one_connection_does_not_make_a_campaign(
    report: Report, client: Client, settings: Any
) -> None:
    settings.LIMITS = settings.LIMITS | {"support-one": (2, 3600)}
    answers = [press(report, client).status_code for _ in range(3)]
    assert answers == [201, 201, 429]
    assert press(report, Client(REMOTE_ADDR="203.0.113.9")).status_code == 201


def test_a_voice_costs_few_statements(
    report: Report, django_assert_max_num_queries: Any, client: Client
) -> None:
    with django_assert_max_num_queries(14):  # savepoints of the test's transaction included
        support.support(report.code, client_id=uuid.uuid4())
    for _ in range(5):
        support.support(report.code, client_id=uuid.uuid4())
    with django_assert_max_num_queries(1):
        support.count(report)


# ── Without scripts ──────────────────────────────────────────────────────────────────────────
def test_it_works_with_plain_forms(report: Report, client: Client) -> None:
    page = client.get(f"/meldung/{report.code}/betrifft")
    mine = page.context["client_id"]
    sent = [client.post(f"/meldung/{report.code}/betrifft", {"client_id": mine}) for _ in range(2)]
    assert {answer.status_code for answer in sent} == {303}
    assert len({answer["Location"] for answer in sent}) == 1
    assert support.count(report) == 1
    voice = sent[0]["Location"]
    shown = client.get(voice)
    assert "Ist es schlimmer geworden?" in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert not shown.cookies
    client.post(voice, {"action": "take-back"})
    assert support.count(report) == 0
    assert client.get(voice).status_code == 404


@pytest.mark.parametrize("fields", [{}, {"client_id": "x"}, {"client_id": "\0"}])
def test_a_broken_form_counts_nothing(report: Report, client: Client, fields: Any) -> None:
    assert client.post(f"/meldung/{report.code}/betrifft", fields).status_code == 303
    assert support.count(report) == 0


# ── Worse ────────────────────────────────────────────────────────────────────────────────────
def test_worse_is_told_to_staff_once(report: Report, client: Client) -> None:
    token = press(report, client).json()["token"]
    for _ in range(2):
        answer = client.post(f"/api/v1/voices/{token}/worsening/")
        assert (answer.status_code, answer.json()["worse"]) == (200, True)
    assert kinds(report).count("worse") == 1
    event = report.events.get(kind="worse")
    assert (event.visibility, event.department, event.actor) == ("internal", None, None)
    assert support.numbers(report) == support.Numbers(supporters=1, worse=1, followers=0)


def test_worse_opens_again_what_was_done(make_draft: Any, dispatcher: User, client: Client) -> None:
    draft = make_draft(email="uta@example.org")
    report = intake.submit(draft).report
    intake.confirm(token_for("confirm", draft.client_id))
    triage.set_status(report, Status.DONE, by=dispatcher)
    token = press(report, client).json()["token"]
    assert client.post(f"/api/v1/voices/{token}/worsening/").json()["status"] == "new"
    report.refresh_from_db()
    assert (report.status, report.closed_at) == (Status.NEW, None)
    event = report.events.filter(kind="status").last()
    assert event is not None
    assert (event.visibility, event.facts["because"]) == ("public", "worse")
    assert Letter.objects.filter(kind="status", to="uta@example.org").count() == 2


def test_long_after_its_end_worse_is_only_told(report: Report, dispatcher: User) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher)
    Report.objects.filter(pk=report.pk).update(closed_at=timezone.now() - 60 * DAY)
    voice = support.support(report.code, client_id=uuid.uuid4())
    assert support.worsen(voice.token).report.status == Status.DONE
    assert kinds(report)[-1] == "worse"


# ── A photo ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", [Status.NEW, Status.DONE])
def test_a_photo_goes_with_the_voice_and_waits_for_staff(
    report: Report, status: Status, dispatcher: User, client: Client
) -> None:
    if status == Status.DONE:
        triage.set_status(report, Status.DONE, by=dispatcher)
    mine, image, gone = uuid.uuid4(), photo(), uuid.uuid4()
    for _ in range(2):
        support.support(report.code, client_id=mine, photo_ids=[image, gone])
    row = Photo.objects.get(image=image)
    assert (row.report, row.is_released) == (report, False)
    assert Remark.objects.get().photos.count() == 1
    assert kinds(report).count("more_sent") == 1
    assert str(image) not in client.get(f"/meldung/{report.code}").content.decode()
    assert client.get(f"/foto/{image}/full").status_code == 404


# ── Forgetting ───────────────────────────────────────────────────────────────────────────────
def test_voices_come_loose_with_time_and_go_with_the_report(
    report: Report, dispatcher: User
) -> None:
    voice = support.support(report.code, client_id=uuid.uuid4())
    triage.set_status(report, Status.DONE, by=dispatcher)
    now = timezone.now()
    erasure.run(now=now + 89 * DAY)
    assert support.voice_of(voice.token)
    erasure.run(now=now + 91 * DAY)
    with pytest.raises(support.Unknown):
        support.voice_of(voice.token)
    assert support.count(report) == 1
    Report.objects.filter(pk=report.pk).update(erase_on=timezone.localdate(now))
    erasure.run(now=now + 91 * DAY)
    assert not Supporter.objects.exists()


def test_a_confirmed_mailbox_has_one_voice(report: Report) -> None:
    phone, desktop = (support.support(report.code, client_id=uuid.uuid4()) for _ in range(2))
    assert support.count(report) == 2
    for voice in (phone, desktop):
        follow.ask(report.code, email="Uta@Example.org", client_id=uuid.uuid4(), voice=voice.token)
        follow.confirm(news.confirm_token(Follower.objects.get()))
    assert support.count(report) == 1
    assert support.voice_of(desktop.token)
    assert kinds(report)[-1] == "unsupported"


# ── At the desk ──────────────────────────────────────────────────────────────────────────────
def test_staff_see_how_many_it_concerns_in_row_and_detail(
    report: Report, client: Client, dispatcher: User
) -> None:
    client.force_login(dispatcher)
    assert "row-voices" not in client.get("/amt").content.decode()
    voices = [support.support(report.code, client_id=uuid.uuid4()) for _ in range(2)]
    support.worsen(voices[0].token)
    follow.ask(report.code, email="uta@example.org", client_id=uuid.uuid4())
    follow.confirm(news.confirm_token(Follower.objects.get()))
    row = client.get("/amt").content.decode()
    assert "betrifft 2 Personen, 1-mal „schlimmer“" in row
    case = client.get(f"/amt/meldung/{report.code}").content.decode()
    for words in ("betrifft 2 Personen", "1-mal „schlimmer“", "1 folgt"):
        assert words in case
    assert case.count("Es ist schlimmer geworden") == 1
    assert "Jemand folgt" not in case
    assert "uta@example.org" not in case


def test_the_desk_costs_the_same_with_voices(
    make_report: Make, client: Client, dispatcher: User
) -> None:
    client.force_login(dispatcher)
    reports = [make_report() for _ in range(3)]
    client.get("/amt")

    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            client.get("/amt")
        return len(statements)

    before = cost()
    for report in reports:
        support.support(report.code, client_id=uuid.uuid4())
    assert cost() == before
