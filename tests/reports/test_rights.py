"""Every door and every deed of the staff, tried by the right people, the wrong ones and nobody.

The lists come from the code (things, deeds of the API, address table): a new one is tried by
itself.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from rest_framework import serializers

from lostfound.models import FoundItem, Office
from reports.api import desk as desk_api
from reports.api.deeds import DEEDS
from reports.api.hands import HANDS
from reports.api.moderating import MODERATING
from reports.models import (
    Commission,
    Crew,
    Incident,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    SavedView,
    Share,
)
from reports.views import staff
from reports.views.things import THINGS
from reports.workflow import Deed, may
from tests.reports.test_intake import stage_image
from townhall.codes import new_code
from townhall.models import Department, Membership, Municipality, Role, User

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db

SECRET = "Zeugin Wiegand"  # stands in the report's text and the found thing's
NEVER_THERE = uuid.UUID(int=7)
# Whose deed a door beside the things is. None: whoever sees the report.
SIDE_DOORS: dict[str, Deed | None] = {
    "": None,
    "/zeile": None,
    "/anwesenheit": None,
    "/vorschau": Deed.NOTE,
    "/kontakt": Deed.UNVEIL,
    "/haftungsakte": Deed.FILE,
    "/zusammenfuehrung": Deed.MERGE,
    "/mitwirkung/<int:pk>": Deed.SHARE,
    "/auftrag/<int:pk>/ende": Deed.COMMISSION,
    "/foto/<uuid:image_id>/verpixelung": Deed.REDACT,
    "/rueckmeldung/<uuid:remark_id>": Deed.RELEASE,
    "/probleme": Deed.RELEASE,
    "/beweis": Deed.SEAL,
    "/fassungen": Deed.RELEASE,
}
# The ways in and out, and who is told without being signed in that they are not.
ENTRANCES = {"amt/anmelden", "amt/anmelden/zweiter-faktor", "amt/abmelden", "amt/sitzung"}

DJANGOS_OWN = ("verwaltung/django/login", "verwaltung/django/logout", "verwaltung/django/jsi18n")
# Below them lies what one town has; elsewhere an address may lead to an empty page of one's own.
OF_ONE_TOWN = (
    "amt/meldung/",
    "amt/foto/",
    "amt/lagen/",
    "amt/bereitschaft/",
    "amt/ansichten/gemerkt/",
    "amt/fund/sache/",
    "amt/fund/foto/",
    "amt/fund/herausgabe/",
)


# ── The cast ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Actor:
    """Somebody at a door. `roles`: those that count for the report; None: out of reach."""

    name: str
    client: Client
    roles: frozenset[str] | None

    def may(self, deed: Deed) -> bool:
        return self.roles is not None and may(self.roles, deed)


@dataclass(frozen=True)
class World:
    """One report with all that hangs on it, and everybody who might want something of it."""

    report: Report
    other: Report
    item: FoundItem
    share: Share
    incident: Incident
    crew: Crew
    task: Commission
    remark: Remark
    view: SavedView
    actors: tuple[Actor, ...]
    outsider: Actor


@pytest.fixture
def world(
    town: Municipality,
    make_municipality: Make,
    make_department: Make,
    make_rule: Make,
    make_user: Make,
    make_report: Make,
) -> World:
    roads = make_department("Tiefbauamt", serves=[town])
    green = make_department("Grünamt", serves=[town])
    helping = make_department("Stadtreinigung", serves=[town])
    make_rule(roads, municipality=town)
    hall = town.fallback_department
    elsewhere = make_municipality("Heppenheim", key="06431011", centre=(8.70, 49.60))
    report = make_report(
        description=f"Gesehen hat es die {SECRET}.",
        email="uta@example.org",
        photo_ids=[stage_image().pk],
    )
    office = Office.objects.create(slug="fund", name="Fundbüro", department=hall, municipality=town)
    Office.objects.create(
        slug="fremd",
        name="Fundbüro",
        department=elsewhere.fallback_department,
        municipality=elsewhere,
    )
    today = timezone.localdate()

    def actor(name: str, department: Department, role: Role, *, reaches: bool) -> Actor:
        roles = frozenset({str(role)}) if reaches else None
        return Actor(name, entered(make_user(name, department, role)), roles)

    helper = Actor("helper", entered(make_user("helper", helping)), frozenset())
    strangers = make_user("stranger", elsewhere.fallback_department, Role.ADMINISTRATOR)
    for role in (Role.DISPATCHER, Role.CASEWORKER, Role.FUNDBUERO):
        Membership.objects.create(
            user=strangers, department=elsewhere.fallback_department, role=role
        )
    outsider = Actor("stranger", entered(strangers), None)
    insiders = {
        Role.DISPATCHER: hall,
        Role.ADMINISTRATOR: hall,
        Role.READ_ONLY: hall,
        Role.CASEWORKER: roads,
        Role.FIELD_CREW: roads,
    }
    assert set(insiders) | {Role.FUNDBUERO} == set(Role), "who is the new role, and where?"
    chief = User.objects.get(username="helper")
    return World(
        report,
        make_report(),
        FoundItem.objects.create(
            office=office,
            kind="umbrella",
            code=new_code(),
            found_on=today,
            notice_on=today,
            received_at=timezone.now(),
            description=SECRET,
        ),
        Share.objects.create(
            report=report, department=helping, text="Fegen", asked_at=timezone.now()
        ),
        Incident.objects.create(
            code=new_code(),
            municipality=town,
            title=SECRET,
            begins_at=timezone.now(),
            made_at=timezone.now(),
        ),
        Crew.objects.create(name="Trupp", department=roads),
        Commission.objects.create(
            report=report,
            name="Hessen Mobil",
            email="bauhof@example.org",
            text="Ampel richten",
            asked_at=timezone.now(),
        ),
        Remark.objects.create(
            client_id=uuid.uuid4(),
            report=report,
            kind=RemarkKind.MORE,
            state=RemarkState.WAITING,
            text="Größer geworden",
            at=timezone.now(),
        ),
        SavedView.objects.create(owner=chief, name=SECRET),
        (
            *(actor(role, where, role, reaches=True) for role, where in insiders.items()),
            helper,
            actor("fundbuero", hall, Role.FUNDBUERO, reaches=False),
            actor("gardener", green, Role.CASEWORKER, reaches=False),
            outsider,
        ),
        outsider,
    )


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened: each door meets the same report."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()  # counts of limits


def state(report: Report) -> tuple[Any, ...]:
    row = Report.objects.values_list("version", "status", "is_public", "department").get(
        pk=report.pk
    )
    return (*row, report.events.count())


def expected(actor: Actor, deed: Deed | None) -> str:
    if actor.roles is None:
        return "not there"
    return "allowed" if deed is None or actor.may(deed) else "refused"


def verdict(status: int) -> str:
    return {404: "not there", 401: "refused", 403: "refused"}.get(status, "allowed")


# ── The deeds of the pages ───────────────────────────────────────────────────────────────────
def test_each_deed_opens_and_works_for_the_right_people_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pictures(monkeypatch)
    wrong = []
    before = state(world.report)
    for thing in THINGS.values():
        path = f"/amt/meldung/{world.report.code}/{thing.slug}"
        for actor in world.actors:
            wanted = expected(actor, thing.deed)
            for method in methods(actor):
                with undone():
                    answer = method(path)
                    is_same = state(world.report) == before
                if answer.status_code >= 500 or verdict(answer.status_code) != wanted:
                    wrong.append((actor.name, method.__name__, thing.slug, answer.status_code))
                if wanted != "allowed" and not is_same:
                    wrong.append((actor.name, method.__name__, thing.slug, "changed something"))
    assert wrong == []


def methods(actor: Actor) -> list[Any]:
    """All try each deed; that its form is behind the same lock shows with one of each sort."""
    opens = actor.name in {Role.DISPATCHER, Role.READ_ONLY, "gardener"}
    return [actor.client.post, actor.client.get] if opens else [actor.client.post]


def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers without their page: here it matters who gets one, and drawing hundreds is slow."""
    monkeypatch.setattr(
        staff, "_show", lambda *_args, status=200, **_more: HttpResponse(status=status)
    )


# ── The doors of the pages ───────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Door:
    """An address of the staff, as the address table has it."""

    route: str
    name: str

    @property
    def has_argument(self) -> bool:
        return "<" in self.route

    @property
    def holds_cases(self) -> bool:
        is_own = self.route in ENTRANCES or self.route.startswith("amt/konto")
        return self.route == "verwaltung/einsicht" or (self.route.startswith("amt") and not is_own)

    def path(self, world: World) -> str:
        """With the arguments of what lies in the town."""
        path = self.route
        for kind, values in arguments(world).items():
            if re.match(kind, path):
                for argument, value in values.items():
                    path = re.sub(rf"<(\w+:)?{argument}>", str(value), path)
        for converter, value in {"int": 1, "uuid": NEVER_THERE, "slug": "x", "str": "x"}.items():
            path = re.sub(rf"<{converter}:\w+>", str(value), path)
        return "/" + path


def arguments(world: World) -> Mapping[str, Mapping[str, Any]]:
    image = world.report.photos.get().image_id
    return {
        "amt/meldung/": {"code": world.report.code, "image_id": image, "pk": world.share.pk},
        "amt/lagen/": {"code": world.incident.code},
        "amt/foto/": {"image_id": image, "size": "full"},
        "amt/ansichten/gemerkt/": {"pk": world.view.pk},
        "amt/bereitschaft/": {"slug": world.report.department.slug},
        "amt/fund/": {"code": world.item.code},
        "verwaltung/fundbuero/bueros/": {"slug": world.item.office.slug},
        "verwaltung/kategorien/": {"town": world.report.municipality.slug, "code": "schlagloch"},
    }


def doors(resolver: URLResolver | None = None, before: str = "") -> Iterator[Door]:
    """All below /amt and /verwaltung."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            if re.match(r"(amt|verwaltung)(/|$)", route):
                yield Door(route, entry.name or "")
        else:
            yield from doors(entry, route)


def test_nobody_gets_in_anywhere(world: World) -> None:
    """A visit is sent to the sign-in, a script is told so."""
    client = Client()
    wrong = []
    tried = 0
    for door in doors():
        if door.route in ENTRANCES or door.route.startswith(DJANGOS_OWN):
            continue
        path = door.path(world)
        tried += 1
        visit = client.get(path)
        goal = visit.headers.get("Location", "")
        is_sent = visit.status_code == 302 and ("/login/" in goal or "/amt/anmelden" in goal)
        if not is_sent and visit.status_code not in {401, 403, 404, 405}:
            wrong.append((path, "get", visit.status_code, goal))
        deed = client.post(path, headers={"X-Fragment": "1"})
        if deed.status_code not in {302, 401, 403, 404, 405}:
            wrong.append((path, "post", deed.status_code, ""))
        if SECRET.encode() in visit.content + deed.content:
            wrong.append((path, "tells", visit.status_code, ""))
    assert wrong == []
    assert tried > 150, "the address table was not read"


def test_another_town_sees_nothing_and_changes_nothing(world: World) -> None:
    client = world.outsider.client
    before = states(world)
    wrong = []
    for door in doors():
        is_blank_paper = door.route.endswith(".pdf") and not door.has_argument  # slow to print
        if is_blank_paper or not door.holds_cases:
            continue
        path = door.path(world)
        with undone():
            answer = client.get(path)
            if answer.status_code == 405:
                answer = client.post(path)
            is_same = states(world) == before
        body = b"" if answer.streaming else answer.content
        is_theirs = door.route.startswith(OF_ONE_TOWN) and door.has_argument
        is_open = is_theirs and answer.status_code not in {403, 404}
        if answer.status_code >= 500 or is_open or SECRET.encode() in body or not is_same:
            wrong.append((path, answer.status_code, is_same))
    assert wrong == []


def states(world: World) -> tuple[Any, ...]:
    return state(world.report), FoundItem.objects.values().get(pk=world.item.pk)


def test_each_door_beside_the_deeds_is_as_shut(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pictures(monkeypatch)
    head = "amt/meldung/<str:code>"
    rests = {door.route.removeprefix(head): door for door in doors() if door.route.startswith(head)}
    assert set(SIDE_DOORS) <= set(rests)
    before = state(world.report)
    wrong = []
    for rest in set(rests) - {f"/{slug}" for slug in THINGS}:
        path, deed = rests[rest].path(world), SIDE_DOORS.get(rest)
        for actor in world.actors:
            if actor.name == "helper" and rest.startswith("/mitwirkung"):
                continue  # its own part of the work
            wanted = expected(actor, deed)
            is_idle = not any(map(actor.may, Deed))
            for method in methods(actor):
                with undone():
                    answer = method(path)
                    is_same = state(world.report) == before
                status = answer.status_code
                is_shut = verdict(status) != "allowed" or status in {303, 405}
                if status >= 500 or (wanted != "allowed" and not is_shut):
                    wrong.append((actor.name, method.__name__, path, status))
                if (wanted != "allowed" or is_idle) and not is_same:
                    wrong.append((actor.name, method.__name__, path, "changed something"))
    assert wrong == []


# ── The deeds of the API ─────────────────────────────────────────────────────────────────────
def test_each_deed_of_the_api_works_for_the_right_people_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sent is complete, so that nothing but a right is missing."""
    monkeypatch.setattr(desk_api, "case_json", lambda _case: {})
    before = state(world.report)
    wrong = []
    for deed in (*DEEDS, *HANDS, *MODERATING):
        path = re.sub(r"<\w+:part>", str(part_of(world, deed.name)), deed.path)
        path = f"/api/v1/desk/reports/{world.report.code}/{path}"
        body = json.dumps(filled_in(deed.shape(), world))
        for actor in (*world.actors, Actor("nobody", Client(), None)):
            for method in ("POST", "DELETE") if deed.undo else ("POST",):
                with undone():
                    answer = actor.client.generic(
                        method,
                        path,
                        body,
                        content_type="application/json",
                        headers={"If-Match": "*"},
                    )
                    is_same = state(world.report) == before
                wanted = wanted_of_api(actor, deed.name)
                is_own_part = actor.name == "helper" and deed.name == "shares-ending"
                if not wanted or is_own_part:
                    continue
                # Whom the words of a wish lead nowhere may be told so before the right is asked.
                is_refused = wanted == "refused" and answer.status_code in {400, 409}
                is_right = verdict(answer.status_code) == wanted or is_refused
                if answer.status_code >= 500 or not is_right:
                    wrong.append((actor.name, method, deed.name, answer.status_code, wanted))
                if wanted != "allowed" and not is_same:
                    wrong.append((actor.name, method, deed.name, 0, "changed something"))
    assert wrong == []


def part_of(world: World, name: str) -> object:
    """What of the report the deed is about."""
    parts = {"shares-ending": world.share.pk, "tasks-ending": world.task.pk}
    return parts.get(name, world.remark.pk)


def wanted_of_api(actor: Actor, name: str) -> str:
    """Empty where nobody has said yet whose deed it is, and it may be this one's."""
    if actor.name == "nobody":
        return "refused"
    if name in API or actor.roles is None:
        return expected(actor, API.get(name))
    is_all, is_none = actor.may(Deed.SEAL), not any(map(actor.may, Deed))
    return "allowed" if is_all else "refused" if is_none else ""


# Which right each deed of the API needs. One that is not here is still nobody's but staff's.
API: dict[str, Deed] = {
    "acceptance": Deed.ACCEPT,
    "assignment": Deed.ASSIGN,
    "status": Deed.SET_STATUS,
    "rejection": Deed.REJECT,
    "forwarding": Deed.FORWARD,
    "reopening": Deed.REOPEN,
    "notes": Deed.NOTE,
    "answers": Deed.WRITE,
    "question": Deed.ASK,
    "tasks": Deed.COMMISSION,
    "release": Deed.RELEASE,
    "publication": Deed.RELEASE,
    "sealing": Deed.SEAL,
    "hazard": Deed.FLAG_HAZARD,
    "acknowledgement": Deed.ACKNOWLEDGE,
    "securing": Deed.SECURE,
    "priority": Deed.PRIORITIZE,
    "deadline": Deed.RESCHEDULE,
    "refusal": Deed.REFUSE,
    "resubmission": Deed.RESUBMIT,
    "merging": Deed.MERGE,
    "shares": Deed.SHARE,
    "division": Deed.SPLIT,
    "incident": Deed.INCIDENT,
    "shares-ending": Deed.SHARE,
    "tasks-ending": Deed.COMMISSION,
    "fundbuero": Deed.FORWARD,
    "stop": Deed.SCHEDULE,
    "review": Deed.RELEASE,
    "texts-restoration": Deed.RELEASE,
    "remarks-release": Deed.RELEASE,
    "remarks-refusal": Deed.RELEASE,
    "problems": Deed.RELEASE,
}


def filled_in(shape: serializers.Serializer[Any], world: World) -> dict[str, Any]:
    """Something that fits each field."""
    known: dict[str, Any] = {
        "to": None,
        "department": "grunamt",
        "outside": "",
        "status": "in_progress",
        "category": world.report.category.code,
        "main": world.other.code,
        "incident": world.incident.code,
        "crew": world.crew.pk,
        "email": "bauhof@example.org",
        "photos": [],
        "hidden_photos": [],
    }
    return {
        name: known[name] if name in known else something(field)
        for name, field in shape.fields.items()
    }


def something(field: serializers.Field[Any, Any, Any, Any]) -> Any:
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    if isinstance(field, serializers.BooleanField):
        return True
    if isinstance(field, serializers.DateField):
        return (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    if isinstance(field, serializers.IntegerField):
        return 1
    return "Etwas"
