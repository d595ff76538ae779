import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    KEPT = "kept", _("Kept in the mailbox page: no mail server is set")
    FAILED = "failed", _("Failed for good")
    UNCLEAR = "unclear", _("Unclear")


class Letter(models.Model):
    """Something that leaves the house. The unique `key` makes it leave once.

    The job that sends it carries only the id. Its Message-ID is made from the id, so a repeat
    after a crash between sending and noting it can be recognised by the other side.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=60, blank=True, db_index=True, help_text="report:7K3F9QMX")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=5, default="de")
    state = models.CharField(
        max_length=10, choices=LetterState.choices, default=LetterState.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="letter_state")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
