"""The words of a search."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q


@dataclass(frozen=True)
class Sought:
    """What was typed."""

    text: str = ""

    def condition(self) -> Q:
        if not self.text.strip():
            return Q()
        return Q(words=SearchQuery(self.text, config="words_de", search_type="websearch"))
