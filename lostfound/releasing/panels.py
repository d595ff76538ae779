"""What claims and Herausgabe show on the counter's start page and the page of a thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lostfound import panels
from lostfound.claiming import desk as claim_desk
from lostfound.models import FoundItem, Handover, Office
from lostfound.models.claims import OPEN_CLAIMS
from lostfound.panels import Counter
from townhall.models import User


def register() -> None:
    panels.register(15, "lostfound/release/_panel.html", of_item)
    panels.register_counter(
        Counter(30, "fund-claims", "mail", _("Claims to decide"), _waiting, "ansicht=wartend")
    )


def of_item(item: FoundItem, user: User) -> Mapping[str, Any] | None:
    """Claims to the whole, and the way to hand it over. Parts leave with their whole."""
    if item.part_of_id is not None:
        return None
    claims = item.claims.filter(state__in=OPEN_CLAIMS).select_related("claimant")
    handover = Handover.objects.filter(item=item, undone_at=None).select_related("by").first()
    return {"claims": list(claims.order_by("received_at")), "handover": handover}


def _waiting(office: Office, today: dt.date) -> int:
    return claim_desk.waiting(office)
