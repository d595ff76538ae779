"""Loads the whole demo in one transaction, or takes it away again."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone

from geo import gazetteer
from geo.models import Area, Layer, Place
from lostfound.models import FoundItem, Office
from reports.models import Category, Report, Submission
from townhall.models import Department, Image, Letter, Municipality, Site, User
from townhall.photos.storing import empty

from .catalogue import load_catalogue, load_offers
from .found import load_found
from .people import (
    DISTRICT,
    STAFF,
    keep_password,
    load_closing_days,
    load_departments,
    load_municipalities,
    load_rotas,
    load_sites,
    load_staff,
    write_logins,
)
from .reports import load_reports
from .rules import load_park, load_rules
from .saved_views import load_saved_views
from .snippets import load_snippets
from .stories import World
from .talks import load_talks

BOUNDARIES = gazetteer.DEMO_PLACES.parent / "bergstrasse_gemeinden_vg250_2016.geojson"
ATTRIBUTION = "© GeoBasis-DE / BKG 2016 (Daten verändert)"
LOGINS = "demo-logins.txt"
SEED = 11

Say = Callable[[str], None]
FILLED_BY_PEOPLE: tuple[type[models.Model], ...] = (
    Municipality,
    Department,
    Site,
    User,
    Category,
    Report,
    Office,
)
EMPTIED: tuple[type[models.Model], ...] = (
    Layer,
    Area,
    Place,
    *FILLED_BY_PEOPLE,
    Submission,
    FoundItem,
    Image,
    Letter,
)


def logins_file() -> Path:
    """Where the demo's logins are listed, for its owner's eyes only. On a server HOME is root's."""
    home = Path(settings.HOME)
    return (home if os.access(home, os.W_OK) else home / "state") / LOGINS


def is_demo() -> bool:
    """Whether the demo filled this database."""
    return Department.objects.filter(slug=DISTRICT).exists()


def is_empty() -> bool:
    """Whether nobody has set anything up here."""
    return not any(model._default_manager.exists() for model in FILLED_BY_PEOPLE)


def load(say: Say, *, seed: int = SEED, now: dt.datetime | None = None) -> None:
    """Fill an empty database. All or nothing, but for pictures, which the sweep takes away."""
    now = now or timezone.now()
    password = keep_password(logins_file())
    with transaction.atomic():
        _load_places(say)
        departments = load_departments()
        towns = load_municipalities(departments)
        load_closing_days(towns, timezone.localdate(now))
        load_rotas(departments, timezone.localdate(now))
        load_sites(towns)
        say(f"{len(towns)} municipalities with a page each, {len(departments)} departments.")
        staff = load_staff(departments, password=password)
        _load_terms(say, towns, departments)
        world = World(_with_closing_dates(towns), departments, staff, now)
        done = load_reports(world, seed=seed)
        load_saved_views(departments)
        talks = load_talks(world, seed=seed)
        say(
            f"{done['reports']} reports with {done['events']} events, {done['photos']} pictures, "
            f"{done['voices']} voices, {done['followers']} followers and {talks} talks."
        )
        stock = load_found(departments, towns, seed=seed, now=now)
        say(f"{stock.offices} lost property offices with {stock.things} found things.")
        say(f"{stock.losses} losses, {stock.matches} possible matches.")
    write_logins(logins_file(), password)
    say(f"{len(STAFF)} people can sign in; the logins are in {logins_file()}.")


def clear() -> None:
    """Take everything out, whoever put it in. Keeps the installation itself."""
    folders = list(Image.objects.values_list("folder", flat=True))
    tables = ", ".join(connection.ops.quote_name(each._meta.db_table) for each in EMPTIED)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no trigger
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    for folder in folders:
        empty(folder)


def _load_places(say: Say) -> None:
    call_command(
        "import_areas",
        str(BOUNDARIES),
        layer=settings.MUNICIPALITY_LAYER,
        key="ags",
        name="name",
        attribution=ATTRIBUTION,
        stdout=io.StringIO(),
    )
    places = gazetteer.load_places(gazetteer.DEMO_PLACES)
    say(f"{Area.objects.count()} boundaries and {places} made-up places to search.")


def _load_terms(
    say: Say, towns: Mapping[str, Municipality], departments: Mapping[str, Department]
) -> None:
    categories = load_catalogue()
    offers = load_offers(towns.values(), categories)
    load_rules(towns, departments, categories, load_park())
    kinds = sum(category.group_id is not None for category in categories.values())
    say(f"{load_snippets(towns, departments, categories)} words kept ready for answers.")
    say(f"{kinds} kinds of defects, {offers} offers, and the rules that route them.")


def _with_closing_dates(towns: Mapping[str, Municipality]) -> Mapping[str, Municipality]:
    """The towns with their closing days at hand, so that no report has to ask for them."""
    rows = Municipality.objects.select_related("fallback_department").prefetch_related(
        "closing_days"
    )
    for town in rows:
        town.closing_dates = [each.day for each in town.closing_days.all()]  # type: ignore[attr-defined]
    return {town.slug: town for town in rows if town.slug in towns}
