"""What staff do about dangers: mark, answer the alarm, secure the place."""

from __future__ import annotations

from reports import live
from reports.deeds.work import done_by_staff
from reports.hazards import hazard
from reports.letters import notices
from reports.models import (
    EndReason,
    EventKind,
    Report,
    Visibility,
)
from reports.workflow import Deed
from townhall.models import User


def flag_hazard(
    report: Report,
    *,
    by: User,
    is_hazard: bool,
    reason: str = "",
    version: int | None = None,
) -> Report:
    """Mark as a hazard, which alarms the department's mailbox at once, or lift the mark."""
    with done_by_staff(report, by, Deed.FLAG_HAZARD, version) as work:
        row = work.report
        if row.is_hazard != is_hazard:
            row.is_hazard = is_hazard
            row.changed_at = work.now
            facts = {"is_hazard": is_hazard}
            event = work.tell(
                EventKind.HAZARD, Visibility.INTERNAL, text=reason.strip(), facts=facts
            )
            event.tiles = live.public_tiles(row)
            if is_hazard:
                work.drafts += notices.hazard_alarm(row)
                work.tell_alarm()
                hazard.begin(row, now=work.now)
            else:
                hazard.end(row, EndReason.LIFTED, now=work.now)
    return row


def acknowledge(report: Report, *, by: User, version: int | None = None) -> Report:
    """Answer the alarm: nobody else is called. Nothing rings: nothing happens."""
    with done_by_staff(report, by, Deed.ACKNOWLEDGE, version) as work:
        work.take_on()
    return work.report


def secure(report: Report, *, by: User, how: str, version: int | None = None) -> Report:
    """The place is safe. Everybody reads that; how and by whom only staff do."""
    with done_by_staff(report, by, Deed.SECURE, version) as work:
        alarm = hazard.secure(work.report, by=by.name, how=how, now=work.now)
        if alarm:
            facts = hazard.secured_facts(alarm, via="desk")
            work.tell(EventKind.HAZARD_SECURED, Visibility.PUBLIC, facts=facts)
    return work.report
