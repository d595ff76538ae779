"""A report as one reader may see it: what stands on its page, and its timeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from frontend.templatetags.frontend import status_label
from reports.catalogue import offered as catalogue
from reports.catalogue.offered import Told
from reports.letters.links import link
from reports.models import (
    Contact,
    Event,
    EventKind,
    Photo,
    PublicPlace,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    StaffPhoto,
)
from reports.receiving import photo_terms
from reports.voices import amending, remarks, replying
from reports.voices.forms import RemarkForm
from reports.workflow import Status
from townhall.calendar import Calendar


@dataclass(frozen=True)
class Story:
    """A report as one reader may see it. `token` is the reporter's; empty for the public."""

    report: Report
    token: str = ""

    @cached_property
    def chances(self) -> amending.Chances:
        """What its reporter may still do with it."""
        return amending.chances(self.report)

    @property
    def is_own(self) -> bool:
        return bool(self.token)

    @property
    def title(self) -> str:
        return self.report.title if self.is_own else self.report.public_title

    @property
    def description(self) -> str:
        return self.report.description if self.is_own else self.report.public_description

    @property
    def reported_by(self) -> str:
        """For everybody, as the reporter wished; as soon as staff have let out anything of it."""
        return (getattr(self.report, "public_name", "") or "") if self.is_let_out else ""

    @property
    def is_let_out(self) -> bool:
        """Whether the public sees anything of what was written or photographed."""
        report = self.report
        return report.is_text_public or any(each.is_released for each in report.photos.all())

    @property
    def place(self) -> str:
        """„Lindenweg, Auerbach, Bensheim“; with the house number for the reporter only."""
        report = self.report
        street = f"{report.street} {report.house_number}".strip()
        first = street if self.is_own else report.public_place
        hides_all = not self.is_own and not report.public_place
        locality = "" if hides_all else report.locality
        return ", ".join(dict.fromkeys(filter(None, [first, locality, report.municipality.name])))

    @property
    def on_map(self) -> str:
        """Address of the map at the public place; "" where the map does not show it."""
        place = self.report.public_position
        if place is None or not self.report.is_public:
            return ""
        return f"{reverse('home')}?lat={place.y:.5f}&lon={place.x:.5f}&z=16"

    @property
    def pin(self) -> str:
        """ "lon,lat" of the public place, for the small map; only where `on_map` is not empty."""
        place = self.report.public_position
        return f"{place.x:.6f},{place.y:.6f}" if place else ""

    @property
    def ground(self) -> str:
        return f"{reverse('api-areas')}?layer={settings.MUNICIPALITY_LAYER}"

    @property
    def latitude(self) -> str:
        return f"{self.report.position.y:.6f}"

    @property
    def longitude(self) -> str:
        return f"{self.report.position.x:.6f}"

    @property
    def address(self) -> str:
        """The public page, absolute."""
        return link("report-page", self.report.code)

    @property
    def summary(self) -> str:
        """For previews in messengers: „In Bearbeitung · Bensheim · Tiefes Loch vor …“."""
        words = [status_label(self.report.status), self.report.municipality.name, self.description]
        return Truncator(" · ".join(filter(None, words))).chars(200)

    @property
    def picture_address(self) -> str:
        """Of the first public photo; "" where there is none."""
        if not self.photos:
            return ""
        return link("photo", str(self.photos[0]["photo"].image_id), "full")

    @property
    def waits_for_review(self) -> bool:
        """Something was sent in that the public can't read yet."""
        hidden_photo = any(
            not photo.is_released for photo in self.report.photos.all() if photo.remark_id is None
        )
        return (bool(self.report.description) and not self.report.is_text_public) or hidden_photo

    @cached_property
    def photos(self) -> list[dict[str, Any]]:
        """The report's own pictures that this reader may see, with their addresses."""
        told = {moment.event.pk for moment in self.moments if moment.photos}
        return [
            self._picture(photo)
            for photo in self.report.photos.all()
            if photo.remark_id is None
            and photo.event_id not in told
            and (self.is_own or photo.is_released)
        ]

    @cached_property
    def photo_licence(self) -> tuple[str, str] | None:
        """Name and address of the licence of `photos`; None: not for others' use."""
        kinds = {moment.event.kind: moment.event.facts for moment in self.moments}
        return photo_terms.licence_in(kinds.get(EventKind.RECEIVED, {}))

    def _picture(self, photo: Photo | StaffPhoto) -> dict[str, Any]:
        return {
            "photo": photo,
            "image": photo.image,
            "full": self._photo_url(photo, "full"),
            "thumb": self._photo_url(photo, "thumb"),
        }

    def _photo_url(self, photo: Photo | StaffPhoto, size: str) -> str:
        if self.is_own:
            return reverse("own-photo", args=[self.token, photo.image_id, size])
        return reverse("photo", args=[photo.image_id, size])

    @cached_property
    def moments(self) -> list[Moment]:
        """What happened, newest first, in words meant for this reader."""
        events = self.report.events
        mine = events.for_reporter() if self.is_own else events.public()
        return _moments(
            [each for each in mine.newest_first().with_pictures() if each.kind in _TOLD],
            self._pictures_of,
        )

    def _pictures_of(self, event: Event) -> list[dict[str, Any]]:
        """What was shown with it. What came with the report itself stands on top of the page."""
        if event.kind == EventKind.RECEIVED:
            return []
        shown = (photo for photo in self.report.photos.all() if photo.event_id == event.pk)
        is_reply = self.is_own and event.kind == EventKind.REPLIED  # for the town hall and them
        theirs = [self._picture(photo) for photo in shown if photo.is_released or is_reply]
        return [*theirs, *(self._picture(photo) for photo in event.staff_photos.all())]

    @cached_property
    def question(self) -> Event | None:
        """What the town hall wants to know from the reporter, and only from them."""
        return replying.question_to(self.report) if self.is_own else None

    @cached_property
    def reporter_name(self) -> str:
        """For what is addressed to them: on their own page only."""
        contact = Contact.objects.filter(report=self.report).first() if self.is_own else None
        return contact.name if contact else ""

    @property
    def asks(self) -> frozenset[str]:
        """What the reader may say of the report in its present status."""
        return frozenset(remarks.asked_in(Status(self.report.status)))

    @property
    def form(self) -> RemarkForm:
        """For what the page asks; each with a UUID of its own."""
        return RemarkForm.blank()

    @cached_property
    def sent(self) -> list[Remark]:
        """What the reporter said later and nobody else reads yet, newest first."""
        if not self.is_own:
            return []
        mine = self.report.remarks.filter(is_reporters=True, state__in=_UNREAD)
        return list(mine.exclude(kind=RemarkKind.PROBLEM).order_by("-at"))

    def remark_address(self, slug: str) -> str:
        """Where the reader says something: by their own link or in public."""
        if self.is_own:
            return reverse(f"own-{slug}", args=[self.token])
        return reverse(f"report-{slug}", args=[self.report.code])

    @property
    def more_address(self) -> str:
        return self.remark_address("ergaenzung")

    @property
    def fixed_address(self) -> str:
        return self.remark_address("behoben")

    @property
    def not_fixed_address(self) -> str:
        return self.remark_address("nicht-behoben")

    @property
    def page(self) -> str:
        """Where this reader sees the report: their own page or the public one."""
        if self.is_own:
            return reverse("own-report", args=[self.token])
        return reverse("report-page", args=[self.report.code])

    @property
    def own_address(self) -> str:
        """What a QR on paper leads to: this very page, absolute."""
        if not self.is_own:
            return self.address
        return link("own-report", self.token, town=self.report.municipality)

    @property
    def way(self) -> str:
        """For the device's own map program; "" where the exact place is not for this reader."""
        is_exact = self.report.category.public_place == PublicPlace.EXACT
        place = self.report.position if self.is_own or is_exact else None
        return f"geo:{place.y:.6f},{place.x:.6f}?q={place.y:.6f},{place.x:.6f}" if place else ""

    @property
    def has_target_date(self) -> bool:
        """Whether there is a day to put into a calendar."""
        return bool(self.report.due_on and self.report.is_open and self.report.is_public)

    @cached_property
    def answers(self) -> list[Told]:
        """What was answered to the category's questions, as far as this reader may know."""
        told = catalogue.answered(self.report)
        return told if self.is_own else list(catalogue.public(told, self.report))

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.of(self.report.municipality)

    @property
    def days_left(self) -> int | None:
        """Working days until the target date; negative when it has passed, None when closed."""
        due = self.report.due_on
        if due is None or not self.report.is_open:
            return None
        today = timezone.localdate()
        if due >= today:
            return self.calendar.working_days_between(today, due)
        return -self.calendar.working_days_between(due, today)

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def office_phone(self) -> str:
        return self.report.department.phone or self.report.municipality.phone

    @property
    def office_email(self) -> str:
        return self.report.department.email or self.report.municipality.email

    @property
    def reading(self) -> Any:
        """When staff read it, seen from its arrival."""
        return timezone.localtime(self.calendar.next_reading(self.report.received_at))


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline, with what was shown then.

    `confirmed`: how many residents said since that it is fixed; 0 but for the last “done”.
    """

    event: Event
    photos: list[dict[str, Any]]
    confirmed: int = 0

    @property
    def is_reopening(self) -> bool:
        return self.event.kind == EventKind.STATUS and self.event.status == Status.NEW


def _moments(
    events: list[Event], pictures: Callable[[Event], list[dict[str, Any]]]
) -> list[Moment]:
    """Newest first. That somebody confirms the end is counted where the end stands."""
    moments: list[Moment] = []
    confirmed = 0
    for event in events:
        if event.kind == EventKind.FIXED:
            confirmed += 1
            continue
        is_end = event.status == Status.DONE
        moments.append(Moment(event, pictures(event), confirmed if is_end else 0))
        confirmed = 0 if event.status else confirmed
    return moments


_UNREAD = frozenset({RemarkState.WAITING, RemarkState.REFUSED})

# Kinds of events that residents are told about; the rest is the town's own business.
_TOLD = frozenset(
    {
        EventKind.RECEIVED,
        EventKind.ACCEPTED,
        EventKind.STATUS,
        EventKind.FORWARDED,
        EventKind.CONFIRMED,
        EventKind.CHANGED,
        EventKind.HAZARD_SECURED,
        EventKind.FIXED,
        EventKind.DEADLINE,
        EventKind.SEPARATED,
        EventKind.SPLIT,
        EventKind.MORE,
        EventKind.ANSWERED,
        EventKind.ASKED,
        EventKind.REPLIED,
    }
)
