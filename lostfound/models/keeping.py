"""What was offered to the archive, what was forgotten, and when: the proof of retention."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from townhall.models import User

from .items import FoundItem


class ArchiveAnswer(models.TextChoices):
    NONE = "", _("No answer yet")
    NOTHING = "nothing", _("The archive wants nothing")
    TAKEN = "taken", _("The archive has taken it over")


class ArchiveOffer(models.Model):
    """A closed case that was offered to the municipal archive before its data are erased."""

    item = models.OneToOneField(FoundItem, on_delete=models.CASCADE, related_name="archive_offer")
    offered_on = models.DateField()
    until = models.DateField(help_text="An archive silent up to this day wants nothing")
    answer = models.CharField(max_length=8, choices=ArchiveAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.item_id} offered on {self.offered_on}"


class FoundErasure(models.Model):
    """One run of the Fundbüro's retention, in numbers only: nobody can be found in it."""

    due_on = models.DateField(help_text="Everything whose time ended before this day")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Empty: was cut off")
    offered = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    finders = models.PositiveIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    evidence = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    finds = models.PositiveIntegerField(default=0)
    letters = models.PositiveIntegerField(default=0)
    images = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.due_on}"
