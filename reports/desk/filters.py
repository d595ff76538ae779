"""What the terms of the filter language mean in the database, for one member of staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.models import Area
from reports.desk.shelf import Named, Shelf, Town, matching, shelf_of
from reports.desk.terms import NOT_DUE, OVERDUE, STATUS, Limit, Term, Terms, Trouble, box_in, fold
from reports.models import Photo, Priority
from reports.workflow import OPEN, Status
from townhall.models import User
from townhall.people import scope_of

_NOTHING = Q(pk__in=[])
_NOBODY = frozenset({"niemand", "nobody", "none", "keiner", "keine", "unassigned"})
_ME = frozenset({"ich", "me", "mir"})
_NO_OFFICE = frozenset({"keins", "none", "keines", "ohne", "kein"})
_MY_OFFICE = frozenset({"meins", "mine", "mein"})

# What no department has taken: sent back to the town's dispatchers, or never meant for anybody.
UNHOUSED = ~Q(returned="") | Q(
    routing__fallback=True, department=F("municipality__fallback_department")
)


@dataclass(frozen=True)
class Asker:
    """Who asks on which day. What they know by heart is read when it is needed."""

    user: User
    today: dt.date

    @property
    def shelf(self) -> Shelf:
        return shelf_of(self.user)


def condition(terms: Terms, asker: Asker) -> Q:
    """Of all terms but the words."""
    whole = Q()
    for term in terms.filters:
        one = _any(_MEANING[term.key](value, asker) for value in term.values)
        whole &= ~one if term.is_not else one
    return whole


def troubles(terms: Terms, asker: Asker) -> list[Trouble]:
    """What could not be read, and names that nobody has."""
    found = list(terms.troubles)
    for term in terms.filters:
        look = _NAMES.get(term.key)
        for value in term.values if look else ():
            assert look
            known, is_known = look(asker, value)
            if not is_known:
                found.append(Trouble(f"{term.key}:{value}", _nobody_called(value, term, known)))
    return found


def _nobody_called(value: str, term: Term, known: Iterable[str]) -> str:
    some = list(dict.fromkeys(known))[:8]
    if not some:
        return _("“%(value)s” is not known here.") % {"value": value}
    return _(
        "“%(value)s” is not known here. After “%(key)s:” may stand, for example: %(some)s."
    ) % {
        "value": value,
        "key": term.key,
        "some": ", ".join(some),
    }


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=[]))


# ── Choices ──────────────────────────────────────────────────────────────────────────────────
_PRIORITIES = {
    "niedrig": Priority.LOW,
    "normal": Priority.NORMAL,
    "hoch": Priority.HIGH,
    "dringend": Priority.URGENT,
}


def _status(value: str, _asker: Asker) -> Q:
    return Q(status__in=sorted(STATUS[value][0]))


def _photo(value: str, _asker: Asker) -> Q:
    has_one = Q(Exists(Photo.objects.filter(report=OuterRef("pk"))))
    return has_one if value == "ja" else ~has_one


def _flag(column: str) -> Callable[[str, Asker], Q]:
    return lambda value, _asker: Q(**{column: value == "ja"})


def _source(value: str, _asker: Asker) -> Q:
    return Q(source__in={"amt": ["staff"]}.get(value, [value]))


# ── Names ────────────────────────────────────────────────────────────────────────────────────
def _category(value: str, asker: Asker) -> Q:
    return Q(category_id__in=_category_ids(value, asker.shelf))


def _category_ids(value: str, shelf: Shelf) -> list[int]:
    """Of the category, or all of the group; else of all that begin so, else that hold it."""
    said = fold(value)
    faces = [(each, {each.code, fold(each.name), fold(each.label)}) for each in shelf.categories]
    groups = [
        (each, {each.group.code, fold(each.group.name), fold(each.group.label)})
        for each in shelf.categories
        if each.group
    ]
    for some in (faces, groups):
        if exact := [each.pk for each, names in some if said in names]:
            return exact
    begun = [each.pk for each, names in faces if any(name.startswith(said) for name in names)]
    return begun or [each.pk for each, names in faces if any(said in name for name in names)]


def _office(value: str, asker: Asker) -> Q:
    if fold(value) in _NO_OFFICE:
        return UNHOUSED
    if fold(value) in _MY_OFFICE:
        mine = {grant.department_id for grant in scope_of(asker.user).grants}
        return Q(department_id__in=sorted(mine))
    return Q(department_id__in=_ids(matching(value, asker.shelf.departments)))


def _assignee(value: str, asker: Asker) -> Q:
    if fold(value) in _NOBODY:
        return Q(assignee=None)
    if fold(value) in _ME:
        return Q(assignee=asker.user.pk)
    return Q(assignee_id__in=_ids(matching(value, asker.shelf.people)))


def _town(value: str, asker: Asker) -> Q:
    return Q(municipality_id__in=_ids(_towns(value, asker.shelf)))


def _towns(value: str, shelf: Shelf) -> list[Named]:
    """A town is called with or without what stands in brackets behind its name."""
    names = [Named(town.pk, town.name.partition(" (")[0], town.slug) for town in shelf.towns]
    return matching(value, names)


def _area(value: str, asker: Asker) -> Q:
    """An Ortsteil, an area of the map, or the core of a town, which has no Ortsteil's name."""
    shelf = asker.shelf
    places = matching(value, [Named(0, place) for place in shelf.places])
    names = {place.name for place in places}
    said = fold(value)
    cores = [each.pk for each in _towns(value, shelf) if fold(each.name) == said]
    if cores:
        names &= {place.name for place in places if fold(place.name) == said}
    parts = [Q(locality="", municipality_id__in=cores)] if cores else []
    if localities := sorted(names & {each.name for each in shelf.localities}):
        parts.append(Q(locality__in=localities))
    if areas := [each.pk for each in shelf.areas if each.name in names]:
        covering = Area.objects.filter(pk__in=areas, shape__covers=OuterRef("position"))
        parts.append(Q(Exists(covering)))
    return reduce(or_, parts) if parts else _NOTHING


def _ids(named: Iterable[Named]) -> list[int]:
    return sorted(each.pk for each in named)


Look = Callable[[Asker, str], tuple[Iterable[str], bool]]


def _look(known: Callable[[Shelf], Iterable[Named]], also: frozenset[str]) -> Look:
    def look(asker: Asker, value: str) -> tuple[Iterable[str], bool]:
        named = list(known(asker.shelf))
        is_known = fold(value) in also or bool(matching(value, named))
        return (each.name for each in named), is_known

    return look


def _look_category(asker: Asker, value: str) -> tuple[Iterable[str], bool]:
    shelf = asker.shelf
    return (each.label for each in shelf.categories), bool(_category_ids(value, shelf))


def _look_area(asker: Asker, value: str) -> tuple[Iterable[str], bool]:
    return asker.shelf.places, _area(value, asker) != _NOTHING


def _look_town(asker: Asker, value: str) -> tuple[Iterable[str], bool]:
    return (town.name for town in asker.shelf.towns), bool(_towns(value, asker.shelf))


_NAMES: dict[str, Look] = {
    "kategorie": _look_category,
    "amt": _look(lambda shelf: shelf.departments, _NO_OFFICE | _MY_OFFICE),
    "bearbeiter": _look(lambda shelf: shelf.people, _NOBODY | _ME),
    "bereich": _look_area,
    "gemeinde": _look_town,
}


# ── Days ─────────────────────────────────────────────────────────────────────────────────────
_DAY = dt.timedelta(days=1)


def _deadline(value: str, asker: Asker) -> Q:
    """Of open reports: what is closed has no deadline any more."""
    is_open = Q(status__in=sorted(OPEN))
    if value == NOT_DUE:
        return is_open & Q(due_on=None)
    if value == OVERDUE:
        return is_open & Q(due_on__lt=asker.today)
    limit = Limit.read(value)
    assert limit
    day = limit.day_from(asker.today)
    if day is not None:
        return is_open & _between("due_on", *_days(limit.sign, day, day + _DAY))
    return is_open & _by_town(
        asker.shelf.towns,
        lambda town: _days(limit.sign, *_nth(town, asker.today, limit.days or 0)),
    )


def _nth(town: Town, today: dt.date, n: int) -> tuple[dt.date, dt.date]:
    """The n-th working day from today, which is the 0th, and the one after it."""
    calendar = town.calendar
    nth = calendar.add_working_days(today, n) if n else today
    return nth, calendar.add_working_days(today, n + 1)


Span = tuple[dt.date | None, dt.date | None]


def _days(sign: str, first: dt.date, beyond: dt.date) -> Span:
    """From which day on, and before which, as the sign says of days from `first` to `beyond`."""
    spans: dict[str, Span] = {
        "<": (None, first),
        "<=": (None, beyond),
        ">": (beyond, None),
        ">=": (first, None),
    }
    return spans.get(sign, (first, beyond))


def _by_town(towns: Iterable[Town], span: Callable[[Town], Span]) -> Q:
    """As each town's calendar says; nearly always all say the same."""
    groups: dict[Span, list[int]] = {}
    for town in towns:
        groups.setdefault(span(town), []).append(town.pk)
    if len(groups) == 1:
        return _between("due_on", *next(iter(groups)))
    return _any(
        Q(municipality_id__in=sorted(pks)) & _between("due_on", *each)
        for each, pks in groups.items()
    )


def _between(column: str, start: object, beyond: object) -> Q:
    facts = {f"{column}__gte": start, f"{column}__lt": beyond}
    known = {name: value for name, value in facts.items() if value is not None}
    return Q(**known, **{f"{column}__isnull": False})


def _moment(column: str) -> Callable[[str, Asker], Q]:
    def meaning(value: str, asker: Asker) -> Q:
        first, dots, last = value.partition("..")
        if dots:
            start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            return _between(column, _midnight(start), _midnight(end + _DAY))
        limit = Limit.read(value)
        assert limit
        day, sign = limit.day_from(asker.today), limit.sign
        if day is None:  # an age: „<7t“ is younger, so later
            day = asker.today - dt.timedelta(days=limit.days or 0)
            sign = sign.translate(_TURNED)
        start_at, beyond = _days(sign, day, day + _DAY)
        return _between(column, _midnight(start_at), _midnight(beyond))

    return meaning


_TURNED = str.maketrans("<>", "><")


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else timezone.make_aware(dt.datetime.combine(day, dt.time()))


# ── Closing time ─────────────────────────────────────────────────────────────────────────────
def since_closing(asker: Asker) -> Q:
    """What came since the last working day's end, each town's own; new hazards however old."""
    moments: dict[dt.datetime, list[int]] = {}
    for town in asker.shelf.towns:
        moments.setdefault(town.calendar.last_closing(asker.today), []).append(town.pk)
    parts = [
        Q(municipality_id__in=sorted(pks), received_at__gte=moment)
        for moment, pks in sorted(moments.items())
    ]
    return reduce(or_, parts, Q(is_hazard=True, status=Status.NEW))


def first_closing(asker: Asker) -> dt.datetime | None:
    """The earliest of the towns': what the page says it goes back to."""
    return min(
        (town.calendar.last_closing(asker.today) for town in asker.shelf.towns), default=None
    )


# ── Places ───────────────────────────────────────────────────────────────────────────────────
def _box(value: str, _asker: Asker) -> Q:
    box = box_in(value)
    return Q(position__bboverlaps=box.polygon()) if box else _NOTHING


_MEANING: dict[str, Callable[[str, Asker], Q]] = {
    "status": _status,
    "kategorie": _category,
    "amt": _office,
    "bearbeiter": _assignee,
    "bereich": _area,
    "gemeinde": _town,
    "frist": _deadline,
    "eingang": _moment("received_at"),
    "geändert": _moment("changed_at"),
    "prio": lambda value, _asker: Q(priority=_PRIORITIES[value]),
    "gefahr": _flag("is_hazard"),
    "foto": _photo,
    "öffentlich": _flag("is_public"),
    "quelle": _source,
    "karte": _box,
}
