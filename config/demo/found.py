"""The stock of Bensheim's Fundbüro: one office, some found things, two of them with parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from django.contrib.gis.geos import Point

from geo.models import Place, PlaceKind
from lostfound.models import FoundItem, Office
from townhall.codes import new_code
from townhall.models import Department, Municipality

from .people import phone


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
    Thing("rucksack", "schwarz", "Rucksack, schwarz", "Schulhefte 7b, Brotdose mit Dinos", 30),
    Thing(
        "geldboerse",
        "braun",
        "Geldbörse, braun",
        "Leder, abgegriffen, Druckknopf defekt",
        15,
        (
            ("bargeld", "62,40 € in Scheinen und Münzen"),
            ("ausweis", "Personalausweis"),
            ("karte", "Bankkarte"),
            ("foto", "Passfoto eines Kindes"),
        ),
    ),
    Thing("schluessel", "silber", "Schlüsselbund mit Anhänger", "3 Schlüssel, Anhänger Eule"),
    Thing("schluessel", "", "Einzelner Autoschlüssel", "Klappschlüssel, Gehäuse geklebt"),
    Thing("fahrrad", "blau", "Damenfahrrad, blau", "28 Zoll, Korb vorn, Rahmennummer notiert", 120),
    Thing("fahrrad", "rot", "Kinderfahrrad, rot", "16 Zoll, Stützräder, Klingel Marienkäfer", 40),
    Thing("fahrrad", "grau", "Mountainbike, grau", "26 Zoll, ohne Sattel", 60),
    Thing("fahrrad", "schwarz", "E-Bike, schwarz", "Akku fehlt, Rahmennummer notiert", 900),
    Thing("telefon", "schwarz", "Mobiltelefon, schwarz", "Displaybruch oben links, gesperrt", 200),
    Thing("telefon", "weiß", "Mobiltelefon, weiß", "Hülle mit Blumen, Akku leer", 150),
    Thing("brille", "blau", "Brille mit blauem Gestell", "Gleitsicht, im Etui eines Optikers", 80),
    Thing("brille", "braun", "Sonnenbrille", "Bügel links verbogen", 20),
    Thing("jacke", "grün", "Kinderjacke, grün", "Größe 116, Namensschild eingenäht", 25),
    Thing("jacke", "schwarz", "Lederjacke, schwarz", "Größe M, Kinokarte in der Tasche", 90),
    Thing("schirm", "rot", "Regenschirm, rot", "Holzgriff", 10),
    Thing("schmuck", "gold", "Ring, goldfarben", "Gravur innen mit Datum", 250),
    Thing("schmuck", "silber", "Armband, silberfarben", "Verschluss gebrochen, Herzanhänger", 30),
    Thing("uhr", "silber", "Armbanduhr", "Metallband, läuft, Kratzer bei der Vier", 110),
    Thing("stofftier", "braun", "Stoffhase", "Ein Ohr geflickt, sehr geliebt"),
    Thing("hoergeraet", "beige", "Hörgerät", "Links, Seriennummer notiert", 700),
    Thing("tasche", "bunt", "Stofftasche mit Büchern", "4 Leihbücher der Stadtbücherei", 40),
    Thing(
        "tasche",
        "schwarz",
        "Handtasche, schwarz",
        "Kunstleder, Reißverschluss klemmt",
        25,
        (("bargeld", "18,00 €"), ("schluessel", "2 Schlüssel"), ("kosmetik", "Kosmetiktäschchen")),
    ),
    Thing("instrument", "", "Blockflöte im Etui", "Sopran, Namenszug M.", 35),
    Thing("kopfhoerer", "weiß", "Kopfhörer in Ladeschale", "Gravur auf der Schale", 90),
    Thing("gehhilfe", "grau", "Rollator", "Netz mit Einkaufsliste: Milch, Hefe, Batterien", 60),
)


def load_found(
    department: Department, town: Municipality, *, seed: int, today: dt.date
) -> tuple[Office, int]:
    """The office and its things; returns it and how many rows there are, parts included."""
    rng = Random(f"{seed} found")  # noqa: S311
    office = Office.objects.create(
        slug="bensheim",
        name="Fundbüro Bensheim",
        department=department,
        municipality=town,
        postal_address=town.postal_address,
        phone=phone(250),
        opening_hours="Mo–Fr 8–12 Uhr, Do auch 14–18 Uhr",
    )
    places = _places(town)
    wholes = [_item(thing, office, rng, rng.choice(places), today) for thing in THINGS]
    FoundItem.objects.bulk_create(wholes)
    parts = [
        _part(kind, text, whole, rng)
        for thing, whole in zip(THINGS, wholes, strict=True)
        for kind, text in thing.inside
    ]
    FoundItem.objects.bulk_create(parts)
    return office, len(wholes) + len(parts)


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
        public_text=thing.public,
        found_on=today - dt.timedelta(days=days),
        notice_on=today - dt.timedelta(days=days - slow),
        found_at=place,
        value_cents=thing.euros * 100 if thing.euros is not None else None,
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
    )
