"""What a message carries of the deed it speaks of: how to take it back, and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django import template
from django.contrib.messages.storage.base import Message
from django.utils import timezone

register = template.Library()
_MARK = "undo"


@dataclass(frozen=True)
class Offer:
    batch: UUID
    seconds: int


def tag(batch: UUID, until: dt.datetime) -> str:
    """Travels in the message's tags, through the redirect."""
    return f"{_MARK} {batch} {until.isoformat()}"


@register.filter
def offer(message: Message) -> Offer | None:
    """The button of a message; None when it has none, or came too late to be pressed."""
    mark, _, rest = (message.extra_tags or "").partition(" ")
    batch, _, until = rest.partition(" ")
    if mark != _MARK:
        return None
    left = int((dt.datetime.fromisoformat(until) - timezone.now()).total_seconds())
    return Offer(UUID(batch), left) if left > 0 else None
