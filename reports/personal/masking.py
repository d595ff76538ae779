"""Personal data that slipped into a text: found, told to the writer, hidden from the public.

`find(text)` tells where, `hint(text)` says it to who is writing, `public_text(text)` is what
everybody may read until staff have looked at it. Meant to be quick and sure rather than complete:
`bench/masking.py` counts how sure. Worked out when a text is written, never when a list is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import phonenumbers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum import iban

from reports.personal.names import find_names

MASK = "•••"


class Kind(Enum):
    """What was found."""

    EMAIL = "email"
    PHONE = "phone"
    PLATE = "plate"
    IBAN = "iban"
    NAME = "name"

    @property
    def words(self) -> Any:
        return _WORDS[self]


_WORDS = {
    Kind.EMAIL: _("an e-mail address"),
    Kind.PHONE: _("a telephone number"),
    Kind.PLATE: _("a number plate"),
    Kind.IBAN: _("a bank account number"),
    Kind.NAME: _("a name"),
}
# Whole sentences: German changes more than one word with the kind.
_HINTS = {
    Kind.EMAIL: _("The text contains an e-mail address. It is hidden from the public."),
    Kind.PHONE: _("The text contains a telephone number. It is hidden from the public."),
    Kind.PLATE: _("The text contains a number plate. It is hidden from the public."),
    Kind.IBAN: _("The text contains a bank account number. It is hidden from the public."),
    Kind.NAME: _("The text contains a name. It is hidden from the public."),
}

_AT = r"(?:\s?@\s?|\s?[\[({](?:at|ät)[\])}]\s?)"
_DOT = r"(?:\.|\s?[\[({](?:dot|punkt)[\])}]\s?)"
_EMAIL = re.compile(
    rf"[\w.+-]{{1,64}}{_AT}(?:[\w-]{{1,63}}{_DOT}){{1,4}}[a-z]{{2,24}}\b", re.IGNORECASE
)
# District, one or two letters, up to four figures, H or E: "HP-AB 123", "hp-ab123", "B MW 1234".
# Without the hyphen only in capitals, or every "am B 3 12" would be one.
_PLATE = re.compile(
    r"(?<![\w-])(?:"
    r"(?:[A-ZÄÖÜ]{1,3}|[a-zäöü]{1,3})\s?[-–:]\s?[A-Za-z]{1,2}\s?[-–]?\s?[1-9]\d{0,3}[HEhe]?"
    r"|[A-ZÄÖÜ]{1,3}\s[A-Z]{1,2}\s?[1-9]\d{0,3}[HE]?"
    r")(?![\w-])"
)
_PLATE_NOT = re.compile(
    r"(?i)^(?:nr|am|an|im|in|zu|ca|uhr|eg|og|din|iso|pm|co|abs|str|vz|bmw|vw|man|daf|amg|ktm)\b"
)
# Whatever is called a plate, those of other countries, too.
_CALLED_PLATE = re.compile(
    r"(?i:\b(?:kennzeichen|nummernschild|kfz|kz\.?|halter(?:in)?(?:\s+(?:von|des))?)\b)"
    r"(?:[\s:.,–-]|(?i:lautet|ist|nr\.?)\s){0,6}"
    r"((?=[A-ZÄÖÜ \d-]{0,10}\d)[A-ZÄÖÜ][A-ZÄÖÜ\d]{0,7}(?:[ -][A-ZÄÖÜ\d]{1,5}){0,2})(?![\w-])"
)
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})")
_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?:[ -]?[0-9A-Z]{4}){2,7}(?:[ -]?[0-9A-Z]{1,3})?\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Find:
    """A stretch `text[start:end]` that tells who somebody is or how to reach them."""

    kind: Kind
    start: int
    end: int


def find(text: str) -> list[Find]:
    """All finds, in order, none overlapping another."""
    finds: list[Find] = []
    for each in _all(text):
        if not any(each.start < known.end and known.start < each.end for known in finds):
            finds.append(each)
    return sorted(finds, key=lambda each: each.start)


def public_text(text: str) -> str:
    """The text as everybody may read it, in any language: MASK in place of each find."""
    return "".join(MASK if piece.kind else piece.text for piece in pieces(text))


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `kind` None: nothing is wrong with it."""

    text: str
    kind: Kind | None = None


def pieces(text: str) -> list[Piece]:
    """The whole text, cut where finds begin and end."""
    cut: list[Piece] = []
    last = 0
    for each in find(text):
        cut += [Piece(text[last : each.start]), Piece(text[each.start : each.end], each.kind)]
        last = each.end
    return [piece for piece in (*cut, Piece(text[last:])) if piece.text]


def kinds(text: str) -> list[Kind]:
    """Which kinds were found, in the order in which they appear first."""
    return list(dict.fromkeys(each.kind for each in find(text)))


def hint(text: str) -> str:
    """What to tell who is writing; "" when nothing was found."""
    found = kinds(text)
    if len(found) < 2:
        return "".join(str(_HINTS[kind]) for kind in found)
    *first, last = (str(kind.words) for kind in found)
    facts = {"first": ", ".join(first), "last": last}
    return gettext("The text contains %(first)s and %(last)s. They are hidden from the public.") % (
        facts
    )


def _all(text: str) -> Iterator[Find]:
    """The surest kinds first: they win where two overlap."""
    for match in _EMAIL.finditer(text):
        yield Find(Kind.EMAIL, *match.span())
    for match in _IBAN.finditer(text):
        if end := _end_of_iban(match):
            yield Find(Kind.IBAN, match.start(), end)
    for call in phonenumbers.PhoneNumberMatcher(text, "DE"):
        if not _DATE.fullmatch(call.raw_string):
            yield Find(Kind.PHONE, call.start, call.end)
    for match in _PLATE.finditer(text):
        if not _PLATE_NOT.match(match.group()):
            yield Find(Kind.PLATE, *match.span())
    for match in _CALLED_PLATE.finditer(text):
        yield Find(Kind.PLATE, *match.span(1))
    for start, end in find_names(text):
        yield Find(Kind.NAME, start, end)


def _end_of_iban(match: re.Match[str]) -> int | None:
    """Where it ends: a short word behind it may look like its last part. None: it is none."""
    said = match.group()
    while said:
        if iban.is_valid(said.replace("-", "")):
            return match.start() + len(said)
        cut = max(said.rfind(" "), said.rfind("-"))
        said = said[: max(cut, 0)]
    return None
