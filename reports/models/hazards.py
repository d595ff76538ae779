"""A danger being looked after: who was called, who answered, when the place was safe."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from townhall.models import Department, DutyPerson

from .cases import Report


class EndReason(models.TextChoices):
    LIFTED = "lifted", _("The hazard mark was lifted")
    CLOSED = "closed", _("The report was closed")
    MOVED = "moved", _("Another department was alarmed")


class Alarm(models.Model):
    """From "this is dangerous" until the mark is lifted, the report closed or handed on.

    It rings (`next_at` is set) until somebody acknowledges it. `step_at` is when the next person's
    turn comes. Seen, acknowledged and secured are facts of their own, each with time and person.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="alarms")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    round = models.PositiveIntegerField(default=1)
    next_at = models.DateTimeField(null=True, blank=True)
    step_at = models.DateTimeField(null=True, blank=True)
    exhausted_at = models.DateTimeField(
        null=True, blank=True, help_text="When for the first time nobody was left to call"
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=120, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    secured_at = models.DateTimeField(null=True, blank=True)
    secured_by = models.CharField(max_length=120, blank=True)
    secured_how = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=8, choices=EndReason.choices, blank=True)
    rotas = models.JSONField(
        default=list, blank=True, help_text="The rotas as they were at each round's beginning"
    )

    class Meta:
        ordering: ClassVar = ["started_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(ended_at__isnull=True), name="alarm_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True)
                | Q(ended_at__isnull=True, acknowledged_at__isnull=True),
                name="alarm_rings_until_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="alarm_next")
        ]

    def __str__(self) -> str:
        return f"alarm {self.pk} of {self.report_id}"

    @property
    def is_ringing(self) -> bool:
        return self.ended_at is None and self.acknowledged_at is None

    @property
    def is_over(self) -> bool:
        """Nothing is left to do: the place is safe, or somebody ended it."""
        return self.secured_at is not None or self.ended_at is not None


class Call(models.Model):
    """One person called once, by all ways we know. What they looked like then is written down.

    The token of `token_digest` stands in the letters: whoever holds it answers as this person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="calls")
    person = models.ForeignKey(
        DutyPerson, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    has_webhook = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField()
    round = models.PositiveIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(
        null=True, blank=True, help_text="When the link was opened; a mail scanner does that too"
    )

    class Meta:
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"call {self.id}"

    def has_expired(self, now: dt.datetime) -> bool:
        return self.expires_at <= now

    @property
    def letter_keys(self) -> list[str]:
        """Keys of the letters that carried it."""
        return [f"alarm:{self.id}:{way}" for way in ("mail", "webhook")]
