import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Municipality


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")
    PAPER = "paper", _("Letter on paper")


class LetterState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    TO_PRINT = "to_print", _("To be printed")
    KEPT = "kept", _("Kept in the mailbox page: no mail server is set")
    FAILED = "failed", _("Failed for good")
    UNCLEAR = "unclear", _("Unclear")
    RETURNED = "returned", _("Undeliverable: it came back")
    WITHDRAWN = "withdrawn", _("Withdrawn: no longer wanted")


class Letter(models.Model):
    """Something that leaves the house. The unique `key` makes it leave once.

    The job that sends it carries only the id. Its Message-ID is made from the id, so a repeat
    after a crash between sending and noting it can be recognised by the other side. What it looks
    like is made when it leaves (letters/smtp.py); here stands what it says. The text of a webhook
    is its JSON body.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=60, blank=True, db_index=True, help_text="report:7K3F9QMX")
    channel = models.CharField(
        max_length=7, choices=Channel.choices, default=Channel.MAIL, db_default=Channel.MAIL
    )
    to = models.CharField(
        max_length=300,
        help_text=_("A mail address, that of a webhook, or the lines of a window"),
    )
    subject = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=12, default="de")
    municipality = models.ForeignKey(
        Municipality,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # read by state; what matters has an index of its own
        help_text=_("Whose letter it is: its staff see it in the outbox"),
    )
    sender = models.CharField(max_length=120, blank=True, help_text=_("Name of who writes"))
    reply_to = models.EmailField(blank=True)
    unsubscribe = models.CharField(
        max_length=300, blank=True, help_text=_("Address at which one POST ends such letters")
    )
    secret = models.CharField(
        max_length=80, blank=True, db_default="", help_text=_("Key that signs a webhook")
    )
    may_repeat = models.BooleanField(
        default=False, help_text=_("Better twice than not at all: an alarm")
    )
    state = models.CharField(
        max_length=10, choices=LetterState.choices, default=LetterState.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(
        null=True, blank=True, help_text=_("Until then the deed that wrote it can be taken back")
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    resent_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When staff asked for another round of attempts")
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "created_at"], name="letter_state"),
            models.Index(
                fields=["municipality"],
                condition=models.Q(state__in=["failed", "unclear", "returned"]),
                name="letter_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
