"""What everybody may read of a found thing: a row of its own, and nothing but it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from geo.wording import short
from lostfound.catalogue import GROUPS, THING_KINDS, Colour, Group, ThingKind
from lostfound.queries import ListingQuerySet
from townhall.models import Image, Municipality

from .items import FoundItem, Photo
from .offices import Office

_SEEN = Q(ended_at=None)


class Ended(models.TextChoices):
    """Why a listing is out of view: by its thing's state alone it comes back with the state."""

    BY_STATE = "state"
    BY_STAFF = "staff"


class Listing(models.Model):
    """The coarse public record: kind, colour, brand, day, area, office (law.publication.PUBLIC).

    Public pages, search and owners' hits read this table alone. `cell` is the middle of a square
    of the town's grid (never finer than 250 m), not the place of find; `text` is made of public
    facts by `publishing`, staff may make it coarser, and no free text of the intake gets here.
    """

    item = models.OneToOneField(FoundItem, on_delete=models.CASCADE, related_name="listing")
    code = models.CharField(max_length=8, unique=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="listings")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", help_text="Of the place of find"
    )
    kind = models.SlugField(max_length=40)
    colour = models.CharField(max_length=12, choices=Colour.choices, blank=True)
    brand = models.CharField(max_length=60, blank=True)
    found_on = models.DateField()
    cell = models.PointField(srid=4326, null=True, blank=True)
    cell_m = models.PositiveSmallIntegerField(default=300, help_text="Side of the square in metres")
    place = models.CharField(max_length=120, blank=True, help_text=_("Coarse: a part of town"))
    text = models.CharField(max_length=200)
    withheld = models.JSONField(default=list, blank=True, help_text="Facts that staff hold back")
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=8, choices=Ended.choices, blank=True)

    objects: ClassVar = ListingQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-found_on", "-id"], condition=_SEEN, name="listing_newest"),
            models.Index(fields=["kind", "-found_on", "-id"], condition=_SEEN, name="listing_kind"),
            models.Index(
                fields=["municipality", "-found_on", "-id"], condition=_SEEN, name="listing_town"
            ),
            models.Index(fields=["-published_at"], condition=_SEEN, name="listing_published"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def is_public(self) -> bool:
        return self.ended_at is None

    @property
    def title(self) -> str:
        """`text` in the reader's language."""
        # Not get_colour_display(): it puts its dictionary of choices together for each row.
        colour = str(Colour(self.colour).label) if self.colour else ""
        parts = [str(self.thing.label), colour, self.brand]
        return ", ".join(filter(None, parts))

    @property
    def thing(self) -> ThingKind:
        return THING_KINDS[self.kind]

    @property
    def group(self) -> Group:
        return GROUPS[self.thing.group]

    @property
    def area(self) -> str:
        """„Auerbach, Bensheim“."""
        return ", ".join(dict.fromkeys(filter(None, [self.place, short(self.municipality.name)])))


class ListingPhoto(models.Model):
    """The picture of a listing, made of one of the counter's photos and gone with it.

    `image` is never the counter's own: coarse blocks, or a copy that staff found fit to be seen.
    """

    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, related_name="picture")
    source = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    image = models.OneToOneField(Image, on_delete=models.PROTECT, related_name="+")
    is_clear = models.BooleanField(default=False)
    shown_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"picture of {self.listing_id}"
