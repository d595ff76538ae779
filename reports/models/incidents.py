"""One event behind many reports: a storm, a burst main, a blackout."""

from typing import ClassVar

from django.contrib.gis.db import models

from townhall.models import Municipality, User

from .cases import Report
from .catalogue import Category


class Incident(models.Model):
    """A collective incident of one town. `notice` stands on the pages of its reports.

    `group`, `locality` and the time say which reports are offered to join.
    """

    code = models.CharField(max_length=8, unique=True)
    client_id = models.UUIDField(
        unique=True, null=True, editable=False, help_text="Begun once, however often it is sent"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="incidents"
    )
    title = models.CharField(max_length=80)
    notice = models.TextField(blank=True, max_length=1000)
    group = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    locality = models.CharField(max_length=120, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Member(models.Model):
    """A report of an incident. One is in one incident at most."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="members")
    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="member")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.report_id} in {self.incident_id}"
