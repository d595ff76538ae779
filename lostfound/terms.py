"""A municipality's terms as the law's own objects."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, fields
from typing import Any

from lostfound.law import Policy
from lostfound.law.fees import (
    SAMPLES,
    Band,
    Charge,
    Extra,
    ExtraCharge,
    Payer,
    Schedule,
)
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
    return read_schedule(terms.fees if terms else {})


def read_schedule(fees: dict[str, Any]) -> Schedule:
    """A sample by its name, or a table of the town's own as `schedule_json` writes it."""
    if "bands" not in fees:
        return SAMPLES.get(fees.get("sample", ""), NO_FEES)
    return Schedule(
        fees.get("name", ""),
        reading("Gebührensatzung"),
        bands=tuple(_band(band) for band in fees["bands"]),
        payers=frozenset(Payer(each) for each in fees.get("payers", Payer)),
        extras={
            Extra(name): ExtraCharge(cents, Payer(fees.get("extra_payers", {}).get(name, "owner")))
            for name, cents in fees.get("extras", {}).items()
        },
        sample=False,
    )


def schedule_json(schedule: Schedule) -> dict[str, Any]:
    """A table of one's own, for `Terms.fees`; what is the default is left out."""
    return {
        "name": schedule.name,
        "bands": [_band_json(band) for band in schedule.bands],
        "payers": sorted(schedule.payers),
        "extras": {name.value: each.cents for name, each in schedule.extras.items()},
        "extra_payers": {name.value: each.payer.value for name, each in schedule.extras.items()},
    }


def _band(said: dict[str, Any]) -> Band:
    rest = {name: value for name, value in said.items() if name not in {"charge", "kinds"}}
    return Band(Charge(**said["charge"]), kinds=frozenset(said.get("kinds", ())), **rest)


def _band_json(band: Band) -> dict[str, Any]:
    said = asdict(band)
    said["kinds"] = sorted(band.kinds)
    said["charge"] = {name: value for name, value in said["charge"].items() if value is not None}
    return {name: value for name, value in said.items() if value is not None}
