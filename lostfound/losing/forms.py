"""The form „Verlust melden“: what is in it, and what is wrong with it.

Every field may be missing or nonsense. What depends on a choice is sent along whatever was chosen,
and counts only where the choice says so: so nothing is lost by changing one's mind.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from geo import addresses
from geo.points import point_from, written
from lostfound.catalogue import GROUPS, MARKS, THING_KINDS, Mark, ThingKind, kinds_of
from lostfound.losing.drafts import MAX_DESCRIPTION, Draft, wrong_days, wrong_marks

# The fields of each step, in the order in which the page shows them.
STEPS: Final[dict[str, tuple[str, ...]]] = {
    "was": ("kind",),
    "merkmale": ("colour", "brand", "description", "marks"),
    "wann": ("when", "lost_from", "lost_until", "time_text"),
    "wo": ("where", "points", "p1", "p2", "p3", "from", "to", "line", "place_text", "town"),
    "kontakt": ("reach", "email", "name", "phone", "postal_address", "send"),
}
FIRST, LAST = "was", "kontakt"
ORDER: Final = tuple(field for fields in STEPS.values() for field in fields)
_FIELD_OF: Final = {"transport_line": "line", "second_colour": "colour"}

FINDERS: Final = ("p1", "p2", "p3", "from", "to")
WHENS: Final = ("today", "yesterday", "range")
WHERES: Final = ("places", "way", "line", "unknown")
REACHES: Final = ("mail", "post", "none")
DAYTIMES: Final = {
    "morning": gettext_lazy("in the morning"),
    "noon": gettext_lazy("around noon"),
    "afternoon": gettext_lazy("in the afternoon"),
    "evening": gettext_lazy("in the evening"),
    "night": gettext_lazy("at night"),
}
AS_WRITTEN: Final = "-"
MAX_TEXT = 120  # of an address as it is typed
_MOST_HITS = 6
# Buttons and the trap for programs.
_NOT_KEPT: Final = frozenset({"action", "goto", "step", "website", "csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Problem:
    """A sentence about a field, and the id of the element that it is about."""

    field: str
    anchor: str
    sentence: Any


@dataclass(frozen=True)
class Choice:
    value: str
    name: str
    more: str = ""


@dataclass(frozen=True)
class Finder:
    """One place: the words for it, and the point that was found for just these words.

    `choices`: several places go by that name, and the owner has to say which.
    """

    name: str
    text: str = ""
    spot: Point | None = None
    is_settled: bool = False
    choices: tuple[Choice, ...] = ()

    @property
    def value(self) -> str:
        return written(self.spot) if self.spot else ""


class LossForm:
    """What was put in so far. `area_keys`: where the address search looks; None: everywhere."""

    def __init__(
        self,
        filled: QueryDict | None = None,
        *,
        area_keys: Sequence[str] | None = None,
    ) -> None:
        self.data = filled if filled is not None else QueryDict()
        self.area_keys = area_keys or None
        self.errors: dict[str, list[Any]] = {}
        self.settled: dict[str, Finder] = {}
        self._fresh = uuid.uuid4()

    @classmethod
    def of(
        cls, kept: Mapping[str, list[str]], *, area_keys: Sequence[str] | None = None
    ) -> LossForm:
        """The form as it was left."""
        filled = QueryDict(mutable=True)
        for name, values in kept.items():
            filled.setlist(name, values)
        return cls(filled, area_keys=area_keys)

    def contents(self) -> dict[str, list[str]]:
        """Every field, to be kept; without what only the browser's page needs."""
        fields = {name: list(self.data.getlist(name)) for name in self.data}
        for finder in self.settled.values():
            fields[finder.name] = [finder.text]
            fields[f"{finder.name}_spot"] = [finder.value]
            fields[f"{finder.name}_name"] = [finder.text if finder.is_settled else ""]
        picks = {f"{name}_pick" for name in FINDERS}
        return {name: said for name, said in fields.items() if name not in _NOT_KEPT | picks}

    def said(self, name: str, *, most: int = 4000) -> str:
        """Line breaks as one character, as browsers count them."""
        text = str(self.data.get(name, "")).replace("\r\n", "\n").replace("\x00", "")
        return text.strip()[:most]

    @property
    def client_uuid(self) -> uuid.UUID:
        """The page's own id; a fresh one where somebody tampered with it."""
        try:
            return uuid.UUID(self.said("client_id"))
        except ValueError:
            return self._fresh

    @property
    def is_suspect(self) -> bool:
        """No person sees this field."""
        return bool(self.said("website"))

    # ── What ─────────────────────────────────────────────────────────────────────────────
    @property
    def group(self) -> str:
        said = self.said("group")
        return said if said in GROUPS else ""

    @property
    def kind(self) -> str:
        """Each group asks for its kind by a name of its own: changing the tile forgets nothing."""
        if not self.group:
            return ""
        kinds = [kind.code for kind in kinds_of(self.group)]
        said = self.said(f"kind-{self.group}")
        return said if said in kinds else (kinds[0] if len(kinds) == 1 else "")

    @property
    def thing(self) -> ThingKind | None:
        return THING_KINDS.get(self.kind)

    @property
    def marks(self) -> list[tuple[Mark, str]]:
        """What only the owner knows, for this kind, with what was put in."""
        thing = self.thing
        codes = thing.marks if thing else ()
        return [(MARKS[code], self.said(f"mark-{code}")) for code in codes]

    # ── When ─────────────────────────────────────────────────────────────────────────────
    @property
    def when(self) -> str:
        said = self.said("when")
        return said if said in WHENS else ""

    @cached_property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """First and last day on which it may have been lost; None: not known (yet)."""
        today = timezone.localdate()
        match self.when:
            case "today":
                return today, today
            case "yesterday":
                return today - dt.timedelta(days=1), today - dt.timedelta(days=1)
            case "range":
                first = _day(self.said("lost_from"))
                last = _day(self.said("lost_until")) if self.said("lost_until") else first
                return (first, last) if first and last else None
        return None

    @property
    def time_text(self) -> str:
        """„abends, gegen acht“."""
        daytime = DAYTIMES.get(self.said("daytime"))
        return ", ".join(filter(None, [str(daytime) if daytime else "", self.said("clock")]))

    # ── Where ────────────────────────────────────────────────────────────────────────────
    @property
    def where(self) -> str:
        said = self.said("where")
        return said if said in WHERES else ""

    @property
    def wanted_finders(self) -> tuple[str, ...]:
        return {"places": FINDERS[:3], "way": FINDERS[3:]}.get(self.where, ())

    def finder(self, name: str) -> Finder:
        """The place as it stands; looked for when `settle` is asked to."""
        if name in self.settled:
            return self.settled[name]
        text = self.said(name, most=MAX_TEXT)
        is_settled = bool(text) and self.said(f"{name}_name", most=MAX_TEXT) == text
        spot = point_from(self.said(f"{name}_spot")) if is_settled else None
        return Finder(name, text, spot, is_settled=is_settled)

    @property
    def finders(self) -> dict[str, Finder]:
        return {name: self.finder(name) for name in FINDERS}

    def settle(self) -> None:
        """Look for the places whose words are new; complain where several go by the same name."""
        for name in self.wanted_finders:
            finder = self.finder(name)
            if finder.text and not finder.is_settled:
                self.settled[name] = self._looked_up(finder)
                if self.settled[name].choices:
                    sentence = _("Several places are called “%(name)s”: which one is it?")
                    self.complain(name, sentence % {"name": finder.text})

    def _looked_up(self, finder: Finder) -> Finder:
        picked = self._picked(finder)
        if picked is not None:
            return picked
        found = addresses.search(finder.text, area_keys=self.area_keys, limit=_MOST_HITS)
        same = [place for place in found if str(place).casefold() == finder.text.casefold()]
        sure = same if len(same) == 1 else found
        if len(sure) == 1:
            text = _short(str(sure[0]), sure[0].locality, sure[0].area_name)
            return Finder(finder.name, text, sure[0].position, is_settled=True)
        choices = tuple(
            Choice(
                f"{written(place.position)}|{_short(str(place), place.locality, place.area_name)}",
                str(place),
                ", ".join(dict.fromkeys(filter(None, [place.locality, place.area_name]))),
            )
            for place in found
        )
        return Finder(finder.name, finder.text, is_settled=not choices, choices=choices)

    def _picked(self, finder: Finder) -> Finder | None:
        """What was chosen among several, if this answer belongs to these words."""
        value = self.said(f"{finder.name}_pick")
        if not value or self.said(f"{finder.name}_asked", most=MAX_TEXT) != finder.text:
            return None
        if value == AS_WRITTEN:
            return Finder(finder.name, finder.text, is_settled=True)
        spot, _bar, text = value.partition("|")
        point = point_from(spot)
        if point is None or not text:
            return None
        return Finder(finder.name, text[:MAX_TEXT], point, is_settled=True)

    @property
    def points(self) -> tuple[Point, ...]:
        if self.where != "places":
            return ()
        found = (self.finder(name).spot for name in FINDERS[:3])
        return tuple(spot for spot in found if spot is not None)

    @property
    def way(self) -> tuple[Point, Point] | None:
        if self.where != "way":
            return None
        first, last = self.finder("from").spot, self.finder("to").spot
        return (first, last) if first and last and first != last else None

    @property
    def line(self) -> str:
        return self.said("line", most=60) if self.where == "line" else ""

    @property
    def place_text(self) -> str:
        """„Lindenweg 4, Bensheim; Bahnhof“, „Bahnhof – Markt“."""
        match self.where:
            case "places":
                texts = (self.finder(name).text for name in FINDERS[:3])
                return "; ".join(filter(None, texts))[:300]
            case "way":
                ends = {"first": self.finder("from").text, "last": self.finder("to").text}
                if not all(ends.values()):
                    return "".join(ends.values())
                return f"{ends['first']} – {ends['last']}"[:300]
            case "line":
                return self.said("stops", most=200)
        return ""

    @property
    def has_unknown_place(self) -> bool:
        """A place that the map doesn't know: then the municipality helps."""
        texts = (self.finder(name) for name in self.wanted_finders)
        return any(each.text and each.is_settled and each.spot is None for each in texts)

    # ── Contact ──────────────────────────────────────────────────────────────────────────
    @property
    def reach(self) -> str:
        said = self.said("reach")
        return said if said in REACHES else ""

    @property
    def contact(self) -> dict[str, str]:
        """What counts of what was put in, by the way that was chosen."""
        given = {"name": self.said("name"), "email": "", "phone": "", "postal_address": ""}
        if self.reach == "mail":
            return given | {"email": self.said("email")}
        if self.reach == "post":
            return given | {name: self.said(name) for name in ("phone", "postal_address")}
        return given

    # ── Looking it over ──────────────────────────────────────────────────────────────────
    def check(self, step: str = "") -> bool:
        """Look over one step, or all of them; the complaints are in `errors`."""
        for name, look in (
            ("was", self._check_kind),
            ("merkmale", self._check_marks),
            ("wann", self._check_days),
            ("wo", self._check_place),
            ("kontakt", self._check_contact),
        ):
            if step in {"", name}:
                look()
        return not self.errors

    def _check_kind(self) -> None:
        if not self.kind:
            said = (
                _("Say more exactly what it is.") if self.group else _("Choose what you have lost.")
            )
            self.complain("kind", said)

    def _check_marks(self) -> None:
        self.refuse(wrong_marks({mark.code: text for mark, text in self.marks}))
        if len(self.said("description")) > MAX_DESCRIPTION:
            sentence = _("Keep this under %(n)s characters.") % {"n": MAX_DESCRIPTION}
            self.complain("description", sentence)

    def _check_days(self) -> None:
        if not self.when:
            self.complain("when", _("Choose when you lost it."))
        elif self.days is None:
            field = "lost_until" if _day(self.said("lost_from")) else "lost_from"
            self.complain(field, _("Enter a day such as 31.12.2026."))
        else:
            self.refuse(wrong_days(*self.days))

    def _check_place(self) -> None:
        if not self.where:
            self.complain("where", _("Choose where you lost it."))
        self.settle()
        if self.where == "places" and not self.finder("p1").text:
            self.complain("p1", _("Enter a street or a place, or choose “I don’t know”."))
        for name in ("from", "to"):
            if self.where == "way" and not self.finder(name).text:
                self.complain(name, _("Enter both ends of the way."))
        if self.where == "line" and not self.line:
            self.complain("line", _("Enter the line, such as Bus 640."))

    def _check_contact(self) -> None:
        given = self.contact
        if not self.reach:
            self.complain("reach", _("Choose how we can reach you."))
        if self.reach == "mail" and not _is_email(given["email"]):
            self.complain("email", _("Enter an e-mail address such as name@example.org."))
        if self.reach == "post" and not (given["phone"] or given["postal_address"]):
            self.complain("phone", _("Enter a telephone number or a postal address."))
        if self.reach == "post" and not given["name"]:
            self.complain("name", _("Enter the name for the call or the letter."))
        for field, most in (("name", 120), ("phone", 40), ("postal_address", 200)):
            if len(given[field]) > most:
                self.complain(field, _("Keep this under %(n)s characters.") % {"n": most})

    def draft(self, *, source: str = "web") -> Draft:
        """What `losses.report` takes. Only of a checked form."""
        assert self.days is not None
        return Draft(
            client_id=self.client_uuid,
            kind=self.kind,
            lost_from=self.days[0],
            lost_until=self.days[1],
            colour=self.said("colour"),
            second_colour=self.said("second_colour"),
            brand=self.said("brand"),
            description=self.said("description"),
            time_text=self.time_text,
            points=self.points,
            way=self.way,
            place_text=self.place_text,
            transport_line=self.line,
            town=self.said("town") if self.asks_town else "",
            marks={mark.code: text for mark, text in self.marks if text},
            is_suspect=self.is_suspect,
            language=get_language() or "de",
            source=source,
            **self.contact,
        )

    @property
    def asks_town(self) -> bool:
        return self.where in {"line", "unknown"} or self.has_unknown_place

    def start_anew(self) -> None:
        """Give the page a new id: what is sent next is another loss."""
        filled = self.data.copy()
        filled["client_id"] = str(uuid.uuid4())
        self.data = filled

    # ── Complaints ───────────────────────────────────────────────────────────────────────
    def complain(self, field: str, sentence: Any) -> None:
        self.errors.setdefault(field, []).append(sentence)

    def refuse(self, errors: Mapping[str, Iterable[Any]]) -> None:
        """Write what a deed refused to the fields that it is about."""
        for name, sentences in errors.items():
            for sentence in sentences:
                self.complain(_FIELD_OF.get(name, name), sentence)

    @property
    def problems(self) -> list[Problem]:
        """Every complaint in the order of the page."""
        found = [
            Problem(field, anchor_of(field), sentence)
            for field, sentences in self.errors.items()
            for sentence in sentences
        ]
        return sorted(found, key=lambda problem: _place_of(problem.field))


def step_of(field: str) -> str:
    name = field.partition(".")[0]
    return next((step for step, fields in STEPS.items() if name in fields), FIRST)


def anchor_of(field: str) -> str:
    """The id of the element that a problem's link leads to."""
    name, _dot, code = field.partition(".")
    return f"mark-{code}" if name == "marks" and code else name


def _place_of(field: str) -> int:
    name = field.partition(".")[0]
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _day(text: str) -> dt.date | None:
    """As browsers send it, or as people type it where they have no calendar."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"):
        try:
            return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day, no moment)
        except ValueError:
            continue
    return None


def _is_email(text: str) -> bool:
    try:
        EmailValidator()(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _short(name: str, *more: str) -> str:
    return ", ".join(dict.fromkeys(filter(None, [name, *more])))[:MAX_TEXT]
