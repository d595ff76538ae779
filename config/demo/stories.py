"""From a case to the rows of a report, as the deeds would have written them one by one."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from geo.addresses import Address, nearest
from reports import live, routing
from reports.catalogue import offered as catalogue
from reports.catalogue.offered import Entry
from reports.models import (
    Contact,
    Event,
    EventKind,
    Follower,
    Photo,
    Publication,
    Report,
    Submission,
    Supporter,
    Visibility,
)
from reports.personal import retention
from reports.receiving.intake import Draft, public_position
from reports.workflow import CLOSED, Status
from townhall.calendar import BERLIN, Calendar
from townhall.capabilities import digest, token_for
from townhall.codes import new_code
from townhall.models import Department, DepartmentKind, Image, Municipality, User
from townhall.photos.storing import ROOT, file_name

from .answers import FORWARDS, NOTES, REOPENED, Answers, answers_to
from .cases import Case, is_alarming
from .pictures import Drawn, draw
from .texts import AFTER, BEFORE, in_street

PICTURES = 100
# How many of those with something to draw have a picture: more where visitors look first.
PICTURED = {Status.NEW: 0.95, Status.IN_PROGRESS: 0.8}
# Days since receipt: youngest, oldest, and where most of them lie.
AGES: dict[Status, tuple[int, int, int]] = {
    Status.DUPLICATE: (1, 30, 5),
    Status.FORWARDED: (3, 80, 20),
    Status.NO_ACTION: (5, 100, 30),
    Status.ON_HOLD: (10, 70, 25),
    Status.NEW: (0, 7, 0),
    Status.IN_PROGRESS: (1, 20, 2),
    Status.DONE: (4, 119, 35),
}
# Reports per hour of the day from 0 to 23: before work, at noon and after work.
HOURS = (1, 0, 0, 0, 0, 1, 4, 9, 10, 8, 7, 7, 8, 7, 6, 7, 9, 11, 12, 11, 8, 5, 4, 2)
FIRST_NAMES = (
    "Anna", "Bernd", "Claudia", "Dieter", "Elif", "Frank", "Gabi", "Hannes", "Ines", "Jonas",
    "Karin", "Lukas", "Mehmet", "Nina", "Olga", "Peter", "Renate", "Stefan", "Tanja", "Ulrich",
)  # fmt: skip
LAST_NAMES = (
    "Adler", "Bauer", "Cordes", "Demir", "Engel", "Franke", "Gärtner", "Hofmann", "Jäger",
    "Krämer", "Lang", "Metzger", "Nowak", "Ott", "Pfaff", "Ritter", "Schäfer", "Thiel", "Wagner",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """What stands before the first report comes in. Keys are slugs; staff by department."""

    towns: Mapping[str, Municipality]
    departments: Mapping[str, Department]
    staff: Mapping[str, User]
    now: dt.datetime


@dataclass
class Story:
    """A report in the making: the row, what hangs on it, and the clock of its last event.

    `days`: how many days ago it came in, by the dice and not by the clock.
    """

    report: Report
    submission: Submission
    contact: Contact | None
    calendar: Calendar
    now: dt.datetime
    at: dt.datetime
    days: int = 0
    images: list[Image] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    # Releases name photos by primary keys, which the photos get later.
    releases: list[Event] = field(default_factory=list)
    supporters: list[Supporter] = field(default_factory=list)
    followers: list[Follower] = field(default_factory=list)

    def wait(self, working_days: int, minutes: int) -> None:
        """Let time pass in the town hall; never beyond now."""
        today = self.at.astimezone(BERLIN).date()
        start = self.calendar.next_reading(self.at)
        evening = dt.datetime.combine(start.date(), self.calendar.closes_at, BERLIN)
        if not working_days and start + dt.timedelta(minutes=minutes) > evening:
            working_days, minutes = 1, minutes % 150
        if working_days:
            day = self.calendar.add_working_days(today, working_days)
            start = dt.datetime.combine(day, self.calendar.opens_at, BERLIN)
        then = start.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)
        self.at = then if self.at < then < self.now else self.at + (self.now - self.at) / 3

    def tell(self, kind: EventKind, visibility: Visibility, **more: Any) -> Event:
        """Append an event at the current version."""
        report = self.report
        more.setdefault("department", report.department)
        more.setdefault("was_public", report.is_public)
        more.setdefault("tiles", self.tiles() if visibility == Visibility.PUBLIC else [])
        event = Event(
            report=report,
            kind=kind,
            version=report.version,
            at=self.at,
            visibility=visibility,
            **more,
        )
        self.events.append(event)
        return event

    def move(self, goal: Status) -> None:
        report = self.report
        report.version += 1
        report.status = goal
        report.changed_at = self.at
        report.closed_at = self.at if goal in CLOSED else None
        report.depublish_on = None
        if goal in CLOSED:
            day = timezone.localdate(self.at)
            report.depublish_on = day + dt.timedelta(days=report.depublish_after_days)
            report.erase_contact_on = day + retention.CONTACT_AFTER_CLOSING
            report.erase_on = day + retention.REPORT_AFTER_CLOSING

    def tiles(self) -> list[str]:
        """Where on the public map it stands."""
        return live.public_tiles(self.report) if self.report.is_public else []


class Writer:
    """Turns cases into stories. Holds what all of them share."""

    def __init__(self, world: World, rng: Random, seed: int) -> None:
        self.world = world
        self.rng = rng
        self.seed = seed
        self.calendars = {slug: Calendar.of(town) for slug, town in world.towns.items()}
        self.entries: dict[str, dict[str, Entry]] = {
            slug: {
                entry.code: entry for group in catalogue.offered_at(town) for entry in group.entries
            }
            for slug, town in world.towns.items()
        }
        self.stories: dict[int, Story] = {}
        self.spoken: set[str] = set()
        self.pictures = 0
        self.turns: Counter[str] = Counter()

    def write(self, case: Case) -> None:
        """Live through a case; a duplicate only after the one it repeats."""
        days = self._days(case)
        story = self._received(case, self._received_at(case, days))
        story.days = days
        self._confirmed(story)
        self._released(story)
        self._lived(case, story)
        self._withered(story)
        self.stories[id(case)] = story

    def _days(self, case: Case) -> int:
        youngest, oldest, mode = AGES[case.status]
        days = int(self.rng.triangular(youngest, oldest + 1, mode))
        if case.status != Status.NEW:
            return days
        if is_alarming(case.category, case.said):
            return 0
        # Today's reports stand at the top of the list: those with something to see.
        return days if case.said.scene else max(days, 1)

    def _received_at(self, case: Case, days: int) -> dt.datetime:
        hour = self.rng.choices(range(24), HOURS)[0]
        minute, second = self.rng.randrange(60), self.rng.randrange(60)
        day = self.world.now.astimezone(BERLIN).date() - dt.timedelta(days=days)
        then = dt.datetime.combine(day, dt.time(hour, minute, second), BERLIN).astimezone(dt.UTC)
        if case.main:
            first = self.stories[id(case.main)].report.received_at
            return first + (self.world.now - first) * self.rng.uniform(0.2, 0.6)
        late = then > self.world.now - dt.timedelta(minutes=10)
        return then - dt.timedelta(days=1) if late else then

    def _received(self, case: Case, received_at: dt.datetime) -> Story:
        entry = self.entries[case.town.slug][case.category]
        address = nearest(case.position, area_key=case.town.key)
        answers = {
            code: self._filled(answer, case, address) for code, answer in case.said.answers.items()
        }
        has_picture = self._has_picture(case)
        draft = Draft(
            client_id=UUID(int=self.rng.getrandbits(128), version=4),
            category=case.category,
            position=case.position,
            description=self._words(case, address, has_picture=has_picture),
            answers=answers,
            private=self.rng.random() < 0.02,
            source="demo",
            **self._reporter(),
        )
        decision = routing.route(
            case.town, category=entry.category, position=case.position, answers=answers
        )
        story = self._first_rows(draft, case.town, entry, decision, address, received_at)
        if has_picture:
            self._photograph(story, case.said.scene)
        return story

    def _reporter(self) -> dict[str, Any]:
        """Six in ten leave an address, one in ten of them a number."""
        first, last = self.rng.choice(FIRST_NAMES), self.rng.choice(LAST_NAMES)
        if self.rng.random() > 0.6:
            return {}
        phone = f"069 90009-{self.rng.randrange(300, 900)}" if self.rng.random() < 0.1 else ""
        return {"email": mail_of(f"{first} {last}"), "name": f"{first} {last}", "phone": phone}

    def _first_rows(
        self,
        draft: Draft,
        town: Municipality,
        entry: Entry,
        decision: routing.Explanation,
        address: Address | None,
        at: dt.datetime,
    ) -> Story:
        """What intake.submit writes."""
        day = timezone.localdate(at)
        publication = Publication.NEVER if draft.private else entry.terms.publication
        calendar = self.calendars[town.slug]
        hazard = entry.is_hazard(draft.answers)
        report = Report(
            code=new_code(self.rng),
            status=Status.NEW,
            is_hazard=hazard,
            source=draft.source,
            municipality=town,
            category=entry.category,
            department=decision.department,
            position=draft.position,
            street=address.street if address else "",
            house_number=address.house_number if address else "",
            locality=address.locality if address else "",
            public_position=public_position(draft.position, entry.category),
            answers=dict(draft.answers),
            routing=decision.as_json(),
            publication=publication,
            is_public=publication == Publication.AT_ONCE,
            depublish_after_days=entry.terms.depublish_after_days,
            capability_digest=digest(token_for("view", draft.client_id)),
            capability_expires_at=at + retention.CAPABILITY,
            received_at=at,
            changed_at=at,
            due_on=calendar.add_working_days(day, entry.terms.days),
            erase_contact_on=day + retention.CONTACT_AT_MOST,
            erase_on=day + retention.REPORT_AT_MOST,
        )
        report.describe(draft.description)
        submission = Submission(
            client_id=draft.client_id, digest=draft.digest(), code=report.code, received_at=at
        )
        contact = self._contact(draft, report) if draft.email else None
        story = Story(report, submission, contact, calendar, self.world.now, at)
        tiles = live.public_tiles(report)
        first = {"tiles": tiles, "was_public": False}
        story.tell(
            EventKind.RECEIVED, Visibility.PUBLIC, status=Status.NEW, department=None, **first
        )
        story.tell(EventKind.ROUTED, Visibility.INTERNAL, facts=decision.as_json(), **first)
        if hazard:
            story.tell(EventKind.HAZARD, Visibility.INTERNAL, department=None, **first)
        return story

    def _contact(self, draft: Draft, report: Report) -> Contact:
        return Contact(
            report=report,
            email=draft.email,
            name=draft.name,
            phone=draft.phone,
            confirm_digest=digest(token_for("confirm", draft.client_id)),
            confirm_expires_at=report.received_at + retention.CONFIRMATION,
        )

    # ── Words ────────────────────────────────────────────────────────────────────────────────
    def _words(self, case: Case, address: Address | None, *, has_picture: bool) -> str:
        """The resident's words; never the same twice."""
        text = self._filled(case.said.text, case, address)
        # Short and hurried texts stay as they are more often.
        plain = self.rng.random() < 0.55
        before, after = self.rng.choice(BEFORE), self.rng.choice(AFTER)
        if plain and text not in self.spoken:
            before, after = "", ""
        if text.startswith(_GREETINGS):
            before = ""
        if "Dank" in text or "dank" in text:
            after = ""
        if has_picture and self.rng.random() < 0.15:
            after = " Foto hängt an."
        wording = _joined(before, text, after)
        for tail in AFTER:
            if wording not in self.spoken:
                break
            wording = _joined("", text, tail)
        self.spoken.update((wording, text))
        return wording

    def _filled(self, text: str, case: Case, address: Address | None) -> str:
        street = address.street if address else ""
        if "{street}" in text and not street:
            street = case.town.name
        number = int(abs(case.position.x * 1e5)) % 90 + 1
        return (
            text.replace("{in_street}", in_street(street))
            .replace("{street}", street)
            .replace("{town}", case.town.name)
            .replace("{pole}", f"{number // 10 + 1:02d}-{number:03d}")
        )

    def _answers(self, case: Case) -> Answers:
        return answers_to(case.category, about=case.said.about)

    def _say(self, case: Case, kind: str, choices: Sequence[str]) -> str:
        """One of the town's sentences for such a case, in turn."""
        return self._next(f"{case.category} {case.said.about} {kind}", choices)

    def _next(self, kind: str, choices: Sequence[str]) -> str:
        self.turns[kind] += 1
        return choices[(self.turns[kind] - 1) % len(choices)]

    # ── Pictures ─────────────────────────────────────────────────────────────────────────────
    def _has_picture(self, case: Case) -> bool:
        wanted = self.rng.random() < PICTURED.get(case.status, 0.45)
        return wanted and bool(case.said.scene) and self.pictures < PICTURES

    def _photograph(self, story: Story, scene: str) -> None:
        self.pictures += 1
        drawn = draw(scene, Random(f"{self.seed} picture {self.pictures}"))  # noqa: S311
        image = kept_picture(drawn, self.rng)
        story.images.append(image)
        story.photos.append(Photo(report=story.report, image=image, position=0))

    # ── What staff and residents did then ────────────────────────────────────────────────────
    def _confirmed(self, story: Story) -> None:
        minutes = self.rng.randrange(2, 300)
        if self.rng.random() > 0.8 or story.contact is None or story.days == 0:
            return
        at = story.at + dt.timedelta(minutes=minutes)
        story.at = at if at < story.now else story.at + (story.now - story.at) / 3
        story.contact.confirmed_at = story.at
        story.report.version += 1
        story.tell(
            EventKind.CONFIRMED,
            Visibility.REPORTER,
            department=None,
            tiles=live.public_tiles(story.report),
        )

    def _released(self, story: Story) -> None:
        """The dispatcher reads it, and publishes text and photo."""
        chance, minutes = self.rng.random(), self.rng.randrange(5, 200)
        report = story.report
        likely = 0.75 if story.days < 2 and not story.photos else 0.9
        if report.publication == Publication.NEVER or chance >= likely:
            return
        was_public = report.is_public
        story.wait(0, minutes)
        report.version += 1
        report.is_public = report.is_text_public = report.is_text_reviewed = True
        report.changed_at = story.at
        for photo in story.photos:
            photo.is_released = True
        event = story.tell(
            EventKind.PUBLISHED,
            Visibility.INTERNAL,
            actor=self._dispatcher(report),
            facts={"text": True, "photos": [], "hidden": []},
            was_public=was_public,
            tiles=live.public_tiles(report),
        )
        story.releases.append(event)

    def _lived(self, case: Case, story: Story) -> None:
        """What became of it, up to the status in which it stands today."""
        noted, reopened, handed_over = (self.rng.random() for _ in range(3))
        if handed_over < 0.5 and case.said.about == "hedge" and case.status != Status.NEW:
            self._handed_over(story)
        match case.status:
            case Status.NEW:
                return
            case Status.DUPLICATE:
                self._settled(story, case.status, 1, _KNOWN)
            case Status.FORWARDED:
                self._sent_out(case, story)
            case Status.NO_ACTION:
                text = self._say(case, "nothing", self._answers(case).nothing)
                self._settled(story, case.status, self.rng.randint(1, 4), text)
            case _:
                self._worked_on(case, story, noted=noted < 0.35)
        if case.status == Status.DONE and reopened < 0.06:
            self._reopened(case, story)

    def _worked_on(self, case: Case, story: Story, *, noted: bool) -> None:
        self._accepted(case, story, with_words=case.status == Status.IN_PROGRESS)
        if noted:
            self._noted(story)
        if case.status == Status.ON_HOLD:
            text = self._say(case, "waiting", self._answers(case).waiting)
            self._settled(story, case.status, self.rng.randint(1, 4), text)
        if case.status == Status.DONE:
            self._done(case, story)

    def _accepted(self, case: Case, story: Story, *, with_words: bool) -> None:
        report = story.report
        story.wait(0 if report.is_hazard else self.rng.randint(0, 2), self.rng.randrange(10, 420))
        story.move(Status.IN_PROGRESS)
        actor = self._actor(report)
        if actor and actor == self.world.staff.get(report.department.slug):
            report.assignee = actor
        spoken = with_words or report.is_hazard or self.rng.random() < 0.3
        text = self._answers(case).working if spoken and self.rng.random() < 0.8 else ()
        story.tell(
            EventKind.STATUS if text else EventKind.ACCEPTED,
            Visibility.PUBLIC,
            actor=actor,
            status=report.status,
            text=self._say(case, "working", text) if text else "",
        )

    def _noted(self, story: Story) -> None:
        story.wait(0, self.rng.randrange(20, 200))
        story.report.version += 1
        story.tell(
            EventKind.NOTE,
            Visibility.INTERNAL,
            actor=self._actor(story.report),
            text=self._next("note", NOTES),
        )

    def _done(self, case: Case, story: Story) -> None:
        days = 0 if story.report.is_hazard else self.rng.randint(1, 9)
        text = self._say(case, "done", self._answers(case).done)
        self._settled(story, Status.DONE, days, text)

    def _settled(self, story: Story, goal: Status, working_days: int, text: str) -> None:
        story.wait(working_days, self.rng.randrange(30, 480))
        story.move(goal)
        story.tell(
            EventKind.STATUS,
            Visibility.PUBLIC,
            actor=self._actor(story.report),
            status=goal,
            text=text,
        )

    def _reopened(self, case: Case, story: Story) -> None:
        self._settled(story, Status.NEW, 3, self._next("reopened", REOPENED))
        self._accepted(case, story, with_words=False)
        self._done(case, story)

    def _sent_out(self, case: Case, story: Story) -> None:
        report = story.report
        goal, text = self.rng.choice(FORWARDS[case.category])
        department = self.world.departments.get(goal)
        name = department.name if department else goal
        story.wait(self.rng.randint(0, 3), self.rng.randrange(10, 420))
        story.move(Status.FORWARDED)
        report.forwarded_to = name
        story.tell(
            EventKind.FORWARDED,
            Visibility.PUBLIC,
            actor=self._actor(report),
            status=report.status,
            text=text,
            facts={"to": name},
        )

    def _handed_over(self, story: Story) -> None:
        """A hedge on private ground: a matter for those who write to the owner."""
        report = story.report
        order = self.world.departments.get(f"{report.municipality.slug}-ordnungsamt")
        if order is None or order == report.department:
            return
        actor = self._actor(report)
        story.wait(0, self.rng.randrange(10, 200))
        report.version += 1
        report.department = order
        story.tell(
            EventKind.FORWARDED,
            Visibility.INTERNAL,
            actor=actor,
            text="Hecke steht auf Privatgrund, bitte den Eigentümer anschreiben.",
        )

    def _withered(self, story: Story) -> None:
        """Ninety days after its end a report leaves public view."""
        report = story.report
        today = timezone.localdate(story.now)
        if not report.is_public or report.depublish_on is None or report.depublish_on >= today:
            return
        was_public = report.is_public
        tiles = live.public_tiles(report)
        night = dt.datetime.combine(report.depublish_on, dt.time(3, 10), BERLIN)
        story.at = night.astimezone(dt.UTC)
        report.version += 1
        report.is_public = False
        report.changed_at = story.at
        story.tell(
            EventKind.DEPUBLISHED,
            Visibility.INTERNAL,
            department=None,
            was_public=was_public,
            tiles=tiles,
        )

    def _dispatcher(self, report: Report) -> User | None:
        return self.world.staff.get(f"{report.municipality.slug}-buergerbuero")

    def _actor(self, report: Report) -> User | None:
        """Who works on it: somebody of the department, else the town's dispatcher."""
        department = report.department
        own = self.world.staff.get(department.slug)
        inside = department.kind != DepartmentKind.OUTSIDE
        return own if own and inside else self._dispatcher(report)


_KNOWN = "Diese Stelle ist schon gemeldet. Wie es weitergeht, steht bei der ersten Meldung."
_GREETINGS = ("Hallo", "Guten", "Sehr geehrte", "Liebe", "Schon zum")
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "."})


def mail_of(name: str) -> str:
    """Of a made-up person, at a place that is no place."""
    return f"{name.lower().translate(_PLAIN)}@post.example"


def kept_picture(drawn: Drawn, rng: Random) -> Image:
    """Its files are there; the row is still to be saved. `rng` gives the id."""
    fingerprint = hashlib.sha256(drawn.full).hexdigest()
    image_id = UUID(int=rng.getrandbits(128), version=4)
    image = Image(
        id=image_id,
        digest=fingerprint,
        folder=f"{ROOT}/{image_id.hex[:2]}/{image_id}-{fingerprint[:8]}",
        width=drawn.size[0],
        height=drawn.size[1],
        thumb_width=drawn.thumb_size[0],
        thumb_height=drawn.thumb_size[1],
        colour=drawn.colour,
    )
    keep_file(file_name(image, "full"), drawn.full)
    keep_file(file_name(image, "thumb"), drawn.thumb)
    return image


def keep_file(name: str, picture: bytes) -> None:
    """Without waiting for the disk: what a power cut takes, `demo --again` draws anew."""
    default_storage.delete(name)
    default_storage.save(name, ContentFile(picture))


def _joined(before: str, text: str, after: str) -> str:
    if after and text[-1] not in ".!?":
        text += "."
    return f"{before}{text}{after}"
