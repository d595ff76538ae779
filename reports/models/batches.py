"""One deed on many reports at once, and what came of each."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from townhall.models import User

from .cases import Report


class Batch(models.Model):
    """One sending, under a UUID made by the page: sent again, it goes on where it stopped."""

    client_id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    deed = models.CharField(max_length=16)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="batch_at")]

    def __str__(self) -> str:
        return f"{self.deed} {self.at:%Y-%m-%d %H:%M}"


class Outcome(models.TextChoices):
    DONE = "done", _("Done")
    OVERTAKEN = "overtaken", _("Refused: somebody changed it meanwhile")
    NOT_ALLOWED = "not_allowed", _("Refused: your role does not allow this")
    ILLEGAL = "illegal", _("Refused: not possible from its status")
    NO_REASON = "no_reason", _("Refused: a reason is missing")
    NOWHERE = "nowhere", _("Refused: this department does not work for the town")
    ELSEWHERE = "elsewhere", _("Refused: this crew does not drive there")
    NOT_OFFERED = "not_offered", _("Refused: the town does not offer this category")
    GONE = "gone", _("Refused: not in your care")


class BatchRow(models.Model):
    """What came of one report: written in the transaction of its deed."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=11, choices=Outcome.choices)
    went_to = models.CharField(
        max_length=120, blank=True, db_default="", help_text="The department, if it changed hands"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "report"], name="batch_row_unique")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.outcome}"

    @property
    def is_done(self) -> bool:
        return self.outcome == Outcome.DONE
