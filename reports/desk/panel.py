"""The filter panel: the same terms as in the search box, as fields, chips and suggestions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reports.desk.shelf import Shelf
from reports.desk.sorting import SORTS
from reports.desk.terms import KEYS, Limit, Term, Terms
from reports.desk.wish import Wish


@dataclass(frozen=True)
class Option:
    value: str
    label: str | Promise
    group: str = ""


@dataclass(frozen=True)
class Field:
    """One field of the panel: „select“, „checks“ or „date“. `values`: what is chosen."""

    name: str
    label: str | Promise
    kind: str
    options: tuple[Option, ...] = ()
    values: frozenset[str] = frozenset()

    @property
    def value(self) -> str:
        return next(iter(self.values), "")


@dataclass(frozen=True)
class Panel:
    """`rest`: what has no field here, as text."""

    fields: tuple[Field, ...]
    rest: str

    @property
    def count(self) -> int:
        """How many fields say something."""
        return sum(bool(field.values) for field in self.fields)


def panel_of(wish: Wish, shelf: Shelf) -> Panel:
    """What the fields can't say stays in `rest`, so that sending the panel loses nothing."""
    said: list[Term] = wish.terms.of("sort")
    fields = []
    for field in _selects(shelf, get_language() or ""):
        term = _only(wish.terms, field.name)
        if term:
            said.append(term)
        fields.append(_chosen(field, term.values[0]) if term else field)
    checks, chosen = _status(wish.terms)
    said += chosen
    days, limits = _days(wish.terms)
    said += limits
    return Panel((checks, *fields, *days), wish.terms.but(said).text)


def _only(terms: Terms, key: str) -> Term | None:
    """What one field can say: one condition of one value."""
    found = terms.of(key)
    return found[0] if len(found) == 1 and len(found[0].values) == 1 else None


def _chosen(field: Field, value: str) -> Field:
    """A value that is none of the options was typed; it becomes one."""
    options = field.options
    if all(option.value != value for option in options):
        options = (Option(value, value), *options)
    return replace(field, options=options, values=frozenset({value}))


def _status(terms: Terms) -> tuple[Field, list[Term]]:
    chosen = terms.of("status")
    values = frozenset(value for term in chosen for value in term.values)
    options = tuple(Option(word, label) for word, label in _STATUS.items())
    return Field("status", KEYS["status"].label, "checks", options, values), chosen


def _days(terms: Terms) -> tuple[list[Field], list[Term]]:
    """From and until, as far as days are what was asked for."""
    said, values = [], {"von": "", "bis": ""}
    for term in terms.of("eingang"):
        limit = Limit.read(term.values[0]) if len(term.values) == 1 else None
        end = {">=": "von", "<=": "bis"}.get(limit.sign, "") if limit and limit.day else ""
        if limit and limit.day and end and not values[end]:
            values[end] = limit.day.isoformat()
            said.append(term)
    labels = {"von": _("Received from"), "bis": _("Received until")}
    fields = [
        Field(f"eingang_{end}", labels[end], "date", values=frozenset({value} - {""}))
        for end, value in values.items()
    ]
    return fields, said


_STATUS: dict[str, str | Promise] = {
    "offen": _("all open"),
    "geschlossen": _("all closed"),
    "neu": _("Received"),
    "arbeit": _("In progress"),
    "zurückgestellt": _("On hold"),
    "erledigt": _("Done"),
    "weitergeleitet": _("Forwarded"),
    "abgelehnt": _("No action"),
    "doppelt": _("Already reported"),
}
_PRIORITIES = (
    Option("dringend", _("Urgent")),
    Option("hoch", _("High")),
    Option("normal", _("Normal")),
    Option("niedrig", _("Low")),
)
_DEADLINES = (
    Option("überfällig", _("overdue")),
    Option("<1t", _("overdue or today")),
    Option("<2t", _("up to the next working day")),
    Option("<=5t", _("up to 5 working days")),
    Option("keine", _("without a deadline")),
)
_SOURCES = (
    Option("web", _("Web page")),
    Option("api", _("App or other program")),
    Option("amt", _("Town hall")),
)
_YES_NO = (Option("ja", _("yes")), Option("nein", _("no")))


@lru_cache(maxsize=64)
def _selects(shelf: Shelf, _language: str) -> tuple[Field, ...]:
    """The fields with a list, nothing chosen; their labels are in a language."""
    categories = [
        Option(each.code, each.label, each.group.label if each.group else "")
        for each in shelf.categories
    ]
    offices = [Option("meins", _("mine")), Option("keins", _("none: nobody is responsible"))]
    offices += [Option(each.slug, each.name) for each in shelf.departments]
    people = [Option("ich", _("me")), Option("niemand", _("nobody"))]
    people += [Option(each.slug, each.name) for each in shelf.people]
    named: dict[str, Iterable[Option]] = {
        "kategorie": categories,
        "amt": offices,
        "bearbeiter": people,
        "bereich": [Option(place, place) for place in shelf.places],
        "gemeinde": [Option(town.slug, town.name) for town in shelf.towns],
        "frist": _DEADLINES,
        "prio": _PRIORITIES,
        "gefahr": _YES_NO,
        "foto": _YES_NO,
        "öffentlich": _YES_NO,
        "quelle": _SOURCES,
    }
    return tuple(
        Field(name, KEYS[name].label, "select", tuple(options))
        for name, options in named.items()
        if name != "gemeinde" or len(shelf.towns) > 1
    )


# ── Chips ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Chip:
    """One condition as it was typed; `query` is the list without it."""

    text: str
    query: str


def chips_of(wish: Wish) -> list[Chip]:
    """Of conditions that stand in the list's heading; the order has a field of its own."""
    return [
        Chip(term.text, replace(wish, terms=wish.terms.but([term]), after="").query)
        for term in wish.terms.filters
    ]


def sorts_of(wish: Wish) -> Field:
    """Nothing chosen is the order of the view."""
    usual = _("In heaps") if wish.view.is_grouped else wish.view.sort.name
    others = [
        Option(sort.slug, sort.name)
        for sort in SORTS.values()
        if sort is not wish.view.sort or wish.view.is_grouped
    ]
    chosen = frozenset({wish.terms.sort})
    return Field("sort", KEYS["sort"].label, "select", (Option("", usual), *others), chosen)


# ── Suggestions ──────────────────────────────────────────────────────────────────────────────
MOST_SUGGESTED = 200  # of a key


def completions(shelf: Shelf) -> str:
    """For the search box's script, as JSON: each key with the words that may stand behind it."""
    return _completions(shelf, get_language() or "")


@lru_cache(maxsize=64)
def _completions(shelf: Shelf, language: str) -> str:
    options: dict[str, Iterable[Option]] = {
        "status": [Option(word, label) for word, label in _STATUS.items()],
        "sort": [Option(sort.slug, sort.name) for sort in SORTS.values()],
    }
    options |= {field.name: field.options for field in _selects(shelf, language)}
    keys = [
        {
            "key": key.name,
            "label": str(key.label),
            "also": key.also,
            "values": [
                [option.value, str(option.label)]
                for option in list(options.get(key.name, ()))[:MOST_SUGGESTED]
            ],
        }
        for key in KEYS.values()
        if key.name != "karte"
    ]
    return json.dumps(keys, ensure_ascii=False, separators=(",", ":"))


def words_of(shelf: Shelf) -> dict[str, list[tuple[str, str]]]:
    """Of each key the words with their names, for the page that explains the language."""
    return {each["key"]: each["values"] for each in json.loads(completions(shelf))}
