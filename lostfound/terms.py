"""A municipality's terms as the law's own objects."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

from lostfound.law import Policy
from lostfound.law.fees import SAMPLES, Schedule
from lostfound.law.grounds import reading
from lostfound.law.money import Rounding
from lostfound.law.policy import DataMedia
from lostfound.models import Terms
from townhall.models import Municipality

NO_FEES = Schedule("", reading("Gebührensatzung"))
_READ = {
    "rounding": Rounding,
    "data_media": DataMedia,
    "online_auction_from": lambda day: dt.date.fromisoformat(day) if day else None,
}


def policy_of(town: Municipality) -> Policy:
    """The settings of this municipality, defaults where it has decided nothing. One statement.

    Raises IllegalPolicy for what the law leaves open to nobody.
    """
    terms = Terms.objects.filter(municipality=town).first()
    return read_policy(terms.settings if terms else {})


def read_policy(settings: dict[str, Any]) -> Policy:
    """Unknown names are of a newer or older version: they count for nothing."""
    known = {field.name for field in fields(Policy)}
    kept: dict[str, Any] = {
        name: _READ.get(name, lambda same: same)(value)
        for name, value in settings.items()
        if name in known
    }
    return Policy(**kept)


def schedule_of(town: Municipality) -> Schedule:
    """The table of fees. Without one: nothing is due."""
    terms = Terms.objects.filter(municipality=town).first()
    return SAMPLES.get((terms.fees if terms else {}).get("sample", ""), NO_FEES)
