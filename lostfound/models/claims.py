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


class Claim(models.Model):
    """A claim to a found thing. Staff decide; no answer tells whether it was right."""

    code = models.CharField(max_length=8, unique=True)
    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical content")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=ClaimState.choices, default=ClaimState.SUBMITTED
    )
    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="claims")
    loss = models.ForeignKey(
        LossReport, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    language = models.CharField(max_length=12, default="de")
    capability_digest = models.CharField(max_length=64, unique=True)
    capability_expires_at = models.DateTimeField()
    received_at = models.DateTimeField()
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
    erase_evidence_on = models.DateField(null=True, blank=True)

    objects: ClassVar = ClaimQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item", "state"], name="claim_item"),
            models.Index(fields=["state", "received_at"], name="claim_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"


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
    """One round of answers: at most three for a thing and a person. Erased with the evidence."""

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
