"""The live topics of found and lost things: who may join, and what an absent page has missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils import timezone

from lostfound import live
from lostfound.models import Event, FindReport, FoundItem, LossEvent, LossReport, Office
from lostfound.queries import of_own_offices
from townhall.capabilities import digest
from townhall.live import MISSED, TopicKind, Visitor, missed_condition
from townhall.live import register as register_kind

Messages = list[Mapping[str, Any]]


def register() -> None:
    for kind in (Offices, Losses, Listings):
        register_kind(kind())


class Offices(TopicKind):
    """`found:SLUG`: everything at the counter of one office, for its staff."""

    prefix: ClassVar = "found"

    def may_join(self, user: Visitor, name: str) -> bool:
        if not user.is_authenticated:
            return False
        return Office.objects.filter(of_own_offices(user), slug=name[:60]).exists()

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        changed = Event.objects.filter(missed_condition(cursor), item__office__slug__in=names)
        items = FoundItem.objects.filter(pk__in=changed.values("item_id")).only("code", "version")
        finds = FindReport.objects.filter(missed_condition(cursor), office__slug__in=names)
        happened = LossEvent.objects.filter(
            missed_condition(cursor), loss__municipality__offices__slug__in=names
        )
        losses = LossReport.objects.filter(pk__in=happened.values("loss_id"))
        bells: Messages = [live.item_bell(item) for item in items[: MISSED + 1]]
        bells += [live.find_bell(find) for find in finds.only("code", "version")[: MISSED + 1]]
        bells += [live.lost_bell(loss) for loss in losses.only("code", "version")[: MISSED + 1]]
        return bells[: MISSED + 1]


class Losses(TopicKind):
    """`loss:TOKEN`: the page of whoever lost something, by the capability in its address."""

    prefix: ClassVar = "loss"

    def canonical(self, name: str) -> str:
        return digest(name)

    def may_join(self, user: Visitor, name: str) -> bool:
        return LossReport.objects.filter(
            capability_digest=name, capability_expires_at__gt=timezone.now()
        ).exists()

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        changed = LossEvent.objects.filter(
            missed_condition(cursor), loss__capability_digest__in=names
        )
        losses = LossReport.objects.filter(pk__in=changed.values("loss_id")).only("version")
        return [live.loss_bell(loss) for loss in losses[: MISSED + 1]]


class Listings(TopicKind):
    """`listings:all`: that something in the public search came, went or changed."""

    prefix: ClassVar = "listings"
    is_public: ClassVar = True

    def canonical(self, name: str) -> str:
        if name != "all":
            raise ValueError(name)
        return name

    def may_join(self, user: Visitor, name: str) -> bool:
        return True

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        """One bell, whatever happened: it says no more than that one should look."""
        happened = Event.objects.filter(missed_condition(cursor)).exists()
        return [live.LISTINGS_BELL] if happened else []
