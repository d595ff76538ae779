"""Where: layers of named areas and of lines, and the gazetteer."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from psycopg.types.range import DateRange

from .queries import AreaQuerySet, LineQuerySet, PlaceQuerySet


def always() -> DateRange:
    return DateRange(None, None)


class Layer(models.Model):
    """Areas or lines from one source: `(owner, slug)`, such as `("bkg", "gemeinden")`."""

    owner = models.SlugField(pgettext_lazy("boundary", "Owner"), max_length=40)
    slug = models.SlugField(_("Short name"), max_length=40)
    name = models.CharField(_("Name"), max_length=120)
    attribution = models.CharField(_("Attribution"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Layer")
        verbose_name_plural = _("Layers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "slug"], name="layer_owner_slug_unique")
        ]

    def __str__(self) -> str:
        return f"{self.owner}/{self.slug}"


class Feature(models.Model):
    """What a layer holds under a key. `validity` never overlaps for one layer and key."""

    layer = models.ForeignKey(
        Layer, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name=_("Layer")
    )
    key = models.CharField(_("Key"), max_length=64)
    validity = DateRangeField(_("Validity"), default=always)
    attributes = models.JSONField(_("Attributes"), default=dict, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            ExclusionConstraint(
                name="%(class)s_validity_without_overlap",
                expressions=[
                    ("layer", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    ("validity", RangeOperators.OVERLAPS),
                ],
            )
        ]


class Area(Feature):
    """A named shape in a layer."""

    name = models.CharField(_("Name"), max_length=200)
    shape = models.MultiPolygonField(_("Shape"), srid=4326)
    label_at = models.PointField(
        _("Label position"), srid=4326, help_text=_("Where the map writes the name.")
    )

    objects: ClassVar = AreaQuerySet.as_manager()

    class Meta(Feature.Meta):
        verbose_name = _("Area")
        verbose_name_plural = _("Areas")

    def __str__(self) -> str:
        return self.name


class RoadClass(models.TextChoices):
    """What kind of road it is by law (Widmung)."""

    MOTORWAY = "A", _("Motorway")
    FEDERAL = "B", _("Federal road")
    STATE = "L", _("State road")
    DISTRICT = "K", _("District road")
    LOCAL = "G", _("Local road")


class RoadOwner(models.TextChoices):
    """Who has to keep the road (Baulast)."""

    FEDERATION = "bund", _("Federation")
    STATE = "land", _("State")
    DISTRICT = "kreis", _("District")
    MUNICIPALITY = "gemeinde", _("Municipality")
    PRIVATE = "privat", _("Private owner")


class Line(Feature):
    """A road in a layer, or a part of one."""

    name = models.CharField(_("Name"), max_length=200, blank=True)
    road_class = models.CharField(
        _("Road class"), max_length=1, choices=RoadClass.choices, blank=True
    )
    owner = models.CharField(_("Kept by"), max_length=10, choices=RoadOwner.choices, blank=True)
    in_town = models.BooleanField(
        _("Ortsdurchfahrt"), null=True, blank=True, help_text=_("Unknown where the file is silent.")
    )
    shape = models.MultiLineStringField(_("Shape"), srid=4326, spatial_index=False)

    objects: ClassVar = LineQuerySet.as_manager()

    class Meta(Feature.Meta):
        verbose_name = _("Road")
        verbose_name_plural = _("Roads")
        indexes: ClassVar = [
            GistIndex(Cast("shape", models.GeometryField(geography=True)), name="line_metres")
        ]

    def __str__(self) -> str:
        return self.name or self.key


class PlaceKind(models.TextChoices):
    LOCALITY = "locality", _("Locality")
    STREET = "street", _("Street")
    ADDRESS = "address", _("Address")
    LANDMARK = "landmark", _("Landmark")


class Place(models.Model):
    """One entry of the gazetteer. A street has several entries along its course."""

    kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    name = models.CharField(max_length=160)
    house_number = models.CharField(max_length=12, blank=True)
    locality = models.CharField(max_length=120, blank=True, help_text=_("Ortsteil"))
    area_key = models.CharField(max_length=64, help_text=_("Key of the municipality's area"))
    area_name = models.CharField(max_length=120)
    position = models.PointField(srid=4326)
    source = models.CharField(max_length=40, help_text=_('"demo" marks made-up positions.'))
    # geo.wording.search_text(name, locality, area): written by the importer, read by trigram
    search_text = models.CharField(max_length=400)

    objects: ClassVar = PlaceQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="place_search_trgm"),
            models.Index(fields=["source", "area_key"], name="place_source_area"),
            # the nearest of one kind, among any number of the others
            GistIndex(
                F("kind"), Cast("position", models.PointField(geography=True)), name="place_nearest"
            ),
            # most searches have no house number: a few thousand names, not every door
            GinIndex(
                OpClass("search_text", name="gin_trgm_ops"),
                condition=~models.Q(kind="address"),
                name="place_names_trgm",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.name, self.house_number]))
