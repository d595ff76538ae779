"""Money that is not ours (Verwahrung): counted by two, booked once, closed every day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from townhall.models import User

from .items import FoundItem
from .offices import Office


class Account(models.TextChoices):
    """What the money is. Fee, reward, expenses and shipping are never one sum.

    What a table of fees charges besides has an account each, so that each is a line of its own.
    """

    FOUND_CASH = "found_cash", _("Found money")
    FEE = "fee", _("Fee")
    REWARD = "reward", _("Finder’s reward")
    EXPENSES = "expenses", _("Finder’s expenses")
    SHIPPING = "shipping", _("Shipping costs")
    CERTIFICATE = "certificate", _("Finder’s receipt")
    INSURANCE = "insurance", _("Certificate for an insurance")
    DATA_WIPE = "data_wipe", _("Certified wipe of data")
    TRANSPORT = "transport", _("Transport, such as of a bicycle")
    RESEARCH = "research", _("Research for the owner")
    POSTAGE = "postage", _("Postage")
    PROCEEDS = "proceeds", _("Proceeds of a sale")
    FLOAT = "float", _("Change in the till")
    DIFFERENCE = "difference", _("Difference of the till")


class Party(models.TextChoices):
    """Who paid or was paid: what they are, never who."""

    OWNER = "owner", _("Owner")
    FINDER = "finder", _("Finder")
    BUYER = "buyer", _("Buyer")
    TREASURY = "treasury", _("Town treasury")
    OTHER = "other", _("Somebody else")


class Method(models.TextChoices):
    """Where the money is. Only `CASH` lies in the till and is counted at the daily closing."""

    CASH = "cash", _("Cash in the till")
    SEALED = "sealed", _("Sealed, with the thing")
    CARD = "card", _("Card")
    TRANSFER = "transfer", _("Bank transfer")


class LedgerLine(models.Model):
    """One movement of money: appended by `cash.book`, never changed, never taken away.

    `cents` are signed: above zero came in, below zero went out. `number` runs from 1 without a
    hole for each office; `till_cents` is what lies in the till after this line. A mistake is
    taken back by a line of its own that `reverses` the first. `key` makes a deed that is sent
    twice one line. The database refuses changes (migration `ledger`).
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="ledger")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    day = models.DateField(help_text="Local civil day of `at`")
    account = models.CharField(max_length=12, choices=Account.choices)
    cents = models.BigIntegerField()
    till_cents = models.BigIntegerField()
    item = models.ForeignKey(
        FoundItem, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger"
    )
    party = models.CharField(max_length=10, choices=Party.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: booked by the night",
    )
    witness = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True, help_text="Holds no names")
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )

    class Meta:
        verbose_name = _("Line of the ledger")
        verbose_name_plural = _("Lines of the ledger")
        ordering: ClassVar = ["office", "number"]
        indexes: ClassVar = [
            models.Index(fields=["office", "account", "method"], name="ledger_account"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "number"], name="ledger_number_unique"),
            models.UniqueConstraint(fields=["office", "key"], name="ledger_key_unique"),
            models.CheckConstraint(condition=~Q(cents=0), name="ledger_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.number}"


class CashCount(models.Model):
    """What one person counted, blind to the other. Two people make a round of two rows.

    `denominations`: cents of a coin or note → how many of them.
    """

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="cash_counts")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    cents = models.PositiveBigIntegerField()
    denominations = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("Count of found money")
        verbose_name_plural = _("Counts of found money")
        ordering: ClassVar = ["item", "round", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "round", "by"], name="cash_count_once_each")
        ]

    def __str__(self) -> str:
        return f"{self.item_id}, round {self.round}"


class Closing(models.Model):
    """The end of a day at the till: what should lie there, what does, and who looked.

    Counted by one, confirmed by another; then it gets its `number` (from 1 without a hole for each
    office) and the database lets nobody change it. `through` is the last line of the ledger it
    covers. `reason` stands where expected and counted differ.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="closings")
    number = models.PositiveIntegerField(null=True, blank=True)
    day = models.DateField()
    through = models.PositiveIntegerField(help_text="Number of the last line; 0: none yet")
    expected_cents = models.BigIntegerField()
    counted_cents = models.PositiveBigIntegerField()
    denominations = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    counted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Daily closing")
        verbose_name_plural = _("Daily closings")
        ordering: ClassVar = ["office", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "number"], name="closing_number_unique"),
            models.UniqueConstraint(
                fields=["office"], condition=Q(number=None), name="closing_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(number=None, confirmed_by=None, confirmed_at=None)
                | Q(number__isnull=False, confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="closing_number_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("counted_by")),
                name="closing_by_two",
            ),
            models.CheckConstraint(
                condition=Q(expected_cents=F("counted_cents")) | ~Q(reason=""),
                name="closing_difference_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.number or 'open'}"

    @property
    def difference_cents(self) -> int:
        return self.counted_cents - self.expected_cents
