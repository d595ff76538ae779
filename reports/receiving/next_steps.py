"""„Was passiert jetzt?“: three steps with the times of this report's category and town."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from reports.models import Report
from reports.templatetags.reports import day_word, when_read
from townhall.calendar import Calendar


@dataclass(frozen=True)
class Step:
    title: str
    text: str


def next_steps(report: Report, *, has_mailbox: bool = False, gets_post: bool = False) -> list[Step]:
    """In the reader's language. `has_mailbox`: an e-mail address was left; `gets_post`: only a
    postal one.
    """
    calendar = Calendar.of(report.municipality)
    reading = timezone.localtime(calendar.next_reading(report.received_at))
    return [
        Step(gettext("We read it."), when_read(reading, report.received_at)),
        Step(gettext("We look after it."), _aim(report, calendar)),
        Step(gettext("You see each step."), _seen(has_mailbox=has_mailbox, gets_post=gets_post)),
    ]


def _seen(*, has_mailbox: bool, gets_post: bool) -> str:
    if has_mailbox:
        return gettext(
            "On the page of your report, and by e-mail once you have confirmed the address."
        )
    if gets_post:
        return gettext("We write to you by post. The page of your report tells the same.")
    return gettext("On the page of your report. Keep its address: it is yours alone.")


def _aim(report: Report, calendar: Calendar) -> str:
    if report.due_on is None:
        return gettext("As soon as the department can.")
    received = timezone.localdate(report.received_at)
    days = calendar.working_days_between(received, report.due_on)
    return ngettext(
        "Usually within %(days)s working day, so by %(day)s. That is an aim, not a promise.",
        "Usually within %(days)s working days, so by %(day)s. That is an aim, not a promise.",
        days,
    ) % {"days": days, "day": day_word(report.due_on)}
