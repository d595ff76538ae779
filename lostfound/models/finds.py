"""What a finder reports from home: a Fundanzeige, before anything lies on a counter."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lostfound import law
from lostfound.catalogue import THING_KINDS, Colour, ThingKind
from lostfound.queries import FindQuerySet
from townhall.live.fields import CurrentTransaction, TransactionIdField
from townhall.mailboxes import folded
from townhall.models import Image, Municipality, User

from .items import FoundItem, Value
from .offices import FindPlace, Office
from .words import Consent, Regime


class FindState(models.TextChoices):
    WAITING = "waiting", _("We have your report")
    QUERY = "query", _("We have a question")
    KEPT = "kept", _("You keep it for the owner")
    TAKEN_IN = "taken_in", _("In our keeping")
    REJECTED = "rejected", _("Not taken in")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Whereabouts(models.TextChoices):
    """Where the thing is when its finder reports it."""

    BRINGS = "brings", _("With me; I bring it to the lost property office")
    KEEPS = "keeps", _("With me; I keep it until the owner is found")
    HANDED_IN = "handed_in", _("Handed in already")


class Spot(models.TextChoices):
    """Where one finds things, in a finder's words. Which law holds: finds.regime_of."""

    OPEN = "open", _("In the street, a park, a wood, a field")
    TRANSPORT = "transport", _("In a bus, a tram, a train, at a station")
    TAXI = "taxi", _("In a taxi")
    AUTHORITY = "authority", _("In a town hall, an office, a library, a court")
    SCHOOL = "school", _("In a school or a nursery")
    POOL = "pool", _("In a swimming pool or a sports hall")
    SHOP = "shop", _("In a shop, a pub, a bank")
    HOME = "home", _("In somebody’s home or garden")


class FindReport(models.Model):
    """A finder's report (Fundanzeige). One UUID of the client's, one report, for ever.

    The day it arrives is the day of the notice (§ 965), which starts § 973's clock: the intake that
    follows takes it over, however much later the thing is brought. None of the rights: not asked.
    The finder's page hangs on a capability.
    """

    code = models.CharField(max_length=8, unique=True)
    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical content")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=FindState.choices, default=FindState.WAITING)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="finds")
    language = models.CharField(max_length=12, default="de")
    is_suspect = models.BooleanField(default=False, help_text="A program may have filled it in")

    kind = models.SlugField(max_length=40, help_text="A code of catalogue.THING_KINDS")
    colour = models.CharField(max_length=12, choices=Colour.choices, blank=True)
    brand = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True, help_text=_("For staff; never public"))
    value = models.CharField(max_length=8, choices=Value.choices, default=Value.UNKNOWN)
    value_cents = models.PositiveIntegerField(null=True, blank=True)

    found_on = models.DateField()
    found_time = models.CharField(max_length=40, blank=True)
    spot = models.CharField(max_length=10, choices=Spot.choices)
    place_text = models.CharField(max_length=200, blank=True, help_text=_("Staff only"))
    find_place = models.ForeignKey(
        FindPlace, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    found_at = models.PointField(
        srid=4326, null=True, blank=True, help_text="Where the gazetteer knows place_text"
    )
    found_in = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    regime = models.CharField(max_length=12, choices=Regime.choices)

    whereabouts = models.CharField(max_length=10, choices=Whereabouts.choices)
    handed_in_to = models.CharField(max_length=120, blank=True)
    handed_in_on = models.DateField(null=True, blank=True)

    is_anonymous = models.BooleanField(default=False)
    claims_ownership = models.BooleanField(null=True, blank=True)
    claims_reward = models.BooleanField(null=True, blank=True)
    claims_expenses = models.BooleanField(null=True, blank=True)
    consent = models.CharField(max_length=12, choices=Consent.choices, default=Consent.NONE)
    may_be_named = models.BooleanField(
        default=False, help_text="The owner may learn who found it, for the reward"
    )

    capability_digest = models.CharField(max_length=64, unique=True)
    capability_expires_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True, help_text="What the finder reads: a no, a question")
    answer = models.TextField(blank=True, help_text="The finder's, to a question")
    item = models.OneToOneField(
        FoundItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="find_report"
    )
    erase_on = models.DateField(help_text="With the finder's data")
    # The transaction of the last change: with a page's cursor it tells what that page missed.
    xid = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    objects: ClassVar = FindQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "state", "-reported_at"], name="find_office"),
            models.Index(fields=["erase_on"], name="find_erase"),
            models.Index(fields=["xid"], name="find_xid"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False)
                | ~Q(claims_ownership=True) & ~Q(claims_reward=True) & ~Q(claims_expenses=True),
                name="find_anonymous_waives_all",
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

    @property
    def law_regime(self) -> law.Regime:
        return law.Regime(self.regime)

    @property
    def is_open(self) -> bool:
        """Staff have still to do something with it."""
        return self.state in {FindState.WAITING, FindState.QUERY}


class FindReporter(models.Model):
    """Who found it and how to reach them. No row for the anonymous; gone with `erase_on`."""

    find = models.OneToOneField(FindReport, on_delete=models.CASCADE, related_name="reporter")
    name = models.CharField(max_length=120)
    postal_address = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_minor = models.BooleanField(default=False)
    guardian = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirm_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    confirm_expires_at = models.DateTimeField(null=True, blank=True)
    unreachable_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(folded(), condition=~Q(email=""), name="find_reporter_mailbox"),
        ]

    def __str__(self) -> str:
        return f"finder of {self.find_id}"


class FindPhoto(models.Model):
    """A finder's picture: for staff, never public. Moves to the thing with the intake."""

    find = models.ForeignKey(FindReport, on_delete=models.CASCADE, related_name="photos")
    image = models.OneToOneField(Image, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"photo {self.position} of {self.find_id}"


class Delivery(models.Model):
    """A list of things that police, pool or carrier handed in at once: one receipt for all."""

    code = models.CharField(max_length=8, unique=True)
    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="deliveries")
    source = models.CharField(max_length=10, help_text="police, pool, transport")
    carrier = models.CharField(max_length=120, help_text="Who brought it: a body, no person")
    reference = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    items: models.ManyToManyField[FoundItem, Delivery] = models.ManyToManyField(
        FoundItem, related_name="deliveries", blank=True
    )

    class Meta:
        verbose_name_plural = "deliveries"
        ordering: ClassVar = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"
