"""Four lost property offices, their terms, and the registers of places that decide which law holds.

Streets are those of the demo's places; undertakings, schools and shops are made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from django.contrib.gis.geos import Point

from geo.models import Place as Street
from geo.models import PlaceKind as StreetKind
from lostfound.models import (
    FindPlace,
    Office,
    Operator,
    PlaceKind,
    Regime,
    StoragePlace,
    StorageSite,
    Terms,
)
from townhall.codes import new_code
from townhall.models import Department, Membership, Municipality, Role, User

from .people import phone


@dataclass(frozen=True)
class Counter:
    """An office: where it sits and when it is open. `fees` names a sample of law.fees."""

    town: str
    street: str
    number: str
    hours: str
    fees: str


COUNTERS: tuple[Counter, ...] = (
    Counter("bensheim", "Marktplatz", "4", "Mo–Fr 8–12 Uhr, Do auch 14–18 Uhr", "magdeburg"),
    Counter("heppenheim", "Großer Markt", "11", "Mo, Di, Do, Fr 8–12 Uhr, Mi 14–18 Uhr", ""),
    Counter(
        "lampertheim", "Römerstraße", "102", "Mo–Fr 8–12 Uhr, Di auch 13–17 Uhr", "luckenwalde"
    ),
    Counter("viernheim", "Rathausstraße", "1", "Mo–Fr 7:30–12 Uhr, Do auch 14–18 Uhr", ""),
)


@dataclass(frozen=True)
class Site:
    """A place of finds. `street`: near which it lies; "": everywhere in the town."""

    name: str
    kind: PlaceKind
    operator: Operator = Operator.NOBODY
    run_by: str = ""
    street: str = ""
    regime: str = ""
    serves_public: bool = True


def _everywhere(*own: Site) -> tuple[Site, ...]:
    return (
        Site("Straßen, Wege und Plätze", PlaceKind.STREET),
        Site("Grünanlagen, Wald und Feld", PlaceKind.PARK),
        Site("Rathaus", PlaceKind.TOWN_HALL, Operator.MUNICIPALITY),
        Site("Taxi", PlaceKind.TAXI, Operator.COMPANY),
        *own,
    )


_BUS, _POOL = "Bergstraßenbus GmbH (Demo)", "Bäder Bergstraße GmbH (Demo)"
REGISTERS: dict[str, tuple[Site, ...]] = {
    "bensheim": _everywhere(
        Site(
            "Bahnhof Bensheim", PlaceKind.STATION, Operator.COMPANY, "Bahn (Demo)", "Bahnhofstraße"
        ),
        Site("Buslinie 675", PlaceKind.BUS, Operator.COMPANY, _BUS),
        Site("Buslinie 677", PlaceKind.BUS, Operator.COMPANY, _BUS),
        Site(
            "Stadtbücherei", PlaceKind.OTHER_PREMISES, Operator.MUNICIPALITY, street="Hauptstraße"
        ),
        # Run as a company: the register leaves the question to the counter.
        Site("Freibad am Berliner Ring", PlaceKind.POOL, Operator.COMPANY, _POOL, "Berliner Ring"),
        Site(
            "Schule an der Lindenstraße",
            PlaceKind.SCHOOL,
            Operator.MUNICIPALITY,
            street="Lindenstraße",
        ),
        Site(
            "Privatschule Rodenstein", PlaceKind.SCHOOL, Operator.COMPANY, street="Rodensteinstraße"
        ),
        Site("Amtsgericht", PlaceKind.COURT, Operator.LAND, street="Darmstädter Straße"),
        Site(
            "Supermarkt an der Nibelungenstraße",
            PlaceKind.SHOP,
            Operator.COMPANY,
            street="Nibelungenstraße",
        ),
        Site(
            "Weinfest auf dem Marktplatz",
            PlaceKind.STREET,
            street="Marktplatz",
            regime=Regime.GENERAL,
        ),
        Site("Schülerfahrt (Reisebus)", PlaceKind.BUS, Operator.COMPANY, _BUS, serves_public=False),
    ),
    "heppenheim": _everywhere(
        Site(
            "Bahnhof Heppenheim",
            PlaceKind.STATION,
            Operator.COMPANY,
            "Bahn (Demo)",
            "Bahnhofstraße",
        ),
        Site("Buslinie 669", PlaceKind.BUS, Operator.COMPANY, _BUS),
        Site("Freibad Heppenheim", PlaceKind.POOL, Operator.MUNICIPALITY),
        Site("Kaufhaus am Großen Markt", PlaceKind.SHOP, Operator.COMPANY, street="Großer Markt"),
        Site("Schule an der Kalterer Straße", PlaceKind.SCHOOL, Operator.MUNICIPALITY),
    ),
    "lampertheim": _everywhere(
        Site("Bahnhof Lampertheim", PlaceKind.STATION, Operator.COMPANY, "Bahn (Demo)"),
        Site("Biedensand-Bad", PlaceKind.POOL, Operator.COMPANY, _POOL),
        Site("Buslinie 604", PlaceKind.BUS, Operator.COMPANY, _BUS),
        Site("Drogerie in der Kaiserstraße", PlaceKind.SHOP, Operator.COMPANY),
    ),
    "viernheim": _everywhere(
        Site("Straßenbahn Linie 5", PlaceKind.TRAM, Operator.COMPANY, "Rhein-Bahn (Demo)"),
        Site("Waldschwimmbad", PlaceKind.POOL, Operator.MUNICIPALITY),
        Site("Einkaufszentrum", PlaceKind.SHOP, Operator.COMPANY),
        Site(
            "Schule an der Schulstraße",
            PlaceKind.SCHOOL,
            Operator.MUNICIPALITY,
            street="Schulstraße",
        ),
    ),
}


def load_offices(
    departments: Mapping[str, Department], towns: Mapping[str, Municipality]
) -> dict[str, Office]:
    """The offices by their town, with terms and register. Four statements and one for streets."""
    streets = streets_of({counter.town: towns[counter.town] for counter in COUNTERS})
    offices = Office.objects.bulk_create(
        Office(
            slug=counter.town,
            name=f"Fundbüro {towns[counter.town].name}",
            department=departments[f"{counter.town}-fundbuero"],
            municipality=towns[counter.town],
            postal_address=_address(counter, towns[counter.town]),
            phone=phone(300 + number),
            email=f"fundbuero@{counter.town}.example",
            opening_hours=counter.hours,
            position=_near(streets[counter.town], counter.street),
        )
        for number, counter in enumerate(COUNTERS)
    )
    Terms.objects.bulk_create(
        Terms(municipality=towns[counter.town], fees={"sample": counter.fees})
        for counter in COUNTERS
        if counter.fees
    )
    FindPlace.objects.bulk_create(
        FindPlace(
            municipality=towns[town],
            name=site.name,
            kind=site.kind,
            operator=site.operator,
            operator_name=site.run_by,
            serves_public=site.serves_public,
            regime=site.regime,
            position=_near(streets[town], site.street) if site.street else None,
        )
        for town, sites in REGISTERS.items()
        for site in sites
    )
    return {office.slug: office for office in offices}


def load_storage(offices: Mapping[str, Office], rng: Random) -> None:
    """Rooms with shelves and a safe, and the yard for what is bulky. Two statements."""
    rooms = [StorageSite(office=office, name="Rathaus") for office in offices.values()]
    yards = [
        StorageSite(
            office=office,
            name="Bauhof",
            postal_address=f"Am Bauhof 1, {office.postal_address.rpartition(', ')[2]}",
            opening_hours="Mo–Do 7–15 Uhr, Fr 7–12 Uhr",
            for_bulky=True,
        )
        for office in offices.values()
    ]
    StorageSite.objects.bulk_create([*rooms, *yards])
    places = [(site, shelf, slot) for site in rooms for shelf, slot in _slots()]
    places += [(site, "Stellplatz", f"{number}") for site in yards for number in range(1, 13)]
    StoragePlace.objects.bulk_create(
        StoragePlace(
            site=site,
            code=new_code(rng),
            shelf=shelf,
            slot=slot,
            position=position,
            is_safe=shelf == "Tresor",
        )
        for position, (site, shelf, slot) in enumerate(places)
    )


def _slots() -> Iterator[tuple[str, str]]:
    for letter in "ABCD":
        for number in range(1, 7):
            yield f"Regal {letter}", f"Fach {number}"
    yield "Tresor", ""


def load_towns(offices: Mapping[str, Office]) -> dict[str, Town]:
    """What each office has around it, as the maker of things needs it. Four statements."""
    streets = streets_of({slug: office.municipality for slug, office in offices.items()})
    places = list(FindPlace.objects.filter(is_active=True).order_by("name"))
    shelves = list(StoragePlace.objects.select_related("site").order_by("position"))
    members = Membership.objects.filter(role=Role.FUNDBUERO).select_related("user")
    staff = list(members.order_by("user__username"))
    towns = {}
    for slug, office in offices.items():
        own = [each for each in shelves if each.site.office_id == office.pk]
        towns[slug] = Town(
            office=office,
            staff=[each.user for each in staff if each.department_id == office.department_id],
            places=[each for each in places if each.municipality_id == office.municipality_id],
            streets=streets[slug],
            shelves=[each for each in own if not each.site.for_bulky and not each.is_safe],
            yard=[each for each in own if each.site.for_bulky],
            safe=next(each for each in own if each.is_safe),
        )
    return towns


Streets = dict[str, list[Point]]


@dataclass(frozen=True)
class Town:
    """What one office has around it."""

    office: Office
    staff: Sequence[User]
    places: Sequence[FindPlace]
    streets: Streets
    shelves: Sequence[StoragePlace]
    yard: Sequence[StoragePlace]
    safe: StoragePlace


def streets_of(towns: Mapping[str, Municipality]) -> dict[str, Streets]:
    """Positions along each street, by town and name, always in the same order. One statement."""
    slugs = {town.key: slug for slug, town in towns.items()}
    rows = Street.objects.filter(source="demo", kind=StreetKind.STREET, area_key__in=slugs)
    found: dict[str, Streets] = {slug: {} for slug in towns}
    for row in sorted(rows, key=lambda each: (each.name, each.position.coords)):
        found[slugs[row.area_key]].setdefault(row.name, []).append(row.position)
    return found


def _near(streets: Streets, name: str) -> Point:
    """On the street; on the first one where the demo doesn't know it."""
    return streets.get(name, next(iter(streets.values())))[0]


def _address(counter: Counter, town: Municipality) -> str:
    postcode = town.postal_address.rpartition(", ")[2]
    return f"{counter.street} {counter.number}, {postcode}"
