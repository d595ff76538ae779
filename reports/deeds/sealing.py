"""„Strafbarer Inhalt“: text and photos become evidence, and nobody but its keepers sees them again.

Sealing moves them: what the report's row and its photos said goes into tables that the database
lets nobody change, and is gone from the report, so no door can show it. The reporter is not told.
Whoever looks, prints, downloads or lifts the seal is written down: the chain of custody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from reports import live
from reports.catalogue.offered import answered
from reports.deeds.work import NotAllowed, TooLate, Work, done_by_staff, roles_on
from reports.models import (
    Contact,
    CustodyEntry,
    CustodyKind,
    EventKind,
    Photo,
    Publication,
    PublicText,
    Remark,
    RemarkState,
    Report,
    SealedEvidence,
    SealedFile,
    Visibility,
)
from reports.personal import retention
from reports.workflow import Deed, may
from townhall import photos
from townhall.models import Image, User
from townhall.photos.pool import Decoded
from townhall.photos.storing import file_name, keep

SIZES: Final = ("width", "height", "thumb_width", "thumb_height", "colour")


# ── The deeds ────────────────────────────────────────────────────────────────────────────────
def seal(report: Report, *, by: User, reason: str, version: int | None = None) -> SealedEvidence:
    """Hide the report from everybody at once, and keep its text and photos as evidence.

    Raises NotAllowed, and TooLate where it is sealed or the reporter has changed it meanwhile.
    """
    with done_by_staff(report, by, Deed.SEAL, version) as work:
        row = work.report
        if row.is_sealed:
            raise TooLate(row, ())
        if row.is_public:
            hidden = work.tell(EventKind.DEPUBLISHED, Visibility.INTERNAL)
            hidden.tiles = live.public_tiles(row)
        evidence = _keep(work, reason.strip())
        _empty(row, work)
        row.changed_at = work.now
        facts = {"evidence": str(evidence.pk), "digest": evidence.digest}
        work.tell(EventKind.SEALED, Visibility.INTERNAL, text=reason.strip(), facts=facts)
    return evidence


def lift(
    report: Report, *, by: User, note: str, gives_back: bool, version: int | None = None
) -> Report:
    """It need not be kept any longer. `gives_back`: text and photos return to the report, hidden.

    The evidence itself goes by the retention run. Raises NotAllowed, TooLate.
    """
    with done_by_staff(report, by, Deed.SEAL, version) as work:
        evidence = kept_of(work.report)
        if evidence is None:
            raise TooLate(work.report, ())
        work.report.is_sealed = False
        work.report.publication = evidence.content["publication"]
        if gives_back:
            _give_back(work.report, evidence)
        _enter(evidence, CustodyKind.RELEASED, by=by, at=work.now, note=note)
        facts = {"evidence": str(evidence.pk), "gives_back": gives_back}
        work.tell(EventKind.UNSEALED, Visibility.INTERNAL, text=note.strip(), facts=facts)
    return work.report


@contextmanager
def in_hand(
    report: Report, kind: CustodyKind, *, by: User, note: str = ""
) -> Iterator[SealedEvidence]:
    """Use the evidence: it is written into its custody and the report's life, or nothing happens.

    Raises NotAllowed, and TooLate where nothing is sealed. With DISCLOSED the user must be allowed
    to see who reported it, and that they were told is written down as such.
    """
    with done_by_staff(report, by, Deed.SEAL, None) as work:
        if kind == CustodyKind.DISCLOSED:
            if not may(roles_on(by, work.report), Deed.UNVEIL):
                raise NotAllowed
            work.tell(EventKind.UNVEILED, Visibility.INTERNAL, facts={"to": "police"})
        evidence = kept_of(work.report)
        if evidence is None:
            raise TooLate(work.report, ())
        _enter(evidence, kind, by=by, at=work.now, note=note)
        work.tell(EventKind.SEAL_USED, Visibility.INTERNAL, facts={"kind": str(kind)})
        yield evidence


def kept_of(report: Report) -> SealedEvidence | None:
    """The evidence of a report whose seal is not lifted."""
    return report.evidence.last() if report.is_sealed else None


# ── Sealing ──────────────────────────────────────────────────────────────────────────────────
def _keep(work: Work, reason: str) -> SealedEvidence:
    """Copy everything, with digests over what was copied."""
    row, by = work.report, work.by
    assert by
    evidence = SealedEvidence(
        report=row,
        sealed_at=work.now,
        sealed_by=by,
        reason=reason,
        content=_content(row),
        contact=_contact(row),
        keep_until=timezone.localdate(work.now) + retention.EVIDENCE,
    )
    files = [_file(evidence, n, each) for n, each in enumerate(_photos(row), start=1)]
    evidence.digest = digest_of(manifest(evidence, files))
    evidence.save(force_insert=True)
    SealedFile.objects.bulk_create(files)
    _enter(evidence, CustodyKind.SEALED, by=by, at=work.now, note=reason)
    return evidence


def _content(row: Report) -> dict[str, Any]:
    said = [
        {
            "kind": remark.kind,
            "text": remark.text,
            "at": remark.at.isoformat(),
            "id": str(remark.pk),
        }
        for remark in row.remarks.exclude(text="")
    ]
    texts = row.public_texts.select_related("by").order_by("id")
    return {
        "code": row.code,
        "title": row.title,
        "municipality": row.municipality.name,
        "position": [round(row.position.x, 6), round(row.position.y, 6)],
        "received_at": row.received_at.isoformat(),
        "source": row.source,
        "language": row.language,
        "text": row.description,
        "masked_text": row.masked_text,
        "answers": row.answers,
        "said": [[told.question, told.answer] for told in answered(row)],
        "remarks": said,
        "public_texts": [
            {"text": each.text, "at": each.at.isoformat(), "by": each.by.name if each.by else ""}
            for each in texts
        ],
        "publication": row.publication,
        "was_public": row.is_public,
        "was_text_public": row.is_text_public,
    }


def _contact(row: Report) -> dict[str, Any]:
    contact = Contact.objects.filter(report=row).first()
    if contact is None:
        return {}
    return {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "confirmed_at": contact.confirmed_at.isoformat() if contact.confirmed_at else "",
    }


def _photos(row: Report) -> list[Photo]:
    """Also those that residents added later."""
    return list(Photo.objects.filter(report=row).select_related("image").order_by("position", "pk"))


def _file(evidence: SealedEvidence, number: int, photo: Photo) -> SealedFile:
    image = photo.image
    data = _read(image, "full")
    facts = {name: getattr(image, name) for name in SIZES}
    return SealedFile(
        evidence=evidence,
        name=f"foto-{number:02}.webp",
        digest=sha256(data),
        uploaded_digest=image.digest,
        received_at=image.created_at,
        data=data,
        thumb=_read(image, "thumb"),
        facts=facts | {"position": photo.position, "is_remarks": photo.remark_id is not None},
    )


def _read(image: Image, size: Any) -> bytes:
    """Empty where the file is lost: the digest of the upload is kept all the same."""
    try:
        with default_storage.open(file_name(image, size)) as file:
            return bytes(file.read())
    except OSError:
        return b""


def _empty(row: Report, work: Work) -> None:
    """Nothing of it is left at the report, and nothing of the report is public."""
    images = [photo.image for photo in _photos(row)]
    Photo.objects.filter(report=row).delete()
    PublicText.objects.filter(report=row).delete()
    Remark.objects.filter(report=row).exclude(text="").update(text="")
    Remark.objects.waiting().filter(report=row).update(
        state=RemarkState.REFUSED, sender="", decided_at=work.now, decided_by=work.by
    )
    row.description = row.masked_text = ""
    row.answers = {}
    row.is_public = row.is_text_public = False
    row.publication = Publication.NEVER
    row.is_sealed = True
    transaction.on_commit(lambda: [photos.discard(image) for image in images])


def _give_back(row: Report, evidence: SealedEvidence) -> None:
    row.describe(evidence.content["text"])
    row.answers = evidence.content["answers"]
    for file in evidence.files.all():
        if file.facts["is_remarks"] or not file.data:
            continue
        sizes = {name: file.facts[name] for name in SIZES}
        decoded = Decoded(full=bytes(file.data), thumb=bytes(file.thumb), **sizes)
        image = keep(uuid4(), file.uploaded_digest, decoded)
        Photo.objects.create(report=row, image=image, position=file.facts["position"])


def _enter(
    evidence: SealedEvidence, kind: CustodyKind, *, by: User, at: dt.datetime, note: str = ""
) -> None:
    CustodyEntry.objects.create(evidence=evidence, kind=kind, at=at, by=by, note=note.strip()[:500])


# ── Digests ──────────────────────────────────────────────────────────────────────────────────
def manifest(evidence: SealedEvidence, files: list[SealedFile]) -> dict[str, Any]:
    """What the digest is over. Of the contact data only a digest: the sheet may go without them."""
    return {
        "evidence": str(evidence.pk),
        "sealed_at": evidence.sealed_at.isoformat(),
        "reason": evidence.reason,
        "content": evidence.content,
        "contact_sha256": digest_of(evidence.contact),
        "files": [
            {
                "name": file.name,
                "sha256": file.digest,
                "upload_sha256": file.uploaded_digest,
                "bytes": len(file.data),
            }
            for file in files
        ],
    }


def digest_of(content: Any) -> str:
    return sha256(canonical(content))


def canonical(content: Any) -> bytes:
    """As JSON: sorted names, no blanks, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_whole(evidence: SealedEvidence) -> bool:
    """Whether everything is still as it was sealed, byte by byte."""
    files = list(evidence.files.all())
    same = all(sha256(bytes(file.data)) == file.digest for file in files)
    return same and digest_of(manifest(evidence, files)) == evidence.digest


# ── Forgetting ───────────────────────────────────────────────────────────────────────────────
def forget_due(*, now: dt.datetime) -> int:
    """Evidence past its limit, or whose seal was lifted long enough ago. Returns how many."""
    lifted = CustodyEntry.objects.filter(
        kind=CustodyKind.RELEASED, at__lt=now - retention.EVIDENCE_AFTER_RELEASE
    )
    over = SealedEvidence.objects.filter(keep_until__lt=timezone.localdate(now))
    due = over | SealedEvidence.objects.filter(pk__in=lifted.values("evidence"))
    return sum(_forget(pk, now=now) for pk in due.values_list("pk", flat=True))


def _forget(pk: Any, *, now: dt.datetime) -> bool:
    with transaction.atomic():
        evidence = SealedEvidence.objects.filter(pk=pk).select_related("report").first()
        if evidence is None:
            return False
        report = Report.objects.locked().get(pk=evidence.report_id)
        is_lifted = evidence.custody.filter(kind=CustodyKind.RELEASED).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('augenmerk.erases', %s, true)", [str(pk)])
        evidence.delete()
        report.version += 1
        report.is_sealed = report.is_sealed and is_lifted  # sealed once more since
        report.save(update_fields=["version", "is_sealed"])
        report.events.create(
            kind=EventKind.UNSEALED,
            version=report.version,
            at=now,
            visibility=Visibility.INTERNAL,
            facts={"because": "lifted" if is_lifted else "limit"},
        )
        return True
