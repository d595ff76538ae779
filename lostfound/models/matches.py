"""A loss and a find that may be the same thing, and why."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from .items import FoundItem
from .losses import LossReport


class MatchState(models.TextChoices):
    OPEN = "open", _("Possible")
    IS_IT = "is_it", _("The owner says: that is it")
    NOT_MINE = "not_mine", _("The owner says: not mine")
    REJECTED = "rejected", _("Staff say: no")


class Match(models.Model):
    """Kept by `matching.store`. Staff see every component; owners only what is public.

    `components`: name → {"score": 0…1, "weight": …, "said": code, …}, of everything known.
    `public_score` and `public_components` come from the Listing alone, their ranking, too: exact
    distances and identifiers would tell where and what the find is.
    """

    loss = models.ForeignKey(LossReport, on_delete=models.CASCADE, related_name="matches")
    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="matches")
    state = models.CharField(max_length=8, choices=MatchState.choices, default=MatchState.OPEN)
    score = models.FloatField()
    components = models.JSONField(default=dict)
    public_score = models.FloatField(null=True, blank=True, help_text="Empty: not shown to owners")
    public_components = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True, help_text="The owner got a letter")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loss", "item"], name="match_unique")
        ]
        indexes: ClassVar = [
            models.Index(fields=["item", "-score"], name="match_item"),
            models.Index(fields=["loss", "-public_score"], name="match_loss"),
        ]

    def __str__(self) -> str:
        return f"{self.loss_id} – {self.item_id} ({self.score:.2f})"


class Trace(models.Model):
    """The rare words by which the matcher finds a thing or a loss: stems, ideas, makes.

    Made of its private words, so it goes as soon as the thing has left or the search has ended.
    """

    item = models.OneToOneField(
        FoundItem, null=True, blank=True, on_delete=models.CASCADE, related_name="trace"
    )
    loss = models.OneToOneField(
        LossReport, null=True, blank=True, on_delete=models.CASCADE, related_name="trace"
    )
    words = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(item=None) ^ models.Q(loss=None), name="trace_of_one"
            )
        ]
        indexes: ClassVar = [GinIndex(fields=["words"], name="trace_words")]

    def __str__(self) -> str:
        return f"trace of {self.item_id or self.loss_id}"
