"""Article 13 GDPR in short, where the lost property office asks for data."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from townhall.models import Municipality

register = template.Library()


@register.inclusion_tag("lostfound/_data_notice.html")
def found_data_notice(purpose: str, town: Municipality | None = None) -> dict[str, Any]:
    """`purpose`: loss, claim or find."""
    return {
        "purpose": purpose,
        "town": town.full_name if town else _("the municipality in which the place lies"),
    }
