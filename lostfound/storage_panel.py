"""Where a thing lies: a panel of its page, a number of the start page."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from lostfound import custody, panels, places
from lostfound.models import FoundItem, Office, StoragePlace
from lostfound.panels import Counter, Facts
from lostfound.storage import HERE
from townhall.models import User


def register() -> None:
    panels.register(20, "lostfound/storage/_panel.html", where_it_lies)
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


def _missing(office: Office, today: dt.date) -> int:
    return places.missing_count(office)
