"""What was sealed because it may be a crime: kept as it came, changed by nobody.

The database refuses changes to all three tables (migration 0034). It lets a row go only to the
retention run, which names the evidence in `augenmerk.erases` of its transaction.
"""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from townhall.models import User

from .cases import Report


class SealedEvidence(models.Model):
    """Text and photos of a report as they were when somebody sealed them.

    `content` is what stood there, `digest` the SHA-256 over its canonical JSON with the digests of
    all files and of `contact` (staff/evidence.py). `contact`: who sent it, if they said so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    content: Any = models.JSONField()
    contact: Any = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    keep_until = models.DateField(help_text="Erased after this day, released or not")

    class Meta:
        ordering: ClassVar = ["sealed_at"]

    def __str__(self) -> str:
        return f"evidence of {self.report_id}"


class SealedFile(models.Model):
    """A photo's picture, byte by byte. In the database: private, in every backup, and locked."""

    evidence = models.ForeignKey(SealedEvidence, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, help_text="SHA-256 of `data`")
    uploaded_digest = models.CharField(max_length=64, help_text="SHA-256 of the upload as it came")
    received_at = models.DateTimeField()
    data = models.BinaryField()
    thumb = models.BinaryField()
    facts: Any = models.JSONField(default=dict, help_text="Size and colour, and where it stood")

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class CustodyKind(models.TextChoices):
    SEALED = "sealed", _("Sealed")
    LOOKED = "looked", _("Looked at")
    PRINTED = "printed", _("Hand-over sheet made")
    DISCLOSED = "disclosed", _("Hand-over sheet made, with contact data")
    DOWNLOADED = "downloaded", _("Evidence downloaded as ZIP")
    RELEASED = "released", _("Seal lifted")


class CustodyEntry(models.Model):
    """Who had the evidence in hand, when, and for what: the chain of custody."""

    evidence = models.ForeignKey(SealedEvidence, on_delete=models.CASCADE, related_name="custody")
    kind = models.CharField(max_length=10, choices=CustodyKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evidence"],
                condition=models.Q(kind="released"),
                name="custody_released_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
