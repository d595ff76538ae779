"""The cast, and plain makers of things with sensible defaults."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from django.utils.text import slugify
from hypothesis import HealthCheck
from hypothesis import settings as trials

from geo.models import Area, Layer
from reports.models import Category, Offer, Question, Report, Rule
from reports.receiving import intake
from tests import databases
from townhall import sites
from townhall.models import Department, Membership, Municipality, Role, User

os.environ["TILE_SOURCE"] = ""  # servers started by tests ask nobody either
PASSWORD = "kein-geheimnis-im-test"
BENSHEIM = (8.6206, 49.6811)
HERE = Path(__file__).parent
# Hypothesis knows two clocks, and a loaded machine is no fault of what is tried.
trials.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
trials.load_profile("unhurried")
REAL_TIME = {HERE / each for each in ("browser", "live", "bench", "reports/test_nothing_lost.py")}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers come last: Playwright leaves its event loop running in the thread of the tests.

    On a loaded build machine what needs real seconds gets a second try, told as "RERUN". On a
    desk it gets none: a race that shows there is to be mended.
    """
    items.sort(key=lambda item: HERE / "browser" in item.path.parents)
    if os.environ.get("CI"):
        for item in items:
            if REAL_TIME.intersection([item.path, *item.path.parents]):
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The workers' databases are copies, too."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = databases.model()


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying() -> Iterator[None]:
    """After tests that commit (`transaction=True`)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: databases.empty())
        yield


@pytest.fixture(autouse=True)
def _clean_slate() -> Iterator[None]:
    cache.clear()
    sites.forget()
    translation.activate(settings.LANGUAGE_CODE)  # a request in English leaves its own behind
    yield
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """Argon2 at its smallest: the real one takes 0.17 s of a core for each member of the cast."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "time_cost", 1)
        patch.setattr(Argon2PasswordHasher, "memory_cost", 8)  # KiB
        patch.setattr(Argon2PasswordHasher, "parallelism", 1)
        yield


@pytest.fixture(scope="session")
def _all_media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder each time. pytest's own would look through thousands before it makes one."""
    root = tmp_path_factory.mktemp("media")
    return (root / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_media(settings: Any, _all_media: Iterator[Path]) -> None:
    settings.MEDIA_ROOT = next(_all_media)
    settings.MEDIA_ROOT.mkdir()


@pytest.fixture(autouse=True)
def _cold_map(settings: Any) -> None:
    """Half a second is nothing to a reader and an age to a test."""
    settings.MAP_HOT_MS = 0


@pytest.fixture(autouse=True)
def _patient_with_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a photo may take is a promise of a machine with nothing else to do."""
    monkeypatch.setattr("townhall.photos.pool.PATIENCE_SECONDS", 60)


@pytest.fixture
def here() -> Point:
    """A place in the middle of the made-up town."""
    return Point(*BENSHEIM, srid=4326)


def square(centre: tuple[float, float], half: float = 0.02) -> MultiPolygon:
    x, y = centre
    return MultiPolygon(Polygon.from_bbox((x - half, y - half, x + half, y + half)), srid=4326)


@pytest.fixture
def make_department(db: None) -> Callable[..., Department]:
    def make(name: str = "Tiefbauamt", **changes: Any) -> Department:
        serves = changes.pop("serves", ())
        changes.setdefault("slug", slugify(name))
        changes.setdefault("email", f"{changes['slug']}@bensheim.example")
        department = Department.objects.create(name=name, **changes)
        department.serves.set(serves)
        return department

    return make


@pytest.fixture
def make_municipality(make_department: Callable[..., Department]) -> Callable[..., Municipality]:
    """A town with a square boundary and a fallback department that serves it."""

    def make(
        name: str = "Bensheim",
        key: str = "06431002",
        centre: tuple[float, float] = BENSHEIM,
        **changes: Any,
    ) -> Municipality:
        layer, _ = Layer.objects.get_or_create(
            owner="bkg", slug="gemeinden", defaults={"name": "Gemeinden"}
        )
        Area.objects.create(
            layer=layer, key=key, name=name, shape=square(centre), label_at=Point(*centre)
        )
        fallback = changes.pop("fallback_department", None) or make_department(f"Bürgerbüro {name}")
        changes.setdefault("slug", slugify(name))
        changes.setdefault("email", f"stadt@{slugify(name)}.example")
        changes.setdefault("hazard_phone", "06251 23125 99")
        town = Municipality.objects.create(
            key=key, name=name, fallback_department=fallback, **changes
        )
        fallback.serves.add(town)
        return town

    return make


@pytest.fixture
def town(make_municipality: Callable[..., Municipality]) -> Municipality:
    return make_municipality()


@pytest.fixture
def make_category(db: None) -> Callable[..., Category]:
    """A category in a group; `questions` are dicts of Question fields."""

    def make(name: str = "Schlagloch", group: str = "Wege", **changes: Any) -> Category:
        questions = changes.pop("questions", ())
        head, _ = Category.objects.get_or_create(
            code=slugify(group), defaults={"name": group, "icon": "road"}
        )
        changes.setdefault("code", slugify(name))
        category = Category.objects.create(name=name, group=head, **changes)
        for position, question in enumerate(questions):
            Question.objects.create(category=category, position=position, **question)
        return category

    return make


@pytest.fixture
def make_offer(db: None) -> Callable[..., Offer]:
    def make(municipality: Municipality, category: Category, **changes: Any) -> Offer:
        return Offer.objects.create(municipality=municipality, category=category, **changes)

    return make


@pytest.fixture
def make_rule(db: None) -> Callable[..., Rule]:
    def make(department: Department, **changes: Any) -> Rule:
        changes.setdefault("position", Rule.objects.count() + 1)
        changes.setdefault("name", f"Regel {changes['position']}")
        return Rule.objects.create(department=department, **changes)

    return make


@pytest.fixture
def pothole(
    town: Municipality, make_category: Callable[..., Category], make_offer: Callable[..., Offer]
) -> Category:
    """A category that the town offers."""
    category = make_category()
    make_offer(town, category)
    return category


@pytest.fixture
def make_draft(pothole: Category, here: Point) -> Callable[..., intake.Draft]:
    def make(**changes: Any) -> intake.Draft:
        changes.setdefault("client_id", uuid.uuid4())
        changes.setdefault("category", pothole.code)
        changes.setdefault("position", here)
        changes.setdefault("description", "Tiefes Loch vor der Bäckerei, gut 10 cm.")
        return intake.Draft(**changes)

    return make


@pytest.fixture
def make_report(make_draft: Callable[..., intake.Draft]) -> Callable[..., Report]:
    """A report that came in the usual way. Fields of the row may be changed afterwards."""

    def make(**changes: Any) -> Report:
        fields = {field.name for field in intake.Draft.__dataclass_fields__.values()}
        draft = make_draft(**{key: changes.pop(key) for key in fields & set(changes)})
        report = intake.submit(draft).report
        if changes:
            Report.objects.filter(pk=report.pk).update(**changes)
        return Report.objects.with_faces().get(pk=report.pk)

    return make


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """A member of staff; with `department` and `role` also the membership."""

    def make(
        username: str = "kaya",
        department: Department | None = None,
        role: Role = Role.CASEWORKER,
        **changes: Any,
    ) -> User:
        user = User.objects.create_user(username, password=PASSWORD, **changes)
        if department:
            Membership.objects.create(user=user, department=department, role=role)
        return user

    return make


@pytest.fixture
def dispatcher(town: Municipality, make_user: Callable[..., User]) -> User:
    """Sees and moves everything in the town."""
    return make_user("disposition", town.fallback_department, Role.DISPATCHER)


@pytest.fixture
def caseworker(
    town: Municipality,
    make_department: Callable[..., Department],
    make_rule: Callable[..., Rule],
    make_user: Callable[..., User],
) -> User:
    """Works in the Tiefbauamt, which by a rule gets everything in the town."""
    department = make_department("Tiefbauamt", serves=[town])
    make_rule(department, municipality=town)
    return make_user("tiefbau", department, Role.CASEWORKER)


@pytest.fixture
def outsider(
    make_municipality: Callable[..., Municipality], make_user: Callable[..., User]
) -> User:
    """Dispatches for another town and must never get in here."""
    other = make_municipality("Heppenheim", key="06431011", centre=(8.70, 49.60))
    return make_user("fremd", other.fallback_department, Role.DISPATCHER)
