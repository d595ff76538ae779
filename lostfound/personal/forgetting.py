"""Forgetting in time: what people told us, on the day the law's answer names, and not before.

One function and one transaction per deed, as everywhere; here it is the calendar that acts. Each
deed asks again under the lock whether it is due, so a repeat, two runs at once, or a member of
staff who was faster do no harm. `run` does all that is due, `forecast` only counts it.

What stays of a thing: number, kind, days, state, money, and who of staff did what. PERSONAL names
every text that goes; a test walks all tables and fails for one that nobody has thought of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from lostfound.claiming import claims
from lostfound.losing import losses
from lostfound.models import (
    ArchiveAnswer,
    ArchiveOffer,
    Claim,
    ClaimEvent,
    Custody,
    DataHandling,
    Disclosure,
    Disposal,
    Event,
    EventKind,
    Finder,
    FindReport,
    Forwarding,
    FoundErasure,
    FoundItem,
    Handover,
    HiddenMark,
    Inquiry,
    Listing,
    LossReport,
    Match,
    Photo,
    ProofQuestion,
    StockScan,
    Trace,
    Waiver,
)
from lostfound.models.claims import OPEN_CLAIMS
from lostfound.personal import keeping
from lostfound.recording import locked, record
from lostfound.terms import policy_of
from lostfound.workflow import CLOSED, OPEN
from townhall.letters.erasing import erase_about
from townhall.models import User
from townhall.photos import sweep
from townhall.retention import Forecast, forecast_of

BATCH = 200
SCANS_STAY = dt.timedelta(days=365)  # what a scanner read that was no number of ours
_GONE = "–"

# Rows that go with the thing's data.
_ROWS: Final[tuple[type[Model], ...]] = (
    Finder,
    HiddenMark,
    ProofQuestion,
    Photo,
    Match,
    Trace,
    Listing,
    Inquiry,
    Forwarding,
    DataHandling,
    Disclosure,
)
# Texts of rows that stay, because somebody must be able to see that the log has no hole.
_TEXTS: Final[dict[type[Model], dict[str, Any]]] = {
    Event: {"text": "", "facts": {}},
    Custody: {"place": "", "reason": ""},
    Waiver: {"reason": ""},
    Handover: {"name": "", "reference": "", "signature": [], "facts": {}},
    StockScan: {"text": ""},
}
_OF_THING: Final[dict[str, Any]] = {
    "brand": "",
    "description": "",
    "source_reference": "",
    "found_time": "",
    "handed_over_to": "",
    "place_text": "",
    "regime_reason": "",
    "consent_condition": "",
    "found_at": None,
    "digest": "",
}


# ── A thing ──────────────────────────────────────────────────────────────────────────────────
def to_erase(today: dt.date) -> Q:
    """Closed, and its time is over; its parts are gone too, and nobody claims it."""
    part_stays = FoundItem.objects.filter(part_of=OuterRef("pk"), erased_at=None).filter(
        Q(state__in=OPEN) | Q(erase_on=None) | Q(erase_on__gte=today)
    )
    claimed = Claim.objects.filter(item=OuterRef("pk"), state__in=OPEN_CLAIMS)
    return (
        Q(state__in=CLOSED, erased_at=None, erase_on__lt=today)
        & ~Exists(part_stays)
        & ~Exists(claimed)
    )


def offer(item_id: int, *, today: dt.date) -> bool:
    """Offer the closed case to the archive (FUNDRECHT § 11.10). False: not due, or offered."""
    with transaction.atomic():
        item = _due(item_id, today)
        if item is None or ArchiveOffer.objects.filter(item=item).exists():
            return False
        policy = policy_of(item.office.municipality)
        if not policy.offer_to_archive:
            return False
        until = today + dt.timedelta(days=policy.archive_days)
        ArchiveOffer.objects.create(item=item, offered_on=today, until=until)
        record(item, EventKind.OFFERED, by=None, facts={"until": until.isoformat()})
        return True


def answer(offer_ids: list[int], reply: ArchiveAnswer, *, by: User) -> int:
    """What the archive says to some of its offers. Returns how many had no answer yet."""
    with transaction.atomic():
        return (
            ArchiveOffer.objects.filter(pk__in=offer_ids, answer="")
            .filter(item__office__in=_offices(by))
            .update(answer=reply, answered_at=timezone.now(), answered_by=by)
        )


@dataclass(frozen=True)
class Erased:
    """How much went with one thing."""

    finders: int = 0
    claims: int = 0
    letters: int = 0
    images: int = 0


def erase(item_id: int, *, today: dt.date) -> Erased | None:
    """Forget who found it, who claimed it, and every word about it. None: not due, or the archive
    has still time to answer.
    """
    with transaction.atomic():
        item = _due(item_id, today)
        if item is None or not _archive_is_done(item, today):
            return None
        finders = Finder.objects.filter(item=item).count()
        images = Photo.objects.filter(item=item).count()
        letters = erase_about(f"found:{item.code}")
        count = 0
        for claim in Claim.objects.select_for_update(of=("self",)).filter(item=item):
            letters += erase_about(f"claim:{claim.code}")
            claims.forget(claim)
            ClaimEvent.objects.filter(claim=claim).update(text="")
            count += 1
        letters += sum(_erase_find(find) for find in FindReport.objects.filter(item=item))
        Claim.objects.filter(item=item).update(title="", digest="")
        _blank(item)
        item.erased_at = timezone.now()
        record(item, EventKind.ERASED, by=None)
        return Erased(finders, count, letters, images)


def _blank(item: FoundItem) -> None:
    for row in _ROWS:
        row._default_manager.filter(item=item).delete()
    for table, texts in _TEXTS.items():
        table._default_manager.filter(item=item).update(**texts)
    Handover.objects.filter(item=item).exclude(undone_reason="").update(undone_reason=_GONE)
    over = Disposal.objects.filter(entries__item=item)
    others = FoundItem.objects.filter(disposals__disposal=OuterRef("pk"), erased_at=None)
    last = over.filter(~Exists(others.exclude(pk=item.pk)))
    Disposal.objects.filter(pk__in=list(last.values_list("pk", flat=True))).update(
        reason="", receiver="", refusal=""
    )
    for name, nothing in _OF_THING.items():
        setattr(item, name, nothing)


def _due(item_id: int, today: dt.date) -> FoundItem | None:
    if not FoundItem.objects.filter(to_erase(today), pk=item_id).exists():
        return None
    item = locked(FoundItem(pk=item_id))
    return item if FoundItem.objects.filter(to_erase(today), pk=item_id).exists() else None


def _archive_is_done(item: FoundItem, today: dt.date) -> bool:
    if not policy_of(item.office.municipality).offer_to_archive:
        return True
    made = ArchiveOffer.objects.filter(item=item).first()
    return made is not None and (bool(made.answer) or made.until < today)


def _offices(user: User) -> QuerySet[Any]:
    return FoundItem.objects.visible_to(user).values("office")


def _erase_find(find: FindReport) -> int:
    """A finder's report with the finder, words and pictures. Returns how many letters."""
    letters = erase_about(f"find:{find.code}")
    find.delete()
    return letters


# ── Days that were never written ─────────────────────────────────────────────────────────────
def fill() -> int:
    """Closed things whose day nobody has reckoned (taken over from elsewhere). Returns how many."""
    missing = FoundItem.objects.filter(state__in=CLOSED, erased_at=None, erase_on=None)
    filled = 0
    for batch in _batches(missing.values_list("pk", flat=True)):
        for pk in batch:
            with transaction.atomic():
                item = locked(FoundItem(pk=pk))
                day = keeping.kept_until(item)
                if day is not None:
                    FoundItem.objects.filter(pk=pk).update(erase_on=day)
                    filled += 1
    return filled


# ── The run ──────────────────────────────────────────────────────────────────────────────────
def run(*, today: dt.date | None = None, now: dt.datetime | None = None) -> FoundErasure:
    """Do all that is due, and write down how much it was."""
    now = now or timezone.now()
    today = today or timezone.localdate(now)
    proof = FoundErasure.objects.create(due_on=today, started_at=now)
    fill()
    _run_things(proof, today)
    _run_losses(proof, today)
    proof.evidence = claims.erase_evidence(today=today)
    for batch in _batches(_finds(today).values_list("pk", flat=True)):
        for pk in batch:
            with transaction.atomic():
                find = _finds(today).select_for_update(of=("self",)).filter(pk=pk).first()
                if find is not None:
                    proof.letters += _erase_find(find)
                    proof.finds += 1
        proof.save()
    StockScan.objects.filter(at__lt=now - SCANS_STAY).exclude(text="").update(text="")
    while sweep(now=now):
        pass
    proof.finished_at = timezone.now()
    proof.save()
    return proof


def _run_things(proof: FoundErasure, today: dt.date) -> None:
    for batch in _batches(FoundItem.objects.filter(to_erase(today)).values_list("pk", flat=True)):
        proof.offered += sum(offer(pk, today=today) for pk in batch)
        for gone in filter(None, (erase(pk, today=today) for pk in batch)):
            proof.items += 1
            proof.finders += gone.finders
            proof.claims += gone.claims
            proof.letters += gone.letters
            proof.images += gone.images
        proof.save()


def _run_losses(proof: FoundErasure, today: dt.date) -> None:
    """Asked first, ended when nobody answers, erased a month later: the deeds are losses'."""
    for loss in losses.to_be_asked(today):
        losses.ask_to_go_on(loss)
    for loss in losses.over(today):
        losses.end(loss)
    for loss in losses.to_be_erased(today):
        losses.erase(loss)
        proof.losses += 1
    proof.save()


def _finds(today: dt.date) -> QuerySet[FindReport]:
    """Finders' reports whose time is over; one that became a thing goes with the thing."""
    return FindReport.objects.filter(Q(item=None) | Q(item__erased_at__isnull=False)).filter(
        erase_on__lte=today
    )


def _batches(keys: QuerySet[Any, Any]) -> Iterator[list[int]]:
    """Primary keys by one walk along them; no transaction stays open."""
    last = 0
    while batch := list(keys.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1]


# ── Looking ahead ────────────────────────────────────────────────────────────────────────────
def forecast(*, today: dt.date, until: dt.date, items: Q | None = None) -> list[Forecast]:
    """Counts and days, nobody's data: four statements. `items`: within which things."""
    things = FoundItem.objects.filter(items) if items is not None else FoundItem.objects.all()
    lost = LossReport.objects.all()
    waiting = partial(forecast_of, today=today, until=until)
    return [
        waiting("erase thing", things, to_erase, field="erase_on"),
        waiting("erase evidence", _claims_of(items), _evidence, field="erase_evidence_on"),
        waiting("ask loss", lost, _asking, field="watch_until"),
        waiting("erase loss", lost, _ended, field="erase_on"),
    ]


def _claims_of(items: Q | None) -> QuerySet[Any]:
    if items is None:
        return Claim.objects.all()
    return Claim.objects.filter(item__in=FoundItem.objects.filter(items).values("pk"))


def _evidence(today: dt.date) -> Q:
    return Q(erase_evidence_on__lte=today)


def _asking(today: dt.date) -> Q:
    return Q(state="open", asked_on=None, watch_until__lte=today + losses.ASK_BEFORE)


def _ended(today: dt.date) -> Q:
    return ~Q(state="open") & Q(erase_on__lte=today)
