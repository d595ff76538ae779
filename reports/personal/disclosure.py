"""The copy of all that is kept about a person (GDPR, articles 15 and 20): what is in it.

How it is written down is townhall/copies.py's affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext

from reports.catalogue.answers import Asked
from reports.letters import tasks as task_letters
from reports.models import (
    Commission,
    Contact,
    Event,
    EventKind,
    Follower,
    Photo,
    Question,
    Remark,
    Report,
)
from townhall.belongings import Sheet
from townhall.mailboxes import Mailbox
from townhall.models import Image, Letter
from townhall.photos.storing import file_name


def of_reports(contacts: list[Contact]) -> Sheet:
    """Everything that was sent in, what was told about it, every letter, every photo."""
    about = _About(contacts)
    return Sheet(
        name="meldungen",
        title=gettext("Your reports"),
        labels=_labels(),
        records=[about.record(contact) for contact in contacts],
        files=about.files,
    )


class _About:
    """What hangs on the reports, asked for once for all of them: five statements."""

    def __init__(self, contacts: list[Contact]) -> None:
        reports = [contact.report for contact in contacts]
        self.events = _grouped(
            Event.objects.filter(report__in=reports).for_reporter().order_by("id"), "report_id"
        )
        self.photos = _grouped(
            Photo.objects.filter(report__in=reports).select_related("image", "remark"),
            "report_id",
        )
        said = Remark.objects.filter(report__in=reports, is_reporters=True)
        self.remarks = _grouped(said.order_by("at"), "report_id")
        mine = {contact.report.code: contact.email for contact in contacts}
        letters = Letter.objects.filter(about__in=[f"report:{code}" for code in mine])
        self.letters = _grouped(
            (each for each in letters.order_by("created_at") if _is_to(each, mine)), "about"
        )
        asked = Question.objects.filter(category__in={each.category_id for each in reports})
        self.questions = {(row.category_id, row.code): Asked.read(vars(row)) for row in asked}
        self.files: dict[str, Callable[[], bytes]] = {}

    def record(self, contact: Contact) -> dict[str, Any]:
        report = contact.report
        return {
            "code": report.shown_code,
            "status": report.get_status_display(),
            "category": report.category.label,
            "municipality": report.municipality.name,
            "department": report.department.name,
            "street": report.street,
            "house_number": report.house_number,
            "locality": report.locality,
            "longitude": round(report.position.x, 6),
            "latitude": round(report.position.y, 6),
            "description": report.description,
            "answers": [
                self._answer(report, code, answer) for code, answer in report.answers.items()
            ],
            "email": contact.email,
            "name": contact.name,
            "phone": contact.phone,
            "postal_address": contact.postal_address,
            "name_is_public": contact.name_is_public,
            "confirmed_at": contact.confirmed_at,
            "reminded_at": contact.reminded_at,
            "language": report.language,
            "is_public": report.is_public,
            "received_at": report.received_at,
            "closed_at": report.closed_at,
            "contact_erased_on": report.erase_contact_on,
            "report_erased_on": report.erase_on,
            "timeline": [_told(event) for event in self.events.get(report.pk, ())],
            "added": [_remark(each) for each in self.remarks.get(report.pk, ())],
            "letters": [_letter(each) for each in self.letters.get(f"report:{report.code}", ())],
            "photos": self._photos(report),
        }

    def _answer(self, report: Report, code: str, answer: Any) -> dict[str, str]:
        """In the words of the form; by their codes where the catalogue has forgotten them."""
        asked = self.questions.get((report.category_id, code))
        if asked is None:
            return {"question": code, "answer": _text(answer)}
        return {"question": asked.text, "answer": asked.in_words(answer)}

    def _photos(self, report: Report) -> list[dict[str, Any]]:
        rows = []
        own = [p for p in self.photos.get(report.pk, ()) if _is_reporters(p)]
        for number, photo in enumerate(own, start=1):
            name = f"fotos/{report.code}-{number}.webp"
            self.files[name] = partial(_picture, photo.image)
            rows.append({"file": name, "is_public": photo.is_released and report.is_public})
        return rows


def _grouped(rows: Iterable[Any], key: str) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(getattr(row, key), []).append(row)
    return groups


def _is_to(letter: Letter, mine: Mapping[str, str]) -> bool:
    to = mine[letter.about.partition(":")[2]]
    return Mailbox.of(letter.to) == Mailbox.of(to)


def _is_reporters(photo: Photo) -> bool:
    return photo.remark is None or photo.remark.is_reporters


def _told(event: Event) -> dict[str, Any]:
    return {
        "at": event.at,
        "what": event.get_kind_display(),
        "status": event.get_status_display() if event.status else "",
        "text": event.text,
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "at": remark.at,
        "what": remark.get_kind_display(),
        "text": remark.text,
        "state": remark.get_state_display(),
    }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "at": letter.created_at,
        "state": letter.get_state_display(),
        "sent_at": letter.sent_at,
        "subject": letter.subject,
        "text": letter.text,
    }


def _picture(image: Image) -> bytes:
    with default_storage.open(file_name(image, "full")) as file:
        return bytes(file.read())


def _text(answer: Any) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def of_followings(followers: list[Follower]) -> Sheet:
    return Sheet(
        name="gefolgt",
        title=gettext("Reports that you follow"),
        labels=_labels(),
        records=[
            {
                "code": row.report.shown_code,
                "category": row.report.category.label,
                "municipality": row.report.municipality.name,
                "email": row.email,
                "language": row.language,
                "asked_at": row.asked_at,
                "confirmed_at": row.confirmed_at,
                "ended_at": row.ended_at,
            }
            for row in followers
        ],
    )


def of_tasks(tasks: list[Commission]) -> Sheet:
    """What somebody outside was asked to do, and what they said. Three statements."""
    reports = {row.report_id: row.report for row in tasks}
    said = [EventKind.TASK_SAID, EventKind.TASK_DONE, EventKind.TASK_REFUSED]
    events = Event.objects.filter(report__in=reports, kind__in=said).order_by("id")
    words: dict[Any, list[Event]] = {}
    for event in events:
        words.setdefault(event.facts.get("task"), []).append(event)
    about = [f"report:{report.code}" for report in reports.values()]
    to = {row.email for row in tasks}
    mailed = Letter.objects.filter(about__in=about, kind=task_letters.KIND, to__in=to)
    letters = _grouped(mailed.order_by("created_at"), "about")
    return Sheet(
        name="auftraege",
        title=gettext("Tasks that a town hall gave you"),
        labels=_labels(),
        records=[
            {
                "code": row.report.shown_code,
                "category": row.report.category.label,
                "municipality": row.report.municipality.name,
                "email": row.email,
                "name": row.name,
                "text": row.text,
                "due_on": row.due_on,
                "asked_at": row.asked_at,
                "opened_at": row.opened_at,
                "state": row.get_outcome_display(),
                "ended_at": row.ended_at,
                "timeline": [_told(event) for event in words.get(row.pk, ())],
                "letters": [_letter(each) for each in letters.get(f"report:{row.report.code}", ())],
            }
            for row in tasks
        ],
    )


def _labels() -> dict[str, str]:
    return {
        "code": gettext("Number"),
        "status": gettext("Status"),
        "category": gettext("Category"),
        "municipality": gettext("Municipality"),
        "department": gettext("Responsible"),
        "street": gettext("Street"),
        "house_number": gettext("House number"),
        "locality": gettext("Part of the town"),
        "longitude": gettext("Longitude"),
        "latitude": gettext("Latitude"),
        "description": gettext("Description"),
        "answers": gettext("Answers"),
        "question": gettext("Question"),
        "answer": gettext("Answer"),
        "email": gettext("E-mail"),
        "name": gettext("Name"),
        "phone": gettext("Phone"),
        "postal_address": gettext("Postal address"),
        "name_is_public": gettext("Show the name in public"),
        "confirmed_at": gettext("Address confirmed"),
        "reminded_at": gettext("Reminded to confirm the address"),
        "language": gettext("Language"),
        "is_public": gettext("Public"),
        "received_at": gettext("Received"),
        "closed_at": gettext("Closed"),
        "contact_erased_on": gettext("Contact details are deleted on"),
        "report_erased_on": gettext("The report is deleted on"),
        "timeline": gettext("Timeline"),
        "added": gettext("What you said later"),
        "letters": gettext("Letters"),
        "photos": gettext("Photos"),
        "at": gettext("When"),
        "what": gettext("What"),
        "text": gettext("Text"),
        "state": gettext("Stage"),
        "sent_at": gettext("Sent"),
        "subject": gettext("Subject"),
        "file": gettext("File"),
        "asked_at": gettext("Asked"),
        "ended_at": gettext("Ended"),
        "due_on": gettext("Due on"),
        "opened_at": gettext("Opened"),
    }
