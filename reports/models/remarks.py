"""What residents say about a report after it came in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.personal import masking
from reports.queries import RemarkQuerySet
from townhall.models import User

from .cases import Report


class RemarkKind(models.TextChoices):
    MORE = "more", _("Something to add")
    FIXED = "fixed", _("It is fixed")
    NOT_FIXED = "not_fixed", _("It is not fixed")
    PROBLEM = "problem", _("Problem with the report")
    REPLY = "reply", _("Reply to the town hall's question")
    TASK = "task", _("From somebody who had a task")


class RemarkState(models.TextChoices):
    WAITING = "waiting", _("Waits for the town hall")
    RELEASED = "released", _("Shown to everybody")
    REFUSED = "refused", _("Not shown")
    UPHELD = "upheld", _("Right: the report was hidden")
    SETTLED = "settled", _("Settled")


class ProblemReason(models.TextChoices):
    """Why a report should not be shown as it is."""

    PERSONAL = "personal", _("Shows people, number plates or personal data")
    INSULT = "insult", _("Insults or threatens somebody")
    UNTRUE = "untrue", _("Is not true, or in the wrong place")
    ADVERT = "advert", _("Advertising or nonsense")
    RIGHTS = "rights", _("Infringes a right, such as the copyright in a photo")
    OTHER = "other", _("Something else")


class Remark(models.Model):
    """One sending of one resident about one report, under a UUID made on their side.

    Nobody but staff reads `text` as it came; what they release of it is an event's text. `sender`
    is a keyed hash that tells different people apart while a problem is open, and empty afterwards.
    """

    client_id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=9, choices=RemarkKind.choices)
    state = models.CharField(max_length=8, choices=RemarkState.choices)
    reason = models.CharField(max_length=8, choices=ProblemReason.choices, blank=True)
    text = models.TextField(blank=True)
    is_reporters = models.BooleanField(default=False, help_text="Came by the reporter's own link")
    is_suspect = models.BooleanField(default=False, help_text="A hidden field was filled in")
    sender = models.CharField(max_length=43, blank=True)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar = RemarkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at"]
        indexes: ClassVar = [
            models.Index(fields=["report"], condition=Q(state="waiting"), name="remark_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def masked(self) -> str:
        """What staff are offered to show: without what tells a person."""
        return masking.public_text(self.text)

    @property
    def is_problem(self) -> bool:
        return self.kind == RemarkKind.PROBLEM
