"""What leaves the house of sealed evidence: a sheet for the police, and the evidence as ZIP.

Both are made while the evidence is in hand (sealing.in_hand), so that it is written down.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.deeds import sealing
from reports.models import CustodyEntry, SealedEvidence
from townhall.models import User
from townhall.papers import Paper, print_paper
from townhall.papers.printing import small_jpeg

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "evidence.typ"
Lines = list[list[str]]


def sheet(
    evidence: SealedEvidence, *, by: User, has_contact: bool, now: dt.datetime | None = None
) -> bytes:
    """PDF, in German. Raises NotPrinted."""
    with translation.override("de"):
        return print_paper(
            paper_of(evidence, by=by, has_contact=has_contact, now=now or timezone.now())
        )


def paper_of(evidence: SealedEvidence, *, by: User, has_contact: bool, now: dt.datetime) -> Paper:
    files = list(evidence.files.all())
    pictures = {
        f"{n}.jpg": small_jpeg(io.BytesIO(bytes(file.data)))
        for n, file in enumerate(files)
        if file.data
    }
    content = evidence.content
    return Paper(
        TEMPLATE,
        {
            "title": _("Hand-over of evidence %(code)s") % {"code": evidence.report.shown_code},
            "from": content["municipality"],
            "subject": content["title"],
            "case": _case(evidence),
            "reason": evidence.reason,
            "text": content["text"],
            "answers": content["said"],
            "remarks": [[said(each["at"]), each["text"]] for each in content["remarks"]],
            "contact": _contact(evidence) if has_contact else [],
            "photos": [
                {
                    "file": f"{n}.jpg" if file.data else "",
                    "name": file.name,
                    "size": _bytes(len(file.data)),
                    "received": said(file.received_at),
                    "digest": file.digest,
                    "upload": file.uploaded_digest,
                }
                for n, file in enumerate(files)
            ],
            "custody": custody_lines(evidence),
            "whole": sealing.is_whole(evidence),
            "digest": evidence.digest,
            "made": _("%(when)s by %(name)s") % {"when": said(now), "name": by.name},
            "foot": f"{evidence.report.shown_code} · SHA-256 {evidence.digest[:16]}…",
            "words": _words(has_contact=has_contact),
        },
        pictures,
    )


def archive(evidence: SealedEvidence) -> bytes:
    """ZIP: the texts, the photos, what the digest is over, the custody, and a list of digests.

    Without contact data: those go by the sheet alone.
    """
    files = list(evidence.files.all())
    parts = {
        "manifest.json": sealing.canonical(sealing.manifest(evidence, files)),
        "text.txt": evidence.content["text"].encode(),
        **{f"fotos/{file.name}": bytes(file.data) for file in files},
        "gewahrsam.json": json.dumps(
            [list(line) for line in custody_lines(evidence)], ensure_ascii=False, indent=1
        ).encode(),
    }
    sums = "".join(f"{sealing.sha256(data)}  {name}\n" for name, data in parts.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in (*parts.items(), ("SHA256SUMS", sums.encode())):
            pack.writestr(name, data)
    return out.getvalue()


def custody_lines(evidence: SealedEvidence) -> Lines:
    """When, what, who, and what they noted; oldest first."""
    entries = evidence.custody.select_related("by")
    return [_line(entry) for entry in entries]


def said(moment: dt.datetime | str) -> str:
    """`22.11.2026, 14:05:09` in local time; also of ISO 8601."""
    when = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{timezone.localtime(when):%d.%m.%Y, %H:%M:%S}"


def _line(entry: CustodyEntry) -> list[str]:
    return [said(entry.at), str(entry.get_kind_display()), entry.by.name, entry.note]


def _case(evidence: SealedEvidence) -> Lines:
    content = evidence.content
    lon, lat = content["position"]
    return [
        [_("Number"), evidence.report.shown_code],
        [_("Place"), f"{content['title']}, {content['municipality']}"],
        [_("Position (WGS 84)"), f"{lat:.6f} N, {lon:.6f} O"],
        [_("Received"), said(content["received_at"])],
        [_("Was public"), _("yes") if content["was_public"] else _("no")],
        [_("Sealed"), f"{said(evidence.sealed_at)}, {evidence.sealed_by.name}"],
        [_("Kept until"), f"{evidence.keep_until:%d.%m.%Y}"],
    ]


def _contact(evidence: SealedEvidence) -> Lines:
    known = evidence.contact
    confirmed = known.get("confirmed_at")
    rows = [
        [_("Name"), known.get("name", "")],
        [_("E-mail"), known.get("email", "")],
        [_("Phone"), known.get("phone", "")],
        [_("Address confirmed"), said(confirmed) if confirmed else _("no")],
    ]
    return [row for row in rows if row[1]] if known else [[_("Contact"), _("none was left")]]


def _bytes(size: int) -> str:
    return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": f"{size:,}".replace(",", ".")}


def _words(*, has_contact: bool) -> dict[str, Any]:
    without = _("Contact data are not on this sheet.")
    with_them = _("Disclosed with this sheet; the disclosure is written down.")
    return {
        "warning": _("May be a crime. Do not pass on, do not copy beyond what the case needs."),
        "case": _("The report"),
        "reason": _("Why it was sealed"),
        "text": _("What was written"),
        "no_text": _("No text."),
        "remarks": _("What others added"),
        "photos": _("Photos"),
        "lost": _("The picture’s file is lost."),
        "contact": _("Who reported it"),
        "contact_words": with_them if has_contact else without,
        "custody": _("Chain of custody"),
        "custody_head": [_("When"), _("What"), _("Who"), _("Note")],
        "proof": _("Digests"),
        "digest": _("Evidence, SHA-256"),
        "picture": _("Picture, SHA-256"),
        "upload": _("Upload, SHA-256"),
        "whole": _("Everything is as it was sealed: worked out anew for this sheet."),
        "broken": _("Not as it was sealed. Do not use it before this is explained."),
        "proof_words": _(
            "The digest is over manifest.json of the ZIP, which names every file with its own. "
            "Pictures were made smaller and freed of camera data when they came in; the digest of "
            "the upload is that of the file as it was sent."
        ),
        "check": _("How to check the ZIP"),
        "check_words": _(
            "Unpack it. In its folder, on Linux or macOS: sha256sum -c SHA256SUMS checks every "
            "file, and sha256sum manifest.json gives the digest above (on macOS: shasum -a 256). "
            "On Windows: certutil -hashfile manifest.json SHA256."
        ),
        "made": _("Made"),
        "given": _("Handed over to (name, office, reference)"),
        "signed": _("Date, signature"),
    }
