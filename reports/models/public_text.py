"""What the public was given to read of a report, version by version."""

from typing import ClassVar

from django.db import models

from townhall.models import User

from .cases import Report


class PublicText(models.Model):
    """One text that staff released. The last one is what the public reads now, if it reads any.

    What was sent stays in `Report.description`.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="public_texts")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    is_restored = models.BooleanField(default=False, help_text="An earlier one, taken up again")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"public text of {self.report_id} {self.at:%Y-%m-%d %H:%M}"
