"""What the board of deadlines shows elsewhere: on a thing's page, on the counter's start page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lostfound import panels
from lostfound.ending import board, data_media, deadlines, entitlement
from lostfound.ending.board import Option, Row, Tab
from lostfound.ending.bulk import Action
from lostfound.law import Answer, Kind
from lostfound.law.ownership import Owner
from lostfound.models import (
    DataHandling,
    Deadline,
    Disposal,
    DisposalState,
    Finder,
    Forwarding,
    FoundItem,
    Office,
)
from lostfound.panels import Counter
from lostfound.personal import disclosure
from lostfound.releasing.dues import dues_of
from lostfound.wording import DATA_STEPS
from lostfound.workflow import OPEN
from townhall.models import User

# Where a step is carried out: a deed for many, a deed of the panel, or another helper's page.
_MANY = {
    "forward": Action.FORWARD,
    "monument_authority": Action.FORWARD,
    "end_without_find": Action.FORWARD,
    "publish_notice": Action.NOTICE,
    "auction": Action.AUCTION,
    "auction_online": Action.AUCTION,
    "sell_early": Action.AUCTION,
    "sell": Action.SALE,
    "give": Action.GIFT,
    "destroy": Action.DESTRUCTION,
    "book_proceeds": Action.BOOK,
}
_POSTS = {"tell_finder": "benachrichtigung", "close_case": "schliessung"}
_PAGES = dict.fromkeys(("release_to_owner", "hand_to_finder", "settle_claim"), "fund-release")


@dataclass(frozen=True)
class Way:
    """A step with the address that does it; `is_post`: by a button. "" where nothing does."""

    option: Option
    url: str
    is_post: bool = False


def ways(item: FoundItem, options: Sequence[Option]) -> list[Way]:
    return [_way(item, option) for option in options]


def _way(item: FoundItem, option: Option) -> Way:
    if action := _MANY.get(option.code):
        return Way(option, f"{reverse('fund-bulk', args=[action])}?sache={item.code}")
    if name := _POSTS.get(option.code):
        return Way(option, reverse("fund-deed", args=[item.code, name]), is_post=True)
    if page := _PAGES.get(option.code):
        try:
            return Way(option, reverse(page, args=[item.code]))
        except NoReverseMatch:
            return Way(option, "")
    return Way(option, "")


# ── Panels ───────────────────────────────────────────────────────────────────────────────────
def of_deadline(item: FoundItem, user: User) -> Mapping[str, Any] | None:
    """What comes up next, and everything that is done because of it."""
    today = timezone.localdate()
    deadline = Deadline.objects.filter(item=item).first()
    now = deadlines.standing_of(item, on=today)
    is_general = item.regime == "general" and item.state in OPEN
    finder = Finder.objects.filter(item=item).first()
    claimant = entitlement.entitled(item) if is_general else None
    open_disposal = Disposal.objects.filter(
        entries__item=item, state__in=[DisposalState.PROPOSED, DisposalState.APPROVED]
    ).first()
    return {
        "row": Row(deadline, today) if deadline else None,
        "ways": ways(item, board.options(deadline)) if deadline else [],
        "finders_own": is_general and now.owner is Owner.FINDER,
        "can_decline": is_general and bool(item.claims_ownership),
        "can_ask_declaration": is_general
        and now.owner is Owner.ENTITLED
        and claimant is not None
        and bool(item.claims_reward or item.claims_expenses),
        "can_accept": is_general
        and now.owner is Owner.ENTITLED
        and item.declaration_ends is not None
        and item.accepted_on is None,
        "has_finder": finder is not None,
        "has_owner": claimant is not None,
        "may_tell": _may_tell(item) if finder and claimant else None,
        "seen": item.disclosures.select_related("by")[:5],
        "letter": finder is not None and item.collection_ends is not None,
        "declaration": claimant is not None and item.declaration_ends is not None,
        "forwarding": Forwarding.objects.filter(item=item).first(),
        "disposal": open_disposal,
        "data": _data(item),
        "others": _other_offices(item),
    }


def _may_tell(item: FoundItem) -> Answer:
    return disclosure.may_tell(item, dues_of(item, on=timezone.localdate()))


def _data(item: FoundItem) -> Mapping[str, Any] | None:
    if item.law_kind is not Kind.DATA_MEDIUM:
        return None
    done = DataHandling.objects.filter(item=item).select_related("by").first()
    steps = dict.fromkeys(data_media.steps_for(item).values())
    return {
        "done": done,
        "said": DATA_STEPS[done.step] if done else "",
        "steps": [(step.value, DATA_STEPS[step.value]) for step in steps],
    }


def _other_offices(item: FoundItem) -> Sequence[Office]:
    """Of this installation, for what was found elsewhere; none for what is found here."""
    if item.state not in {"held", "ready"} or item.part_of_id is not None:
        return []
    return list(Office.objects.exclude(pk=item.office_id).order_by("name"))


def _due(tab: Tab) -> Any:
    def count(office: Office, today: dt.date) -> int:
        return board.counts(office, today=today)[tab.value]

    return count


def _to_approve(office: Office, today: dt.date) -> int:
    return Disposal.objects.filter(office=office, state=DisposalState.PROPOSED).count()


def register() -> None:
    panels.register(30, "lostfound/deadlines/_panel.html", of_deadline)
    panels.register_counter(
        Counter(
            10,
            "fund-deadlines",
            "warning",
            _("overdue"),
            _due(Tab.OVERDUE),
            query="frist=ueberfaellig",
            is_urgent=True,
        )
    )
    panels.register_counter(
        Counter(
            11,
            "fund-deadlines",
            "calendar",
            _("due today"),
            _due(Tab.TODAY),
            query="frist=heute",
        )
    )
    panels.register_counter(
        Counter(60, "fund-disposals", "users", _("wait for a second pair of eyes"), _to_approve)
    )
