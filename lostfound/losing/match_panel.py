"""Who may miss a thing: on its page, and as a number on the counter's start page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lostfound import panels
from lostfound.losing.desk import DeskHit
from lostfound.matching.store import LIKELY_FROM, matches_of
from lostfound.models import FoundItem, LossReport, LossState, MatchState, Office
from lostfound.panels import Counter
from townhall.models import User


def register() -> None:
    panels.register(18, "lostfound/item/_matches.html", of_item)
    panels.register_counter(
        Counter(18, "fund-losses", "search", _("Likely matches"), _likely, query="ansicht=treffer")
    )


def of_item(item: FoundItem, user: User) -> Mapping[str, Any] | None:
    """Nothing for what has left the house. One statement."""
    if not item.is_open:
        return None
    return {"hits": [DeskHit(match) for match in matches_of(item)]}


def _likely(office: Office, today: dt.date) -> int:
    """Losses for which something at this counter fits well, and nobody has decided yet."""
    return (
        LossReport.objects.filter(
            state=LossState.OPEN,
            matches__item__office=office,
            matches__score__gte=LIKELY_FROM,
            matches__state__in=[MatchState.OPEN, MatchState.IS_IT],
        )
        .distinct()
        .count()
    )
