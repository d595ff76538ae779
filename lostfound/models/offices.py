"""Who keeps found things, under which terms, and where things are found."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from lostfound import law
from lostfound.law import regime as ruling
from townhall.models import Department, Municipality

from .words import Regime


class Office(models.Model):
    """A lost property office (Fundbüro). `municipality` is its seat, whose law and terms hold."""

    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="offices", verbose_name=_("Department")
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="offices",
        verbose_name=_("Municipality"),
    )
    postal_address = models.CharField(_("Postal address"), max_length=200, blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    opening_hours = models.CharField(_("Opening hours"), max_length=200, blank=True)
    position = models.PointField(_("Position"), srid=4326, null=True, blank=True)

    class Meta:
        verbose_name = _("Lost property office")
        verbose_name_plural = _("Lost property offices")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Terms(models.Model):
    """What the law leaves to one municipality: settings that differ from law.policy's defaults.

    `settings` holds only what was decided otherwise; `fees` is a sample's name or a table of their
    own. Nothing here counts as checked before somebody says so.
    """

    municipality = models.OneToOneField(
        Municipality, on_delete=models.CASCADE, related_name="found_terms"
    )
    settings = models.JSONField(default=dict, blank=True)
    fees = models.JSONField(default=dict, blank=True, help_text='{"sample": "magdeburg"}')
    checked_on = models.DateField(null=True, blank=True, help_text="By the town's own lawyers")

    class Meta:
        verbose_name = _("Terms of the lost property office")
        verbose_name_plural = _("Terms of the lost property offices")

    def __str__(self) -> str:
        return str(self.municipality)


class PlaceKind(models.TextChoices):
    """Names of law.regime.PlaceKind."""

    STREET = ruling.PlaceKind.STREET, _("Street or square")
    PARK = ruling.PlaceKind.PARK, _("Park, wood, field")
    TAXI = ruling.PlaceKind.TAXI, _("Taxi")
    SHOP = ruling.PlaceKind.SHOP, _("Shop, bank, pub")
    PRIVATE_HOME = ruling.PlaceKind.PRIVATE_HOME, _("Private home")
    TOWN_HALL = ruling.PlaceKind.TOWN_HALL, _("Town hall, authority")
    COURT = ruling.PlaceKind.COURT, _("Court")
    SCHOOL = ruling.PlaceKind.SCHOOL, _("School, nursery")
    POOL = ruling.PlaceKind.POOL, _("Swimming pool, sports hall")
    OTHER_PREMISES = ruling.PlaceKind.OTHER_PREMISES, _("Other business premises")
    BUS = ruling.PlaceKind.BUS, _("Bus")
    TRAM = ruling.PlaceKind.TRAM, _("Tram")
    TRAIN = ruling.PlaceKind.TRAIN, _("Train")
    STATION = ruling.PlaceKind.STATION, _("Station")


class Operator(models.TextChoices):
    """Names of law.regime.Operator."""

    NOBODY = ruling.Operator.NOBODY, _("Nobody: open ground")
    FEDERATION = ruling.Operator.FEDERATION, _("Federation")
    LAND = ruling.Operator.LAND, _("Land")
    MUNICIPALITY = ruling.Operator.MUNICIPALITY, _("Municipality")
    COMPANY = ruling.Operator.COMPANY, _("Company (also the town's own)")


class FindPlace(models.Model):
    """An entry in a municipality's register of places: who runs it decides which law holds."""

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.CASCADE,
        related_name="find_places",
        verbose_name=_("Municipality"),
    )
    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=16, choices=PlaceKind.choices)
    operator = models.CharField(
        _("Run by"), max_length=12, choices=Operator.choices, default=Operator.NOBODY
    )
    operator_name = models.CharField(_("Name of who runs it"), max_length=120, blank=True)
    serves_public = models.BooleanField(_("Open to everybody"), default=True)
    regime = models.CharField(
        _("Decided"),
        max_length=12,
        choices=Regime.choices,
        blank=True,
        help_text=_("Which law holds here, where the town has decided it"),
    )
    position = models.PointField(_("Position"), srid=4326, null=True, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Place of finds")
        verbose_name_plural = _("Places of finds")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "name"], name="find_place_unique")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def in_law(self) -> ruling.Place:
        return ruling.Place(
            name=self.name,
            kind=ruling.PlaceKind(self.kind),
            operator=ruling.Operator(self.operator),
            serves_public=self.serves_public,
            regime=law.Regime(self.regime) if self.regime else None,
        )
