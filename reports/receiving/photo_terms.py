"""What somebody agrees to who adds a photo: a line beside the button, as the town wants it, and one
beside the photo, as it was when it was sent. A town that changes its mind changes no older photo.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.models import Municipality, PhotoLicence

_TERMS = {
    PhotoLicence.REPORT: _(
        "With a photo you confirm that you took it yourself, and allow %(town)s to show it with "
        "the report."
    ),
    PhotoLicence.CC_BY: _(
        "With a photo you confirm that you took it yourself, and allow %(town)s to show it and "
        "everybody to use it under CC BY 4.0."
    ),
    PhotoLicence.CC0: _(
        "With a photo you confirm that you took it yourself, and allow %(town)s to show it and "
        "everybody to use it freely (CC0)."
    ),
}


def terms_in(towns: list[Municipality]) -> str:
    """The line while the photo's town is one of these: its own terms where all have the same."""
    licences = {PhotoLicence(town.photo_licence) for town in towns}
    if len(licences) > 1:
        return gettext(
            "With a photo you confirm that you took it yourself, and allow the municipality to "
            "show it with the report. Some also let others use photos: see “Privacy”."
        )
    licence = next(iter(licences), PhotoLicence.REPORT)
    town = towns[0].name if len(towns) == 1 else gettext("the municipality")
    return str(_TERMS[licence]) % {"town": town}


# What others may do with it, and where the licence can be read.
_FREE = {
    PhotoLicence.CC_BY: ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/deed.de"),
    PhotoLicence.CC0: ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/deed.de"),
}


def agreed(town: Municipality) -> dict[str, str]:
    """For the event of the receipt; nothing where photos are for the report alone."""
    free = PhotoLicence(town.photo_licence) in _FREE
    return {"photo_licence": town.photo_licence} if free else {}


def licence_in(facts: Mapping[str, Any]) -> tuple[str, str] | None:
    """Name and address of what was agreed to; None: not for others' use."""
    said = facts.get("photo_licence")
    return next((free for licence, free in _FREE.items() if licence == said), None)


def terms_by_town(towns: list[Municipality]) -> list[dict[str, Any]]:
    """Which licence, and where: for the page about privacy."""
    return [
        {
            "words": licence.label,
            "towns": [town.name for town in towns if town.photo_licence == licence],
        }
        for licence in PhotoLicence
        if any(town.photo_licence == licence for town in towns)
    ]
