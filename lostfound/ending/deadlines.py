"""What comes up next with each thing, reckoned by one function: after every deed and every night.

`reckon` reads the thing as it is, asks the law, and writes one row; again is the same row. The row
of a thing that needs nothing any more is taken away.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from lostfound import law
from lostfound.law import Policy
from lostfound.law.agenda import PAPERS, Agenda, Case, holding_of
from lostfound.law.disposal import Holding, NextStep, Waiting
from lostfound.law.kinds import Ending, handling
from lostfound.models import (
    Claim,
    ClaimState,
    Deadline,
    FoundItem,
    Inquiry,
    LossState,
    Match,
    MatchState,
    NoticeItem,
    Proceeds,
)
from lostfound.models.claims import OPEN_CLAIMS, UNDECIDED
from lostfound.terms import policy_of
from lostfound.workflow import OPEN, State
from townhall.calendar import Calendar
from townhall.models import Municipality

BATCH = 200
# Gone itself, but its money may lie here.
_MONEY = frozenset({State.AUCTIONED, State.SOLD})
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class House:
    """A municipality's policy and working days, asked for once for many things."""

    policy: Policy
    calendar: Calendar


def house_of(item: FoundItem) -> House:
    """Two statements."""
    town = item.office.municipality
    return House(policy_of(town), Calendar.of(town))


# ── One thing ────────────────────────────────────────────────────────────────────────────────
def reckon(
    item: FoundItem, *, on: dt.date | None = None, house: House | None = None
) -> Deadline | None:
    """Write what comes up next. None: nothing more. In the transaction of the deed."""
    on = on or timezone.localdate()
    case = case_of(item)
    if case is None:
        Deadline.objects.filter(item=item).delete()
        return None
    house = house or house_of(item)
    agenda = agenda_of(case, house, on=on)
    facts = {
        "office_id": item.office_id,
        "due_on": agenda.due,
        "ends_on": agenda.ends,
        "rule": agenda.rule.value,
        "step": agenda.steps[0].step.value,
        "steps": [_as_json(step) for step in agenda.steps],
        "cite": agenda.ground.cite,
        "certainty": agenda.ground.certainty.value,
        "with_whole": shares_fate(item),
        "reckoned_on": on,
    }
    row = Deadline(item=item, **facts)
    Deadline.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["item"], update_fields=list(facts)
    )
    return row


def follow(item: FoundItem) -> None:
    """After a deed: the thing, and its parts, which share its dates."""
    house = house_of(item)
    reckon(item, house=house)
    if item.part_of_id is None:
        for part in item.parts.filter(state__in=OPEN).select_related("office__municipality"):
            part.part_of = item
            reckon(part, house=house)


def agenda_of(case: Case, house: House, *, on: dt.date) -> Agenda:
    return law.agenda(
        case, on=on, is_working_day=house.calendar.is_working_day, policy=house.policy
    )


def case_of(item: FoundItem) -> Case | None:
    """The thing as the law sees it; None when nothing is to be done. Four statements, five for
    what was sold.

    A part shares the dates, the finder and the claims of its whole: the purse was found and is
    missed, not the coin.
    """
    state = State(item.state)
    if state not in OPEN | _MONEY:
        return None
    sold = state in _MONEY
    if sold and not Proceeds.objects.filter(item=item, settled_on=None, in_trust=True).exists():
        return None
    whole = item.part_of or item
    notice_ends, asked = _notice_and_inquiry(item, whole)
    queue = queue_for(whole)
    return Case(
        regime=whole.law_regime,
        kind=item.law_kind,
        course=queue.in_course(whole),
        received=whole.notice_on,
        notice_ends=notice_ends,
        perishable=item.is_perishable,
        costly=item.is_costly,
        sold=sold,
        kept_by_finder=state is State.WITH_FINDER,
        asked=asked,
        waiting=queue.waiting,
        waits_since=queue.since,
    )


@dataclass(frozen=True)
class Queue:
    """Who waits for a thing. `claimed`: the day of the first claim that nobody has decided."""

    waiting: Waiting | None = None
    claimed: dt.date | None = None
    since: dt.date | None = None

    def in_course(self, item: FoundItem) -> law.Course:
        """A claim that nobody has decided yet was registered in time, too (§ 973)."""
        course = item.course
        if course.registered is None and self.claimed is not None:
            return replace(course, registered=self.claimed)
        return course


def standing_of(item: FoundItem, *, on: dt.date) -> law.Standing:
    """Whose the thing is under § 973, as if every open claim were right."""
    whole = item.part_of or item
    return law.standing(queue_for(whole).in_course(whole), on=on)


def queue_for(whole: FoundItem) -> Queue:
    """Claims, also those that no job has looked up yet, and owners' „Das ist es“ that no claim has
    followed up. Two statements.
    """
    mine = Q(item=whole) | Q(item=None, wanted=whole.code)
    first = dict(
        Claim.objects.filter(mine, state__in=OPEN_CLAIMS)
        .order_by()
        .values_list("state")
        .annotate(first=Min("received_at"))
    )
    claims = [at for state, at in first.items() if state in UNDECIDED]
    decided = Claim.objects.filter(item=whole, loss=OuterRef("loss")).exclude(state__in=UNDECIDED)
    said = (
        Match.objects.filter(item=whole, state=MatchState.IS_IT, loss__state=LossState.OPEN)
        .exclude(Exists(decided))
        .aggregate(first=Min("decided_at"))["first"]
    )
    undecided = [*claims, *filter(None, [said])]
    confirmed = first.get(ClaimState.CONFIRMED)
    if not undecided and confirmed is None:
        return Queue()
    return Queue(
        Waiting.UNDECIDED if undecided else Waiting.CONFIRMED,
        law.local_day(min(claims)) if claims else None,
        law.local_day(min([*undecided, *filter(None, [confirmed])])),
    )


def holding(item: FoundItem, *, on: dt.date) -> Holding | None:
    """As `law.can_auction` and `law.next_steps` ask for it."""
    case = case_of(item)
    return holding_of(case, on=on) if case else None


def allowed_now(
    item: FoundItem, *, on: dt.date | None = None, house: House | None = None
) -> frozenset[str]:
    """The codes of the steps that the law allows on that day, asked anew."""
    case = case_of(item)
    if case is None:
        return frozenset()
    agenda = agenda_of(case, house or house_of(item), on=on or timezone.localdate())
    return frozenset(each.step.value for each in agenda.steps)


def shares_fate(item: FoundItem) -> bool:
    """A part that goes where its whole goes. Papers, cards, money and keys have their own way."""
    if item.part_of_id is None:
        return False
    row = handling(item.law_kind)
    return row.stored and row.ending is Ending.BY_REGIME and item.law_kind not in PAPERS


def _notice_and_inquiry(item: FoundItem, whole: FoundItem) -> tuple[dt.date | None, dt.date | None]:
    """Last day of the newest notice about it, and the day on which its finder was asked."""
    ends = NoticeItem.objects.filter(Q(item=item) | Q(item=whole)).aggregate(
        ends=Max("notice__ends_on")
    )["ends"]
    asked = Inquiry.objects.filter(item=whole).values_list("asked_on", flat=True).first()
    return ends, asked


def _as_json(step: NextStep) -> dict[str, str | None]:
    return {
        "step": step.step.value,
        "cite": step.ground.cite,
        "certainty": step.ground.certainty.value,
        "due": step.due.isoformat() if step.due else None,
    }


# ── All things ───────────────────────────────────────────────────────────────────────────────
def reckon_all(*, on: dt.date | None = None) -> int:
    """Every thing whose row is not of this day. Returns how many; again on the day: none.

    Each in a transaction of its own, on its locked row, so that a deed of this moment wins. One
    that cannot be reckoned is named in the log and does not stop the others.
    """
    on = on or timezone.localdate()
    done, last = 0, 0
    while batch := _stale(on, after=last):
        house = lru_cache(maxsize=BATCH)(_house_of_office)
        done += sum(_reckon_one(pk, on, partial(house, office)) for pk, office in batch)
        last = batch[-1][0]
    return done


def _stale(on: dt.date, *, after: int) -> Sequence[tuple[int, int]]:
    """Things that need a row of this day, and rows that nothing needs."""
    open_ones = Q(state__in=[*OPEN, *_MONEY]) & ~Q(deadline__reckoned_on=on)
    over = ~Q(state__in=[*OPEN, *_MONEY]) & Q(deadline__isnull=False)
    money = Q(state__in=_MONEY, deadline=None) & ~Q(
        proceeds__settled_on=None, proceeds__in_trust=True
    )
    rows = FoundItem.objects.filter(open_ones | over, pk__gt=after).exclude(money)
    return list(rows.order_by("pk").values_list("pk", "office_id")[:BATCH])


def _house_of_office(office_id: int) -> House:
    town = Municipality.objects.get(offices=office_id)
    return House(policy_of(town), Calendar.of(town))


def _reckon_one(pk: int, on: dt.date, house: Callable[[], House]) -> bool:
    try:
        with transaction.atomic():
            item = (
                FoundItem.objects.select_for_update(of=("self",))
                .select_related("office__municipality", "part_of")
                .get(pk=pk)
            )
            reckon(item, on=on, house=house())
    except FoundItem.DoesNotExist:
        return False
    except Exception:
        log.exception("The deadline of thing %s cannot be reckoned", pk)
        return False
    return True
