"""What was forgotten, and when: the proof of retention."""

from typing import ClassVar

from django.db import models


class Erasure(models.Model):
    """One run of the retention job, in numbers only: nobody can be found in it."""

    due_on = models.DateField(help_text="Everything whose time ended on or before this day")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Empty: was cut off")
    depublished = models.PositiveIntegerField(default=0)
    contacts = models.PositiveIntegerField(default=0)
    followers = models.PositiveIntegerField(default=0)
    outsiders = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Who had a task: name and address"
    )
    letters = models.PositiveIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)
    images = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.due_on}"
