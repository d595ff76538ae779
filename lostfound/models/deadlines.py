"""What is due when, and the deeds that the law knows for things nobody fetches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lostfound.queries import DeadlineQuerySet, OfOfficeQuerySet
from townhall.models import User

from .items import FoundItem
from .offices import Office


class Deadline(models.Model):
    """What comes up next with a thing: made by `deadlines.reckon`, and by nothing else.

    `steps`: what may be done, as [{"step", "cite", "certainty", "due"}]; the others are from the
    law's agenda. `due_on` is the day to act, `ends_on` the last day of the period that runs.
    """

    item = models.OneToOneField(FoundItem, on_delete=models.CASCADE, related_name="deadline")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="deadlines")
    due_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    rule = models.CharField(max_length=16)
    step = models.CharField(max_length=20)
    steps = models.JSONField(default=list)
    cite = models.CharField(max_length=80)
    certainty = models.CharField(max_length=1)
    with_whole = models.BooleanField(default=False, help_text="A part that shares its whole's fate")
    reckoned_on = models.DateField()

    objects: ClassVar = DeadlineQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["office", "due_on", "id"],
                condition=Q(with_whole=False),
                name="deadline_board",
            ),
            models.Index(fields=["reckoned_on"], name="deadline_reckoned"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_on}"


class Notice(models.Model):
    """A public notice of finds (§ 980): hangs out from `posted_on` to `ends_on` and ends by itself.

    `number` runs from 1 in each year and office.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="notices")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    posted_on = models.DateField()
    ends_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar = OfOfficeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "year", "number"], name="notice_number"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("posted_on")), name="notice_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


class NoticeItem(models.Model):
    """A thing in a notice, in the coarse words that hung out. They stay as they were."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="notices")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    place = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "item"], name="notice_item_unique")
        ]

    def __str__(self) -> str:
        return self.text


class Auction(models.Model):
    """A public auction (§ 979): when and where; what was sold stands in its lots."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="auctions")
    name = models.CharField(_("Name"), max_length=120)
    held_on = models.DateField(_("Day"))
    place = models.CharField(_("Place or platform"), max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar = OfOfficeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-held_on", "-id"]

    def __str__(self) -> str:
        return self.name


class LotResult(models.TextChoices):
    OPEN = "open", _("Not called yet")
    SOLD = "sold", _("Sold")
    UNSOLD = "unsold", _("No bid")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Lot(models.Model):
    """A thing under the hammer. Amounts are cents; buyers are not kept here."""

    auction = models.ForeignKey(Auction, on_delete=models.CASCADE, related_name="lots")
    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="lots")
    number = models.PositiveSmallIntegerField()
    reserve_cents = models.PositiveIntegerField(default=0)
    result = models.CharField(max_length=10, choices=LotResult.choices, default=LotResult.OPEN)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["auction", "number"], name="lot_number"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(result__in=["open", "sold"]), name="lot_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Proceeds(models.Model):
    """The money a thing became. While `settled_on` is empty it lies in the thing's place.

    `costs_cents` were taken off (§ 981 Abs. 3). `fell_to`: a law.regime.Operator, at the end.
    """

    item = models.OneToOneField(FoundItem, on_delete=models.CASCADE, related_name="proceeds")
    cents = models.PositiveIntegerField()
    costs_cents = models.PositiveIntegerField(default=0)
    received_on = models.DateField()
    in_trust = models.BooleanField(default=True, help_text="False: it was the town's own thing")
    settled_on = models.DateField(null=True, blank=True)
    fell_to = models.CharField(max_length=12, blank=True)
    reward_claim_until = models.DateField(null=True, blank=True, help_text="§ 978 Abs. 3")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["received_on"], condition=Q(settled_on=None), name="proceeds_open")
        ]

    def __str__(self) -> str:
        return f"proceeds of {self.item_id}"


class Way(models.TextChoices):
    """How a thing leaves that is the town's own."""

    SALE = "sale", _("Sale")
    GIFT = "gift", _("Gift")
    DESTRUCTION = "destruction", _("Destruction")


class DisposalState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    DONE = "done", _("Carried out")


class Disposal(models.Model):
    """Sale, gift or destruction by four eyes: one proposes, another approves, a third witnesses.

    `receiver`: a charity, a dealer; no private person.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="disposals")
    way = models.CharField(max_length=12, choices=Way.choices)
    state = models.CharField(
        max_length=10, choices=DisposalState.choices, default=DisposalState.PROPOSED
    )
    reason = models.CharField(max_length=300, blank=True)
    receiver = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refusal = models.CharField(max_length=300, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    witness = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar = OfOfficeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-proposed_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="disposal_by_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(witness=None) | ~Q(witness=F("done_by")), name="disposal_witnessed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.pk}"


class DisposalItem(models.Model):
    """A thing in a disposal. `kept_because`: it stayed here after all, as a code."""

    disposal = models.ForeignKey(Disposal, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="disposals")
    position = models.PositiveSmallIntegerField()
    proceeds_cents = models.PositiveIntegerField(default=0)
    kept_because = models.CharField(max_length=20, blank=True)
    is_over = models.BooleanField(default=False, help_text="Refused, kept or carried out")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(is_over=False), name="disposal_item_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.disposal_id}"


class Forwarding(models.Model):
    """A thing that went to another authority, an issuer or another office, with a letter."""

    item = models.OneToOneField(FoundItem, on_delete=models.CASCADE, related_name="forwarding")
    to = models.CharField(max_length=24, help_text="A law.kinds.Addressee, or other_office")
    receiver = models.CharField(max_length=120)
    address = models.CharField(max_length=300, blank=True, help_text="Lines of the window")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.item_id} to {self.to}"


class DataHandling(models.Model):
    """What was done about the data on a medium before it goes to somebody new (law.kinds)."""

    item = models.OneToOneField(FoundItem, on_delete=models.CASCADE, related_name="data_handling")
    step = models.CharField(max_length=24, help_text="A law.kinds.DataStep")
    certificate = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.step} of {self.item_id}"
