"""„Strafbarer Inhalt“: gone from every door at once, kept as evidence that nobody can change."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import Error, connection, transaction
from django.test import Client
from PIL import Image as Picture
from pypdf import PdfReader

from reports.deeds import publishing, sealing
from reports.deeds.work import NotAllowed, TooLate
from reports.models import (
    CustodyEntry,
    EventKind,
    Photo,
    Report,
    SealedEvidence,
    SealedFile,
    Submission,
)
from reports.personal import erasure, retention
from townhall import photos
from townhall.capabilities import token_for
from townhall.models import Department, User

pytestmark = pytest.mark.django_db
HATE = "Hetzwort gegen Nachbarn"


def picture() -> uuid.UUID:
    upload = BytesIO()
    Picture.new("RGB", (64, 48), "#8aa").save(upload, "JPEG")
    upload.seek(0)
    return photos.stage(uuid.uuid4(), upload).pk


@pytest.fixture
def hate(make_report: Any, dispatcher: User) -> Report:
    """Public with text and photo, until somebody looks."""
    report = make_report(description=HATE, photo_ids=(picture(),), email="uta@example.org")
    keys = list(Photo.objects.filter(report=report).values_list("pk", flat=True))
    publishing.release(report, by=dispatcher, text=True, photos=keys)
    return Report.objects.with_faces().get(pk=report.pk)


def desk(report: Report, rest: str) -> str:
    return f"/amt/meldung/{report.code}/{rest}"


def test_sealed_content_is_behind_no_door(
    client: Client, hate: Report, dispatcher: User, django_capture_on_commit_callbacks: Any
) -> None:
    image = Photo.objects.get(report=hate).image
    own = token_for("view", _client_id(hate))
    doors = [
        f"/meldung/{hate.code}",
        f"/foto/{image.pk}/full",
        f"/api/v1/reports/{hate.code}/",
        "/api/v1/reports/?bbox=8.5,49.6,8.7,49.8",
        f"/r/{own}",
        f"/r/{own}/foto/{image.pk}/full",
        f"/api/v1/own/{own}/",
        f"/meldung/{hate.code}/atom.xml",
        "/?liste=1",
    ]
    assert [_read(client, door)[0] for door in doors[:6]] == [200] * 6
    assert HATE in _read(client, doors[0])[1]
    with django_capture_on_commit_callbacks(execute=True):
        evidence = sealing.seal(hate, by=dispatcher, reason="§ 130 StGB")
    for door in doors:
        status, body = _read(client, door)
        assert HATE not in body, door
        assert status < 500, door
    gone = [_read(client, door)[0] for door in (*doors[:3], doors[5])]
    assert gone == [410, 404, 410, 404]
    assert evidence.content["text"] == HATE
    kept = evidence.files.get()
    assert hashlib.sha256(bytes(kept.data)).hexdigest() == kept.digest
    assert not default_storage.exists(f"{image.folder}/full.webp")
    client.force_login(dispatcher)
    assert HATE not in client.get(f"/amt/meldung/{hate.code}").content.decode()
    assert not hate.events.for_reporter().filter(kind__in=["sealed", "seal_used"]).exists()


def _read(client: Client, door: str) -> tuple[int, str]:
    answer: Any = client.get(door)
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, body.decode(errors="replace")


def _client_id(report: Report) -> Any:
    return Submission.objects.get(code=report.code).client_id


def test_nobody_changes_what_is_sealed(hate: Report, dispatcher: User) -> None:
    evidence = sealing.seal(hate, by=dispatcher, reason="Drohung")
    tries: list[Callable[[], object]] = [
        lambda: SealedEvidence.objects.filter(pk=evidence.pk).update(reason="nichts"),
        lambda: SealedFile.objects.filter(evidence=evidence).update(data=b"x"),
        lambda: CustodyEntry.objects.filter(evidence=evidence).delete(),
        lambda: evidence.delete(),
        lambda: Report.objects.filter(pk=hate.pk).delete(),
    ]
    for each in tries:
        with pytest.raises(Error), transaction.atomic():
            each()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('augenmerk.erases', %s, true)", [str(uuid.uuid4())])
        cursor.execute("DELETE FROM reports_custodyentry")
    assert sealing.is_whole(SealedEvidence.objects.get())


def test_only_those_who_release_may_seal_and_only_once(
    client: Client, hate: Report, dispatcher: User, caseworker: User, outsider: User
) -> None:
    for wrong in (caseworker, outsider):
        with pytest.raises(NotAllowed):
            sealing.seal(hate, by=wrong, reason="Drohung")
    client.force_login(outsider)
    assert client.get(desk(hate, "strafbares")).status_code == 404
    client.logout()
    assert client.post(desk(hate, "strafbares")).status_code in {302, 303, 403}
    client.force_login(dispatcher)
    assert client.post(desk(hate, "strafbares"), {"reason": "Drohung"}).status_code == 422
    done = client.post(desk(hate, "strafbares"), {"reason": "Drohung", "is_meant": "on"})
    assert done.status_code == 303
    again = client.post(desk(hate, "strafbares"), {"reason": "Drohung", "is_meant": "on"})
    assert again.status_code == 409
    with pytest.raises(NotAllowed):
        publishing.release(hate, by=dispatcher, text=True)
    with pytest.raises(NotAllowed):
        publishing.publish(hate, by=dispatcher, is_public=True)
    client.force_login(outsider)
    assert client.get(desk(hate, "beweis")).status_code == 404
    theirs = Department.objects.get(name="Tiefbauamt")
    Report.objects.filter(pk=hate.pk).update(department=theirs)
    client.force_login(caseworker)
    assert client.get(desk(hate, "beweis")).status_code == 403


def test_who_changed_the_words_meanwhile_is_seen_before_sealing(
    hate: Report, dispatcher: User
) -> None:
    hate.events.create(
        kind=EventKind.CHANGED, version=hate.version + 1, at=hate.received_at, visibility="reporter"
    )
    Report.objects.filter(pk=hate.pk).update(version=hate.version + 1)
    with pytest.raises(TooLate):
        sealing.seal(hate, by=dispatcher, reason="Drohung", version=hate.version)


def test_the_police_get_a_sheet_and_a_zip_and_each_is_written_down(
    client: Client, hate: Report, dispatcher: User
) -> None:
    evidence = sealing.seal(hate, by=dispatcher, reason="Drohung")
    client.force_login(dispatcher)
    door = desk(hate, "beweis")
    shown = client.get(door).content.decode()
    assert evidence.digest in shown
    assert HATE not in shown
    assert HATE in client.post(door, {"step": "ansehen"}).content.decode()
    paper = client.post(door, {"step": "blatt"})
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    assert HATE in text
    assert "uta@example.org" not in text
    assert client.post(door, {"step": "blatt", "with_contact": "on"}).status_code == 422
    paper = client.post(door, {"step": "blatt", "with_contact": "on", "note": "PSt Bensheim"})
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    assert "uta@example.org" in text
    assert hate.events.filter(kind=EventKind.UNVEILED, facts__to="police").count() == 1
    pack = zipfile.ZipFile(BytesIO(client.post(door, {"step": "archiv"}).content))
    for line in pack.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(pack.read(name)).hexdigest() == digest
    assert hashlib.sha256(pack.read("manifest.json")).hexdigest() == evidence.digest
    assert json.loads(pack.read("manifest.json"))["content"]["text"] == HATE
    kinds = list(evidence.custody.values_list("kind", flat=True))
    assert kinds == ["sealed", "looked", "printed", "disclosed", "downloaded"]
    assert client.post(door, {"step": "quatsch"}).status_code == 422


def test_retention_waits_for_the_evidence_and_then_forgets_it(
    hate: Report, dispatcher: User
) -> None:
    evidence = sealing.seal(hate, by=dispatcher, reason="Drohung")
    Report.objects.filter(pk=hate.pk).update(erase_on="2020-01-01", status="done")
    erasure.run()
    assert SealedEvidence.objects.exists()
    erasure.run(now=evidence.sealed_at + retention.EVIDENCE + dt.timedelta(days=2))
    assert not SealedEvidence.objects.exists()


def test_a_mistake_gives_text_and_photo_back_but_not_to_the_public(
    hate: Report, dispatcher: User
) -> None:
    evidence = sealing.seal(hate, by=dispatcher, reason="Irrtum")
    sealing.lift(hate, by=dispatcher, note="Verwechselt", gives_back=True)
    hate.refresh_from_db()
    assert (hate.description, hate.is_public, hate.is_sealed) == (HATE, False, False)
    assert Photo.objects.get(report=hate).is_released is False
    with pytest.raises(TooLate):
        sealing.lift(hate, by=dispatcher, note="Nochmal", gives_back=True)
    later = evidence.sealed_at + retention.EVIDENCE_AFTER_RELEASE + dt.timedelta(days=1)
    assert sealing.forget_due(now=later) == 1


def test_a_program_of_staff_may_seal_too(client: Client, hate: Report, dispatcher: User) -> None:
    client.force_login(dispatcher)

    def post(version: int) -> Any:
        return client.post(
            f"/api/v1/desk/reports/{hate.code}/sealing/",
            json.dumps({"reason": "§ 130 StGB"}),
            content_type="application/json",
            headers={"If-Match": f'"{version}"'},
        )

    assert post(hate.version).status_code == 200
    hate.refresh_from_db()
    assert (hate.is_sealed, hate.is_public) == (True, False)
    assert post(hate.version).status_code in {409, 412}
