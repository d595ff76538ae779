"""A thing leaves the house: to whom, on which ground, against which receipt."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from townhall.models import User

from .cash import Account, Party
from .claims import Claim
from .items import FoundItem


class Receiver(models.TextChoices):
    OWNER = "owner", _("Owner, in person")
    PROXY = "proxy", _("Somebody with the owner’s authorisation")
    FINDER = "finder", _("Finder")
    AUTHORITY = "authority", _("Authority")


class ReceiptBy(models.TextChoices):
    """How the receiver says that they have it."""

    SIGNATURE = "signature", _("Signature on the screen")
    CODE = "code", _("Code by e-mail")
    PAPER = "paper", _("Signature on paper")


class Handover(models.Model):
    """One handing over of a whole with its parts; undone within the day, never deleted for it.

    `facts` keep what was true at the counter: the regime, the finder's consent, the money line by
    line, the things with the state they had (for undoing). `client_id` makes a form that is sent
    twice one handover. `name` and `signature` end with the release's proof (law.retention).
    """

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="handovers")
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.SET_NULL, related_name="handovers"
    )
    client_id = models.UUIDField(unique=True)
    receiver = models.CharField(max_length=10, choices=Receiver.choices)
    name = models.CharField(max_length=120, help_text="Who took it")
    reference = models.CharField(max_length=80, blank=True, help_text="An authority’s file")
    authorisation_seen = models.BooleanField(default=False)
    receipt = models.CharField(max_length=10, choices=ReceiptBy.choices)
    signature = models.JSONField(default=list, blank=True, help_text="Strokes: lists of x, y")
    ground = models.CharField(max_length=80, help_text="As law.release answered")
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(undone_at=None), name="handover_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undone_reason=""),
                name="handover_undone_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receiver} of {self.item_id}"


class Waiver(models.Model):
    """Money that the office does not ask for, and why. One for each thing and account."""

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="waivers")
    account = models.CharField(max_length=12, choices=Account.choices)
    cents = models.PositiveIntegerField(help_text="As it was due on that day")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "account"], name="waiver_unique")
        ]

    def __str__(self) -> str:
        return f"{self.account} of {self.item_id}"


class Surcharge(models.Model):
    """What is charged for a thing besides the fee, as staff have noted it. One for each account."""

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="surcharges")
    account = models.CharField(max_length=12, choices=Account.choices)
    party = models.CharField(max_length=10, choices=Party.choices, help_text="Who pays it")
    cents = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "account"], name="surcharge_unique"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="surcharge_costs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.account} for {self.item_id}"


class Inquiry(models.Model):
    """The finder was asked for consent (§ 975 S. 3) and has not answered, or refuses.

    On `resubmit_on` the case comes back to the desk (law.release.resubmission).
    """

    item = models.OneToOneField(FoundItem, on_delete=models.CASCADE, related_name="inquiry")
    asked_on = models.DateField()
    resubmit_on = models.DateField(db_index=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"inquiry about {self.item_id}"


class ReceiptCode(models.Model):
    """Six digits sent to the owner's mailbox, said at the counter in place of a signature."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="receipt_code")
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"code for {self.claim_id}"
