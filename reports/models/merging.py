"""Reports that were joined with the one that said it first."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from townhall.models import User

from .cases import Report, StatusChoice

UNDO_WITHIN = dt.timedelta(hours=24)


class Merging(models.Model):
    """One report joined with its main one, and all that it takes to part them again.

    `followers` and `voices` are the keys of those that moved. Whoever was on both sides already
    stayed where they were, where no news comes from any more.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="mergings")
    main = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="joined")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=StatusChoice.choices, help_text="Before")
    followers = ArrayField(models.UUIDField(), default=list)
    voices = ArrayField(models.BigIntegerField(), default=list)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(undone_at=None), name="merging_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} into {self.main_id}"

    def can_be_undone(self, now: dt.datetime) -> bool:
        return self.undone_at is None and now < self.at + UNDO_WITHIN
