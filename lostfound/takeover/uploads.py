"""Tables that nobody took over are full of names: they go."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from lostfound.models import Takeover

KEPT = dt.timedelta(days=1)


def forget_old() -> None:
    """What was looked at and left for a day."""
    Takeover.objects.filter(done_at=None, sent_at__lt=timezone.now() - KEPT).delete()
