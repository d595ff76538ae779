"""How long the personal data of a thing, a claim or a loss stay: the law's answer for the rows.

The days stand in the rows (`erase_on`), written with each deed; what happens when they have come:
`forgetting`.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from lostfound.law import Policy, Regime
from lostfound.law.retention import Record, Retention, retention_of
from lostfound.models import FoundItem, NoticeItem, Proceeds
from lostfound.terms import policy_of
from lostfound.workflow import CLOSED, State
from townhall.models import Municipality

_DAY = dt.timedelta(days=1)
# What somebody else came to own in law, so that § 977 runs.
_PASSED_ON = frozenset(
    {State.TO_FINDER, State.SOLD, State.GIVEN, State.DESTROYED, State.BOOKED, State.AUCTIONED}
)


def kept_until(item: FoundItem) -> dt.date | None:
    """Last day on which the data of a closed thing stay. None: it is open, its money lies here
    still, or its data are gone. No statement for an open thing, else two or three.
    """
    if State(item.state) not in CLOSED or item.erased_at is not None:
        return None
    money = Proceeds.objects.filter(item=item).first()
    if money and money.in_trust and money.settled_on is None:
        return None
    kept = [retention.until for retention in retentions(item, money, policy_of(_town(item)))]
    if money and money.reward_claim_until:
        kept.append(money.reward_claim_until)
    return max(kept)


def retentions(item: FoundItem, money: Proceeds | None, policy: Policy) -> list[Retention]:
    """All that holds for the closed thing: the latest counts."""
    closed = timezone.localdate(item.closed_at) if item.closed_at else timezone.localdate()
    rows = [retention_of(Record.RELEASED, closed, policy=policy)]
    now = (item.part_of or item).standing(on=closed)
    if item.law_regime is Regime.GENERAL and item.state in _PASSED_ON and now.since:
        rows.append(retention_of(Record.ACQUIRED, now.since - _DAY, policy=policy))
    if money or item.state == State.BOOKED:
        rows.append(retention_of(Record.PROCEEDS, _noticed(item) or closed, policy=policy))
    return rows


def _noticed(item: FoundItem) -> dt.date | None:
    entry = (
        NoticeItem.objects.filter(item=item).select_related("notice").order_by("-notice").first()
    )
    return entry.notice.ends_on if entry else None


def _town(item: FoundItem) -> Municipality:
    return item.office.municipality
