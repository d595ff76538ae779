"""Which finds are worth comparing with a loss, and the other way round: asked of the database.

Three ways lead to a candidate: the same identifier; a kindred kind, in time and not too far; rare
words that both texts have. Whatever comes by none of them would not score well either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Case, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When

from lostfound.catalogue import THING_KINDS
from lostfound.matching.frequencies import background
from lostfound.matching.reading import Reading
from lostfound.matching.score import kinds_alike
from lostfound.models import FoundItem, HiddenMark, LossMark, LossReport, LossState, Trace

# Days: how long before its loss a thing may seem to be found, and how long after it.
BEFORE, AFTER = 14, 400
MOST_BY_KIND, MOST_BY_WORDS = 200, 80
_RARE_BITS = 4.0
_MOST_WORDS = 12


def items_for(loss: LossReport) -> list[int]:
    """Ids of open things. At most four statements."""
    since = loss.lost_from - dt.timedelta(days=BEFORE)
    until = loss.lost_until + dt.timedelta(days=AFTER)
    rows = FoundItem.objects.still_here().filter(found_on__range=(since, until))
    digests = [mark.digest for mark in loss.marks.all() if mark.digest]
    exact = HiddenMark.objects.filter(digest__in=digests).values_list("item", flat=True)
    by_kind = rows.filter(kind__in=kindred(loss.kind))
    words = Trace.objects.filter(loss=loss).values_list("words", flat=True).first()
    by_words = rows.filter(trace__words__overlap=words) if words else rows.none()
    return _ids(
        exact if digests else [],
        _best_first(by_kind, loss.kind, loss.colour, loss.places, "found_at")[:MOST_BY_KIND],
        by_words.order_by("-found_on").values_list("pk", flat=True)[:MOST_BY_WORDS],
    )


def losses_for(item: FoundItem) -> list[int]:
    """Ids of open losses. At most four statements."""
    rows = LossReport.objects.filter(
        state=LossState.OPEN,
        lost_from__lte=item.found_on + dt.timedelta(days=BEFORE),
        lost_until__gte=item.found_on - dt.timedelta(days=AFTER),
    )
    digests = [mark.digest for mark in item.marks.all() if mark.digest]
    exact = LossMark.objects.filter(digest__in=digests).values_list("loss", flat=True)
    kinds = set().union(*(kindred(each.kind) for each in (item, *item.parts.all())))
    by_kind = rows.filter(kind__in=kinds)
    words = Trace.objects.filter(item=item).values_list("words", flat=True).first()
    by_words = rows.filter(trace__words__overlap=words) if words else rows.none()
    return _ids(
        exact if digests else [],
        _best_first(by_kind, item.kind, item.colour, item.found_at, "places")[:MOST_BY_KIND],
        by_words.order_by("-lost_from").values_list("pk", flat=True)[:MOST_BY_WORDS],
    )


def kindred(kind: str) -> set[str]:
    """Kinds that somebody else may have chosen for the same thing."""
    return {other for other in THING_KINDS if kinds_alike(kind, other) >= 0.5} | {"other"}


def rare_words(reading: Reading) -> list[str]:
    """What a text is found by: its rarest words and ideas."""
    weighed = background()
    senses: dict[str, float] = {}
    for word in reading.words:
        weight = weighed.weight_of(word)
        for sense, sureness in word.senses.items():
            if sense[0] != "~" and sureness > 0.8 and weight >= _RARE_BITS:
                senses[sense] = weight
    for brand in reading.brands:
        senses[f"@{brand.casefold()}"] = _RARE_BITS
    return sorted(senses, key=lambda sense: (-senses[sense], sense))[:_MOST_WORDS]


def _best_first(
    rows: QuerySet[Any], kind: str, colour: str, where: GEOSGeometry | None, field: str
) -> QuerySet[Any]:
    """The same kind before a kindred one, the same colour before another, near before far."""
    rank = Case(
        When(kind=kind, colour=colour or "-", then=Value(0)),
        When(kind=kind, then=Value(1)),
        When(Q(colour=colour) & ~Q(colour=""), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    order = [rank.asc()]
    if where is not None and not where.empty:
        order.append(_away(field, where).asc(nulls_last=True))
    return rows.order_by(*order, "-pk").values_list("pk", flat=True)


def _away(field: str, where: GEOSGeometry) -> Func:
    """Degrees apart: good enough for an order."""
    here = Value(where, output_field=GeometryField(srid=4326))
    return Func(
        F(field), here, template="%(expressions)s", arg_joiner=" <-> ", output_field=FloatField()
    )


def _ids(*lists: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(pk for ids in lists for pk in ids))
