"""Where things lie: sites with an address, and the places in them that wear a label."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from .offices import Office


class StorageSite(models.Model):
    """A house or yard in which an office keeps things: its own rooms, the yard for bicycles.

    Address and hours left empty are the office's.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("Name"), max_length=60)
    postal_address = models.CharField(_("Postal address"), max_length=200, blank=True)
    opening_hours = models.CharField(_("Opening hours"), max_length=200, blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    for_bulky = models.BooleanField(_("For bicycles and bulky things"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("Storage site")
        verbose_name_plural = _("Storage sites")
        ordering: ClassVar = ["for_bulky", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "name"], name="site_name_unique")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return self.postal_address or self.office.postal_address

    @property
    def hours(self) -> str:
        return self.opening_hours or self.office.opening_hours


class StoragePlace(models.Model):
    """A place with a label of its own: „Regal B, Fach 3“, „Tresor“, „Stellplatz 12“.

    `code` stands in its QR code. `shelf` may have many slots and can be emptied at once.
    """

    site = models.ForeignKey(StorageSite, on_delete=models.CASCADE, related_name="places")
    code = models.CharField(max_length=8, unique=True)
    shelf = models.CharField(_("Shelf"), max_length=40)
    slot = models.CharField(_("Compartment"), max_length=40, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_safe = models.BooleanField(_("Is a safe"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("Storage place")
        verbose_name_plural = _("Storage places")
        ordering: ClassVar = ["site", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "shelf", "slot"], name="storage_place_unique")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Within its site: „Regal B, Fach 3“."""
        return ", ".join(filter(None, [self.shelf, self.slot]))

    @property
    def label(self) -> str:
        """With its site: „Bauhof: Stellplatz 12“. The site must be loaded."""
        return f"{self.site.name}: {self.name}"

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"
