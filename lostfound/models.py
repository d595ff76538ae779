"""The very core of the lost property office."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from townhall.models import Department, Municipality


class Office(models.Model):
    """A lost property office (Fundbüro)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="offices")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="offices")
    postal_address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    opening_hours = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class FoundItem(models.Model):
    """A found thing. A purse is the parent of its parts, each with a fate of its own."""

    code = models.CharField(max_length=8, unique=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="items")
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts"
    )
    kind = models.SlugField(max_length=40)
    colour = models.CharField(max_length=40, blank=True)
    description = models.TextField(blank=True, help_text=_("For staff; never public"))
    public_text = models.CharField(max_length=200, blank=True, help_text=_("Coarse on purpose"))
    found_on = models.DateField()
    notice_on = models.DateField(help_text=_("Day the find was reported to the office"))
    found_at = models.PointField(srid=4326, null=True, blank=True, help_text=_("Staff only"))
    value_cents = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(notice_on__gte=models.F("found_on")),
                name="found_before_notice",
            )
        ]

    def __str__(self) -> str:
        return self.code
