"""Where a thing lies and what money is held: panels of its page, numbers of the start page."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from lostfound import panels
from lostfound.models import FoundItem, Office, StoragePlace
from lostfound.money import cash, counting
from lostfound.panels import Counter, Facts
from lostfound.storing import custody, places
from lostfound.storing.storage import HERE
from townhall.models import User


def register() -> None:
    panels.register(20, "lostfound/storage/_panel.html", where_it_lies)
    panels.register(30, "lostfound/cash/_panel.html", money)
    panels.register_counter(
        Counter(70, "fund-cash", "coins", _("Money to be counted by two"), _uncounted)
    )
    panels.register_counter(
        Counter(60, "fund-missing", "box", _("Not at its place"), _missing, is_urgent=True)
    )


def where_it_lies(item: FoundItem, user: User) -> Facts | None:
    """Nothing for what is gone or with its finder still. At most two statements."""
    if item.state not in HERE:
        return None
    place = (
        StoragePlace.objects.select_related("site__office").filter(pk=item.storage_id).first()
        if item.storage_id
        else None
    )
    return {"place": place, "last": custody.where(item)}


def money(item: FoundItem, user: User) -> Facts | None:
    """Of money: how far the counting is, and what is held. Two statements; of the rest nothing."""
    if item.kind != "cash":
        return None
    return {"counting": counting.counting_of(item), "held": sum(cash.held(item).values())}


def _uncounted(office: Office, today: dt.date) -> int:
    return counting.uncounted(office).count()


def _missing(office: Office, today: dt.date) -> int:
    return places.missing_count(office)
