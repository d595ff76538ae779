"""The desk's filter language: `status:offen -kategorie:laterne frist:<1t lindenweg`.

Plain words are looked for in the reports; `key:value` narrows the list, a minus turns it round,
commas mean "or". The panel beside the box says the same by fields. Both are read into `Terms`,
and reading `Terms.text` gives the same terms again. No database here: which department „tiefbau“
is, `filters` knows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geo.boxes import BadBox, Box
from reports.workflow import OPEN, Status

MOST_LETTERS = 1000
MOST_TERMS = 24
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))


def fold(word: str) -> str:
    """As words are compared: „Öffentlich“ and „oeffentlich“ are the same."""
    return " ".join(word.casefold().translate(_LETTERS).split())


# ── Ranges ───────────────────────────────────────────────────────────────────────────────────
_SIGNS = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
_SIGN = re.compile(r"\s*(>=|<=|=>|=<|[<>=≥≤]?)\s*(.*)", re.DOTALL)
_DAYS = re.compile(r"(\d{1,3})\s*(?:t|d|tage?|days?)", re.ASCII | re.IGNORECASE)
_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_DAY_WORDS = {"heute": 0, "today": 0, "gestern": 1, "yesterday": 1}
_DAY_SAID = ("heute", "gestern")


@dataclass(frozen=True)
class Limit:
    """`<1t`, `>=2026-11-01`, `heute`: a sign, and a day or a number of days.

    `ago`: the day is so many days before today.
    """

    sign: str
    day: dt.date | None = None
    days: int | None = None
    ago: int | None = None

    @property
    def text(self) -> str:
        if self.day:
            return self.sign + self.day.isoformat()
        return self.sign + (f"{self.days}t" if self.ago is None else _DAY_SAID[self.ago])

    @classmethod
    def read(cls, text: str) -> Limit | None:
        """None for what is no limit."""
        match = _SIGN.fullmatch(text)
        if match is None:
            return None
        sign, rest = _SIGNS.get(match[1], match[1]), fold(match[2])
        if rest in _DAY_WORDS:
            return cls(sign, ago=_DAY_WORDS[rest])
        if count := _DAYS.fullmatch(rest):
            return cls(sign, days=int(count[1]))
        day = _day(rest)
        return cls(sign, day) if day else None

    def day_from(self, today: dt.date) -> dt.date | None:
        """The day that is meant; None for a number of days."""
        return self.day if self.ago is None else today - dt.timedelta(days=self.ago)


def _day(text: str) -> dt.date | None:
    if german := _GERMAN_DATE.fullmatch(text):
        text = f"{german[3]}-{german[2]:0>2}-{german[1]:0>2}"
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────
Words = Mapping[str, tuple[str, ...]]  # as we write it → what else people type
_YES_NO: Words = {"ja": ("yes", "1", "true"), "nein": ("no", "0", "false")}

STATUS: dict[str, tuple[frozenset[Status], tuple[str, ...]]] = {
    "offen": (OPEN, ("open",)),
    "geschlossen": (frozenset(Status) - OPEN, ("closed", "zu")),
    "neu": (frozenset({Status.NEW}), ("new", "eingegangen", "received")),
    "arbeit": (frozenset({Status.IN_PROGRESS}), ("in_progress", "in arbeit", "in bearbeitung")),
    "zurückgestellt": (frozenset({Status.ON_HOLD}), ("on_hold", "hold", "wartet")),
    "erledigt": (frozenset({Status.DONE}), ("done", "fertig")),
    "weitergeleitet": (frozenset({Status.FORWARDED}), ("forwarded",)),
    "abgelehnt": (frozenset({Status.NO_ACTION}), ("no_action", "keine massnahme", "rejected")),
    "doppelt": (frozenset({Status.DUPLICATE}), ("duplicate", "dublette")),
}
SORTS: Words = {
    "neu": ("newest", "new", "neueste"),
    "alt": ("oldest", "old", "aelteste"),
    "frist": ("deadline", "due"),
    "prio": ("priority", "prioritaet"),
    "geändert": ("changed",),
}


@dataclass(frozen=True)
class Key:
    """`read`: a value as we write it, None for what means nothing here. `words` are offered."""

    name: str
    also: tuple[str, ...]
    label: str | Promise
    read: Callable[[str], str | None]
    words: tuple[str, ...] = ()
    example: str | Promise = ""
    is_range: bool = False
    splits: bool = True
    is_turned: bool = True  # may have a minus

    @property
    def possible(self) -> str:
        """What can stand behind it, in words."""
        return ", ".join(filter(None, [*self.words, str(self.example)]))


def _one_of(words: Words) -> Callable[[str], str | None]:
    known = {fold(also): word for word, more in words.items() for also in (word, *more)}
    return lambda text: known.get(fold(text))


def _choice(name: str, also: tuple[str, ...], label: str | Promise, words: Words) -> Key:
    return Key(name, also, label, _one_of(words), tuple(words))


def _name(text: str) -> str | None:
    return text or None


def _limit(words: Words) -> Callable[[str], str | None]:
    word_in = _one_of(words)

    def read(text: str) -> str | None:
        limit = Limit.read(text)
        return word_in(text) or (limit.text if limit else None)

    return read


_DUE: Words = {
    "überfällig": ("overdue", "late"),
    "heute": ("today",),
    "keine": ("none", "ohne"),
}
OVERDUE, DUE_TODAY, NOT_DUE = _DUE


def _period(text: str) -> str | None:
    """A limit, or two days with dots between."""
    first, dots, last = text.partition("..")
    if dots:
        days = [_day(first.strip()), _day(last.strip())]
        return "..".join(day.isoformat() for day in days if day) if all(days) else None
    limit = Limit.read(text)
    return limit.text if limit else None


def _box(text: str) -> str | None:
    box = box_in(text)
    return ",".join(f"{side:.5f}" for side in box_sides(box)) if box else None


def box_in(text: str) -> Box | None:
    """West, south, east, north in degrees; None for nonsense."""
    try:
        return Box.parse(text)
    except BadBox:
        return None


def box_sides(box: Box) -> tuple[float, float, float, float]:
    return box.west, box.south, box.east, box.north


_DAY_EXAMPLE = _("a day such as >=2026-11-01, a period such as 2026-11-01..2026-11-05, heute, <7t")

KEYS: dict[str, Key] = {
    key.name: key
    for key in (
        _choice(
            "status",
            ("state",),
            _("Status"),
            {
                word: (*also, *map(str, some)) if len(some) == 1 else also
                for word, (some, also) in STATUS.items()
            },
        ),
        Key(
            "kategorie",
            ("category", "kat", "art"),
            _("Category"),
            _name,
            example=_("the name of a category or group, or the beginning of it"),
        ),
        Key(
            "amt",
            ("department", "team", "abteilung"),
            _("Department"),
            _name,
            ("keins", "meins"),
            _("the name of a department, or a part of it"),
        ),
        Key(
            "bearbeiter",
            ("assignee", "zugewiesen", "bearbeiterin"),
            _("Assigned to"),
            _name,
            ("ich", "niemand"),
            _("the name of a colleague"),
        ),
        Key(
            "bereich",
            ("area", "ort", "ortsteil", "district"),
            _("Area"),
            _name,
            example=_("an Ortsteil or an area of your map"),
        ),
        Key(
            "gemeinde",
            ("town", "stadt", "municipality"),
            _("Municipality"),
            _name,
            example=_("a town"),
        ),
        Key(
            "frist",
            ("deadline", "sla", "due", "faellig"),
            _("Deadline"),
            _limit(_DUE),
            tuple(_DUE),
            _("working days such as <1t or >=5t, a day such as <=2026-12-01"),
            is_range=True,
        ),
        Key(
            "eingang",
            ("received", "zeitraum", "period"),
            _("Received"),
            _period,
            example=_DAY_EXAMPLE,
            is_range=True,
        ),
        Key("geändert", ("changed",), _("Changed"), _period, example=_DAY_EXAMPLE, is_range=True),
        _choice(
            "prio",
            ("priority", "prioritaet"),
            _("Priority"),
            {
                "niedrig": ("low", "1"),
                "normal": ("2",),
                "hoch": ("high", "3"),
                "dringend": ("urgent", "4"),
            },
        ),
        _choice("gefahr", ("hazard", "danger"), _("Hazard"), _YES_NO),
        _choice("foto", ("photo", "bild"), _("Photo"), _YES_NO),
        _choice("öffentlich", ("public", "sichtbar"), _("Public"), _YES_NO),
        Key(
            "quelle",
            ("source",),
            _("Source"),
            lambda text: fold(text).replace(" ", "_")[:12] or None,
            ("web", "api", "amt"),
        ),
        Key(
            "karte",
            ("map", "box"),
            _("Part of the map"),
            _box,
            example=_("west,south,east,north in degrees"),
            is_range=True,
            splits=False,
        ),
        Key(
            "sort",
            ("sortierung", "order"),
            _("Sorting"),
            _one_of(SORTS),
            tuple(SORTS),
            splits=False,
            is_turned=False,
        ),
    )
}
_BY_WORD = {fold(word): key for key in KEYS.values() for word in (key.name, *key.also)}
_ORDER = {name: place for place, name in enumerate(KEYS)}


def key_called(word: str) -> Key | None:
    return _BY_WORD.get(fold(word))


# ── Terms ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Term:
    """One condition. Of several values any will do."""

    key: str
    values: tuple[str, ...]
    is_not: bool = False

    @property
    def text(self) -> str:
        values = self.values if not KEYS[self.key].splits else map(_quoted, self.values)
        return f"{'-' * self.is_not}{self.key}:{','.join(values)}"


@dataclass(frozen=True)
class Trouble:
    """Something typed that means nothing, and the sentence that helps."""

    typed: str
    sentence: str


@dataclass(frozen=True)
class Terms:
    """What was asked for. `words` shall be found, `without` shall not; `lost` means nothing."""

    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, text: str, *, fields: Iterable[tuple[str, str]] = ()) -> Terms:
        """What was typed, and what the panel's `fields` (key, value) add to it. Never raises."""
        reader = _Reader()
        for name, value in fields:
            if value.strip():
                reader.take_value(KEYS[name], value.strip(), is_not=False, typed=f"{name}:{value}")
        for token in _tokens(text.replace("\0", " ")[:MOST_LETTERS].translate(_QUOTES)):
            reader.take(token)
        return reader.terms()

    @cached_property
    def text(self) -> str:
        """As it stands in the box."""
        parts = [term.text for term in self.terms]
        parts += map(_word_text, self.words)
        parts += (f"-{_word_text(word)}" for word in self.without)
        return " ".join([*parts, *self.lost])

    @property
    def sought(self) -> str:
        return " ".join(self.words)

    @property
    def narrows(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(self.words or self.without or self.lost or self.filters)

    @property
    def filters(self) -> list[Term]:
        return [term for term in self.terms if term.key != "sort"]

    @property
    def sort(self) -> str:
        return next((term.values[-1] for term in self.terms if term.key == "sort"), "")

    def of(self, key: str, *, is_not: bool = False) -> list[Term]:
        return [term for term in self.terms if term.key == key and term.is_not == is_not]

    def but(self, terms: Iterable[Term]) -> Terms:
        """The same without these."""
        gone = set(terms)
        return Terms(
            tuple(term for term in self.terms if term not in gone),
            self.words,
            self.without,
            self.lost,
            self.troubles,
        )


NOTHING = Terms()


@dataclass(frozen=True)
class _Token:
    """`key` is "" for a plain word. `typed` is how it stood there."""

    typed: str
    key: str
    parts: tuple[str, ...]
    is_not: bool


class _Reader:
    """Gathers terms; of the same key one with all values, ranges each for itself."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, bool], list[str]] = {}
        self._ranges: dict[str, list[Term]] = {}
        self._words: dict[bool, list[str]] = {False: [], True: []}
        self._lost: list[str] = []
        self._troubles: list[Trouble] = []
        self._count = 0

    def take(self, token: _Token) -> None:
        self._count += 1
        if self._count > MOST_TERMS:
            return
        if not token.key:
            said = self._words[token.is_not]
            said += [part for part in token.parts if part not in said]
            return
        key = key_called(token.key)
        if key is None:
            self._lose(token.typed, _unknown_key(token.key))
            return
        parts = token.parts if key.splits else (",".join(token.parts),)
        good = [key.read(part) for part in parts]
        if not parts or None in good or (token.is_not and not key.is_turned):
            self._lose(token.typed, _unknown_value(key))
            return
        self._keep(key, [value for value in good if value], is_not=token.is_not)

    def take_value(self, key: Key, value: str, *, is_not: bool, typed: str) -> None:
        good = key.read(" ".join(value.replace('"', " ").replace("\0", " ").split()))
        if good is None:
            self._troubles.append(Trouble(typed, _unknown_value(key)))
        else:
            self._keep(key, [good], is_not=is_not)

    def _keep(self, key: Key, values: Sequence[str], *, is_not: bool) -> None:
        if key.is_range:
            term = Term(key.name, tuple(dict.fromkeys(values)), is_not)
            terms = self._ranges.setdefault(key.name, [])
            terms += [term] if term not in terms else []
            return
        known = self._values.setdefault((key.name, is_not), [])
        known += [value for value in values if value not in known]

    def _lose(self, typed: str, sentence: str) -> None:
        if typed not in self._lost:
            self._lost.append(typed)
            self._troubles.append(Trouble(typed, sentence))

    def terms(self) -> Terms:
        found = [Term(key, tuple(values), no) for (key, no), values in self._values.items()]
        found += [term for terms in self._ranges.values() for term in terms]
        found = [Term("sort", term.values[-1:]) if term.key == "sort" else term for term in found]
        found.sort(key=lambda term: (_ORDER[term.key], term.is_not))
        return Terms(
            tuple(found),
            tuple(self._words[False]),
            tuple(self._words[True]),
            tuple(self._lost),
            tuple(self._troubles),
        )


# ── Reading ──────────────────────────────────────────────────────────────────────────────────
_KEYED = re.compile(r"([^\W\d_]+):(?!//)")


def _tokens(text: str) -> Iterator[_Token]:
    for typed in _pieces(text, str.isspace):
        is_not = typed.startswith("-") and len(typed) > 1
        rest = typed[is_not:]
        keyed = _KEYED.match(rest)
        if keyed is None:
            word = " ".join(rest.replace('"', " ").split())
            if word:
                yield _Token(typed, "", (word,), is_not)
            continue
        values = _pieces(rest[keyed.end() :], lambda sign: sign == ",")
        parts = [" ".join(value.replace('"', " ").split()) for value in values]
        yield _Token(_closed(typed), keyed[1], tuple(filter(None, parts)), is_not)


def _pieces(text: str, is_gap: Callable[[str], bool]) -> Iterator[str]:
    """Split where a sign outside of quotes is a gap; quotes stay where they are."""
    piece, is_quoted = "", False
    for sign in text:
        is_quoted ^= sign == '"'
        if is_gap(sign) and not is_quoted:
            if piece:
                yield piece
            piece = ""
        else:
            piece += sign
    if piece:
        yield piece


def _closed(typed: str) -> str:
    """With the quote that somebody forgot at the end."""
    return typed + '"' * (typed.count('"') % 2)


def _quoted(value: str) -> str:
    return f'"{value}"' if "," in value or any(sign.isspace() for sign in value) else value


def _word_text(word: str) -> str:
    is_plain = not (word.startswith("-") or _KEYED.match(word) or any(map(str.isspace, word)))
    return word if is_plain else f'"{word}"'


def _unknown_key(word: str) -> str:
    near = get_close_matches(fold(word), _BY_WORD, n=1, cutoff=0.7)
    if near:
        return gettext("There is no filter “%(word)s”. Do you mean “%(key)s”?") % {
            "word": word,
            "key": _BY_WORD[near[0]].name,
        }
    return gettext("There is no filter “%(word)s”. Possible are: %(keys)s.") % {
        "word": word,
        "keys": ", ".join(KEYS),
    }


def _unknown_value(key: Key) -> str:
    return gettext("After “%(key)s:” may stand: %(possible)s.") % {
        "key": key.name,
        "possible": key.possible,
    }
