"""The live topics of reports: who may join them, and what a page that was away has missed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Q
from django.utils import timezone

from geo.boxes import BadTile, Box
from reports import live
from reports.models import Event, Report
from townhall.capabilities import digest
from townhall.live import MISSED, CursorUnknown, TopicKind, Visitor, missed_condition
from townhall.live import register as register_kind
from townhall.models import Department, Municipality
from townhall.people import scope_of

Messages = list[Mapping[str, Any]]
LIVE_ZOOM = 12
_TILE = re.compile(rf"{LIVE_ZOOM}/(\d{{1,5}})/(\d{{1,5}})", re.ASCII)


def register() -> None:
    for kind in (Tiles, Reports, Reporters, Staff, Teams, Presence):
        register_kind(kind())


def _missed_events(cursor: str) -> Any:
    return Event.objects.filter(missed_condition(cursor))


def _cards(events: Any) -> Messages:
    """The present state of what changed: a postcard, or `gone` for what a page may still show.

    Raises CursorUnknown when so much changed that the page had better be read anew.
    """
    changed = events.order_by().values("report_id").annotate(seen=BoolOr("was_public"))
    was_public = dict(changed.values_list("report_id", "seen")[: MISSED + 1])
    if len(was_public) > MISSED:
        raise CursorUnknown
    reports = Report.objects.filter(pk__in=was_public)
    reports = reports.select_related("category__group", "municipality")
    return [
        live.postcard(report) if report.is_public else live.gone(report)
        for report in reports
        if report.is_public or was_public[report.pk]
    ]


def _bells(events: Any) -> Messages:
    reports = Report.objects.filter(pk__in=events.values("report_id")).only("code", "version")
    return [live.bell(report) for report in reports[: MISSED + 1]]


class Tiles(TopicKind):
    """`tile:12/x/y`: every public change in a tile of zoom 12."""

    prefix: ClassVar = "tile"
    is_public: ClassVar = True

    def may_join(self, user: Visitor, name: str) -> bool:
        tile = _TILE.fullmatch(name)
        try:
            return bool(tile and Box.of_tile(LIVE_ZOOM, int(tile[1]), int(tile[2])))
        except BadTile:
            return False

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        return _cards(_missed_events(cursor).filter(tiles__has_any_keys=list(names)))


class Reports(TopicKind):
    """`report:CODE`: the public page of one report."""

    prefix: ClassVar = "report"

    def may_join(self, user: Visitor, name: str) -> bool:
        return Report.objects.visible_to(user).filter(code=name[:8]).exists()

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        return _cards(_missed_events(cursor).filter(report__code__in=names))


class Reporters(TopicKind):
    """`reporter:TOKEN`: the reporter's own page, by the capability in its address."""

    prefix: ClassVar = "reporter"

    def canonical(self, name: str) -> str:
        return digest(name)

    def may_join(self, user: Visitor, name: str) -> bool:
        return Report.objects.filter(
            capability_digest=name, capability_expires_at__gt=timezone.now()
        ).exists()

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        return _bells(_missed_events(cursor).filter(report__capability_digest__in=names))


class Staff(TopicKind):
    """`staff:AGS`: everything in a municipality, for those who dispatch or watch there."""

    prefix: ClassVar = "staff"

    def may_join(self, user: Visitor, name: str) -> bool:
        if not user.is_authenticated:
            return False
        mine = scope_of(user).municipality_ids
        return Municipality.objects.filter(key=name[:8], pk__in=mine).exists()

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        return _bells(_missed_events(cursor).filter(report__municipality__key__in=names))


class Teams(TopicKind):
    """`team:SLUG`: everything that a department works on or has just handed over."""

    prefix: ClassVar = "team"

    def may_join(self, user: Visitor, name: str) -> bool:
        if not user.is_authenticated:
            return False
        mine = scope_of(user).department_ids
        return Department.objects.filter(slug=name[:60], pk__in=mine).exists()

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        mine = Q(report__department__slug__in=names) | Q(department__slug__in=names)
        handed_over = Q(facts__from__in=list(names))
        return _bells(_missed_events(cursor).filter(mine | handed_over))


class Presence(TopicKind):
    """`presence:CODE`: which colleagues have a report open, where its town shows that."""

    prefix: ClassVar = "presence"

    def may_join(self, user: Visitor, name: str) -> bool:
        shown = Report.objects.in_care_of(user).filter(municipality__shows_presence=True)
        return shown.filter(code=name[:8]).exists()

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> Messages:
        """Nothing is kept; whoever is there says so again."""
        return []
