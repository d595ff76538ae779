"""Owners who wait for a call or a letter: a number on the counter's start page."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lostfound import panels
from lostfound.losing import telling
from lostfound.models import LossReport, Office
from lostfound.panels import Counter


def register() -> None:
    panels.register_counter(
        Counter(
            19,
            "fund-losses",
            "phone",
            _("To be told by hand"),
            _untold,
            query="ansicht=mitteilen",
            is_urgent=True,
        )
    )


def _untold(office: Office, today: dt.date) -> int:
    """Losses of the town, or with a hit at this counter, of people without a mailbox."""
    here = Q(municipality=office.municipality_id) | Q(matches__item__office=office)
    losses = LossReport.objects.filter(pk__in=LossReport.objects.filter(here).values("pk"))
    return telling.untold(losses).values("loss").distinct().count()
