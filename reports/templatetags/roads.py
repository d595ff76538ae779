"""How the desk speaks of the road a report lies at."""

from __future__ import annotations

from django import template

from geo.models import RoadOwner

register = template.Library()


@register.filter
def kept_by(owner: str) -> str:
    """ "Land" for "land"; a code of earlier days as it stands."""
    return str(RoadOwner(owner).label) if owner in RoadOwner.values else owner
