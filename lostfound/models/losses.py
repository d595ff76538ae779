"""Something somebody misses."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lostfound.catalogue import THING_KINDS, Colour, ThingKind
from lostfound.queries import LossQuerySet
from townhall.live.fields import CurrentTransaction, TransactionIdField
from townhall.mailboxes import folded
from townhall.models import Municipality, User


class LossState(models.TextChoices):
    OPEN = "open", _("We keep looking")
    FOUND = "found", _("Found")
    ENDED = "ended", _("Search ended")


class LossReport(models.Model):
    """A thing somebody misses, looked for among all that is found until `watch_until`.

    The owner's words; staff see them beside a hit of their own office only. `places`: points
    and the way between them, where it may have been lost (lon, lat). The page of the owner hangs
    on a capability, as a report's does.
    """

    code = models.CharField(max_length=8, unique=True)
    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical content")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=LossState.choices, default=LossState.OPEN)
    language = models.CharField(max_length=12, default="de")
    source = models.CharField(max_length=8, default="web", help_text="web, api, staff, demo")

    kind = models.SlugField(max_length=40, help_text="A code of catalogue.THING_KINDS")
    colour = models.CharField(max_length=12, choices=Colour.choices, blank=True)
    second_colour = models.CharField(max_length=12, choices=Colour.choices, blank=True)
    brand = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True)

    lost_from = models.DateField()
    lost_until = models.DateField()
    time_text = models.CharField(max_length=60, blank=True, help_text="„abends, gegen acht“")
    places = models.GeometryCollectionField(srid=4326, null=True, blank=True)
    place_text = models.CharField(max_length=300, blank=True)
    transport_line = models.CharField(max_length=60, blank=True, help_text="Bus 675")
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="losses"
    )

    capability_digest = models.CharField(max_length=64, unique=True)
    capability_expires_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    watch_until = models.DateField()
    asked_on = models.DateField(null=True, blank=True, help_text="Whether to go on looking")
    closed_at = models.DateTimeField(null=True, blank=True)
    erase_on = models.DateField(null=True, blank=True)

    objects: ClassVar = LossQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "lost_from"], condition=Q(state="open"), name="loss_open"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lost_until__gte=models.F("lost_from")), name="loss_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def thing(self) -> ThingKind:
        return THING_KINDS[self.kind]

    @property
    def title(self) -> str:
        return ", ".join(
            filter(None, [str(self.thing.label), self.get_colour_display(), self.brand])
        )


class Loser(models.Model):
    """How to reach whoever lost it. Never public. An address must be confirmed to be written to."""

    loss = models.OneToOneField(LossReport, on_delete=models.CASCADE, related_name="loser")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    postal_address = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirm_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    confirm_expires_at = models.DateTimeField(null=True, blank=True)
    confirm_round = models.PositiveSmallIntegerField(
        default=0, help_text="How often a new link was asked for"
    )
    unreachable_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="Wants no more letters")
    stop_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(folded(), condition=~Q(email=""), name="loser_mailbox"),
        ]

    def __str__(self) -> str:
        return f"loser of {self.loss_id}"

    @property
    def gets_letters(self) -> bool:
        """An address that was confirmed, works, and whose owner wants to hear of hits."""
        return bool(self.email) and not (
            self.confirmed_at is None or self.stopped_at or self.unreachable_at
        )

    def is_past_confirming(self, now: dt.datetime) -> bool:
        """The button's time is over, and it was not pressed."""
        expires = self.confirm_expires_at
        return self.confirmed_at is None and expires is not None and expires <= now


class LossMark(models.Model):
    """What only the owner knows. Never shown to anybody but staff with a hit, and never in words
    where it is a number: keyed hash and last four.
    """

    loss = models.ForeignKey(LossReport, on_delete=models.CASCADE, related_name="marks")
    kind = models.SlugField(max_length=20, help_text="A code of catalogue.MARKS")
    text = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    tail = models.CharField(max_length=4, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.loss_id}"


class ErasedLoss(models.Model):
    """A loss that was erased does not come back by being sent once more."""

    client_id = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.client_id)


class LossEventKind(models.TextChoices):
    REPORTED = "reported", _("Reported")
    CONFIRMED = "confirmed", _("Address confirmed")
    CHANGED = "changed", _("Details changed")
    HIT = "hit", _("Possible match")
    TOLD = "told", _("Told of matches")
    ANSWERED = "answered", _("The owner answered a match")
    ASKED = "asked", _("Asked whether to go on")
    LETTERS = "letters", _("Letters switched on or off")
    UNREACHABLE = "unreachable", _("The mailbox does not exist")
    PROLONGED = "prolonged", _("Search goes on")
    FOUND = "found", _("Found")
    ENDED = "ended", _("Search ended")


class LossEvent(models.Model):
    """One fact in the life of a loss; appended, never changed."""

    loss = models.ForeignKey(LossReport, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=LossEventKind.choices)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    facts = models.JSONField(default=dict, blank=True)
    xid = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["xid"], name="loss_event_xid")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
