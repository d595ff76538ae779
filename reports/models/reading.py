"""Who opened which report: written only where a municipality wants it."""

from typing import ClassVar

from django.db import models

from townhall.models import User

from .cases import Report


class Reading(models.Model):
    """One person opened one report. Kept for the municipality's `reading_log_days`."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="reading_newest"),
            models.Index(fields=["user", "-at"], name="reading_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.report_id}"
