"""What the Fundbüro is to forget, and forgetting it now."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet

from lostfound.models import FoundErasure
from lostfound.personal import forgetting
from townhall.retention import Forecast, RetentionCommand


class Command(RetentionCommand):
    help = "Show what the Fundbüro will erase, or do now what the worker does every night."
    numbers: ClassVar = {
        "offered": "offered to the archive",
        "items": "things",
        "finders": "finders",
        "claims": "claims",
        "evidence": "with evidence",
        "losses": "losses",
        "finds": "finders' reports",
        "letters": "letters",
        "images": "images",
    }

    def run(self) -> FoundErasure:
        return forgetting.run()

    def forecast(self, today: dt.date, until: dt.date) -> list[Forecast]:
        return forgetting.forecast(today=today, until=until)

    def proofs(self) -> QuerySet[Any]:
        return FoundErasure.objects.all()
