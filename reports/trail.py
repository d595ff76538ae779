"""What of the reports is sealed in the audit trail."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from reports.models import Erasure, Event
from townhall.trail import trails
from townhall.trail.trails import Trail


def register() -> None:
    fields = ("kind", "version", "at", "visibility", "status", "text", "facts")
    trails.register(Trail("report", Event, "report", fields, erased=_erased, label=_("Report")))


def _erased() -> int:
    return Erasure.objects.aggregate(n=Sum("reports"))["n"] or 0
