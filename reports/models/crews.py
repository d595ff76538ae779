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
    name = models.CharField(_("Name"), max_length=80, help_text=_("As it stands on its day list."))
    department = models.ForeignKey(
        Department,
        on_delete=models.CASCADE,
        related_name="crews",
        verbose_name=_("Department"),
        help_text=_("It drives wherever this department works."),
    )
    is_active = models.BooleanField(
        _("Is driving"),
        default=True,
        db_default=True,
        help_text=_("Switched off: no new lists. What it has said stays."),
    )

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("Crew")
        verbose_name_plural = _("Crews")

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
    """Opens one crew's list of one day on a phone, to the end of the next day.

    `renewed_to`: its last day, where staff have made it anew later. `revoked_at`: it opens nothing
    since then; its digest is kept to tell its holder so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    crew = models.ForeignKey(Crew, on_delete=models.CASCADE, related_name="links")
    day = models.DateField()
    digest = models.CharField(max_length=64, unique=True)
    renewed_to = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["crew", "day"],
                condition=Q(revoked_at=None),
                name="crew_link_once",
            )
        ]

    def __str__(self) -> str:
        return f"link of crew {self.crew_id} for {self.day}"

    @property
    def last_day(self) -> dt.date:
        return self.renewed_to or self.day + dt.timedelta(days=1)
