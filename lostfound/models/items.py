"""A found thing and everything that hangs on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lostfound import law
from lostfound.catalogue import THING_KINDS, Colour, ThingKind
from lostfound.law.duty import Dates
from lostfound.queries import ItemQuerySet
from lostfound.workflow import OPEN, State
from townhall.live.fields import CurrentTransaction, TransactionIdField
from townhall.mailboxes import folded
from townhall.models import Image, Municipality, User

from .offices import FindPlace, Office
from .places import StoragePlace
from .words import Circumstance, Consent, Regime


class StateChoice(models.TextChoices):
    """Names of the states; the rules are in workflow.py."""

    WITH_FINDER = State.WITH_FINDER, _("Kept by the finder")
    HELD = State.HELD, _("In our keeping")
    READY = State.READY, _("Ready to be fetched")
    RELEASED = State.RELEASED, _("Given to the owner")
    TO_FINDER = State.TO_FINDER, _("Given to the finder")
    FORWARDED = State.FORWARDED, _("Passed on")
    AUCTIONED = State.AUCTIONED, _("Auctioned")
    SOLD = State.SOLD, _("Sold")
    GIVEN = State.GIVEN, _("Donated")
    DESTROYED = State.DESTROYED, _("Destroyed")
    BOOKED = State.BOOKED, _("Booked as the town's money")
    ENDED = State.ENDED, _("Ended: not a find")


class Source(models.TextChoices):
    """Where a find came from."""

    COUNTER = "counter", _("Counter")
    ONLINE = "online", _("Online, by the finder")
    POLICE = "police", _("Police")
    POOL = "pool", _("Swimming pool")
    TRANSPORT = "transport", _("Public transport")
    REPORT = "report", _("A report of a problem")
    IMPORT = "import", _("Taken over from the old system")
    DEMO = "demo", _("Demo")


class Value(models.TextChoices):
    """How `value_cents` is meant. Never a band: the law's limits are cents."""

    UNKNOWN = "unknown", _("Not estimated yet")
    SMALL = "small", _("Up to 10.00 €")
    ESTIMATE = "estimate", _("Estimated")
    EXACT = "exact", _("Exact")
    DEAR = "dear", _("Of sentimental value only")


class FoundItem(models.Model):
    """A found thing. A purse is the parent of its parts, each with a fate of its own.

    Written only by the deeds of this room (`recording.record` in each). `client_id` makes an
    intake that is sent twice one thing. The three days are those of `law.duty.Dates`; money is
    cents. The rights are the finder's, and stay when the finder's name is erased; None: not asked.
    """

    code = models.CharField(max_length=8, unique=True)
    client_id = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what was entered")
    file_number = models.CharField(max_length=24, blank=True, help_text="F-26-0210; staff only")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=StateChoice.choices, default=StateChoice.HELD)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="items")
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.COUNTER)
    source_reference = models.CharField(max_length=80, blank=True)

    kind = models.SlugField(max_length=40, help_text="A code of catalogue.THING_KINDS")
    colour = models.CharField(max_length=12, choices=Colour.choices, blank=True)
    second_colour = models.CharField(max_length=12, choices=Colour.choices, blank=True)
    brand = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True, help_text=_("For staff; never public"))

    found_on = models.DateField()
    found_time = models.CharField(max_length=40, blank=True, help_text="Uhrzeit, as told")
    handed_over_on = models.DateField(null=True, blank=True)
    handed_over_to = models.CharField(max_length=120, blank=True, help_text="Police, pool, driver")
    notice_on = models.DateField(help_text=_("Day the find was reported to the office"))
    found_at = models.PointField(srid=4326, null=True, blank=True, help_text=_("Staff only"))
    place_text = models.CharField(max_length=200, blank=True, help_text=_("Staff only"))
    find_place = models.ForeignKey(
        FindPlace, null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    place_kind = models.CharField(
        max_length=16, blank=True, help_text="Of a place in no register: law.regime.PlaceKind"
    )
    found_in = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    circumstance = models.CharField(
        max_length=20, choices=Circumstance.choices, default=Circumstance.LOST
    )
    regime = models.CharField(max_length=12, choices=Regime.choices, default=Regime.KLAERUNG)
    regime_reason = models.CharField(
        max_length=200, blank=True, help_text="Where staff decided otherwise than the register"
    )
    value = models.CharField(max_length=8, choices=Value.choices, default=Value.UNKNOWN)
    value_cents = models.PositiveIntegerField(null=True, blank=True)
    is_perishable = models.BooleanField(default=False)
    is_costly = models.BooleanField(default=False, help_text="To keep, against its value")
    no_mark_visible = models.BooleanField(default=False)

    has_finder = models.BooleanField(default=False, help_text="False: anonymous, or none")
    claims_ownership = models.BooleanField(null=True, blank=True)
    claims_reward = models.BooleanField(null=True, blank=True)
    claims_expenses = models.BooleanField(null=True, blank=True)
    consent = models.CharField(max_length=12, choices=Consent.choices, default=Consent.NONE)
    consent_on = models.DateField(null=True, blank=True)
    consent_condition = models.CharField(max_length=200, blank=True)
    condition_met_on = models.DateField(null=True, blank=True)
    expenses_cents = models.PositiveIntegerField(default=0)
    breached_duty = models.BooleanField(default=False, help_text="§ 971 Abs. 2: no reward")
    concealed = models.BooleanField(default=False, help_text="§ 973 Abs. 2 S. 2")

    # What happened in law: days that law.ownership.Course and law.disposal.Holding ask for.
    known_to_finder_on = models.DateField(null=True, blank=True)
    registered_on = models.DateField(null=True, blank=True, help_text="Somebody entitled did")
    declaration_ends = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    collection_ends = models.DateField(null=True, blank=True)
    demanded_on = models.DateField(null=True, blank=True)

    # Written by custody.pass_on alone.
    storage = models.ForeignKey(
        StoragePlace, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    missing_since = models.DateTimeField(null=True, blank=True, help_text="Not at its place")

    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    erase_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="Its personal data are gone")

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "state", "-received_at"], name="item_office"),
            models.Index(fields=["office", "file_number"], name="item_file_number"),
            models.Index(
                fields=["kind", "found_on"],
                condition=Q(state__in=sorted(OPEN)),
                name="item_kind_open",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(notice_on__gte=F("found_on")), name="found_before_notice"
            ),
            models.CheckConstraint(
                condition=Q(handed_over_on=None)
                | Q(handed_over_on__gte=F("found_on"), handed_over_on__lte=F("notice_on")),
                name="item_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=StateChoice.values), name="item_state_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(state__in=sorted(OPEN)),
                name="item_open_has_no_end",
            ),
            # Nothing leaves without an entry in the log: pass_on first, then the end.
            models.CheckConstraint(
                condition=Q(storage=None) | Q(state__in=sorted(OPEN)),
                name="item_closed_is_out_of_storage",
            ),
            models.UniqueConstraint(
                fields=["office", "file_number"],
                condition=~Q(file_number=""),
                name="item_file_number_unique",
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
        """For staff: „Geldbörse, braun, Fossil“."""
        return ", ".join(
            filter(None, [str(self.thing.label), self.get_colour_display(), self.brand])
        )

    @property
    def is_open(self) -> bool:
        return State(self.state) in OPEN

    @property
    def law_kind(self) -> law.Kind:
        return self.thing.law

    @property
    def law_regime(self) -> law.Regime:
        return law.Regime(self.regime)

    @property
    def dates(self) -> Dates:
        return Dates(found=self.found_on, notice=self.notice_on, handed_over=self.handed_over_on)

    @property
    def course(self) -> law.Course:
        """For `law.standing`. A thing whose value nobody knows is not a small find."""
        cents = self.value_cents
        return law.Course(
            found=self.found_on,
            notice=self.notice_on,
            value_cents=1001 if cents is None else cents,
            known_to_finder=self.known_to_finder_on,
            registered=self.registered_on,
            concealed=self.concealed,
            ownership_waived=not self.claims_ownership,
            declaration_ends=self.declaration_ends,
            accepted=self.accepted_on,
            collection_ends=self.collection_ends,
            demanded=self.demanded_on,
        )

    def standing(self, *, on: dt.date) -> law.Standing:
        return law.standing(self.course, on=on)


class Finder(models.Model):
    """Who found it. Never public; told to the owner only where a reward is claimed."""

    item = models.OneToOneField(FoundItem, on_delete=models.CASCADE, related_name="finder")
    name = models.CharField(max_length=120)
    postal_address = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=12, default="de")
    is_minor = models.BooleanField(default=False)
    guardian = models.CharField(max_length=120, blank=True)
    is_staff_of_place = models.BooleanField(default=False, help_text="§ 978 Abs. 2: no reward")
    may_be_named = models.BooleanField(
        default=True, help_text="The owner may learn who found it, for the reward"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(folded(), condition=~Q(email=""), name="finder_mailbox"),
        ]

    def __str__(self) -> str:
        return f"finder of {self.item_id}"


class HiddenMark(models.Model):
    """What only the owner can know. A number is kept as keyed hash and last four, never whole."""

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="marks")
    kind = models.SlugField(max_length=20, help_text="A code of catalogue.MARKS")
    text = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    tail = models.CharField(max_length=4, blank=True, help_text="Last four of a number")

    def __str__(self) -> str:
        return f"{self.kind} of {self.item_id}"


class ProofQuestion(models.Model):
    """What whoever claims the thing is asked, and what staff know of the answer."""

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=200)
    answer = models.CharField(max_length=300, blank=True, help_text=_("Staff only"))

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"question {self.position} of {self.item_id}"


class Photo(models.Model):
    """An image of a thing: for staff alone. What everybody may see is another one: ListingPhoto."""

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="photos")
    image = models.OneToOneField(Image, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"photo {self.position} of {self.item_id}"


class Holder(models.TextChoices):
    """In whose hands a thing is."""

    FINDER = "finder", _("Finder")
    CARRIER = "carrier", _("Police, pool, transport")
    COUNTER = "counter", _("Counter")
    SHELF = "shelf", _("Storage place")
    SAFE = "safe", _("Safe")
    STAFF = "staff", _("Member of staff")
    OFFICE = "office", _("Another office or authority")
    OWNER = "owner", _("Owner")
    BUYER = "buyer", _("Buyer or receiver")
    NOBODY = "nobody", _("Destroyed")
    UNKNOWN = "unknown", _("Whereabouts unknown")


def holders() -> Sequence[tuple[str, str | Promise]]:
    """By name, so that a new one needs no migration."""
    return Holder.choices


class Custody(models.Model):
    """One passing from hand to hand; appended, never changed (custody.pass_on).

    `number` counts from 1 without a hole for each thing; where it came from is where the entry
    before said it went.
    """

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="custody")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    holder = models.CharField(max_length=8, choices=holders)
    place = models.CharField(max_length=120, blank=True, help_text="Regal B, Fach 3")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    witness = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="custody_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.holder}"


class EventKind(models.TextChoices):
    """Facts in a thing's life. Each deed adds its own here, with its words."""

    RECEIVED = "received", _("Taken in")
    CHANGED = "changed", _("Details changed")
    PUBLISHED = "published", _("Published")
    DEPUBLISHED = "depublished", _("Taken out of public view")
    STOWED = "stowed", _("Put away")
    TAKEN_OUT = "taken_out", _("Taken out of storage")
    MISSED = "missed", _("Not at its place")
    FOUND_AGAIN = "found_again", _("Seen again")
    CASH_COUNTED = "cash_counted", _("Money counted by two")
    FINDER_TOLD = "finder_told", _("Finder told: it is theirs")
    FINDER_DEMANDS = "finder_demands", _("Finder wants it")
    FINDER_DECLINES = "finder_declines", _("Finder doesn’t want it")
    FINDER_CHANGED = "finder_changed", _("Finder thought again")
    DECLARATION_ASKED = "declaration_asked", _("Owner asked for a declaration (§ 974)")
    ACCEPTED = "accepted", _("Owner meets the finder’s claims")
    NOTICED = "noticed", _("Publicly announced (§ 980)")
    LOT_MADE = "lot_made", _("Put up for auction")
    LOT_CLOSED = "lot_closed", _("Not auctioned")
    AUCTIONED = "auctioned", _("Auctioned")
    PROPOSED = "proposed", _("Disposal proposed")
    APPROVED = "approved", _("Disposal approved")
    REFUSED = "refused", _("Disposal refused")
    DISPOSED = "disposed", _("Disposal carried out")
    FORWARDED = "forwarded", _("Passed on")
    BOOKED = "booked", _("Money booked")
    DATA_HANDLED = "data_handled", _("Data on it dealt with")
    REGIME_SETTLED = "regime_settled", _("Decided which law holds")
    CASE_CLOSED = "case_closed", _("Case closed")
    ADDRESS_TOLD = "address_told", _("Address told")
    OFFERED = "offered", _("Offered to the archive")
    ERASED = "erased", _("Personal data erased")
    CLAIMED = "claimed", _("Somebody claims it")
    CLAIM_CONFIRMED = "claim_confirmed", _("Claim confirmed")
    CLAIM_ENDED = "claim_ended", _("Claim ended")
    CONSENT = "consent", _("Finder’s consent noted")
    FINDER_ASKED = "finder_asked", _("Finder asked")
    PAID = "paid", _("Money booked")
    WAIVED = "waived", _("Money waived")
    SURCHARGED = "surcharged", _("Charged besides the fee")
    SURCHARGE_ENDED = "surcharge_ended", _("No longer charged")
    HANDED_OVER = "handed_over", _("Handed over")
    HANDOVER_UNDONE = "handover_undone", _("Handing over undone")


def event_kinds() -> Sequence[tuple[str, str | Promise]]:
    """By name, so that a new one needs no migration."""
    return EventKind.choices


class Event(models.Model):
    """One fact in a thing's life, appended by a deed and never changed.

    `xid` is the writing transaction: with a page's cursor it tells what that page missed.
    """

    item = models.ForeignKey(FoundItem, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=event_kinds)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)
    xid = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["xid"], name="found_event_xid")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
