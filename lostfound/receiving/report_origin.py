"""A report of a problem that turns out to be a find: „Fahrrad gefunden“.

Nobody has taken the thing with them, so nobody is a finder in law (§ 965 BGB) but the town, whose
people fetch it; who reported it stays with the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from lostfound import panels
from lostfound.models import Consent, FoundItem, Holder, Office, PlaceKind, Source, Value
from lostfound.receiving import intake
from lostfound.receiving.intake import Draft, Facts
from lostfound.storing import custody
from lostfound.takeover import values
from townhall import crossings
from townhall.codes import normalise
from townhall.crossings import Arrived, Brought, NotWanted, Sight, Taker
from townhall.models import Municipality, User

KIND = "found"
UNKNOWN = "other"


def register() -> None:
    crossings.register_taker(KIND, Taker(receiver, take))
    crossings.register_cases(KIND, sight)
    panels.register(90, "lostfound/item/_report.html", of_item)


def receiver(town: Municipality) -> str:
    """One statement."""
    office = Office.objects.filter(municipality=town).first()
    return office.name if office else ""


def take(brought: Brought, by: User) -> Arrived:
    """Into the books at once; it stays where it stands until it is fetched. Not published yet."""
    office = (
        Office.objects.filter(municipality=brought.municipality)
        .select_related("municipality")
        .first()
    )
    if office is None:
        raise NotWanted
    draft = Draft(
        client_id=brought.client_id,
        facts=_facts(brought),
        photo_ids=brought.image_ids,
        source=Source.REPORT,
        source_reference=brought.reference,
        publish=False,
    )
    try:
        receipt = intake.take_in(draft, office=office, by=by)
    except intake.Refused:
        raise NotWanted from None
    item = receipt.item
    if receipt.is_new:
        custody.pass_on(item, Holder.CARRIER, place=brought.place_text[:120], by=by, reason=_WAITS)
    return Arrived(item.code, office.name)


_WAITS = "Noch am Fundort, wird geholt"


def _facts(brought: Brought) -> Facts:
    return Facts(
        kind=values.kind(brought.text) or UNKNOWN,
        colour=values.colours(brought.text)[0],
        description=brought.text[:2000],
        found_on=brought.on,
        notice_on=brought.on,
        position=brought.position,
        place_text=brought.place_text[:200],
        place_kind=PlaceKind.STREET,
        value=Value.UNKNOWN,
        consent=Consent.GIVEN,  # the town's own
        no_mark_visible=True,
    )


def sight(code: str, user: User) -> Sight | None:
    item = FoundItem.objects.filter(code=code).first()
    if item is None:
        return None
    mine = FoundItem.objects.visible_to(user).filter(pk=item.pk).exists()
    url = reverse("fund-item", args=[item.code]) if mine else ""
    return Sight(item.file_number or item.shown_code, url)


def of_item(item: FoundItem, user: User) -> Mapping[str, Any] | None:
    """Where the thing's story began."""
    if item.source != Source.REPORT:
        return None
    code = normalise(item.source_reference)
    found = crossings.sight("report", code, user) if code else None
    return {"sight": found} if found else None
