"""Who lost something hears of what was found since: one letter for all that is new."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation

from lostfound.losing import hits
from lostfound.losing import letters as loss_letters
from lostfound.losing.hits import Hit
from lostfound.models import Loser, LossEventKind, LossReport, LossState, Match, MatchState
from lostfound.recording import record_loss
from townhall import letters
from townhall.models import User

# At most one letter in so long: things come in all day, and people read their mail once or twice.
APART = dt.timedelta(hours=20)
log = logging.getLogger(__name__)


def tell_all(*, now: dt.datetime | None = None) -> int:
    """Write to everybody for whom something new has come. Returns how many letters were posted."""
    losses = news(now=now or timezone.now()).values_list("loss", flat=True).distinct()
    return sum(tell(pk, now=now) for pk in list(losses.order_by("loss")))


def news(*, now: dt.datetime) -> QuerySet[Match]:
    """Hits that a letter should tell of. What was there when the address was confirmed, the owner
    saw on the page; a weak one is not worth a letter."""
    lately = Match.objects.filter(told_at__gt=now - APART).values("loss")
    return (
        hits.shown(Match.objects.all())
        .filter(
            told_at=None,
            state=MatchState.OPEN,
            public_score__gte=hits.WORTH_A_LETTER,
            made_at__gt=F("loss__loser__confirmed_at"),
            loss__state=LossState.OPEN,
            loss__loser__stopped_at=None,
            loss__loser__unreachable_at=None,
        )
        .exclude(loss__loser__email="")
        .exclude(loss__in=lately)
    )


def tell(loss_id: int, *, now: dt.datetime | None = None) -> bool:
    """One letter about all that is new of this loss, and a fact of it. Again: nothing."""
    now = now or timezone.now()
    with transaction.atomic():
        loss = LossReport.objects.select_for_update(of=("self",)).filter(pk=loss_id).first()
        fresh = list(
            news(now=now)
            .filter(loss=loss_id)
            .select_related("item__listing__office")
            .order_by("-public_score", "item_id")
        )
        loser = Loser.objects.filter(loss=loss_id).first()
        if loss is None or loser is None or not fresh:
            return False
        Match.objects.filter(pk__in=[row.pk for row in fresh]).update(told_at=now)
        record_loss(loss, LossEventKind.TOLD, facts={"hits": len(fresh), "way": "mail"})
        with translation.override(loss.language):
            found = [Hit(row, row.item.listing) for row in fresh]
            letters.post(loss_letters.hits(loss, loser, found))
        return True


def untold(losses: QuerySet[LossReport]) -> QuerySet[Match]:
    """Hits of people without a mailbox that works: the counter calls, or sends a letter."""
    by_hand = (
        Q(loss__loser__email="")
        | Q(loss__loser__confirmed_at=None)
        | Q(loss__loser__unreachable_at__isnull=False)
    )
    has_way = ~Q(loss__loser__phone="") | ~Q(loss__loser__postal_address="")
    return hits.shown(Match.objects.all()).filter(
        by_hand & has_way,
        loss__in=losses.open(),  # type: ignore[attr-defined]
        told_at=None,
        state=MatchState.OPEN,
        public_score__gte=hits.WORTH_A_LETTER,
    )


def tell_by_hand(loss: LossReport, *, by: User, way: str) -> int:
    """Staff have told it: by "phone", "post" or "counter". Returns of how many hits."""
    with transaction.atomic():
        kept = LossReport.objects.select_for_update(of=("self",)).get(pk=loss.pk)
        rows = hits.shown(kept.matches.filter(told_at=None))
        count = Match.objects.filter(pk__in=rows.values("pk")).update(told_at=timezone.now())
        if count:
            record_loss(kept, LossEventKind.TOLD, by=by, facts={"hits": count, "way": way})
        return count
