"""Four lost property offices, their terms, and the registers of places that decide which law holds.

Streets are those of the demo's places; undertakings, schools and shops are made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.gis.geos import Point

from geo.models import Place as Street
from geo.models import PlaceKind as StreetKind
from lostfound.models import FindPlace, Office, Operator, PlaceKind, Regime, Terms
from townhall.models import Department, Municipality

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


Streets = dict[str, list[Point]]


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
