"""Town halls, departments, front doors, working calendars and staff of the demo.

Names of towns are real; departments, people, addresses and numbers are made up. Mail addresses
end in the reserved `.example`, phone numbers come from the range that the Bundesnetzagentur
keeps free for films and books ((0)69 90009 000 to 999), so nobody is ever called.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import translation

from townhall.models import (
    ClosingDay,
    Department,
    DepartmentKind,
    DutyPerson,
    Membership,
    Municipality,
    Role,
    Rota,
    Shift,
    Site,
    User,
)

REGION = "Kreis Bergstraße"


@dataclass(frozen=True)
class Town:
    """A municipality of the region. `size`: inhabitants in thousands, roughly."""

    key: str
    slug: str
    name: str
    kind: str
    postcode: str
    size: int


TOWNS: tuple[Town, ...] = (
    Town("06431001", "abtsteinach", "Abtsteinach", "Gemeinde", "69518", 2),
    Town("06431002", "bensheim", "Bensheim", "Stadt", "64625", 41),
    Town("06431003", "biblis", "Biblis", "Gemeinde", "68647", 9),
    Town("06431004", "birkenau", "Birkenau", "Gemeinde", "69488", 10),
    Town("06431005", "buerstadt", "Bürstadt", "Stadt", "68642", 17),
    Town("06431006", "einhausen", "Einhausen", "Gemeinde", "64683", 6),
    Town("06431007", "fuerth", "Fürth", "Gemeinde", "64658", 11),
    Town("06431008", "gorxheimertal", "Gorxheimertal", "Gemeinde", "69517", 4),
    Town("06431009", "grasellenbach", "Grasellenbach", "Gemeinde", "64689", 4),
    Town("06431010", "gross-rohrheim", "Groß-Rohrheim", "Gemeinde", "68649", 4),
    Town("06431011", "heppenheim", "Heppenheim", "Stadt", "64646", 27),
    Town("06431012", "hirschhorn", "Hirschhorn", "Stadt", "69434", 4),
    Town("06431013", "lampertheim", "Lampertheim", "Stadt", "68623", 33),
    Town("06431014", "lautertal", "Lautertal", "Gemeinde", "64686", 7),
    Town("06431015", "lindenfels", "Lindenfels", "Stadt", "64678", 5),
    Town("06431016", "lorsch", "Lorsch", "Stadt", "64653", 14),
    Town("06431017", "moerlenbach", "Mörlenbach", "Gemeinde", "69509", 10),
    Town("06431018", "neckarsteinach", "Neckarsteinach", "Stadt", "69239", 4),
    Town("06431019", "rimbach", "Rimbach", "Gemeinde", "64668", 9),
    Town("06431020", "viernheim", "Viernheim", "Stadt", "68519", 34),
    Town("06431021", "wald-michelbach", "Wald-Michelbach", "Gemeinde", "69483", 11),
    Town("06431022", "zwingenberg", "Zwingenberg", "Stadt", "64673", 7),
)


@dataclass(frozen=True)
class Desk:
    """A department in a town. `tasks`: codes of categories and groups it is responsible for."""

    slug: str
    title: str
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Body:
    """A department that serves several towns. Empty `towns`: all of them."""

    slug: str
    name: str
    kind: DepartmentKind
    domain: str
    towns: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


CITIZENS = Desk("buergerbuero", "Bürgerbüro")
_FOUND = Desk("fundbuero", "Fundbüro")
ROADS = ("strassen", "licht", "verkehr", "wasser")
ORDER = ("ordnung", "falschparken", "schrottfahrzeug", "hundekot")
YARD = ("sauberkeit", "oelspur", "winterdienst", "sitzbank")
GREEN = ("gruen", "spielgeraet")

_CITY = (
    CITIZENS,
    Desk("tiefbau", "Tiefbauamt", ROADS),
    Desk("gruenflaechen", "Grünflächenamt", GREEN),
    Desk("ordnungsamt", "Ordnungsamt", ORDER),
)
_TOWN = (
    CITIZENS,
    Desk("bauamt", "Bauamt", ROADS),
    Desk("ordnungsamt", "Ordnungsamt", ORDER),
    Desk("bauhof", "Bauhof", (*YARD, *GREEN)),
)
_PLACE = (Desk("bauamt", "Bauamt", ROADS), Desk("ordnungsamt", "Ordnungsamt", ORDER))
_VILLAGE = (Desk("rathaus", "Bau- und Ordnungsamt", (*ROADS, *ORDER, *YARD, *GREEN)),)

# The first desk of a town is the one everything else falls back to.
DESKS: dict[str, tuple[Desk, ...]] = {
    "bensheim": (
        *_CITY,
        Desk("bauhof", "Bauhof und Stadtreinigung", YARD),
        _FOUND,
    ),
    "heppenheim": (*_CITY, Desk("bauhof", "Bauhof", YARD), _FOUND),
    "lampertheim": (*_TOWN, _FOUND),
    "viernheim": (*_CITY, Desk("stadtbetrieb", "Stadtbetrieb", YARD), _FOUND),
    "lorsch": _TOWN,
    "buerstadt": _TOWN,
    **dict.fromkeys(("birkenau", "fuerth", "moerlenbach", "rimbach", "wald-michelbach"), _PLACE),
    **dict.fromkeys(
        ("biblis", "einhausen", "lautertal", "lindenfels", "zwingenberg"),
        (
            Desk("bauamt", "Bauamt", (*ROADS, *YARD, *GREEN)),
            Desk("ordnungsamt", "Ordnungsamt", ORDER),
        ),
    ),
    **dict.fromkeys(("gorxheimertal", "gross-rohrheim"), _VILLAGE),
    **dict.fromkeys(
        ("abtsteinach", "grasellenbach"),
        (Desk("rathaus", "Bau- und Ordnungsamt", (*ROADS, *ORDER)),),
    ),
    **dict.fromkeys(
        ("hirschhorn", "neckarsteinach"), (Desk("bauamt", "Bauamt", (*ROADS, *YARD, *GREEN)),)
    ),
}

DISTRICT = "kreis-digital-demo"
WASTE = "abfall-demo"
STATE_ROADS = "hessen-mobil-demo"
GARDENS = "schloesser-gaerten-demo"
BODIES: tuple[Body, ...] = (
    Body(
        DISTRICT,
        "Digitale Verwaltung Kreis Bergstraße (Demo)",
        DepartmentKind.OFFICE,
        "kreis-bergstrasse.example",
    ),
    Body(
        WASTE,
        "Zweckverband Abfallwirtschaft (Demo)",
        DepartmentKind.ASSOCIATION,
        "abfall.example",
    ),
    Body(
        "bauhof-ueberwald-demo",
        "Gemeinsamer Bauhof Überwald (Demo)",
        DepartmentKind.ASSOCIATION,
        "ueberwald.example",
        ("wald-michelbach", "grasellenbach", "abtsteinach"),
        (*YARD, *GREEN),
    ),
    Body(
        "bauhof-weschnitztal-demo",
        "Gemeinsamer Bauhof Weschnitztal (Demo)",
        DepartmentKind.ASSOCIATION,
        "weschnitztal.example",
        ("birkenau", "fuerth", "moerlenbach", "rimbach"),
        (*YARD, *GREEN),
    ),
    Body(
        "ordnung-neckartal-demo",
        "Ordnungsbehördenbezirk Neckartal (Demo)",
        DepartmentKind.ASSOCIATION,
        "neckartal.example",
        ("hirschhorn", "neckarsteinach"),
        ORDER,
    ),
    Body(
        "stadtbeleuchtung-bensheim-demo",
        "Stadtbeleuchtung Bensheim (Demo)",
        DepartmentKind.OUTSIDE,
        "stadtbeleuchtung.example",
        ("bensheim",),
        ("laterne",),
    ),
    Body(
        "netzbetrieb-licht-demo",
        "Netzbetrieb Straßenlicht (Demo)",
        DepartmentKind.OUTSIDE,
        "strassenlicht.example",
        tuple(town.slug for town in TOWNS if town.slug != "bensheim"),
        ("laterne",),
    ),
    Body(STATE_ROADS, "Hessen Mobil (Demo)", DepartmentKind.OUTSIDE, "strassen-hessen.example"),
    Body(
        GARDENS,
        "Schlösser und Gärten (Demo)",
        DepartmentKind.OUTSIDE,
        "schloesser.example",
        ("bensheim",),
    ),
)


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in."""

    login: str
    first_name: str
    last_name: str
    department: str
    role: Role


STAFF: tuple[Person, ...] = (
    Person("disposition.bensheim", "Jana", "Mohr", "bensheim-buergerbuero", Role.DISPATCHER),
    Person("tiefbau.bensheim", "Thomas", "Reiber", "bensheim-tiefbau", Role.CASEWORKER),
    Person("gruen.bensheim", "Lea", "Hartung", "bensheim-gruenflaechen", Role.CASEWORKER),
    Person("ordnungsamt.bensheim", "Murat", "Aydin", "bensheim-ordnungsamt", Role.CASEWORKER),
    Person("bauhof.bensheim", "Sven", "Kolb", "bensheim-bauhof", Role.FIELD_CREW),
    Person("fundbuero.bensheim", "Ingrid", "Pfeil", "bensheim-fundbuero", Role.FUNDBUERO),
    # The second pair of eyes: cash is counted and things are destroyed by two.
    Person("fundbuero2.bensheim", "Dieter", "Kranz", "bensheim-fundbuero", Role.FUNDBUERO),
    Person("fundbuero.heppenheim", "Selma", "Arslan", "heppenheim-fundbuero", Role.FUNDBUERO),
    Person("fundbuero.lampertheim", "Ralf", "Diehl", "lampertheim-fundbuero", Role.FUNDBUERO),
    Person("fundbuero.viernheim", "Anke", "Jost", "viernheim-fundbuero", Role.FUNDBUERO),
    Person("disposition.heppenheim", "Carla", "Stein", "heppenheim-buergerbuero", Role.DISPATCHER),
    Person("tiefbau.heppenheim", "Holger", "Weiß", "heppenheim-tiefbau", Role.CASEWORKER),
    Person("disposition.lampertheim", "Nadja", "Kern", "lampertheim-buergerbuero", Role.DISPATCHER),
    Person("disposition.viernheim", "Emre", "Vogt", "viernheim-buergerbuero", Role.DISPATCHER),
    Person("bauamt.lorsch", "Birgit", "Fuchs", "lorsch-bauamt", Role.CASEWORKER),
    Person("bauhof.ueberwald", "Uwe", "Rau", "bauhof-ueberwald-demo", Role.FIELD_CREW),
    Person("admin.bergstrasse", "Katrin", "Walde", DISTRICT, Role.ADMINISTRATOR),
    Person("lesen.bergstrasse", "Paul", "Seidel", DISTRICT, Role.READ_ONLY),
)

# Checked against white: at least 7:1. The other sites keep the house colour.
BRANDS = {"bensheim": "#7a1f3d", "heppenheim": "#14532d", "lorsch": "#5b2a86"}


def phone(number: int) -> str:
    """A number that rings nowhere, 0 to 999."""
    return f"069 90009-{number:03d}"


def load_departments() -> dict[str, Department]:
    """Every department by its slug, without the towns it serves."""
    rows = [*_body_rows(), *_desk_rows()]
    return {row.slug: row for row in Department.objects.bulk_create(rows)}


def _body_rows() -> Iterator[Department]:
    for number, body in enumerate(BODIES):
        yield Department(
            slug=body.slug,
            name=body.name,
            kind=body.kind,
            email=f"meldungen@{body.domain}",
            phone=phone(900 + number),
            mails_new_reports=body.kind != DepartmentKind.OFFICE,
        )


def _desk_rows() -> Iterator[Department]:
    number = 200
    for town in TOWNS:
        for desk in DESKS[town.slug]:
            number += 1
            yield Department(
                slug=f"{town.slug}-{desk.slug}",
                name=f"{desk.title} {town.name}",
                email=f"{desk.slug}@{town.slug}.example",
                phone=phone(number),
            )


def load_municipalities(departments: Mapping[str, Department]) -> dict[str, Municipality]:
    """The towns by their slug, and which departments serve them."""
    rows = [
        Municipality(
            key=town.key,
            slug=town.slug,
            name=town.name,
            kind=town.kind,
            email=f"rathaus@{town.slug}.example",
            phone=phone(number),
            website=f"https://{town.slug}.example",
            postal_address=f"Rathaus (Demo), {town.postcode} {town.name}",
            hazard_phone=phone(100 + number),
            opens_at=dt.time(7, 30) if town.size > 20 else dt.time(8),
            closes_at=dt.time(16),
            fallback_department=departments[f"{town.slug}-{DESKS[town.slug][0].slug}"],
        )
        for number, town in enumerate(TOWNS, start=1)
    ]
    towns = {row.slug: row for row in Municipality.objects.bulk_create(rows)}
    _load_service(departments, towns)
    return towns


def _load_service(departments: Mapping[str, Department], towns: Mapping[str, Municipality]) -> None:
    serves = Department.serves.through
    pairs = [(f"{slug}-{desk.slug}", slug) for slug, desks in DESKS.items() for desk in desks]
    pairs += [(body.slug, slug) for body in BODIES for slug in body.towns or towns]
    serves.objects.bulk_create(
        serves(department_id=departments[department].pk, municipality_id=towns[town].pk)
        for department, town in pairs
    )


def load_closing_days(towns: Mapping[str, Municipality], today: dt.date) -> None:
    """Christmas Eve and New Year's Eve everywhere; an outing of the town hall in Bensheim."""
    years = range((today - dt.timedelta(days=150)).year, today.year + 2)
    eves = [(dt.date(year, 12, 24), "Heiligabend") for year in years]
    eves += [(dt.date(year, 12, 31), "Silvester") for year in years]
    days = [(town, day, name) for town in towns.values() for day, name in eves]
    outing = today + dt.timedelta(days=20)
    outing += dt.timedelta(days=(2 - outing.weekday()) % 7)
    if (outing.month, outing.day) not in {(12, 24), (12, 31)}:
        days.append((towns["bensheim"], outing, "Betriebsausflug"))
    ClosingDay.objects.bulk_create(
        ClosingDay(municipality=town, day=day, name=name) for town, day, name in days
    )


def load_sites(towns: Mapping[str, Municipality]) -> None:
    """The region at `/`, each town at its slug."""
    doors = [_site("", REGION, "Landratsamt (Demo), 64646 Heppenheim", "kreis-bergstrasse")]
    doors += [_site(slug, town.name, town.postal_address, slug) for slug, town in towns.items()]
    sites = {row.slug: row for row in Site.objects.bulk_create(doors)}
    through = Site.municipalities.through
    pairs = [("", slug) for slug in towns] + [(slug, slug) for slug in towns]
    through.objects.bulk_create(
        through(site_id=sites[site].pk, municipality_id=towns[town].pk) for site, town in pairs
    )


def _site(slug: str, name: str, address: str, domain: str) -> Site:
    return Site(
        slug=slug,
        name=name,
        brand_colour=BRANDS.get(slug, "#1a3da5"),
        imprint=(
            f"{name}\n{address}\n\n"
            f"Telefon: {phone(1)}\nE-Mail: rathaus@{domain}.example\n\n"
            "Dies ist eine Vorführung von Augenmerk mit erfundenen Ämtern, Personen und "
            "Meldungen. Keine Verwaltung steht dahinter, und niemand bearbeitet, was Sie hier "
            "eingeben."
        ),
        privacy_contact=(
            f"Datenschutzbeauftragte (Demo)\n{address}\nE-Mail: datenschutz@{domain}.example"
        ),
        accessibility_contact=(
            f"Ansprechstelle für Barrierefreiheit (Demo)\n{address}\n"
            f"Telefon: {phone(2)}\nE-Mail: barrierefrei@{domain}.example"
        ),
    )


def load_staff(departments: Mapping[str, Department], *, password: str) -> dict[str, User]:
    """All logins with the same password, by their department's slug (the first of each)."""
    hashed = make_password(password)
    users = User.objects.bulk_create(
        User(
            username=person.login,
            first_name=person.first_name,
            last_name=person.last_name,
            email=f"{person.login}@kreis-bergstrasse.example",
            password=hashed,
            is_staff=person.role == Role.ADMINISTRATOR,
            is_superuser=person.role == Role.ADMINISTRATOR,
        )
        for person in STAFF
    )
    Membership.objects.bulk_create(
        Membership(user=user, department=departments[person.department], role=person.role)
        for person, user in zip(STAFF, users, strict=True)
    )
    by_department: dict[str, User] = {}
    for person, user in zip(STAFF, users, strict=True):
        by_department.setdefault(person.department, user)
    return by_department


# Who is on standby, by department: name and phone. A week each, in turn; the others stand behind.
STANDBY: dict[str, tuple[tuple[str, str], ...]] = {
    "bensheim-tiefbau": (("Sven Kolb", phone(950)), ("Lea Hartung", phone(951))),
    "bensheim-bauhof": (("Nora Brandt", phone(952)), ("Ali Demir", phone(953))),
    "bensheim-buergerbuero": (("Jana Mohr", phone(954)),),
    "heppenheim-tiefbau": (("Holger Weiß", phone(955)), ("Greta Lenz", phone(956))),
}
# In Heppenheim one of them works four days a week, so the page has a gap to show.
_FOUR_DAYS = frozenset({"heppenheim-tiefbau"})


def load_rotas(departments: Mapping[str, Department], today: dt.date) -> None:
    """Standby duty in a few departments; the people have mailboxes at example.org."""
    monday = today - dt.timedelta(days=today.weekday())
    for slug, people in STANDBY.items():
        rota = Rota.objects.create(department=departments[slug])
        for turn, (name, number) in enumerate(people):
            mailbox = name.lower().translate(_PLAIN).replace(" ", ".")
            person = DutyPerson.objects.create(
                rota=rota, name=name, phone=number, email=f"{mailbox}@example.org"
            )
            for behind in range(len(people)):
                Shift.objects.create(
                    person=person,
                    rank=behind + 1,
                    first_day=monday + dt.timedelta(weeks=(turn + behind) % len(people)),
                    every_weeks=len(people),
                    weekdays=[1, 2, 3, 4] if slug in _FOUR_DAYS else [1, 2, 3, 4, 5, 6, 7],
                )


_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def keep_password(file: Path) -> str:
    """The demo's password: the one in `file`, else a new one."""
    try:
        for line in file.read_text(encoding="utf-8").splitlines():
            word, _, value = line.partition(": ")
            if word == "Passwort" and value:
                return value.strip()
    except FileNotFoundError:
        pass
    return secrets.token_urlsafe(9)


def write_logins(file: Path, password: str) -> None:
    """List the logins in a file that only its owner can read."""
    width = max(len(person.login) for person in STAFF)
    lines = ["Anmeldungen der Demo (/amt/anmelden), für alle dasselbe Passwort.", ""]
    lines += [f"Passwort: {password}", ""]
    with translation.override("de"):
        lines += [
            f"{person.login:<{width}}  {person.role.label}, {person.first_name} {person.last_name}"
            for person in STAFF
        ]
    file.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    file.chmod(0o600)
