"""What somebody without an account is asked to do about one report, by a link in a mail."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from townhall.mailboxes import folded
from townhall.models import User

from .cases import Photo, Report


class TaskOutcome(models.TextChoices):
    DONE = "done", _("Done, they say")
    NOT_OURS = "not_ours", _("Not responsible, they say")
    ENDED = "ended", _("Ended by the town hall")


class Commission(models.Model):
    """One task of an outside body or a contractor. `handed`: photos it may see, released or not.

    Name and address of who has it stand nowhere else, and are blanked in time: personal/outsiders.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="commissions")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True, help_text="Empty: their time is over")
    text = models.TextField(help_text="What is asked of them")
    due_on = models.DateField(null=True, blank=True)
    handed: models.ManyToManyField[Photo, models.Model] = models.ManyToManyField(
        Photo, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=TaskOutcome.choices, blank=True)
    answer = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["report"], condition=Q(outcome=""), name="commission_open"),
            models.Index(folded(), condition=~Q(email=""), name="commission_mailbox"),
        ]

    def __str__(self) -> str:
        return f"task {self.pk} of report {self.report_id}"

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def is_revoked(self) -> bool:
        """The town hall has ended the link."""
        return self.outcome == TaskOutcome.ENDED


class CommissionLink(models.Model):
    """One mailed link to a task. One that has run out still tells where to mail a new one."""

    digest = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the token")
    commission = models.ForeignKey(Commission, on_delete=models.CASCADE, related_name="links")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link to task {self.commission_id}"

    def has_expired(self, now: dt.datetime) -> bool:
        return self.expires_at <= now
