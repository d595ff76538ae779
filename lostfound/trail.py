"""What of found and lost things is sealed in the audit trail."""

from __future__ import annotations

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from lostfound.models import (
    ClaimEvent,
    Custody,
    ErasedLoss,
    Event,
    FoundErasure,
    LedgerLine,
    LossEvent,
)
from townhall.trail import trails
from townhall.trail.trails import Trail

_BLANK = Q(erased_at__isnull=False)


def register() -> None:
    """What a claimant wrote goes before the claim does, so it is not sealed."""
    fact = ("kind", "version", "at")
    hands = ("number", "at", "holder", "place", "reason")
    money = ("number", "at", "account", "cents", "till_cents", "item_id", "party", "method")
    thing = _("Found thing")
    trails.register(
        Trail(
            "found",
            Event,
            "item",
            (*fact, "text", "facts"),
            label=thing,
            blank=_BLANK,
            erased=_things,
        ),
        Trail(
            "custody",
            Custody,
            "item",
            hands,
            actor="by",
            label=thing,
            blank=_BLANK,
            erased=_things,
        ),
        Trail("loss", LossEvent, "loss", (*fact, "facts"), label=_("Loss"), erased=_losses),
        Trail("claim", ClaimEvent, "claim", fact, label=_("Claim")),
        Trail("ledger", LedgerLine, "office", money, actor="by", label=_("Cash book")),
    )


def _things() -> int:
    return FoundErasure.objects.aggregate(n=Sum("items"))["n"] or 0


def _losses() -> int:
    """Also those whose owners had them erased."""
    return ErasedLoss.objects.count()
