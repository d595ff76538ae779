"""Tables of an old system that were sent to be taken over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from townhall.models import User

from .offices import Office


class Takeover(models.Model):
    """A table, from its first look to its import. `data` is the file; it goes with the import, or
    after a day. What stays says who took over how much, and when.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="takeovers")
    name = models.CharField(max_length=120, help_text="Of the file")
    data = models.BinaryField(default=bytes, blank=True)
    place_kind = models.CharField(max_length=16, blank=True)
    sent_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    fresh = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Takeover of a stock")
        verbose_name_plural = _("Takeovers of stocks")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.name}"
