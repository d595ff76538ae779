"""One report as the detail pane shows it, to one member of staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Prefetch, Q, Value, When
from django.utils import timezone

from reports.catalogue.offered import answered
from reports.colleagues import colleagues, departments
from reports.deeds import commissioning
from reports.desk.rows import Deadline, whole_of
from reports.models import (
    Alarm,
    Call,
    Contact,
    Event,
    EventKind,
    Photo,
    Publication,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    StaffPhoto,
)
from reports.personal import veiling
from reports.personal.masking import Kind, Piece, pieces
from reports.voices import support
from reports.voices.support import Numbers
from reports.workflow import Deed, may
from townhall.models import Department, Role, User
from townhall.people import Scope, scope_of
from townhall.rota import Duty, duties

# A timeline of them would be all that staff see of a report that concerns many.
_COUNTED = frozenset(
    {EventKind.SUPPORTED, EventKind.UNSUPPORTED, EventKind.FOLLOWED, EventKind.UNFOLLOWED}
)


# What staff added to an entry, and what came with a reply or from who had a task.
_PICTURES = (
    Prefetch("staff_photos", StaffPhoto.objects.select_related("image")),
    Prefetch(
        "photos",
        Photo.objects.filter(remark__kind__in=[RemarkKind.REPLY, RemarkKind.TASK]).select_related(
            "image"
        ),
        to_attr="replied_photos",
    ),
)

_VEILED = ("name", "email", "phone", "postal_address")


@dataclass(frozen=True)
class Case:
    """A report as the detail pane shows it, to one member of staff."""

    report: Report
    user: User
    deadline: Deadline | None

    @cached_property
    def roles(self) -> frozenset[str]:
        return roles_on(self.report, scope_of(self.user))

    def may(self, deed: Deed) -> bool:
        return may(self.roles, deed)

    @cached_property
    def events(self) -> list[Event]:
        """Newest first; `to_name` says who was made responsible, `outsider` who had a task outside.

        Of voices and followers only the number matters: `numbers`.
        """
        told = self.report.events.newest_first().exclude(kind__in=_COUNTED)
        events = list(told.prefetch_related(*_PICTURES))
        ids = {event.facts.get("to") for event in events if event.kind == EventKind.ASSIGNED}
        people = User.objects.in_bulk(pk for pk in ids if pk)
        outsiders = commissioning.names(events)
        undone = {event.version - 1 for event in events if event.kind == EventKind.UNDONE}
        for event in events:
            event.is_undone = event.version in undone  # type: ignore[attr-defined]
            event.outsider = outsiders.get(event.facts.get("task"))  # type: ignore[attr-defined]
            if event.kind == EventKind.ASSIGNED:
                person = people.get(event.facts.get("to"))
                event.to_name = person.name if person else ""  # type: ignore[attr-defined]
        return events

    @cached_property
    def numbers(self) -> Numbers:
        """Two statements."""
        return support.numbers(self.report)

    @cached_property
    def alarm(self) -> Alarm | None:
        """The last one of a danger; what happened in earlier ones stands in the timeline."""
        if not self.report.is_hazard:
            return None
        return self.report.alarms.select_related("department").last()

    @cached_property
    def calls(self) -> list[Call]:
        """Who was called in the alarm, newest first, each person once with their last call.

        `count` says how often.
        """
        found: dict[str, Any] = {}
        for call in self.alarm.calls.order_by("-at") if self.alarm else ():
            first: Any = found.setdefault(call.name, call)
            first.count = getattr(first, "count", 0) + 1
        return list(found.values())

    @cached_property
    def duty(self) -> Duty | None:
        """Who is on duty now for a danger that nobody answered."""
        if not (self.alarm and self.alarm.is_ringing):
            return None
        office = self.alarm.department
        return duties([office], timezone.now()).get(office.pk)

    @cached_property
    def answers(self) -> list[tuple[str, str]]:
        """Question and answer in words, as far as the catalogue still knows the question."""
        return [(told.question, told.answer) for told in answered(self.report)]

    @cached_property
    def _contact(self) -> dict[str, Any] | None:
        """The times of the contact, if there is one, and a name that is meant for everybody.

        The rest of the contact leaves this class veiled, and only for who may unveil it.
        """
        contacts = Contact.objects.filter(report=self.report)
        times: Any = contacts.values(
            "confirmed_at",
            "confirm_expires_at",
            "correspondence__ended_at",
            "correspondence__unreachable_at",
            *(_VEILED if self.may_unveil else ()),
            wants_paper=models.Case(
                When(Q(email="") & ~Q(postal_address=""), then=Value(True)), default=Value(False)
            ),
            public_name=models.Case(When(name_is_public=True, then="name"), default=Value("")),
        )
        row: dict[str, Any] | None = times.first()
        return row

    @property
    def public_name(self) -> str:
        """What the reporter wants to be called in public; "" if they do not."""
        return str(self._contact["public_name"]) if self._contact else ""

    @property
    def veiled_contact(self) -> dict[str, str]:
        """By name, email, phone, postal_address: enough to know it again. Empty for who may not."""
        if not (self._contact and self.may_unveil):
            return {}
        return veiling.veiled({part: self._contact[part] for part in _VEILED})

    @property
    def has_contact(self) -> bool:
        return self._contact is not None

    @property
    def wants_letters(self) -> bool:
        """Whether an e-mail address was left, not only a name or a phone number."""
        return bool(self._contact and self._contact["confirm_expires_at"])

    @property
    def wants_paper(self) -> bool:
        """Without e-mail, but with a postal address."""
        return bool(self._contact and self._contact["wants_paper"])

    @property
    def is_contact_confirmed(self) -> bool:
        return bool(self._contact and self._contact["confirmed_at"])

    @property
    def has_ended_letters(self) -> bool:
        """The reporter wants no more letters."""
        return bool(self._contact and self._contact["correspondence__ended_at"])

    @property
    def is_unreachable(self) -> bool:
        """The reporter's mail server says that there is no such address."""
        return bool(self._contact and self._contact["correspondence__unreachable_at"])

    @property
    def gets_letters(self) -> bool:
        """Whether what is written to the reporter leaves as a letter."""
        reaches = self.is_contact_confirmed or self.wants_paper
        return reaches and not (self.has_ended_letters or self.is_unreachable)

    @property
    def waits_for_release(self) -> bool:
        """Whether a text or a photo is there that the public has not seen."""
        report = self.report
        if report.publication == Publication.NEVER:
            return False
        has_text = bool(report.description) and not report.is_text_public
        has_text |= report.is_text_public and report.waits_for_eyes
        return has_text or any(not photo.is_released for photo in self.photos)

    @cached_property
    def said(self) -> list[Piece]:
        """The description in pieces: what tells a person stands out."""
        return pieces(self.report.description)

    @property
    def found(self) -> list[Kind]:
        """What is told in it, each kind once."""
        return list(dict.fromkeys(piece.kind for piece in self.said if piece.kind))

    @property
    def may_file(self) -> bool:
        """Take the record of a danger out of the house."""
        return self.may(Deed.FILE)

    @property
    def may_redact(self) -> bool:
        return self.may(Deed.REDACT)

    @property
    def shows_reading_log(self) -> bool:
        """Whether the user administers a town that writes down who opens a report."""
        return self.report.municipality.keeps_reading_log and Role.ADMINISTRATOR in self.roles

    @property
    def may_seal(self) -> bool:
        return self.may(Deed.SEAL)

    @property
    def may_unveil(self) -> bool:
        return self.may(Deed.UNVEIL)

    @cached_property
    def photos(self) -> list[Any]:
        return list(self.report.photos.filter(remark=None).select_related("image"))

    @cached_property
    def remarks(self) -> list[Remark]:
        """What residents said and nobody decided on, oldest first."""
        return list(self.report.remarks.waiting().prefetch_related("photos__image"))

    @property
    def problems(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.is_problem]

    @cached_property
    def unfounded(self) -> int:
        """How many problems staff have found unfounded before. One statement."""
        settled = self.report.remarks.filter(state=RemarkState.SETTLED)
        return settled.filter(kind=RemarkKind.PROBLEM).count()

    @property
    def additions(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.is_problem]

    @property
    def may_release(self) -> bool:
        return self.may(Deed.RELEASE)

    @property
    def may_show_remarks(self) -> bool:
        """Of a report for the town hall only nothing is ever shown."""
        return self.may_release and self.report.publication != Publication.NEVER

    @cached_property
    def colleagues(self) -> list[User]:
        """Who may be made responsible: the department's people and the town's dispatchers."""
        return list(colleagues(self.report))

    @cached_property
    def departments(self) -> list[Department]:
        """Where it can be forwarded to: whoever serves the town, except who has it now."""
        return list(departments(self.report))


def roles_on(report: Report, scope: Scope) -> frozenset[str]:
    return scope.roles_for(
        municipality_id=report.municipality_id, department_id=report.department_id
    )


def case_of(code: str, user: User, *, today: dt.date) -> Case:
    """Raises Report.DoesNotExist where the user has nothing to look for."""
    row = whole_of(code, user, today=today)
    return Case(row.report, user, row.deadline)
