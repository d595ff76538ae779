"""What stands in one cell: days, amounts, yes and no, kinds, colours, states."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils import translation

from lostfound.catalogue import THING_KINDS, Colour
from lostfound.law.duty import SMALL_FIND_CENTS
from lostfound.matching import reading
from lostfound.models import Value
from lostfound.money.euros import NoMoney, read_euros
from lostfound.workflow import State

from .columns import folded

FIRST_DAY = dt.date(1990, 1, 1)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?:[ ,T].*)?", re.ASCII)
_SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
_SPREADSHEET_EPOCH = dt.date(1899, 12, 30)
_SMALL = re.compile(r"(?:bis|unter|<|≤|<=|max\.?|höchstens)\s*(.+)", re.IGNORECASE)
_NOTHING = frozenset(["", "-", "–", "?", "k.a.", "unbekannt", "ohne"])


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words("j ja y yes x 1 true wahr")
_NO = _words("n nein no 0 false falsch -")

# What towns write for a thing that is still theirs to keep; and for one that is gone.
_HERE = _words(
    """offen verwahrt inverwahrung eingelagert lagernd lager vorhanden gelagert neu erfasst
    inbearbeitung imfundbuero imbestand bestand"""
)
_READY = _words("abholbereit zurabholung abholung")
_AT_FINDER = _words("beimfinder finderverwahrt verbleibtbeimfinder")
_GONE = _words(
    """ausgegeben ausgehaendigt abgeholt erledigt geschlossen abgeschlossen versteigert verkauft
    vernichtet entsorgt verschenkt gespendet weitergeleitet zurueckgegeben herausgegeben
    anfinder ausgegebenanfinder ausgegebenaneigentuemer archiviert geloescht"""
)


class Unreadable(ValueError):
    """The cell holds something, but not what its column is for."""


def day(text: str) -> dt.date:
    """„2.3.2026“, „02.03.26“, „2026-03-02“, „02/03/2026“, with a time behind it or without, or
    the number that a spreadsheet makes of a day. Raises Unreadable.
    """
    text = text.strip()
    if found := _GERMAN_DAY.fullmatch(text) or _SLASHED_DAY.fullmatch(text):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return _date(year, int(found[2]), int(found[1]))
    if found := _ISO_DAY.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SERIAL.fullmatch(text):
        return _known(_SPREADSHEET_EPOCH + dt.timedelta(days=int(found[1])))
    raise Unreadable(text)


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return _known(dt.date(year, month, day))
    except ValueError:
        raise Unreadable from None


def _known(day: dt.date) -> dt.date:
    if day < FIRST_DAY:
        raise Unreadable
    return day


@dataclass(frozen=True)
class Worth:
    value: str = Value.UNKNOWN
    cents: int | None = None


def worth(text: str) -> Worth:
    """„bis 10 €“ is a small find, an amount an estimate. Raises Unreadable."""
    if text.strip().lower() in _NOTHING:
        return Worth()
    try:
        if small := _SMALL.fullmatch(text.strip()):
            if read_euros(small[1]) <= SMALL_FIND_CENTS:
                return Worth(Value.SMALL, SMALL_FIND_CENTS)
            raise Unreadable(text)
        cents = read_euros(text)
    except NoMoney:
        raise Unreadable(text) from None
    if cents > 2_000_000_000:
        raise Unreadable(text)
    return Worth(Value.ESTIMATE, cents)


def yes(text: str) -> bool | None:
    """None: nothing is said. Raises Unreadable."""
    word = text.strip().lower()
    if not word or word in {"?", "unbekannt"}:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise Unreadable(text)


@lru_cache(maxsize=5000)
def kind(text: str) -> str | None:
    """The code of a kind, by its own name or by what people call it; None: nobody knows."""
    key = folded(text)
    if known := _kind_names().get(key):
        return known
    kinds = reading.read(text).kinds
    return max(kinds, key=lambda code: kinds[code]) if kinds else None


@lru_cache(maxsize=1)
def _kind_names() -> dict[str, str]:
    """Codes and German names; of a name with several words each is one („Jacke, Mantel“)."""
    names: dict[str, str] = {}
    with translation.override("de"):
        for code, thing in THING_KINDS.items():
            label = str(thing.label)
            for name in (code, label, *label.split(",")):
                names.setdefault(folded(name), code)
    return names


@lru_cache(maxsize=5000)
def colours(text: str) -> tuple[str, str]:
    """The first two colours in „schwarz/rot“; empty where there is none."""
    found: list[str] = []
    for word in re.split(r"[\s,;/+&-]+", text.lower()):
        code = _colour_names().get(folded(word)) or _shade(word)
        if code and code not in found:
            found.append(code)
    return (*found, "", "")[0], (*found, "", "")[1]


@lru_cache(maxsize=1)
def _colour_names() -> dict[str, str]:
    with translation.override("de"):
        return {folded(str(colour.label)): colour.value for colour in Colour}


def _shade(word: str) -> str:
    """„dunkelblau“ and „bordeaux“ as the matcher understands them."""
    if len(word) < 3:
        return ""
    shades = reading.read(word).colours
    codes = dict(shades[0].shade) if shades else {}
    best = max(codes, key=lambda code: codes[code]) if codes else ""
    return best if best in Colour.values else ""


def state(text: str) -> State | None:
    """None: gone, so not to be taken over. Raises Unreadable."""
    word = folded(text)
    if not word or word in _HERE:
        return State.HELD
    if word in _READY:
        return State.READY
    if word in _AT_FINDER:
        return State.WITH_FINDER
    if word in _GONE:
        return None
    raise Unreadable(text)
