"""Questions about reports, in the users' words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils import timezone

from reports.workflow import CLOSED, OPEN, Status
from townhall.capabilities import digest
from townhall.people import scope_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from geo.boxes import Box
    from geo.kept import Slot
    from reports.models import Category, Event, Remark, Report, Snippet, StaffPhoto  # noqa: F401 (read in strings)
    from townhall.models import Municipality, User

CURRENT_DAYS = 30
MOST_LETTERS = 120  # of a word or an Ortsteil
MOST_TOWNS = 500  # in one question; more than any group of towns that shares a site


class BadSelection(Exception):
    """A filter that means nothing. Carries the parameter's name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Selection:
    """What a visitor wants to see, map and list alike:
    `?group=&category=&status=&period=&municipality=&locality=&photo=&words=`.

    `statuses` None is the default view: open, or closed lately (the stored day `Lately`, 30 days
    ago). `months` keeps what changed publicly in this calendar month or the so many less one before
    it. `municipalities`: eight-digit keys; none means all. `locality`: an Ortsteil by its name.
    `words` are looked for in what is public, by `shown.reports`.
    """

    group: str = ""
    statuses: frozenset[Status] | None = None
    months: int | None = None
    municipalities: tuple[str, ...] = ()
    category: str = ""
    locality: str = ""
    has_photo: bool = False
    words: str = ""

    @classmethod
    def parse(cls, query: Any) -> Selection:
        """Read a QueryDict. Raises BadSelection."""
        return cls(
            group=_code(query, "group"),
            statuses=_statuses(str(query.get("status", "")).strip()),
            months=_months(str(query.get("period", "")).strip()),
            municipalities=_keys(str(query.get("municipality", "")).strip()),
            category=_code(query, "category"),
            locality=_text(query, "locality"),
            has_photo=_yes(query, "photo"),
            words=_text(query, "words"),
        )

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for what the pyramid does not count: then only rows can tell."""
        return bool(self.category or self.locality or self.has_photo or self.words)

    def first_month(self, today: dt.date) -> dt.date | None:
        """The first day of the earliest month that `months` keeps; None: all of time."""
        if self.months is None:
            return None
        year, month = divmod(today.year * 12 + today.month - self.months, 12)
        return dt.date(year, month + 1, 1)


def _code(query: Any, name: str) -> str:
    """A code (a slug); a NUL or the like must not reach the database."""
    text = str(query.get(name, "")).strip()
    if text.replace("-", "").replace("_", "").isalnum() or not text:
        return text[:60]
    raise BadSelection(name)


def _text(query: Any, name: str) -> str:
    text = str(query.get(name, "")).strip()
    if len(text) > MOST_LETTERS or not text.isprintable():
        raise BadSelection(name)
    return text


def _yes(query: Any, name: str) -> bool:
    text = str(query.get(name, ""))
    if text not in {"", "0", "1"}:
        raise BadSelection(name)
    return text == "1"


def _statuses(text: str) -> frozenset[Status] | None:
    match text:
        case "" | "current":
            return None
        case "open":
            return OPEN
        case "all":
            return frozenset(Status)
    try:
        return frozenset(Status(word) for word in text.split(","))
    except ValueError:
        raise BadSelection("status") from None


def _months(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= 120):
        raise BadSelection("period")
    return int(text)


def _keys(text: str) -> tuple[str, ...]:
    keys = sorted(set(text.split(","))) if text else []
    if len(keys) > MOST_TOWNS or not all(key.isascii() and key.isdigit() for key in keys):
        raise BadSelection("municipality")
    return tuple(key[:8] for key in keys)


class ReportQuerySet(models.QuerySet["Report"]):
    def public(self) -> ReportQuerySet:
        """What everybody may know of."""
        return self.filter(is_public=True)

    def in_care_of(self, user: User | AnonymousUser) -> ReportQuerySet:
        """What a member of staff works on: the towns they dispatch for, the teams they are in."""
        if not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        return self.filter(
            Q(municipality_id__in=scope.municipality_ids)
            | Q(department_id__in=scope.department_ids)
        )

    def in_sight_of(self, user: User | AnonymousUser) -> ReportQuerySet:
        """What is in their care, and what their department does its part of."""
        if not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        return self.filter(
            Q(municipality_id__in=scope.municipality_ids)
            | Q(department_id__in=scope.department_ids)
            | Q(pk__in=self._shared_with(scope.department_ids))
        )

    def shared_with(self, user: User | AnonymousUser) -> ReportQuerySet:
        """What their departments still have to do their part of, whoever has it in care."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=self._shared_with(scope_of(user).department_ids))

    def _shared_with(self, departments: Collection[int]) -> Any:
        shares: Any = self.model._meta.get_field("shares").related_model
        return shares.objects.filter(department__in=departments, ended_at=None).values("report")

    def visible_to(self, user: User | AnonymousUser) -> ReportQuerySet:
        if not user.is_authenticated:
            return self.public()
        scope = scope_of(user)
        return self.filter(
            Q(is_public=True)
            | Q(municipality_id__in=scope.municipality_ids)
            | Q(department_id__in=scope.department_ids)
            | Q(pk__in=self._shared_with(scope.department_ids))
        )

    def open(self) -> ReportQuerySet:
        return self.filter(status__in=OPEN)

    def inside(self, box: Box) -> ReportQuerySet:
        """Whose public place lies in the box."""
        return self.filter(public_position__bboverlaps=box.polygon())

    def selected(self, selection: Selection) -> ReportQuerySet:
        hits = self
        if selection.group:
            hits = hits.filter(category__group__code=selection.group)
        if selection.category:
            hits = hits.filter(category__code=selection.category)
        if selection.locality:  # of reports whose place is anybody's business
            hits = hits.filter(in_locality(selection.locality)).exclude(
                category__public_place="none"
            )
        if selection.has_photo:
            photos: Any = self.model._meta.get_field("photos").related_model
            released = photos.objects.filter(report=OuterRef("pk"), is_released=True)
            hits = hits.filter(Exists(released))
        if selection.municipalities:
            hits = hits.filter(municipality__key__in=selection.municipalities)
        if selection.statuses is None:
            hits = hits.filter(
                Q(status__in=OPEN) | Q(status__in=CLOSED, changed_at__gte=_lately())
            ).exclude(status=Status.DUPLICATE)
        else:
            hits = hits.filter(status__in=selection.statuses)
        first = selection.first_month(timezone.localdate())
        if first:
            hits = hits.filter(changed_at__gte=timezone.make_aware(_midnight(first)))
        return hits

    def with_faces(self) -> ReportQuerySet:
        """With what a card or row shows of them: two statements whatever the row count."""
        photos: Any = self.model._meta.get_field("photos").related_model
        return self.select_related(
            "category__group", "department", "municipality", "assignee"
        ).prefetch_related(Prefetch("photos", photos.objects.select_related("image")))

    def with_public_name(self) -> ReportQuerySet:
        """`public_name`: what the reporter wants to be called by everybody, and may be.

        Only of a confirmed address; nothing else of the contact is read.
        """
        contact: Any = self.model._meta.get_field("contact")
        named = contact.related_model.objects.filter(
            report=OuterRef("pk"), name_is_public=True, confirmed_at__isnull=False
        )
        return self.annotate(public_name=Subquery(named.values("name")[:1]))

    def by_token(self, token: str) -> Report:
        """The report whose reporter holds the token. Raises DoesNotExist, also when expired."""
        return self.select_related("category__group", "department", "municipality").get(
            capability_digest=digest(token), capability_expires_at__gt=timezone.now()
        )

    def locked(self) -> ReportQuerySet:
        """For a deed: nobody else changes the row until the transaction ends."""
        return self.select_for_update(of=("self",)).select_related(
            "category__group", "department", "municipality__fallback_department", "assignee"
        )


def in_locality(name: str) -> Q:
    """In the Ortsteil; the town's core has its name, or none of its own."""
    core = Q(municipality__name=name) | Q(municipality__name__startswith=f"{name} (")
    return Q(locality=name) | (Q(locality="") & core)


def _lately() -> RawSQL:
    """The stored day's beginning. A scalar query: worked out once, not for each row."""
    return RawSQL("(SELECT reports_since()::timestamp AT TIME ZONE 'Europe/Berlin')", ())


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> EventQuerySet:
        return self.standing().filter(visibility="public")

    def for_reporter(self) -> EventQuerySet:
        """Without what others added to a report that is sealed."""
        theirs = self.standing().filter(visibility__in=["public", "reporter"])
        return theirs.exclude(kind="more", report__is_sealed=True)

    def standing(self) -> EventQuerySet:
        """Without what staff took back at once (reports/deeds/undo.py): all of one version."""
        undone = self.model.objects.filter(
            report=OuterRef("report"), version=OuterRef("version") + 1, kind="undone"
        )
        return self.exclude(Exists(undone))

    def since(self, version: int) -> EventQuerySet:
        """What happened after the version that somebody has before their eyes."""
        return self.filter(version__gt=version)

    def with_pictures(self) -> EventQuerySet:
        """With the photos that staff added to them: one statement."""
        added: Any = self.model._meta.get_field("staff_photos").related_model
        return self.prefetch_related(
            Prefetch("staff_photos", added.objects.select_related("image"))
        )

    def newest_first(self) -> EventQuerySet:
        return self.select_related("actor", "department").order_by("-id")


class RemarkQuerySet(models.QuerySet["Remark"]):
    def waiting(self) -> RemarkQuerySet:
        """What staff have not decided on."""
        return self.filter(state="waiting")


class StaffPhotoQuerySet(models.QuerySet["StaffPhoto"]):
    def public(self) -> StaffPhotoQuerySet:
        """At what everybody may read."""
        return self.filter(event__visibility="public", report__is_public=True)

    def for_reporter(self) -> StaffPhotoQuerySet:
        return self.filter(event__visibility__in=["public", "reporter"])


class SnippetQuerySet(models.QuerySet["Snippet"]):
    def for_report(self, report: Report) -> SnippetQuerySet:
        """What may be said of it now, by its town and its department; the most fitting first.

        `fits`: 2 written for its kind and state, 1 for one of both, 0 for all.
        """
        named: Any = self.model._meta.get_field("categories").remote_field.through
        of_this = named.objects.filter(snippet=OuterRef("pk"))
        kind = Exists(of_this.filter(category=report.category_id))
        state = Q(statuses__contains=[report.status])
        mine = Q(municipality=report.municipality_id) | Q(department=report.department_id)
        return (
            self.filter(mine, is_active=True)
            .filter(kind | ~Exists(of_this), state | Q(statuses=[]))
            .annotate(fits=_one_if(kind) + _one_if(state))
            .order_by("-fits", "title", "id")
        )

    def kept_by(
        self, municipalities: Collection[int], departments: Collection[int]
    ) -> SnippetQuerySet:
        return self.filter(Q(municipality__in=municipalities) | Q(department__in=departments))


def _one_if(condition: Q | Exists) -> models.Case:
    return models.Case(
        models.When(condition, then=1), default=0, output_field=models.IntegerField()
    )


# What answers.Asked and catalogue.BlockNotice read.
_ASKED = (
    "code",
    "kind",
    "text",
    "help",
    "translations",
    "options",
    "condition",
    "is_required",
    "is_public",
    "hazard_answers",
)
_BARRED = ("title", "text", "translations", "calls", "condition")


class CategoryQuerySet(models.QuerySet["Category"]):
    def reportable(self) -> CategoryQuerySet:
        return self.filter(is_active=True, group__isnull=False, group__is_active=True)

    def on_terms_of(self, municipality: Municipality | Slot) -> CategoryQuerySet:
        """With `terms` (the town's active offer, or None), `asked` (questions) and `barred`
        (blocks): one statement."""
        mine = Q(municipality=municipality)
        return self._on_terms(mine, mine | Q(municipality=None))

    def on_any_terms(self) -> CategoryQuerySet:
        """As `on_terms_of`, but of whichever town offers it first, and without single towns'
        own questions."""
        return self._on_terms(Q(), Q(municipality=None))

    def _on_terms(self, whose: Q, asked_by: Q) -> CategoryQuerySet:
        offers: Any = self.model._meta.get_field("offers").related_model
        questions: Any = self.model._meta.get_field("questions").related_model
        blocks: Any = self.model._meta.get_field("blocks").related_model
        terms = JSONObject(
            days="days_to_answer",
            publication="publication",
            text_at_once="text_at_once",
            depublish="depublish_after_days",
        )
        asked = JSONObject(**{name: name for name in _ASKED})
        barred = JSONObject(**{name: name for name in _BARRED})
        mine = Q(category=OuterRef("pk"), is_active=True)
        rows: CategoryQuerySet = self.select_related("group").annotate(
            terms=Subquery(
                offers.objects.filter(mine, whose).order_by("municipality").values(facts=terms)[:1]
            ),
            asked=ArraySubquery(
                questions.objects.filter(mine, asked_by)
                .order_by("position", "pk")
                .values(facts=asked)
            ),
            barred=ArraySubquery(  # a town's own before those for all
                blocks.objects.filter(mine, asked_by)
                .order_by(F("municipality").asc(nulls_last=True), "pk")
                .values(facts=barred)
            ),
        )
        return rows
