"""Names of people in a German text: found by what stands around them, or by a first name.

Surnames alone are mostly everyday words (Müller, Stein), so a list of them would hide half a text.
`bench/masking.py` counts how many are found, and how much that is no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reports.personal.first_names import FIRST_NAMES

_FAREWELL = re.compile(
    r"(?:\b(?:mfg|lg|vg|hochachtungsvoll)\b"
    r"|\b(?:mit\s+)?(?:freundliche[nrm]?|viele[n]?|liebe[n]?|beste[n]?|herzliche[nr]?|schöne[n]?"
    r"|sonnige[n]?)\s+gr(?:ü|ue)(?:ß|ss)e?n?\b"
    r"|\bgru(?:ß|ss)\b|\bes\s+gr(?:ü|ue)(?:ß|ss)t(?:\s+(?:sie|euch|herzlich|freundlich))*\b)"
    r"(?!\s+an\b)(?:\s+(?:aus(?:\s+de[rmn])?|von\s+de[rmn]|vom)\s+[\w-]+)?",
    re.IGNORECASE,
)
_WORD = r"[A-ZÄÖÜ][\w'’-]*\.?"
_BEFORE = r"(?:Dr\.|Prof\.|Dipl\.-\w+\.|von|van|de|zu|der|und|Familie|Fam\.|Herr|Frau)"
_NAME = (
    rf"(?:{_BEFORE}\s+)*{_WORD}"
    rf"(?:(?:[ \t]+|\n)(?:(?:von|van|de|zu|der|und)[ \t]+)*{_WORD}){{0,3}}"
)
# Somebody signs for somebody, or as somebody's.
_AS = r"(?:(?i:i\.\s?[av]\.|im auftrag|in vertretung|gez\.|ihre?|euer|eure|deine?|von)\s+)?"
_SIGNATURE = re.compile(
    rf"[\s,.!:;–-]*\n?\s*{_AS}({_NAME}|[a-zäöü]\.\s?[a-zäöüß-]+)(?=\s*(?:[,.!;()\n]|$))"
)
# Typed in a hurry, without capitals, and nothing behind it.
_SMALL_SIGNATURE = re.compile(
    rf"[\s,.!:;–-]*\n?\s*{_AS}(([a-zäöüß]{{2,}})(?:[ \t][a-zäöüß-]+){{0,2}})\s*$"
)
# "i.A. Schreiber", "gez. Kurz" where no farewell stands before.
_FOR_SOMEBODY = re.compile(
    rf"(?:\b[iI]\.\s?[AV]\.|\bgez\.)[ \t]*\n?[ \t]*({_NAME})(?=\s*(?:[,.!;()\n]|$))"
)
_INITIALS = re.compile(r"(?m)^[ \t]*((?:[A-ZÄÖÜ]\.[ \t]?){1,3})[ \t]*$")
_TITLES = r"(?:(?:Dr|Prof|Dipl)\.\s+)*"
_OF = r"(?:(?:von|van|vom|zu|zum|de|der|den|ter|el|al|di)[ \t]+){0,3}"
_ADDRESSED = re.compile(
    r"\b(?:(?:Herrn?|Frau|Familie|Eheleuten?)\s+|(?:Fr|Hr|Fam)\.\s?)"
    rf"({_TITLES}{_OF}{_WORD}(?:[ \t]{_OF}{_WORD})?)"
)
_ADDRESSED_SMALL = re.compile(
    r"(?:^|[.,!?:;\n]\s*|\b(?:an|von|bei|mit|für|und|zu|dass|geehrte[rn]?|liebe[rn]?)\s+)"
    r"(?:herrn?|frau)\s+([a-zäöüß]{3,}(?:-[a-zäöüß]{3,})?)(?![\w-])"
)
# One person in their part, and the name right behind it: "mein Nachbar Krüger", "Zeugin: Kurz".
_IN_A_PART = re.compile(
    r"\b(?:Nachbar(?:in|n)?|Hausmeister(?:in|s)?|Vermieter(?:in|s)?|Mieter(?:in|s)?"
    r"|(?:Haus)?[Ee]igentümer(?:in|s)?|Besitzer(?:in|s)?|Hausbesitzer(?:in|s)?|Fahrzeughalter(?:in|s)?"
    r"|Hausverwalter(?:in|s)?|Bewohner(?:in|s)|Zeug(?:e|in|en)|Kolleg(?:e|in|en)|Verursacher(?:in|s)?"
    r"|Bekannter?|Freund(?:in|es)?|Schwager|Enkel(?:in)?|Ehemann|Ehefrau|Ansprechpartner(?:in)?"
    r"|Melder(?:in)?|Absender(?:in)?|Pächter(?:in|s)?|Wirt(?:in)?|Landwirt(?:in|s)?)"
    rf"(?:[ \t]*[:,(–-])?(?:[ \t]+(?:ist|heißt|heisst|namens|war|hieß))?[ \t]+"
    rf"({_TITLES}{_OF}{_WORD}(?:[ \t]{_OF}{_WORD})?)(?!-)"
)
# "mein Mann Bernd", "unsere Tochter Emilia"
_OF_THE_FAMILY = re.compile(
    r"\b(?i:mein|unser|dein|euer|eur|sein|ihr)e?[rmns]?[ \t]+(?:[a-zäöüß]+e[rnms]?[ \t]+)?"
    r"(?:Mann|Tochter|Sohn|Kind|Mutter|Vater|Oma|Opa|Bruder|Schwester|Neffe|Nichte|Enkelkind)s?,?"
    rf"[ \t]+({_WORD})"
)
_NAMED = re.compile(
    r"\b(?:namens|mit Namen|(?i:er|sie) (?:heißt|heisst|hieß))[ \t]+"
    rf"({_OF}{_WORD}(?:[ \t]{_OF}{_WORD})?)"
)
_NO_NAME = re.compile(
    r"(?:Ober)?[Bb]ürgermeister|Doktor|Professor|Präsident|Minister|Landrat|Landrät|Stadtrat|Stadträt"
    r"|Nachbar|Anfang|Mitte|Ende|Gott|Ingenieur|Dezernent|(?:Mit|Im|Am|Auf|In|Und|Ist|Hat|Aus)\b"
)
# What may follow a part instead of a name.
_NOT_IN_A_PART = re.compile(
    r"(?:Nr|Haus|Grundstück|Garten|Hof|Hund|Auto|Wagen|Parkplatz|Stellplatz|Garage|Wohnung|Straße"
    r"|Stadt|Gemeinde|Kreis|Land|Bund|Amt|Firma|Fa|GmbH|Deutsche|Bahn|Post|Telekom|Telefon|Tel"
    r"|Handy|Mobil|Mail|E-Mail|Hausnummer|Eigentümer|Mieter|Anwohner|Bewohner|Nachbar|Herr|Frau"
    r"|Familie|Danke|Bitte|Wer|Was|Wie|Wo|Wann|Warum|Da|Das|Der|Die|Den|Dem|Dies|Ein|Kein|Es|Er"
    r"|Sie|Wir|Ich|Ihr|Mein|Unser|Hier|Dort|Seit|Vor|Nach|Von|Bei|Zu|Zum|Zur|Für|Ohne|Mit|Im|Am"
    r"|Auf|In|An|Um|Und|Oder|Aber|Ist|Hat|War|Wird|Kann|Soll|Muss|Beschwer|Anzeige|Meldung|Müll"
    r"|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Januar|Februar|März|April|Mai"
    r"|Juni|Juli|August|September|Oktober|November|Dezember)(?:n|en|s)?\b"
)
# What may follow "herr" or "frau" in small letters: no name.
_WORDS = """
    aber allein alle alleine als auch auf aus bei bekam bekommt bin bist braucht bürgermeister
    bürgermeisterin damals dann darf das dass dem den der des die direktor doktor dort durch ein
    eine einen einer fiel fiele für geht gestern ging gott habe haben hat hatte heißt heute hier
    hilft hätte ich ihr ihre immer ist ja jeden jetzt kam kann kannte kein kennt kommt konnte
    könnte lag landrat liegt mit muss musste müsste nach nachbar nachbarin nicht noch nur oder
    ohne rief ruft saß schon sehr sei seit sich sie sind sitzt so soll sollte stand steht stürzte
    präsident professor und uns von vor war was wegen weiß wer werden wie will wird wo wohnt
    wollte wurde würde zum zur
"""
_NO_SMALL_NAME: Final = frozenset(_WORDS.split())
_SAID = re.compile(rf"(?i:\bschrieb|\bname\s*:)\s+({_WORD}(?:[ \t]{_WORD}){{0,2}})")
_INTRODUCTION = re.compile(
    r"(?i:\b(?:mein name ist|mein name:|ich heiße|ich heisse|hier spricht|hier schreibt))\s+"
    rf"({_NAME})"
)
_THANKS = re.compile(rf"(?i:\b(?:danke|vielen dank|besten dank)[.,!]?)[ \t]*\n\s*({_NAME})\s*$")
# A first name or several, and a name. "Karl-Heinz" counts as a first name by either part.
_FULL_NAME = re.compile(
    rf"(?<![\w-])([A-ZÄÖÜÇŞİ][\w’-]+)[ \t]({_OF})([A-ZÄÖÜÇŞİ][\w'’-]{{2,}})(?![\w-])"
    r"(?:[ \t]([A-ZÄÖÜÇŞİ][\w'’-]{2,})(?![\w-]))?"
)
_OF_A_STREET = re.compile(r"[ -]{0,2}(?:[Ss]tr|weg\b|platz\b)")
_STREET = re.compile(
    r"(?i)(?:str|straße|strasse|weg|platz|allee|gasse|ring|ufer|steig|park|schule|halle|hof|haus"
    r"|brunnen|kirche|brücke|denkmal|klinik|stift|heim|gmbh|kapelle|stadion|saal|graben"
    r"|tunnel|siedlung|viertel|gymnasium|lastenrad|werkstatt|markt|center|zentrum)e?s?\.?$"
)


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Where somebody signs, is addressed, is called by their part, or by first name and name.

    In no order; one may lie within another.
    """
    for farewell in _FAREWELL.finditer(text):
        if signature := _SIGNATURE.match(text, farewell.end()):
            yield signature.span(1)
        small = _SMALL_SIGNATURE.match(text, farewell.end())
        if small and small[2].capitalize() in FIRST_NAMES:
            yield small.span(1)
    for shape in (_INTRODUCTION, _SAID, _THANKS, _INITIALS, _FOR_SOMEBODY, _NAMED):
        for match in shape.finditer(text):
            if not _FAREWELL.match(match[1]):
                yield match.span(1)
    for match in _ADDRESSED.finditer(text):
        if not _NO_NAME.match(match[1]):
            yield match.span(1)
    for match in _ADDRESSED_SMALL.finditer(text):
        if match[1] not in _NO_SMALL_NAME:
            yield match.span(1)
    for match in _IN_A_PART.finditer(text):
        if not _NOT_IN_A_PART.match(match[1]) and not _STREET.search(match[1]):
            yield match.span(1)
    for match in _OF_THE_FAMILY.finditer(text):
        if _is_first_name(match[1]):
            yield match.span(1)
    yield from _full_names(text)


def _full_names(text: str) -> Iterator[tuple[int, int]]:
    """ "Thomas Berger", "Hans Peter von Stein"; not what a street or a school is called after."""
    at = 0
    while match := _FULL_NAME.search(text, at):
        first, last, after = match[1], match[3], match[4] or ""
        at = match.end(3)
        if not _is_first_name(first):
            at = match.end(1)
        elif any(map(_STREET.search, (first, last, after))) or _OF_A_STREET.match(text, at):
            continue
        elif after and _is_first_name(last):
            yield match.start(), match.end(4)
            at = match.end(4)
        elif not after.isupper():  # "Lotte Eckener GMS" is a school
            yield match.start(), match.end(3)


def _is_first_name(word: str) -> bool:
    return word in FIRST_NAMES or word.partition("-")[0] in FIRST_NAMES
