"""How long things are kept. One table; deeds write the resulting dates into the report."""

import datetime as dt

from django.utils import timezone

CAPABILITY = dt.timedelta(days=2 * 365)  # the reporter's own page
ALARM_LINK = dt.timedelta(days=3)  # the button in the mail to whoever is on duty
TASK_LINK = dt.timedelta(days=30)  # the link in the mail to an outside body or a contractor
TASK_CONTACT_AFTER_CLOSING = dt.timedelta(days=90)  # whom a task outside was given to
TASK_CONTACT_AT_MOST = dt.timedelta(days=2 * 365)  # from giving it, whatever happens
DUTY_AFTER_ITS_END = dt.timedelta(days=365)  # who was on duty when; alarms keep their own record
OWN_CHANGES = dt.timedelta(minutes=30)  # from receipt: so long a report is still its reporter's
CONFIRMATION = dt.timedelta(days=7)  # the button that confirms an address
FOLLOWER_AFTER_ENDING = dt.timedelta(days=7)  # so long one may think again without a new letter
CONTACT_AT_MOST = dt.timedelta(days=2 * 365)  # from receipt, whatever happens
CONTACT_AFTER_CLOSING = dt.timedelta(days=90)
REMARK_AFTER_DECISION = dt.timedelta(days=90)  # the words that staff have decided on
EVIDENCE = dt.timedelta(days=365)  # sealed text and photos, if nobody lifts the seal before
EVIDENCE_AFTER_RELEASE = dt.timedelta(days=30)  # so long a mistake can be noticed
REPORT_AT_MOST = dt.timedelta(days=10 * 365)  # from receipt, whatever happens
REPORT_AFTER_CLOSING = dt.timedelta(days=3 * 365)
REPORT_AFTER_REQUEST = dt.timedelta(days=30)  # from closing, where the reporter asked for erasure


def contact_until(received_on: dt.date, *, closed_on: dt.date | None = None) -> dt.date:
    """The day on which contact data are erased. `closed_on` None: the case is open."""
    latest = received_on + CONTACT_AT_MOST
    return min(latest, closed_on + CONTACT_AFTER_CLOSING) if closed_on else latest


def report_until(
    received_on: dt.date, *, closed_on: dt.date | None = None, is_wished: bool = False
) -> dt.date:
    """The day on which the report itself is erased. `closed_on` None: the case is open.

    `is_wished`: the reporter asked for it. What is not mended yet is still needed.
    """
    latest = received_on + REPORT_AT_MOST
    after = REPORT_AFTER_REQUEST if is_wished else REPORT_AFTER_CLOSING
    return min(latest, closed_on + after) if closed_on else latest


def end_of(day: dt.date) -> dt.datetime:
    """When the day after begins, here: what was received on `day` was received before it."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
