"""Where things lie: the office's own rooms, its safe, the yard; and how the stock is checked."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from townhall.models import User

from .items import FoundItem
from .offices import Office
from .places import StoragePlace, StorageSite


class Stocktaking(models.Model):
    """A look at everything that should be there. One at a time for each office.

    `site` and `shelf` narrow it; without them it is the whole office. `number` runs from 1 for
    each office.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="stocktakings")
    number = models.PositiveIntegerField()
    site = models.ForeignKey(
        StorageSite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shelf = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("Stocktaking")
        verbose_name_plural = _("Stocktakings")
        ordering: ClassVar = ["office", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "number"], name="stocktaking_number_unique"),
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(finished_at=None),
                name="stocktaking_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.number}"


class Outcome(models.TextChoices):
    """What a finished stocktaking says of one thing."""

    THERE = "there", _("At its place")
    MOVED = "moved", _("At another place")
    SURPLUS = "surplus", _("Not expected")
    MISSING = "missing", _("Missing")
    GONE = "gone", _("Taken out meanwhile")


class StockEntry(models.Model):
    """One thing in a stocktaking: where the books had it at the start, where it was seen last.

    `expected` is None for what the books had elsewhere; `outcome` stands when it is finished.
    """

    stocktaking = models.ForeignKey(Stocktaking, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="+")
    expected = models.ForeignKey(
        StoragePlace, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seen = models.ForeignKey(
        StoragePlace, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stocktaking", "item"], name="stock_entry_once"),
            models.CheckConstraint(
                condition=Q(expected__isnull=False) | Q(seen__isnull=False),
                name="stock_entry_expected_or_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.stocktaking_id}"


class StockScan(models.Model):
    """Who scanned what where: appended, never changed. `item` None: nothing of this office."""

    stocktaking = models.ForeignKey(Stocktaking, on_delete=models.CASCADE, related_name="scans")
    place = models.ForeignKey(StoragePlace, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(
        FoundItem, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    text = models.CharField(max_length=40, blank=True, help_text="What was read, where unknown")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.stocktaking_id}: {self.text or self.item_id}"
