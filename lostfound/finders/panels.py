"""What finders' reports show on the counter's pages."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from lostfound import panels
from lostfound.models import FindReport, Office
from lostfound.panels import Counter


def register() -> None:
    panels.register_counter(
        Counter(15, "fund-finds", "mail", _("Finders’ reports to do"), waiting_at)
    )


def waiting_at(office: Office, _today: dt.date) -> int:
    return FindReport.objects.filter(office=office).waiting().count()
