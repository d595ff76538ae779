"""A finder's report as the beginning of an intake: one scan, and the form is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from geo.points import written
from lostfound import law
from lostfound.finders import desk as find_desk
from lostfound.law.rights import Right
from lostfound.models import (
    FindPhoto,
    FindReport,
    FindReporter,
    FoundItem,
    Photo,
    Source,
    Value,
    Whereabouts,
)
from lostfound.money.euros import plain_euros
from lostfound.receiving import intake, origins
from lostfound.receiving.intake_fields import ANONYMOUS, DELIVERED, KEPT, NAMED, NO, YES
from townhall.models import User

KIND = "find"
# Kinds of places that stand in every form; the others are in a register, or staff choose.
_BY_HAND = frozenset({"street", "park", "taxi", "shop", "private_home"})


def register() -> None:
    origins.register(KIND, origins.Origin(prefill, settle))


def prefill(code: str, user: User) -> Mapping[str, Any] | None:
    """By the names of IntakeForm's fields. The day of notice is the day of the report (§ 965)."""
    find = FindReport.objects.visible_to(user).waiting().filter(code=code[:8]).first()
    if find is None:
        return None
    facts = find_desk.facts_of(find)
    by_hand = f"kind:{facts.place_kind}" if facts.place_kind in _BY_HAND else ""
    return {
        "client_id": find_desk.intake_id(find),
        "kind": find.kind,
        "colour": find.colour,
        "brand": find.brand,
        "description": find.description,
        "where": str(find.find_place_id) if find.find_place_id else by_hand,
        "place": find.place_text,
        "spot": written(find.found_at) if find.found_at else "",
        "found_on": find.found_on.isoformat(),
        "found_time": find.found_time,
        "handed_over_on": find.handed_in_on.isoformat() if find.handed_in_on else "",
        "handed_over_to": find.handed_in_to,
        "notice_on": timezone.localdate(find.reported_at).isoformat(),
        "value": find.value,
        "amount": _amount(find),
        "source": Source.ONLINE,
        "source_reference": find.shown_code,
        **_person(find),
    }


def _amount(find: FindReport) -> str:
    has_one = find.value in {Value.ESTIMATE, Value.EXACT} and find.value_cents is not None
    return plain_euros(find.value_cents or 0) if has_one else ""


def _person(find: FindReport) -> dict[str, Any]:
    who = FindReporter.objects.filter(find=find).first()
    if who is None:
        return {"finder": ANONYMOUS, "waives_all": "on"}
    at_home = find.whereabouts == Whereabouts.KEEPS
    return {
        "finder": NAMED,
        "kept": KEPT if at_home else DELIVERED,
        "finder_name": who.name,
        "finder_address": who.postal_address,
        "finder_email": who.email,
        "finder_phone": who.phone,
        "finder_language": find.language,
        "guardian": who.guardian,
        "consent": find.consent,
        "consent_condition": find_desk.condition_of(find),
        **({"is_minor": "on"} if who.is_minor else {}),
        **{
            f"claims_{right}": YES if said else NO
            for right in Right
            if (said := getattr(find, f"claims_{right}")) is not None
        },
    }


def settle(code: str, item: FoundItem, by: User) -> None:
    """Tie both and give the pictures over; the finder hears of it."""
    find = FindReport.objects.visible_to(by).waiting().filter(code=code[:8]).first()
    if find is None:
        return
    wanted = find_desk.photo_ids(find)
    if wanted and law.handling(item.law_kind).photographed:
        FindPhoto.objects.filter(find=find).delete()
        intake.claim_photos(item, wanted, first=Photo.objects.filter(item=item).count())
    find_desk.adopt(find, item, by=by)
