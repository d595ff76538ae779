"""Somebody says: this is mine."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lostfound.queries import ClaimQuerySet
from townhall.mailboxes import folded
from townhall.models import Image, User

from .items import FoundItem
from .losses import LossReport


class ClaimState(models.TextChoices):
    SUBMITTED = "submitted", _("Handed in")
    QUERY = "query", _("We have a question")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")
    REVIEW = "review", _("A second look was asked for")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RELEASED = "released", _("Handed over")


WAITING = frozenset({ClaimState.SUBMITTED, ClaimState.REVIEW})
UNDECIDED = WAITING | {ClaimState.QUERY}
OPEN_CLAIMS = UNDECIDED | {ClaimState.CONFIRMED}


class Claim(models.Model):
    """A claim to a found thing. Staff decide; no answer tells whether it was right.

    Nor whether there is such a thing: `item` is set by a job (claims.look_up), after the answer.
    """

    code = models.CharField(max_length=8, unique=True)
    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical content")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=ClaimState.choices, default=ClaimState.SUBMITTED
    )
    wanted = models.CharField(max_length=8, default="", help_text="The thing's code, as claimed")
    title = models.CharField(max_length=200, blank=True, help_text="What the public read of it")
    item = models.ForeignKey(
        FoundItem,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="claims",
        help_text="Empty until a job has looked it up, and where nothing has that code",
    )
    loss = models.ForeignKey(
        LossReport, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    language = models.CharField(max_length=12, default="de")
    source = models.CharField(max_length=8, default="web", help_text="web, counter, demo")
    is_suspect = models.BooleanField(default=False, help_text="Probably sent by a program")
    capability_digest = models.CharField(max_length=64, unique=True)
    capability_expires_at = models.DateTimeField()
    received_at = models.DateTimeField()
    looked_up_at = models.DateTimeField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True, help_text="0 to 1: for the order only")
    components = models.JSONField(default=list, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True, help_text="What the claimant reads")
    review_asked_at = models.DateTimeField(null=True, blank=True)
    identity_checked_at = models.DateTimeField(null=True, blank=True, help_text="A tick, no copy")
    identity_checked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    pickup_code = models.CharField(max_length=6, unique=True, null=True, blank=True)
    pickup_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    erase_evidence_on = models.DateField(null=True, blank=True)

    objects: ClassVar = ClaimQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item", "state"], name="claim_item"),
            models.Index(fields=["state", "received_at"], name="claim_waiting"),
            models.Index(fields=["wanted"], name="claim_wanted"),
        ]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def shown_wanted(self) -> str:
        return f"{self.wanted[:4]}-{self.wanted[4:]}"

    @property
    def is_waiting(self) -> bool:
        """Staff have to decide."""
        return self.state in WAITING

    @property
    def is_open(self) -> bool:
        """Somebody may still get the thing by it."""
        return self.state in OPEN_CLAIMS


class Claimant(models.Model):
    """Who claims it. Never public; told to the finder only for a reward."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="claimant")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    postal_address = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(folded(), condition=~models.Q(email=""), name="claimant_mailbox"),
        ]

    def __str__(self) -> str:
        return f"claimant of {self.claim_id}"


class ClaimTry(models.Model):
    """One round of answers: at most three for a thing and a person, besides those that staff asked
    for. Erased with the evidence.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    answers = models.JSONField(default=list, help_text='[{"question": "…", "answer": "…"}]')
    images: models.ManyToManyField[Image, ClaimTry] = models.ManyToManyField(
        Image, related_name="+", blank=True
    )

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "number"], name="claim_try_unique")
        ]

    def __str__(self) -> str:
        return f"try {self.number} of {self.claim_id}"


class ClaimCount(models.Model):
    """How often one person has tried one thing. `person` is a keyed hash: nobody can be read."""

    wanted = models.CharField(max_length=8)
    person = models.CharField(max_length=43)
    tries = models.PositiveSmallIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wanted", "person"], name="claim_count_unique")
        ]

    def __str__(self) -> str:
        return f"{self.tries} tries for {self.wanted}"


class ClaimEventKind(models.TextChoices):
    SUBMITTED = "submitted", _("Handed in")
    ADDED = "added", _("Added to")
    ASKED = "asked", _("Question asked")
    ANSWERED = "answered", _("Question answered")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")
    REVIEW = "review", _("A second look was asked for")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    IDENTITY = "identity", _("Identity checked")
    IDENTITY_UNDONE = "unseen", _("Identity check taken back")
    RELEASED = "released", _("Handed over")
    UNDONE = "undone", _("Handing over undone")


class ClaimEvent(models.Model):
    """One fact in the life of a claim; appended, never changed. `text` goes with the evidence."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=ClaimEventKind.choices)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
