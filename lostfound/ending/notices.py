"""Public notices of finds (§ 980): posted once, read by everybody, ended by the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Prefetch, QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from lostfound.ending.leaving import NotNow, locked_for
from lostfound.law.disposal import Step, notice_ends
from lostfound.models import EventKind, FoundItem, Listing, Notice, NoticeItem, Office
from lostfound.recording import record
from lostfound.terms import policy_of
from townhall.calendar import Calendar
from townhall.models import User

AHEAD = dt.timedelta(days=31)  # a board that is prepared for next month


@dataclass(eq=False)
class BadDay(Exception):
    """Posted in the past, or too far ahead: the page hangs out from its first day on."""

    posted_on: dt.date


@dataclass(frozen=True)
class Posted:
    """`notice` None: the law allowed it for none of them. `refused`: those left out."""

    notice: Notice | None
    taken: tuple[FoundItem, ...]
    refused: tuple[FoundItem, ...]


def post(
    office: Office,
    items: Sequence[FoundItem],
    *,
    by: User,
    posted_on: dt.date,
    today: dt.date | None = None,
) -> Posted:
    """Announce the things for which the law asks for it. One transaction; what may not be
    announced is left out and named. Raises BadDay.
    """
    today = today or timezone.localdate()
    if not today <= posted_on <= today + AHEAD:
        raise BadDay(posted_on)
    with transaction.atomic():
        taken, refused = _lock(items, today)
        if not taken:
            return Posted(None, (), tuple(refused))
        notice = _notice(office, posted_on, by=by)
        for position, item in enumerate(taken, start=1):
            text, place = coarse(item)
            NoticeItem.objects.create(
                notice=notice, item=item, position=position, text=text, place=place
            )
            facts = {"notice": str(notice), "until": notice.ends_on.isoformat()}
            record(item, EventKind.NOTICED, by=by, facts=facts)
        return Posted(notice, tuple(taken), tuple(refused))


def last_day(office: Office, posted_on: dt.date) -> dt.date:
    """Until when rights can be registered after a notice of that day. Two statements."""
    town = office.municipality
    return notice_ends(
        posted_on, is_working_day=Calendar.of(town).is_working_day, policy=policy_of(town)
    )


def coarse(item: FoundItem) -> tuple[str, str]:
    """What hangs out: the public record where there is one. Of money and papers, the kind alone."""
    with translation.override("de"):
        listing = Listing.objects.filter(item=item).first()
        day = formats.date_format(item.found_on, "j. F Y")
        text = listing.text if listing else str(item.thing.label)
        place = listing.place if listing else ""
        town = item.found_in or item.office.municipality
        return _("%(thing)s, found on %(day)s") % {"thing": text, "day": day}, place or town.name


def hanging(*, on: dt.date, keys: Sequence[str] = ()) -> QuerySet[Notice]:
    """What hangs out on that day in the municipalities of these keys (none: in all), newest
    first, with its entries. Two statements.
    """
    entries = NoticeItem.objects.select_related("item").order_by("position")
    rows = Notice.objects.filter(posted_on__lte=on, ends_on__gte=on)
    if keys:
        rows = rows.filter(office__municipality__key__in=keys)
    found: QuerySet[Notice] = (
        rows.select_related("office__municipality")
        .prefetch_related(Prefetch("entries", queryset=entries))
        .order_by("-posted_on", "-pk")
    )
    return found


def _lock(items: Sequence[FoundItem], today: dt.date) -> tuple[list[FoundItem], list[FoundItem]]:
    """Lowest first, so that two such deeds can't cross."""
    taken, refused = [], []
    for item in sorted(items, key=lambda each: each.pk):
        try:
            taken.append(locked_for(item, Step.PUBLISH_NOTICE, on=today)[0])
        except NotNow:
            refused.append(item)
    return taken, refused


def _notice(office: Office, posted_on: dt.date, *, by: User) -> Notice:
    """With the next number of the year: one writer for each office."""
    Office.objects.select_for_update(no_key=True, of=("self",)).get(pk=office.pk)
    last = Notice.objects.filter(office=office, year=posted_on.year).aggregate(n=Max("number"))["n"]
    return Notice.objects.create(
        office=office,
        year=posted_on.year,
        number=(last or 0) + 1,
        posted_on=posted_on,
        ends_on=last_day(office, posted_on),
        made_at=timezone.now(),
        made_by=by,
    )
