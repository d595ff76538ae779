"""What staff ask at their desk: which views there are, how many wait in each, one page of one.

The page is read by keyset (`after`), so page 200 costs what page 1 costs, and counts stop at
COUNT_CAP, so that they cost alike in a village and in a city.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import (
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from geo.kept import Kept
from reports.catalogue.offered import answered
from reports.models import (
    Alarm,
    Call,
    Category,
    Contact,
    Event,
    EventKind,
    Publication,
    Remark,
    Report,
    Supporter,
)
from reports.personal.masking import Kind, Piece, pieces
from reports.queries import ReportQuerySet
from reports.staff import search
from reports.voices import support
from reports.voices.support import Numbers
from reports.workflow import CLOSED, OPEN, Deed, Status, may
from townhall import workplaces
from townhall.calendar import Calendar
from townhall.models import ClosingDay, Department, Membership, Municipality, Role, User
from townhall.people import DEPARTMENT_ROLES, MUNICIPALITY_ROLES, Scope, scope_of
from townhall.rota import Duty, duties
from townhall.workplaces import Workplace

PAGE = 50
COUNT_CAP = 1000


def register() -> None:
    """Where those begin to work who deal with reports."""
    workplaces.register(
        Workplace(10, "desk", "list", _("Inbox"), "desk", lambda scope: scope.sees_reports)
    )


# ── Views ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class View:
    """One of the lists at the left. `order` is a column that is never null in this view."""

    slug: str
    icon: str
    name: str | Promise
    empty: str | Promise
    condition: Callable[[User, dt.date], Q]
    order: str = "received_at"
    is_ascending: bool = False
    is_urgent: bool = False


_OPEN = Q(status__in=sorted(OPEN))
_NOTHING = _("There is nothing here.")

VIEWS: dict[str, View] = {
    view.slug: view
    for view in (
        View(
            "eingang", "bell", _("Inbox"), _("No new reports."), lambda _u, _d: Q(status=Status.NEW)
        ),
        View(
            "meine",
            "user",
            _("Assigned to me"),
            _("Nothing is assigned to you."),
            lambda user, _d: _OPEN & Q(assignee=user),
        ),
        View(
            "arbeit",
            "status-in_progress",
            _("In work"),
            _("Nothing is being worked on."),
            lambda _u, _d: Q(status__in=[Status.IN_PROGRESS, Status.ON_HOLD]),
        ),
        View(
            "ueberfaellig",
            "clock",
            _("Overdue"),
            _("Nothing is overdue."),
            lambda _u, today: _OPEN & Q(due_on__lt=today),
            order="due_on",
            is_ascending=True,
            is_urgent=True,
        ),
        View(
            "gefahr",
            "hazard",
            _("Hazards"),
            _("No open hazards."),
            lambda _u, _d: _OPEN & Q(is_hazard=True),
            is_urgent=True,
        ),
        View(
            "pruefen",
            "eye",
            _("To check"),
            _("Nothing waits to be checked."),
            lambda _u, _d: Q(pk__in=Remark.objects.waiting().values("report")),
        ),
        View(
            "erledigt",
            "check",
            _("Closed"),
            _NOTHING,
            lambda _u, _d: Q(status__in=sorted(CLOSED), closed_at__isnull=False),
            order="closed_at",
        ),
        View("alle", "list", _("All"), _NOTHING, lambda _u, _d: Q()),
    )
}
FIRST = VIEWS["eingang"]


@dataclass(frozen=True)
class Wish:
    """What the address asks for: `?ansicht=eingang&status=&kategorie=&q=&nach=`."""

    view: View = FIRST
    status: str = ""
    category: str = ""
    words: str = ""
    after: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, Any]) -> Wish:
        """Read a QueryDict. Nonsense counts as not asked for."""

        def said(name: str, *, most: int = 80) -> str:
            return str(query.get(name, "")).replace("\0", "").strip()[:most]

        status = said("status")
        return cls(
            view=VIEWS.get(said("ansicht"), FIRST),
            status=status if status in set(Status) else "",
            category=said("kategorie"),
            words=said("q", most=120),
            after=said("nach"),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.status or self.category or self.words)

    @cached_property
    def query(self) -> str:
        """For links that keep the list as it is, page included."""
        facts = {
            "ansicht": self.view.slug if self.view is not FIRST else "",
            "status": self.status,
            "kategorie": self.category,
            "q": self.words,
            "nach": self.after,
        }
        return urlencode({name: value for name, value in facts.items() if value})

    @property
    def first_page(self) -> Wish:
        return replace(self, after="")

    @property
    def is_lost(self) -> bool:
        """`after` names no row of such a list: a page begins at the front again."""
        place = _rank_in(self.after) if self.sought else _keyset_in(self)
        return bool(self.after) and place is None

    def reports(self, user: User, *, today: dt.date) -> ReportQuerySet:
        """All that the wish means, without order and paging, in this user's care."""
        hits = Report.objects.in_care_of(user).filter(self.view.condition(user, today))
        if self.status:
            hits = hits.filter(status=self.status)
        if self.category:
            hits = hits.filter(category__code=self.category)
        return search.matching(hits, self.sought)

    @cached_property
    def sought(self) -> list[search.Word]:
        """The words that are searched for: one statement where something was typed."""
        return search.words_in(self.words)


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Deadline:
    """Working days left (0: today), or days over time. `share` of the time that is used, 0–100."""

    left: int
    over: int
    share: int

    @property
    def words(self) -> str:
        if self.over:
            sentence = ngettext("overdue for %(n)d day", "overdue for %(n)d days", self.over)
            return sentence % {"n": self.over}
        if self.left == 0:
            return str(_("due today"))
        sentence = ngettext("%(n)d working day left", "%(n)d working days left", self.left)
        return sentence % {"n": self.left}

    @property
    def urgency(self) -> str:
        if self.over:
            return "over"
        return "soon" if self.left <= 1 else "calm"


@dataclass(frozen=True)
class Row:
    """`supporters` people whom it concerns besides its reporter; `worse` of them say it got so."""

    report: Report
    deadline: Deadline | None
    supporters: int = 0
    worse: int = 0


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    next: Wish | None = None

    @property
    def more(self) -> str:
        """The query string of the next page; "" on the last."""
        return self.next.query if self.next else ""


def deadline_of(report: Report, *, calendar: Calendar, today: dt.date) -> Deadline | None:
    """None for what is closed or has no deadline."""
    if report.due_on is None or not report.is_open:
        return None
    if report.due_on < today:
        return Deadline(left=0, over=(today - report.due_on).days, share=100)
    start = timezone.localdate(report.received_at)
    left = calendar.working_days_between(today, report.due_on)
    whole = max(1, calendar.working_days_between(start, report.due_on))
    return Deadline(left=left, over=0, share=max(0, min(100, 100 - round(100 * left / whole))))


def page_of(wish: Wish, user: User, *, today: dt.date, more: Sequence[str] = ()) -> Page:
    """One page of the list: one statement, two where words are searched for.

    `more`: fields that the caller reads besides those of a row ("department__slug").
    """
    if wish.sought:
        return _best_of(wish, user, today=today, more=more)
    view = wish.view
    sign = "" if view.is_ascending else "-"
    hits = _with_faces(_beyond(wish.reports(user, today=today), wish), more)
    found = list(hits.order_by(f"{sign}{view.order}", f"{sign}id")[: PAGE + 1])
    beyond = None
    if len(found) > PAGE:
        last = found[PAGE - 1]
        beyond = replace(wish, after=f"{getattr(last, view.order).isoformat()}~{last.pk}")
    return Page(rows_of(found[:PAGE], today=today), beyond)


def _best_of(wish: Wish, user: User, *, today: dt.date, more: Sequence[str]) -> Page:
    """One page of what was searched for. The rank has no keyset, but never more than NEWEST."""
    start = _rank_in(wish.after) or 0
    hits = search.best(wish.reports(user, today=today), wish.sought)
    found = list(_with_faces(hits, more)[start : start + PAGE + 1])
    beyond = replace(wish, after=str(start + PAGE)) if len(found) > PAGE else None
    return Page(rows_of(found[:PAGE], today=today), beyond)


def row_of(code: str, user: User, *, today: dt.date) -> Row:
    """Raises Report.DoesNotExist where the user has nothing to look for."""
    report = _with_faces(Report.objects.in_care_of(user)).get(code=code)
    return rows_of([report], today=today)[0]


def rows_of(found: Iterable[Report], *, today: dt.date) -> list[Row]:
    """Of reports that came `_with_faces`: no statement."""
    calendars: dict[int, Calendar] = {}
    rows = []
    for report in found:
        town: Any = report.municipality
        town.closing_dates = getattr(report, "closing_dates", [])
        calendar = calendars.setdefault(town.pk, Calendar.of(town))
        voices = getattr(report, "voices", None) or {}
        rows.append(Row(report, deadline_of(report, calendar=calendar, today=today), **voices))
    return rows


# What a row shows, and what its deadline is counted from.
_READ = (
    "code",
    "version",
    "status",
    "is_hazard",
    "forwarded_to",
    "position",
    "street",
    "house_number",
    "locality",
    "received_at",
    "closed_at",
    "due_on",
    "category__code",
    "category__name",
    "category__translations",
    "municipality__key",
    "municipality__land",
    "municipality__opens_at",
    "municipality__closes_at",
)


def _with_faces(hits: QuerySet[Report], more: Sequence[str] = ()) -> QuerySet[Report]:
    closing_days = ClosingDay.objects.filter(municipality=OuterRef("municipality")).order_by("day")
    return (
        hits.select_related(*{name.split("__")[0] for name in (*_READ, *more) if "__" in name})
        .only(*_READ, *more)
        .annotate(
            closing_dates=ArraySubquery(closing_days.values("day")), voices=Subquery(_voices())
        )
    )


def _voices() -> QuerySet[Any, Any]:
    """Of each row what `Row` wants to know; nothing where there are none."""
    mine = Supporter.objects.filter(report=OuterRef("pk")).order_by().values("report")
    return mine.values(facts=JSONObject(supporters=Count("pk"), worse=Count("worse_at")))


def _beyond(hits: QuerySet[Report], wish: Wish) -> QuerySet[Report]:
    """What comes after the keyset in `wish.after`."""
    keyset = _keyset_in(wish)
    if keyset is None:
        return hits
    value, pk = keyset
    column, beyond = wish.view.order, "gt" if wish.view.is_ascending else "lt"
    tie = Q(**{column: value, f"id__{beyond}": pk})
    return hits.filter(Q(**{f"{column}__{beyond}": value}) | tie)


def _keyset_in(wish: Wish) -> tuple[dt.date | dt.datetime, int] | None:
    """ "2026-11-22T00:15:00+00:00~4711": the last row that was shown."""
    text, _tilde, pk = wish.after.partition("~")
    value = _moment(text, is_date=wish.view.order == "due_on")
    if value is None or not pk.isdecimal() or not pk.isascii() or len(pk) > 18:
        return None
    return value, int(pk)


def _rank_in(text: str) -> int | None:
    is_rank = text.isascii() and text.isdecimal() and len(text) <= 4
    return int(text) if is_rank else None


def _moment(text: str, *, is_date: bool) -> dt.date | dt.datetime | None:
    try:
        if is_date:
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# ── Counts ───────────────────────────────────────────────────────────────────────────────────
class _CappedCount(Subquery):
    """How many rows a subquery has; it stops looking at COUNT_CAP."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS capped)"


@dataclass(frozen=True)
class Counter:
    view: View
    count: int

    @property
    def words(self) -> str:
        """`12`, and `999+` where counting stopped."""
        return f"{COUNT_CAP - 1}+" if self.count >= COUNT_CAP else str(self.count)


@dataclass(frozen=True)
class Overview:
    """How many reports each view holds, whatever is filtered, and what the desk listens to."""

    counters: list[Counter]
    topics: list[str]


@dataclass(frozen=True)
class _Asker:
    """Who asks when: all that the overview's SQL hangs on. The user is a means, no part of it."""

    user_id: int
    scope: Scope
    today: dt.date
    user: User = field(compare=False, repr=False)


@lru_cache(maxsize=512)
def _overview(asker: _Asker) -> Kept:
    """Putting this SQL together takes longer than any other of the page's."""
    towns = Municipality.objects.filter(pk__in=asker.scope.municipality_ids).order_by("key")
    teams = Department.objects.filter(pk__in=asker.scope.department_ids).order_by("slug")
    return Kept(
        lambda: User.objects.filter(pk=asker.user_id).values(
            **_counts(asker.user, asker.today),
            towns=ArraySubquery(towns.values("key")),
            teams=ArraySubquery(teams.values("slug")),
        )
    )


def overview(user: User, *, today: dt.date) -> Overview:
    """One statement."""
    [row] = _overview(_Asker(user.pk, scope_of(user), today, user)).rows()
    # Null where Django knows beforehand that nothing can be found.
    topics = [f"staff:{key}" for key in row["towns"] or ()]
    topics += [f"team:{slug}" for slug in row["teams"] or ()]
    counts = [Counter(view, row[f"view_{slug}"] or 0) for slug, view in VIEWS.items()]
    return Overview(counts, topics)


def _counts(user: User, today: dt.date) -> dict[str, _CappedCount]:
    return {
        f"view_{slug}": _CappedCount(
            Report.objects.in_care_of(user)
            .filter(view.condition(user, today))
            .order_by()
            .values("pk")[:COUNT_CAP],
            output_field=IntegerField(),
        )
        for slug, view in VIEWS.items()
    }


# ── Dangers ──────────────────────────────────────────────────────────────────────────────────
MOST_ALARMS = 20


def alarms(user: User) -> list[Alarm]:
    """Dangers that nobody made safe yet, unanswered ones first: one statement.

    `called`: who was called last, as JSON, or None.
    """
    last = Call.objects.filter(alarm=OuterRef("pk")).order_by("-at")
    called = JSONObject(name="name", at="at", attempt="attempt", phone="phone")
    mine = Report.objects.in_care_of(user).filter(is_hazard=True)
    found = (
        Alarm.objects.filter(report__in=mine, ended_at__isnull=True, secured_at__isnull=True)
        .select_related("report__category", "report__municipality", "department")
        .annotate(called=Subquery(last.values(facts=called)[:1]))
        .order_by(F("acknowledged_at").asc(nulls_first=True), "-started_at")
    )
    return [_read(alarm) for alarm in found[:MOST_ALARMS]]


def _read(alarm: Any) -> Alarm:
    if alarm.called:
        alarm.called["at"] = dt.datetime.fromisoformat(alarm.called["at"])
    return cast("Alarm", alarm)


# ── The rest of the page ─────────────────────────────────────────────────────────────────────
def categories() -> QuerySet[Category]:
    """For the filter: what can be reported, by group."""
    return (
        Category.objects.filter(group__isnull=False)
        .select_related("group")
        .order_by("group__position", "group__name", "position", "name")
    )


# ── One report ───────────────────────────────────────────────────────────────────────────────
# A timeline of them would be all that staff see of a report that concerns many.
_COUNTED = frozenset(
    {EventKind.SUPPORTED, EventKind.UNSUPPORTED, EventKind.FOLLOWED, EventKind.UNFOLLOWED}
)


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
        """Newest first; `to_name` says who was made responsible, where somebody was.

        Of voices and followers only the number matters: `numbers`.
        """
        events = list(self.report.events.newest_first().exclude(kind__in=_COUNTED))
        ids = {event.facts.get("to") for event in events if event.kind == EventKind.ASSIGNED}
        people = User.objects.in_bulk(pk for pk in ids if pk)
        for event in events:
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

        The rest of the contact is not read here.
        """
        contacts = Contact.objects.filter(report=self.report)
        times: Any = contacts.values(
            "confirmed_at",
            "confirm_expires_at",
            "correspondence__ended_at",
            "correspondence__unreachable_at",
            public_name=models.Case(When(name_is_public=True, then="name"), default=Value("")),
        )
        row: dict[str, Any] | None = times.first()
        return row

    @property
    def public_name(self) -> str:
        """What the reporter wants to be called in public; "" if they do not."""
        return str(self._contact["public_name"]) if self._contact else ""

    @property
    def has_contact(self) -> bool:
        return self._contact is not None

    @property
    def wants_letters(self) -> bool:
        """Whether an e-mail address was left, not only a name or a phone number."""
        return bool(self._contact and self._contact["confirm_expires_at"])

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
    row = row_of(code, user, today=today)
    return Case(row.report, user, row.deadline)


def colleagues(report: Report) -> QuerySet[User]:
    workers = Membership.objects.filter(
        Q(department=report.department_id, role__in=sorted(DEPARTMENT_ROLES))
        | Q(
            department__serves=report.municipality_id,
            role__in=sorted(MUNICIPALITY_ROLES - {Role.READ_ONLY}),
        ),
        department__is_active=True,
    )
    return User.objects.filter(is_active=True, pk__in=workers.values("user")).order_by(
        "last_name", "first_name", "username"
    )


def departments(report: Report) -> QuerySet[Department]:
    return (
        Department.objects.filter(is_active=True, serves=report.municipality_id)
        .exclude(pk=report.department_id)
        .order_by(F("kind").asc(), "name")
    )
