"""Losses at the counter: which ones its people see, with every reason of every hit in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lostfound.catalogue import MARKS
from lostfound.losing import telling
from lostfound.matching.store import KEPT_FROM
from lostfound.models import Loser, LossMark, LossReport, LossState, Match, MatchState
from lostfound.queries import of_own_offices
from lostfound.wording import MATCH_PARTS, MATCH_REASONS, match_fact
from townhall.live import Visitor

VIEWS: dict[str, Any] = {
    "treffer": _("With matches"),
    "mitteilen": _("To be told by hand"),
    "offen": _("We keep looking"),
    "beendet": _("Ended"),
}


def seen_by(user: Visitor, view: str, *, words: str = "") -> QuerySet[LossReport]:
    """One list of the counter, newest first. `words`: a number, a thing or a name."""
    every = LossReport.objects.visible_to(user)
    rows = every.exclude(state=LossState.OPEN) if view == "beendet" else every.open()
    if view == "treffer":
        rows = rows.filter(Exists(_theirs(user).filter(loss=OuterRef("pk"))))
    if view == "mitteilen":
        rows = rows.filter(pk__in=telling.untold(rows).values("loss"))
    if words:
        code = words.replace("-", "").upper()[:8]
        text = Q(description__icontains=words) | Q(brand__icontains=words)
        rows = rows.filter(text | Q(code__startswith=code) | Q(loser__name__icontains=words))
    return (
        rows.select_related("municipality", "loser")
        .annotate(hits=Count("matches", filter=_shown(user), distinct=True))
        .order_by("-reported_at", "-pk")
    )


def _shown(user: Visitor) -> Q:
    good = Q(matches__score__gte=KEPT_FROM) | Q(matches__state=MatchState.IS_IT)
    here = of_own_offices(user, "matches__item__office__")
    return good & here & ~Q(matches__state=MatchState.REJECTED)


def _theirs(user: Visitor) -> QuerySet[Match]:
    """Matches with things of the user's own offices: nobody sees another counter's things."""
    good = Q(score__gte=KEPT_FROM) | Q(state=MatchState.IS_IT)
    rows = Match.objects.exclude(state=MatchState.REJECTED)
    return rows.filter(good, of_own_offices(user, "item__office__"))


@dataclass(frozen=True)
class Reason:
    part: Any
    said: Any
    points: float  # for (+) or against (−) it
    more: str = ""  # „420 m“

    @property
    def speaks(self) -> str:
        return "for" if self.points > 0.1 else "against" if self.points < -0.1 else "neither"


@dataclass(frozen=True)
class DeskHit:
    match: Match

    @property
    def percent(self) -> int:
        return min(99, round(self.match.score * 100))  # nothing is certain but the thing itself

    @property
    def reasons(self) -> Sequence[Reason]:
        """What weighs most first, for or against."""
        found = [
            Reason(
                MATCH_PARTS[name],
                MATCH_REASONS[name, part["said"]],
                float(part.get("points", part.get("score", 0))),
                match_fact(part),
            )
            for name, part in self.match.components.items()
            if (name, part.get("said", "")) in MATCH_REASONS
        ]
        return sorted(found, key=lambda reason: -abs(reason.points))


def hits_for(user: Visitor, loss: LossReport) -> list[DeskHit]:
    rows = _theirs(user).filter(loss=loss).select_related("item__office")
    return [DeskHit(row) for row in rows.order_by("-score", "item_id")]


def marks_for(hits: Sequence[DeskHit], loss: LossReport) -> list[tuple[Any, str]]:
    """What only the owner knows: for staff who have a hit, and only for them."""
    if not hits:
        return []
    rows = LossMark.objects.filter(loss=loss).order_by("pk")
    return [
        (MARKS[row.kind].label, row.text or f"… {row.tail}") for row in rows if row.kind in MARKS
    ]


def loser_of(loss: LossReport) -> Loser | None:
    return Loser.objects.filter(loss=loss).first()
