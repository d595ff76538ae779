"""The stock of the Fundbüros: some found things, two of them with parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from django.contrib.gis.geos import Point
from django.utils import timezone

from geo.models import Place, PlaceKind
from lostfound.models import FoundItem, Office, Regime, Source, Value
from townhall.codes import new_code
from townhall.models import Department, Municipality

from .found_offices import load_offices


@dataclass(frozen=True)
class Thing:
    """A found thing. `public` is coarse on purpose; `inside` lists parts as (kind, text)."""

    kind: str
    colour: str
    public: str
    private: str
    euros: int | None = None
    inside: tuple[tuple[str, str], ...] = ()


THINGS: tuple[Thing, ...] = (
    Thing("backpack", "black", "Rucksack, schwarz", "Schulhefte 7b, Brotdose mit Dinos", 30),
    Thing(
        "purse",
        "brown",
        "Geldbörse, braun",
        "Leder, abgegriffen, Druckknopf defekt",
        15,
        (
            ("cash", "62,40 € in Scheinen und Münzen"),
            ("identity_paper", "Personalausweis"),
            ("card", "Bankkarte"),
            ("document", "Passfoto eines Kindes"),
        ),
    ),
    Thing("keys", "silver", "Schlüsselbund mit Anhänger", "3 Schlüssel, Anhänger Eule"),
    Thing("keys", "", "Einzelner Autoschlüssel", "Klappschlüssel, Gehäuse geklebt"),
    Thing("bicycle", "blue", "Damenfahrrad, blau", "28 Zoll, Korb vorn, Rahmennummer notiert", 120),
    Thing("bicycle", "red", "Kinderfahrrad, rot", "16 Zoll, Stützräder, Klingel Marienkäfer", 40),
    Thing("bicycle", "grey", "Mountainbike, grau", "26 Zoll, ohne Sattel", 60),
    Thing("bicycle", "black", "E-Bike, schwarz", "Akku fehlt, Rahmennummer notiert", 900),
    Thing("phone", "black", "Mobiltelefon, schwarz", "Displaybruch oben links, gesperrt", 200),
    Thing("phone", "white", "Mobiltelefon, weiß", "Hülle mit Blumen, Akku leer", 150),
    Thing("glasses", "blue", "Brille mit blauem Gestell", "Gleitsicht, im Etui eines Optikers", 80),
    Thing("glasses", "brown", "Sonnenbrille", "Bügel links verbogen", 20),
    Thing("jacket", "green", "Kinderjacke, grün", "Größe 116, Namensschild eingenäht", 25),
    Thing("jacket", "black", "Lederjacke, schwarz", "Größe M, Kinokarte in der Tasche", 90),
    Thing("umbrella", "red", "Regenschirm, rot", "Holzgriff", 10),
    Thing("jewellery", "gold", "Ring, goldfarben", "Gravur innen mit Datum", 250),
    Thing("jewellery", "silver", "Armband, silberfarben", "Verschluss gebrochen, Herzanhänger", 30),
    Thing("watch", "silver", "Armbanduhr", "Metallband, läuft, Kratzer bei der Vier", 110),
    Thing("toy", "brown", "Stoffhase", "Ein Ohr geflickt, sehr geliebt"),
    Thing("hearing_aid", "beige", "Hörgerät", "Links, Seriennummer notiert", 700),
    Thing("bag", "patterned", "Stofftasche mit Büchern", "4 Leihbücher der Stadtbücherei", 40),
    Thing(
        "bag",
        "black",
        "Handtasche, schwarz",
        "Kunstleder, Reißverschluss klemmt",
        25,
        (("cash", "18,00 €"), ("keys", "2 Schlüssel"), ("other", "Kosmetiktäschchen")),
    ),
    Thing("instrument", "", "Blockflöte im Etui", "Sopran, Namenszug M.", 35),
    Thing("headphones", "white", "Kopfhörer in Ladeschale", "Gravur auf der Schale", 90),
    Thing("walking_aid", "grey", "Rollator", "Netz mit Einkaufsliste: Milch, Hefe, Batterien", 60),
)


def load_found(
    departments: Mapping[str, Department],
    towns: Mapping[str, Municipality],
    *,
    seed: int,
    today: dt.date,
) -> tuple[int, int]:
    """The offices and their things; how many of each, parts included."""
    rng = Random(f"{seed} found")  # noqa: S311
    offices = load_offices(departments, towns)
    town, office = towns["bensheim"], offices["bensheim"]
    places = _places(town)
    wholes = [_item(thing, office, rng, rng.choice(places), today) for thing in THINGS]
    FoundItem.objects.bulk_create(wholes)
    parts = [
        _part(kind, text, whole, rng)
        for thing, whole in zip(THINGS, wholes, strict=True)
        for kind, text in thing.inside
    ]
    FoundItem.objects.bulk_create(parts)
    return len(offices), len(wholes) + len(parts)


def _places(town: Municipality) -> list[Point]:
    rows = Place.objects.filter(source="demo", kind=PlaceKind.STREET, area_key=town.key)
    return sorted((row.position for row in rows), key=lambda point: point.coords)


def _item(thing: Thing, office: Office, rng: Random, place: Point, today: dt.date) -> FoundItem:
    days, slow = rng.randrange(2, 115), rng.choice((0, 0, 0, 1, 1, 2))
    return FoundItem(
        code=new_code(rng),
        office=office,
        kind=thing.kind,
        colour=thing.colour,
        description=thing.private,
        found_on=today - dt.timedelta(days=days),
        notice_on=today - dt.timedelta(days=days - slow),
        found_at=place,
        source=Source.DEMO,
        regime=Regime.GENERAL,
        value=Value.UNKNOWN if thing.euros is None else Value.ESTIMATE,
        value_cents=thing.euros * 100 if thing.euros is not None else None,
        received_at=_morning(today - dt.timedelta(days=days - slow)),
    )


def _part(kind: str, text: str, whole: FoundItem, rng: Random) -> FoundItem:
    return FoundItem(
        code=new_code(rng),
        office=whole.office,
        part_of=whole,
        kind=kind,
        description=text,
        found_on=whole.found_on,
        notice_on=whole.notice_on,
        found_at=whole.found_at,
        source=Source.DEMO,
        regime=whole.regime,
        received_at=whole.received_at,
    )


def _morning(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9, 30)))
