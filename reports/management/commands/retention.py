"""What is to be forgotten of reports, and forgetting it now."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet

from reports.models import Erasure
from reports.personal import erasure
from townhall.retention import Forecast, RetentionCommand


class Command(RetentionCommand):
    help = "Show what retention will erase, or do now what the worker does every night."
    numbers: ClassVar = {
        "depublished": "depublished",
        "contacts": "contacts",
        "outsiders": "outsiders",
        "followers": "followers",
        "letters": "letters",
        "reports": "reports",
        "images": "images",
    }

    def run(self) -> Erasure:
        return erasure.run()

    def forecast(self, today: dt.date, until: dt.date) -> list[Forecast]:
        return erasure.forecast(today=today, until=until)

    def proofs(self) -> QuerySet[Any]:
        return Erasure.objects.all()
