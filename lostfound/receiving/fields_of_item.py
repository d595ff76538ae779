"""What is known of a thing, as the counter's form says it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from geo.points import written
from lostfound.law.rights import Right
from lostfound.models import Consent, FoundItem, Value
from lostfound.money.euros import plain_euros
from lostfound.receiving import intake
from lostfound.receiving.intake_fields import ANONYMOUS, BY_KIND, NAMED, NO, NOBODY, YES

_DAYS = ("found_on", "handed_over_on", "notice_on")
_TICKS = ("is_perishable", "is_costly", "no_mark_visible")


def fields_of(item: FoundItem) -> dict[str, str]:
    """By the names of the form's fields, as a browser would send them."""
    place = str(item.find_place_id or "") or (item.place_kind and f"{BY_KIND}{item.place_kind}")
    fields: dict[str, Any] = {
        name: getattr(item, name)
        for name in (
            "kind",
            "colour",
            "second_colour",
            "brand",
            "description",
            "found_time",
            "handed_over_to",
            "circumstance",
            "regime_reason",
            "value",
            "consent_condition",
        )
    }
    exact = item.value in {Value.ESTIMATE, Value.EXACT} and item.value_cents is not None
    return {
        **{name: str(value) for name, value in fields.items()},
        "version": str(item.version),
        "where": place or "",
        "place": item.place_text,
        "place_before": item.place_text,
        "spot": written(item.found_at) if item.found_at else "",
        **{name: _day(getattr(item, name)) for name in _DAYS},
        "amount": plain_euros(item.value_cents or 0) if exact else "",
        **{name: "on" for name in _TICKS if getattr(item, name)},
        **_finder_fields(item),
        **_regime_field(item),
    }


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _regime_field(item: FoundItem) -> dict[str, str]:
    proposal = intake.proposed(item.find_place, item.place_kind, item.circumstance)
    return {"regime": "" if proposal.regime == item.regime else item.regime}


def _finder_fields(item: FoundItem) -> dict[str, str]:
    person = getattr(item, "finder", None)
    if person is None:
        waived = item.claims_reward is False and item.consent == Consent.GIVEN
        return {"finder": ANONYMOUS if waived else NOBODY}
    claims = {
        f"claims_{right}": YES if answer else NO
        for right in Right
        if (answer := getattr(item, f"claims_{right}")) is not None
    }
    ticks = {name: "on" for name in ("is_minor", "is_staff_of_place") if getattr(person, name)}
    return {
        "finder": NAMED,
        "finder_name": person.name,
        "finder_address": person.postal_address,
        "finder_email": person.email,
        "finder_phone": person.phone,
        "finder_language": person.language,
        "guardian": person.guardian,
        "consent": item.consent,
        **ticks,
        **claims,
    }
