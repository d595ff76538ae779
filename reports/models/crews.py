"""What a crew of the Bauhof does on a day, in which order, and the link for its phone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from townhall.models import Department, User

from .cases import Report


class StopState(models.TextChoices):
    DONE = "done", _("Done, says the crew")
    NOT_FOUND = "not_found", _("Not found")
    OTHER = "other", _("Another problem")


class Crew(models.Model):
    name = models.CharField(max_length=80)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="crews")
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Stop(models.Model):
    """A report on a crew's day. A report waits on one list at most."""

    crew = models.ForeignKey(Crew, on_delete=models.CASCADE, related_name="stops")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="stops")
    day = models.DateField()
    position = models.PositiveSmallIntegerField()
    listed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=9, choices=StopState.choices, blank=True)
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report"], condition=Q(state=""), name="stop_once")
        ]
        indexes: ClassVar = [models.Index(fields=["crew", "day"], name="stop_day")]

    def __str__(self) -> str:
        return f"{self.report_id} on {self.day}"


class CrewLink(models.Model):
    """Opens one crew's list of one day on a phone, to the end of the next day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    crew = models.ForeignKey(Crew, on_delete=models.CASCADE, related_name="links")
    day = models.DateField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crew", "day"], name="crew_link_once")
        ]

    def __str__(self) -> str:
        return f"link of crew {self.crew_id} for {self.day}"

    @property
    def last_day(self) -> dt.date:
        return self.day + dt.timedelta(days=1)
