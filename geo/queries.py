"""Questions about places, in the users' words."""

from __future__ import annotations

from django.contrib.gis.db import models


class AreaQuerySet(models.QuerySet):
    """Areas of any layer."""


class PlaceQuerySet(models.QuerySet):
    """Entries of the gazetteer."""
