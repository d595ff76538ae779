"""„Bereich verpixeln“: who may, what stays readable afterwards, and what of it is written down."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.deeds import answering, publishing, work
from reports.models import EventKind, Photo, Report, StaffPhoto, Visibility
from reports.personal import retention
from reports.receiving import intake, unsent
from reports.receiving.drafts import Draft
from tests.townhall.pictures import corners, encoded
from townhall import photos
from townhall.capabilities import token_for
from townhall.models import Department, Image, Role, User
from townhall.photos import Area
from townhall.photos.pool import bare_webp_size

WHOLE = Area(0, 0, 120, 80)


@pytest.fixture
def image(db: None) -> Image:
    return photos.stage(uuid.uuid4(), io.BytesIO(encoded(corners())))


@pytest.fixture
def report(image: Image, make_report: Callable[..., Report]) -> Report:
    found = make_report(photo_ids=(image.pk,), is_public=True)
    Photo.objects.filter(report=found).update(is_released=True)
    return found


def pages_of(image: Image, client: Client) -> dict[str, int]:
    """Status of every address under which a photo of a report may be asked for."""
    found = {}
    for name in ("photo", "desk-photo"):
        for size in ("full", "thumb"):
            found[f"{name}-{size}"], _file = asked(client, reverse(name, args=[image.pk, size]))
    return found


def asked(client: Client, address: str) -> tuple[int, bytes]:
    """Status and content; a file is closed again."""
    answer: Any = client.get(address)
    content = answer.getvalue()
    for close in answer._resource_closers:
        close()
    return answer.status_code, content


def digests() -> set[str]:
    """Of all files that the storage holds."""
    files = [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_picture_as_it_was_is_gone_everywhere(
    report: Report,
    image: Image,
    dispatcher: User,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client.force_login(dispatcher)
    before = digests()
    assert set(pages_of(image, client).values()) == {200}

    with django_capture_on_commit_callbacks(execute=True):
        publishing.redact(report, image.pk, by=dispatcher, areas=[WHOLE])

    photo = Photo.objects.select_related("image").get(report=report)
    assert set(pages_of(image, client).values()) == {404}
    assert set(pages_of(photo.image, client).values()) == {200}
    assert photo.is_released
    assert not before & digests()
    for size in ("full", "thumb"):
        _status, file = asked(client, reverse("photo", args=[photo.image_id, size]))
        bare_webp_size(file)
    event = report.events.get(kind=EventKind.REDACTED)
    assert (event.actor, event.facts) == (dispatcher, {"photo": 1, "areas": 1})


def test_who_works_on_a_report_may_and_nobody_else(
    report: Report,
    image: Image,
    caseworker: User,
    outsider: User,
    make_user: Callable[..., User],
) -> None:
    crew = make_user("trupp", Department.objects.get(name="Tiefbauamt"), Role.FIELD_CREW)
    Report.objects.update(department=Department.objects.get(name="Tiefbauamt"))
    report = Report.objects.with_faces().get()
    for user in (outsider, crew):
        with pytest.raises(work.NotAllowed):
            publishing.redact(report, image.pk, by=user, areas=[WHOLE])
    publishing.redact(report, image.pk, by=caseworker, areas=[WHOLE])


def test_what_a_colleague_has_just_pixelated_is_not_brought_back(
    report: Report, image: Image, dispatcher: User
) -> None:
    publishing.redact(report, image.pk, by=dispatcher, areas=[WHOLE])
    with pytest.raises(work.TooLate):
        publishing.redact(report, image.pk, by=dispatcher, areas=[Area(0, 0, 10, 10)])


def test_staff_tick_fields_of_a_grid_without_a_script(
    report: Report, image: Image, dispatcher: User, client: Client
) -> None:
    client.force_login(dispatcher)
    address = reverse("desk-pixels", args=[report.code, image.pk])
    assert address in client.get(reverse("desk-report", args=[report.code])).content.decode()
    page = client.get(address).content.decode()
    assert page.count('name="field"') == 10 * 7

    empty = client.post(address, {"field": ["99,99", "x"]})
    assert (empty.status_code, "Markieren Sie" in empty.content.decode()) == (422, True)

    done = client.post(address, {"field": ["0,0", "1,0"]})
    assert (done.status_code, done["Location"]) == (303, reverse("desk-report", args=[report.code]))
    again = client.post(address, {"field": ["0,0"]}, follow=True)
    assert "inzwischen geändert" in again.content.decode()
    assert "Foto 1 verpixelt" in again.content.decode()


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.INTERNAL])
def test_a_photo_of_staff_is_pixelated_like_a_residents(
    visibility: Visibility,
    make_report: Callable[..., Report],
    image: Image,
    dispatcher: User,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    report = make_report(is_public=True)
    answering.write(
        report, answering.Answer("So!", visibility, photo_ids=(image.pk,)), by=dispatcher
    )
    client.force_login(dispatcher)
    address = reverse("desk-pixels", args=[report.code, image.pk])
    assert address in client.get(reverse("desk-report", args=[report.code])).content.decode()
    rung: list[Any] = []
    monkeypatch.setattr("reports.live.ring", lambda *rings: rung.extend(rings))

    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"area": "0,0,60,40"}).status_code == 303

    photo = StaffPhoto.objects.select_related("image").get(report=report)
    assert set(pages_of(image, client).values()) == {404}
    assert pages_of(photo.image, client)["photo-full"] == (200 if visibility == "public" else 404)
    assert pages_of(photo.image, client)["desk-photo-full"] == 200
    assert any(f"report:{report.code}" in ring.topics for ring in rung)
    page = client.get(reverse("desk-report", args=[report.code])).content.decode()
    assert "Foto 1 eines Eintrags verpixelt" in page


def test_a_stranger_gets_no_page_to_draw_upon(
    report: Report, image: Image, outsider: User, client: Client
) -> None:
    address = reverse("desk-pixels", args=[report.code, image.pk])
    assert client.get(address).status_code == 302
    client.force_login(outsider)
    assert client.get(address).status_code == 404


# ── Before it is sent ────────────────────────────────────────────────────────────────────────
def test_a_resident_pixelates_a_photo_without_a_script(image: Image, client: Client) -> None:
    sheet = {"client_id": str(uuid.uuid4()), "photos": [str(image.pk)], "description": "Loch"}
    begun = client.post("/melden", sheet | {"pixelate": str(image.pk)})
    page = client.get(begun["Location"])
    assert "data:image/webp;base64," in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"

    done = client.post(begun["Location"], {"field": ["0,0", "9,6"]})

    new = Image.objects.get()
    assert new.pk != image.pk
    kept = unsent.SHELF.find(unsent.SHELF.token_of(uuid.UUID(sheet["client_id"])))
    assert kept is not None
    assert kept.fields["photos"] == [str(new.pk)]
    assert str(new.pk) in client.get(done["Location"]).content.decode()
    gone = client.get(begun["Location"])
    assert (gone.status_code, gone["Location"]) == (303, done["Location"])


def test_a_link_to_a_photo_of_another_form_shows_nothing(image: Image, client: Client) -> None:
    mine = uuid.uuid4()
    unsent.SHELF.keep(mine, [("photos", [])])
    answer = client.get(reverse("report-pixels", args=[unsent.SHELF.token_of(mine), image.pk]))
    assert answer.status_code == 303
    unknown = reverse("report-pixels", args=[unsent.SHELF.token_of(uuid.uuid4()), image.pk])
    assert client.get(unknown).status_code == 404


# ── By the reporter ──────────────────────────────────────────────────────────────────────────
def test_reporters_pixelate_what_they_sent_and_lose_no_word_of_their_changes(
    image: Image,
    make_draft: Callable[..., Draft],
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    draft = make_draft(photo_ids=(image.pk,))
    report = intake.submit(draft).report
    page = f"/r/{token_for('view', draft.client_id)}/aendern"
    begun = {"description": "Noch nicht gespeichert.", "photos": str(image.pk)}

    pad = client.post(page, begun | {"pixelate": str(image.pk)})["Location"]
    assert b"data:image/webp" in client.get(pad).content
    assert client.post(pad).status_code == 422  # nothing is marked
    with django_capture_on_commit_callbacks(execute=True):
        back = client.post(pad, {"area": "0,0,120,80"})["Location"]

    photo = Photo.objects.get(report=report)
    assert photo.image_id != image.pk and not Image.objects.filter(pk=image.pk).exists()
    assert report.events.get(kind=EventKind.CHANGED).facts == {"fields": ["photos"]}
    left = client.get(back).content.decode()
    assert "Noch nicht gespeichert." in left and f'name="photos" value="{photo.image_id}"' in left
    assert client.get(pad)["Location"] == back  # that photo is gone


def test_nobody_elses_link_and_no_later_hour_pixelates_a_reporters_photo(
    image: Image, make_draft: Callable[..., Draft], client: Client
) -> None:
    draft, other = make_draft(photo_ids=(image.pk,)), make_draft()
    for each in (draft, other):
        intake.submit(each)
    mine, theirs = (f"/r/{token_for('view', each.client_id)}/aendern" for each in (draft, other))
    pad = client.post(mine, {"photos": str(image.pk), "pixelate": str(image.pk)})["Location"]
    area = {"area": "0,0,120,80"}
    assert client.post(pad.replace(mine, theirs), area).status_code == 404
    Report.objects.update(received_at=timezone.now() - retention.OWN_CHANGES)
    assert client.get(client.post(pad, area)["Location"]).status_code == 409
    assert Photo.objects.get().image_id == image.pk
