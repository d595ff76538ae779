"""The first steps of a town that begins: what a new installation has no page for yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import ModelForm, modelform_factory
from django.utils import timezone
from django.utils.text import slugify

from geo.models import Area
from geo.wording import GERMAN
from townhall.admin import MunicipalityForm, SiteForm
from townhall.models import Department, Membership, Municipality, Role, Site, User

from .demo.catalogue import begin_catalogue, load_offers

M = TypeVar("M", bound=models.Model)


class NoBoundary(Exception):
    """No area with this key is in the layer of municipalities."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Wrong(Exception):
    """What was given does not do: sentences by the name of what they are about."""

    def __init__(self, sentences: Mapping[str, Iterable[str]]) -> None:
        super().__init__(sentences)
        self.sentences = {name: list(texts) for name, texts in sentences.items()}


@dataclass(frozen=True)
class Founded:
    """A municipality that can take reports."""

    municipality: Municipality
    site: Site
    offers: int
    is_new: bool


@dataclass(frozen=True)
class Appointed:
    """Who may set up everything, and in how many departments they see the cases, too."""

    user: User
    departments: int
    is_new: bool


def found(key: str, **given: str) -> Founded:
    """Bring a municipality to where it takes reports; again = bring what is given up to date.

    It gets its boundary's name, a department to which everything falls, a front door of its own
    and one for the region, and the catalogue on its usual terms. `given` are fields of
    Municipality. Raises NoBoundary and Wrong.
    """
    with transaction.atomic():
        known = Municipality.objects.filter(key=key).first()
        name = given.get("name") or (known.name if known else _name_of(key))
        slug = given.get("slug") or (
            known.slug if known else slugify(name.lower().translate(GERMAN))
        )
        department = known.fallback_department if known else _department(slug, name, given)
        values = {"kind": "Gemeinde", **given, "key": key, "name": name, "slug": slug}
        values["fallback_department"] = str(department.pk)
        town: Municipality = _checked(Municipality, MunicipalityForm, known, values)
        department.serves.add(town)
        site = _front_doors(town, name)
        offers = load_offers([town], begin_catalogue())
    return Founded(town, site, offers, is_new=known is None)


def appoint(login: str, password: str, **given: str) -> Appointed:
    """Let somebody set up everything; again = a new password. Raises Wrong.

    They also see the cases of all municipalities there are, by a membership in each one's fallback
    department: being a superuser alone opens none.
    """
    with transaction.atomic():
        known = User.objects.filter(username=login).first()
        user = known or User(username=login)
        for name, value in given.items():
            setattr(user, name, value)
        user.is_active = user.is_staff = user.is_superuser = True
        _check_password(password, user)
        user.set_password(password)
        _check(user)
        user.save()
        departments = list(Department.objects.filter(falls_back_from__isnull=False).distinct())
        for department in departments:
            Membership.objects.get_or_create(
                user=user, department=department, role=Role.ADMINISTRATOR
            )
    return Appointed(user, len(departments), is_new=known is None)


def _name_of(key: str) -> str:
    areas = Area.objects.in_layer(settings.MUNICIPALITY_LAYER).valid_on(timezone.localdate())
    name = areas.filter(key=key).values_list("name", flat=True).first()
    if name is None:
        raise NoBoundary(key)
    return name


def _department(slug: str, name: str, given: Mapping[str, str]) -> Department:
    """The one that everything falls to until there are others, and rules that lead to them."""
    department = Department(
        slug=f"{slug}-rathaus",
        name=f"Rathaus {name}",
        email=given.get("email", ""),
        phone=given.get("phone", ""),
        mails_new_reports=True,
    )
    _check(department)
    department.save()
    return department


def _front_doors(town: Municipality, name: str) -> Site:
    """Its own at `/slug/`, and the region's at `/`, which begins with the first one's name."""
    region, _ = Site.objects.get_or_create(slug="", defaults={"name": name})
    region.municipalities.add(town)
    own = Site.objects.filter(slug=town.slug).first()
    if own is None:
        values = {"slug": town.slug, "name": name, "brand_colour": region.brand_colour}
        own = _checked(Site, SiteForm, None, values)
    own.municipalities.add(town)
    return own


def _checked(
    model: type[M], form: type[ModelForm[M]], known: M | None, values: Mapping[str, str]
) -> M:
    """Saved through the form of the set-up pages, so that the same rules hold."""
    fields = [field for field in values if field in {each.name for each in model._meta.fields}]
    bound = modelform_factory(model, form=form, fields=fields)(values, instance=known)
    if not bound.is_valid():
        raise Wrong({name: map(str, errors) for name, errors in bound.errors.items()})
    return bound.save()


def _check(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Wrong(error.message_dict) from None


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Wrong({"password": error.messages}) from None
