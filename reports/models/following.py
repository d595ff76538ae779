"""Whom a report concerns, too, and who wants to hear of it. Neither has an account."""

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from townhall.mailboxes import folded

from .cases import Report


class Supporter(models.Model):
    """One voice: „Betrifft mich auch“.

    Nobody can be read from it. The UUID behind `token_digest` was made for this report alone, by
    the device whose button was pressed, and lies there; it takes the voice back.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="supporters")
    token_digest = models.CharField(
        max_length=64, unique=True, null=True, help_text="Null: nobody can take it back any more"
    )
    at = models.DateTimeField()
    worse_at = models.DateTimeField(null=True, blank=True, help_text="Said that it has got worse")

    def __str__(self) -> str:
        return f"supporter of {self.report_id}"


class Follower(models.Model):
    """Somebody who wants to hear of a report by mail, once they have said so from that mailbox.

    The two tokens in the letters are derived from `id`; stored are their digests. `client_id` is
    the UUID of the last asking, so that the same one never sends two letters.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="followers")
    email = models.EmailField()
    language = models.CharField(max_length=12, default="de")
    client_id = models.UUIDField(unique=True)
    asked_at = models.DateTimeField()
    confirm_digest = models.CharField(max_length=64, unique=True)
    confirm_expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, help_text="Ends the letters")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Wants no more")
    unreachable_at = models.DateTimeField(
        null=True, blank=True, help_text="Their mail server said that there is no such address"
    )
    # A mailbox has one voice, however many devices its owner has.
    voice = models.OneToOneField(
        Supporter, null=True, blank=True, on_delete=models.SET_NULL, related_name="follower"
    )
    asked_with = models.ForeignKey(
        Supporter,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The voice that asked: it becomes theirs when they confirm",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("report", folded(), name="follower_once_per_mailbox")
        ]
        indexes: ClassVar = [models.Index(folded(), name="follower_mailbox")]

    def __str__(self) -> str:
        return f"follower of {self.report_id}"

    @property
    def gets_letters(self) -> bool:
        return bool(self.confirmed_at) and self.ended_at is None and self.unreachable_at is None

    def is_past_confirming(self, now: dt.datetime) -> bool:
        """Whether the link in the letter has run out before anybody pressed the button."""
        return self.confirmed_at is None and self.confirm_expires_at <= now


GETS_LETTERS = Q(confirmed_at__isnull=False, ended_at=None, unreachable_at=None)
