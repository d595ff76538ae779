"""What an owner sees of possible matches: public facts in coarse words, in the public ranking.

Distances, identifiers and everything that is not on the public page are for staff: they would tell
where the find is, or that a guessed number is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import Q, QuerySet

from lostfound.models import Listing, LossReport, Match, MatchState
from lostfound.wording import PUBLIC_REASONS, STRENGTHS

MOST = 20


class Strength(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"


# Of the public score (0…1): from here on it is called so.
_FROM: Final = ((0.7, Strength.GOOD), (0.5, Strength.FAIR))
WORTH_A_LETTER: Final = 0.5  # a weak one stands on the page, and raises no hope


@dataclass(frozen=True)
class Hit:
    """A match as its owner reads it."""

    match: Match
    listing: Listing

    @property
    def strength(self) -> Strength:
        return strength_of(self.match.public_score or 0)

    @property
    def strength_words(self) -> str:
        return str(STRENGTHS[self.strength])

    @property
    def percent(self) -> int:
        """Of the bar: in three steps, like the word, for more would be a number to try against."""
        return {Strength.GOOD: 90, Strength.FAIR: 60, Strength.WEAK: 30}[self.strength]

    @property
    def reasons(self) -> list[str]:
        return reasons(self.match.public_components)

    @property
    def is_it(self) -> bool:
        return self.match.state == MatchState.IS_IT

    @property
    def is_not_mine(self) -> bool:
        return self.match.state == MatchState.NOT_MINE


def strength_of(score: float) -> Strength:
    return next((strength for least, strength in _FROM if score >= least), Strength.WEAK)


def reasons(components: Mapping[str, Any]) -> list[str]:
    """What speaks for it, in the order in which the matcher weighed it."""
    said = ((name, part.get("said", "")) for name, part in components.items())
    return [str(PUBLIC_REASONS[each]) for each in said if each in PUBLIC_REASONS]


def shown(rows: QuerySet[Match]) -> QuerySet[Match]:
    """Those of the matches that an owner may see: published, and not refused by staff.

    What the owner has called their own stays, when it is taken out of view for that.
    """
    seen = Q(item__listing__ended_at=None) | Q(state=MatchState.IS_IT)
    return rows.filter(seen, public_score__isnull=False, item__listing__isnull=False).exclude(
        state=MatchState.REJECTED
    )


def of_loss(loss: LossReport) -> list[Hit]:
    """Best first, those called somebody else's last. One statement."""
    rows = shown(loss.matches.all()).select_related(
        "item__listing__office", "item__listing__municipality"
    )
    found = [Hit(row, row.item.listing) for row in rows.order_by("-public_score", "item_id")[:MOST]]
    return sorted(found, key=lambda hit: (hit.is_not_mine, not hit.is_it))
