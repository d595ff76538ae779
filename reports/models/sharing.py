"""What a second department does for a report that stays in the hands of the first."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from townhall.models import Department, User

from .cases import Report


class Share(models.Model):
    """One task of one department. The public hears only from the department in charge."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="shares")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="shares")
    text = models.TextField(help_text="What is asked of it")
    due_on = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "department"], condition=Q(ended_at=None), name="share_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["department", "report"], condition=Q(ended_at=None), name="share_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.department_id} helps with {self.report_id}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None
