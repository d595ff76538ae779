"""The liability file: a PDF that says who knew, saw and secured a danger when."""

from __future__ import annotations

import datetime as dt
import uuid
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image as Picture
from pypdf import PdfReader

from reports.deeds import alarms, triage
from reports.desk.case import case_of
from reports.hazards import hazard, liability
from reports.models import Alarm, Report
from townhall import papers, photos
from townhall.models import Department, User
from townhall.papers.glyphs import legible

pytestmark = pytest.mark.django_db
EVIL = '#read("/etc/passwd") $x$ *fett* \\ <b> „Gruß“ Łódź 🕳'


def picture() -> uuid.UUID:
    upload = BytesIO()
    Picture.new("RGB", (64, 48), "#8aa").save(upload, "JPEG")
    upload.seek(0)
    return photos.stage(uuid.uuid4(), upload).pk


def file_of(client: Client, danger: Report) -> Any:
    return client.get(f"/amt/meldung/{danger.code}/haftungsakte")


def test_one_click_tells_who_knew_saw_and_secured_when(
    client: Client,
    rota: Any,
    make_report: Any,
    caseworker: User,
) -> None:
    found = make_report(description=EVIL, photo_ids=(picture(),), email="uta@example.org")
    alarms.flag_hazard(found, by=caseworker, is_hazard=True)
    hazard.ring_all(now=Alarm.objects.get().started_at)
    alarms.secure(found, by=caseworker, how="Absperrung steht")
    client.force_login(caseworker)
    answer = file_of(client, found)
    assert answer["Content-Type"] == "application/pdf"
    assert f"Haftungsakte-{found.shown_code}.pdf" in answer["Content-Disposition"]
    paper = PdfReader(BytesIO(answer.content))
    text = "\n".join(page.extract_text() for page in paper.pages)
    for fact in (
        *("Haftungsakte", found.shown_code, "Absperrung steht", "Kolb", "kolb@example.org"),
        *("Gesichert", caseworker.name, "Bereitschaftsplan", "Seite 1 von", "SHA-256"),
    ):
        assert fact in text, fact
    assert '#read("/etc/passwd") $x$ *fett*' in " ".join(text.split())  # words, not orders
    assert "uta@example.org" not in text
    root: Any = paper.root_object
    assert root["/MarkInfo"]["/Marked"]  # tagged
    assert root["/Lang"] == "de-DE"
    assert sum(len(page.images) for page in paper.pages) == 1


def test_made_again_it_has_the_same_digest_until_something_happens(
    danger: Report,
    caseworker: User,
) -> None:
    def digest(day: int) -> Any:
        case = case_of(danger.code, caseworker, today=dt.date(2026, 11, 22))
        now = dt.datetime(2026, 11, day, tzinfo=dt.UTC)
        return liability.paper_of(case, by=caseworker, now=now).facts["digest"]

    first = digest(22)
    assert digest(23) == first
    triage.note(danger, by=caseworker, text="Angerufen.")
    assert digest(23) != first


def test_the_file_is_for_those_who_work_on_the_report(
    client: Client,
    danger: Report,
    outsider: User,
    make_user: Any,
) -> None:
    assert file_of(client, danger).status_code == 302
    client.force_login(outsider)
    assert file_of(client, danger).status_code == 404
    office = Department.objects.get(name="Tiefbauamt")
    for role, status in (("read_only", 403), ("field_crew", 403)):
        client.force_login(make_user(role, office, role))
        assert file_of(client, danger).status_code == status


def test_what_never_was_a_danger_has_no_file(
    client: Client, make_report: Any, dispatcher: User
) -> None:
    client.force_login(dispatcher)
    assert file_of(client, make_report()).status_code == 404


def test_a_template_that_fails_takes_nobody_with_it(tmp_path: Any) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text("#nonsense(")
    with pytest.raises(papers.NotPrinted):
        papers.print_paper(papers.Paper(broken, {}))


def test_what_the_font_cannot_draw_is_named() -> None:
    assert legible("Loch 🕳\nŁódź „ä“ Ж") == "Loch [hole]\nŁódź „ä“ Ж"
    assert legible("مرحبا 👷🏽") == "[arabic ×5] [construction worker]"
