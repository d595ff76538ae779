"""Which column means what: by the words that people write over their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Field(StrEnum):
    """What we take over."""

    NUMBER = "number"
    KIND = "kind"
    DESCRIPTION = "description"
    COLOUR = "colour"
    SECOND_COLOUR = "second_colour"
    BRAND = "brand"
    FOUND_ON = "found_on"
    FOUND_TIME = "found_time"
    NOTICE_ON = "notice_on"
    HANDED_OVER_ON = "handed_over_on"
    HANDED_OVER_TO = "handed_over_to"
    PLACE = "place"
    VALUE = "value"
    STORAGE = "storage"
    STATE = "state"
    AT_FINDER = "at_finder"
    FINDER = "finder"
    FIRST_NAME = "first_name"
    STREET = "street"
    POSTCODE = "postcode"
    TOWN = "town"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE = "phone"
    OWNERSHIP = "ownership"
    REWARD = "reward"
    EXPENSES = "expenses"
    WAIVER = "waiver"
    CONSENT = "consent"


REQUIRED = (Field.NUMBER, Field.KIND, Field.FOUND_ON)

LABELS: Mapping[Field, str | Promise] = {
    Field.NUMBER: _("Old number"),
    Field.KIND: _("Kind"),
    Field.DESCRIPTION: _("Description"),
    Field.COLOUR: _("Colour"),
    Field.SECOND_COLOUR: _("Second colour"),
    Field.BRAND: _("Brand"),
    Field.FOUND_ON: _("Day of the find"),
    Field.FOUND_TIME: _("Time of the find"),
    Field.NOTICE_ON: _("Day of the notice"),
    Field.HANDED_OVER_ON: _("Handed over on"),
    Field.HANDED_OVER_TO: _("Handed over to"),
    Field.PLACE: _("Place of the find"),
    Field.VALUE: _("Value"),
    Field.STORAGE: _("Storage place"),
    Field.STATE: _("Status"),
    Field.AT_FINDER: _("Kept by the finder"),
    Field.FINDER: _("Finder"),
    Field.FIRST_NAME: _("Finder’s first name"),
    Field.STREET: _("Finder’s street"),
    Field.POSTCODE: _("Finder’s postcode"),
    Field.TOWN: _("Finder’s town"),
    Field.ADDRESS: _("Finder’s address"),
    Field.EMAIL: _("Finder’s e-mail"),
    Field.PHONE: _("Finder’s telephone"),
    Field.OWNERSHIP: _("Claims ownership"),
    Field.REWARD: _("Claims a reward"),
    Field.EXPENSES: _("Claims expenses"),
    Field.WAIVER: _("Waives everything"),
    Field.CONSENT: _("Agrees to the handing out"),
}

# Lower case, letters and digits only, umlauts written out. The first column with a name wins.
_NAMES: Mapping[Field, str] = {
    Field.NUMBER: """nummer nr fundnummer fundnr fundsachennummer fundsachennr fundsachenr lfdnr
        lfdnummer laufendenummer aktenzeichen az id registriernummer registernummer altenummer
        vorgangsnummer inventarnummer number""",
    Field.KIND: """art kategorie bezeichnung gegenstand fundsache sache fundgegenstand objekt typ
        artdesgegenstands artderfundsache gegenstandsart fundart kurzbezeichnung titel kind""",
    Field.DESCRIPTION: """beschreibung merkmale details bemerkung bemerkungen anmerkung anmerkungen
        beschreibungdergegenstands beschreibungdesgegenstands beschreibungderfundsache text zusatz
        inhalt notiz description""",
    Field.COLOUR: "farbe hauptfarbe colour color",
    Field.SECOND_COLOUR: "zweitfarbe zweitefarbe nebenfarbe",
    Field.BRAND: "marke hersteller fabrikat markehersteller brand",
    Field.FOUND_ON: "funddatum fundtag gefundenam tagdesfundes datumdesfundes datumfund datum",
    Field.FOUND_TIME: "fundzeit fundzeitpunkt uhrzeit fundzeituhr",
    Field.NOTICE_ON: """anzeigedatum anzeigetag angezeigtam eingangsdatum eingang eingangam
        eingangstag abgabedatum abgegebenam erfassungsdatum erfasstam annahmedatum angenommenam
        gemeldetam aufnahmedatum aufgenommenam""",
    Field.HANDED_OVER_ON: "uebergabedatum uebergebenam",
    Field.HANDED_OVER_TO: "uebergebenan abgegebenbei eingeliefertdurch einlieferer",
    Field.PLACE: "fundort fundstelle fundplatz gefundenin ortdesfundes ort",
    Field.VALUE: """wert schaetzwert geschaetzterwert wertineuro werteuro werteur wertin betrag
        zeitwert""",
    Field.STORAGE: "lagerort lagerplatz lager regal aufbewahrungsort aufbewahrung standort platz",
    Field.STATE: "status stand zustand verbleib bearbeitungsstand",
    Field.AT_FINDER: "beimfinder verbleibtbeimfinder finderverwahrt verwahrungbeimfinder",
    Field.FINDER: "finder findername namedesfinders findernachname finderinname nachname",
    Field.FIRST_NAME: "findervorname vorname vornamedesfinders",
    Field.STREET: "finderstrasse strasse strassedesfinders",
    Field.POSTCODE: "finderplz plz plzdesfinders",
    Field.TOWN: "finderort wohnort wohnortdesfinders ortdesfinders",
    Field.ADDRESS: "finderadresse finderanschrift adressedesfinders anschriftdesfinders anschrift",
    Field.EMAIL: "finderemail findermail email mail emaildesfinders",
    Field.PHONE: "findertelefon telefon tel telefonnummer findertel handynummer",
    Field.OWNERSHIP: """eigentum eigentumsanspruch eigentumserwerb eigentumsvorbehalt
        finderwilleigentum""",
    Field.REWARD: "finderlohn finderlohnanspruch anspruchaufinderlohn",
    Field.EXPENSES: "auslagen auslagenersatz aufwendungen",
    Field.WAIVER: "verzicht verzichtet verzichterklaerung finderverzichtet",
    Field.CONSENT: "zustimmung herausgabezustimmung zustimmungherausgabe herausgabeerlaubt",
}
_BY_NAME = {name: field for field, names in _NAMES.items() for name in names.split()}
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Mapped:
    """`at`: field → its column. `ignored`: heads of columns that nobody reads."""

    at: Mapping[Field, int]
    ignored: Sequence[str]

    @property
    def missing(self) -> list[Field]:
        return [field for field in REQUIRED if field not in self.at]


def mapped(head: Sequence[str]) -> Mapped:
    at: dict[Field, int] = {}
    ignored: list[str] = []
    for number, name in enumerate(head):
        field = _BY_NAME.get(folded(name))
        if field is not None and field not in at:
            at[field] = number
        elif name:
            ignored.append(name)
    return Mapped(at, ignored)


def folded(name: str) -> str:
    """„Lfd. Nr.“ as `lfdnr`."""
    return re.sub(r"[^a-z0-9]", "", name.lower().translate(_FOLD))
