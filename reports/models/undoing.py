"""What a deed at the desk changed, for as long as it can be taken back."""

from typing import ClassVar

from django.db import models

from townhall.models import User

from .cases import Report


class Undo(models.Model):
    """What one deed found: former values of the report's row, and the letters that wait.

    Deeds of one `batch` were done with one press and are taken back together. Forgotten soon after
    `until` (reports/deeds/remembering.py).
    """

    batch = models.UUIDField()
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(help_text="Of the report after the deed")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    before = models.JSONField(help_text="Columns of the report that the deed changed")
    letters = models.JSONField(help_text="Keys of the letters that wait for `until`")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="undo_batch"),
            models.Index(fields=["until"], name="undo_until"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "version"], name="undo_once")
        ]

    def __str__(self) -> str:
        return f"undo of {self.report_id} v{self.version}"
