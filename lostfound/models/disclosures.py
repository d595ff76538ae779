"""Who has seen or been told whose name and address."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from townhall.models import User

from .finds import FindReport
from .items import FoundItem
from .losses import LossReport


class Whose(models.TextChoices):
    FINDER = "finder", _("Finder")
    OWNER = "owner", _("Owner")
    CLAIMANT = "claim", _("Claimant")
    LOSER = "loser", _("Who misses it")


class Disclosure(models.Model):
    """Whose name and address were seen or told, to whom, on what ground, by whom. Holds neither.

    Of one case each: a thing (its finder, its owner, whoever claims it), a loss, a finder's report.
    """

    item = models.ForeignKey(
        FoundItem, null=True, blank=True, on_delete=models.CASCADE, related_name="disclosures"
    )
    loss = models.ForeignKey(
        LossReport, null=True, blank=True, on_delete=models.CASCADE, related_name="disclosures"
    )
    find = models.ForeignKey(
        FindReport, null=True, blank=True, on_delete=models.CASCADE, related_name="disclosures"
    )
    whose = models.CharField(max_length=6, choices=Whose.choices)
    to = models.CharField(max_length=10, help_text="finder, owner or staff")
    cite = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, loss=None, find=None)
                | Q(item=None, loss__isnull=False, find=None)
                | Q(item=None, loss=None, find__isnull=False),
                name="disclosure_of_one_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.whose} of {self.item_id or self.loss_id or self.find_id} to {self.to}"
