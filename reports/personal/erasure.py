"""Forgetting in time: out of public view, without contact data, gone.

One function and one transaction per deed, as in triage.py; here it is the calendar that acts.
Each deed asks again under the lock whether it is due, so a repeat, two runs at once, or a member
of staff who was faster do no harm. `run` does all that is due, `forecast` only counts it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reports import live
from reports.deeds import sealing
from reports.desk import reading
from reports.letters import tasks as task_letters
from reports.models import (
    Commission,
    Contact,
    Erasure,
    Event,
    EventKind,
    Follower,
    Photo,
    Report,
    Visibility,
)
from reports.personal import outsiders, retention
from reports.voices import follow, remarks, support
from reports.workflow import CLOSED
from townhall import rota
from townhall.letters.erasing import erase_about
from townhall.photos import sweep
from townhall.retention import Forecast, forecast_of

BATCH = 500
# Letters to the office, which has no reporter's address in them. Every other kind is personal.
_TO_DEPARTMENTS = frozenset(
    {
        "new_report",
        "reopened",
        "replied",
        "hazard_alarm",
        "forwarded",
        "rerouted",
        "hazard_call",
        "hazard_hook",
        "hazard_nobody",
        task_letters.KIND,  # these have their own time
        "shared",
    }
)


# ── The deeds ────────────────────────────────────────────────────────────────────────────────
def depublish(report_id: int, *, today: dt.date, now: dt.datetime | None = None) -> bool:
    """Take a finished report out of public view. Staff and the reporter keep it. False: not due."""
    with transaction.atomic():
        report = Report.objects.locked().filter(to_depublish(today), pk=report_id).first()
        if report is None:
            return False
        _hide(report, now=now or timezone.now())
        return True


def erase_contact(report_id: int, *, today: dt.date) -> int | None:
    """Forget who reported it, also in what was written to them.

    Returns how many letters were blanked; None: not due.
    """
    with transaction.atomic():
        report = Report.objects.locked().filter(to_erase_contact(today), pk=report_id).first()
        if report is None:
            return None
        Contact.objects.filter(report=report).delete()
        report.erase_contact_on = None
        report.save(update_fields=["erase_contact_on"])
        return erase_about(f"report:{report.code}", besides=_TO_DEPARTMENTS)


def erase(
    report_id: int, *, today: dt.date, now: dt.datetime | None = None
) -> tuple[int, int] | None:
    """Forget the report with its history. Its images are then nobody's, and swept.

    What stays: the submission's UUID, so that a late repeat is told 410, and letters without
    words. Returns how many letters and images; None: not due.
    """
    with transaction.atomic():
        report = Report.objects.locked().filter(to_erase(today), pk=report_id).first()
        if report is None:
            return None
        if report.is_public:
            _hide(report, now=now or timezone.now())
        letters = erase_about(f"report:{report.code}")
        images = Photo.objects.filter(report=report).count()
        report.delete()
        return letters, images


def _hide(report: Report, *, now: dt.datetime) -> None:
    report.version += 1
    report.is_public = False
    report.changed_at = now
    report.save(update_fields=["version", "is_public", "changed_at"])
    Event.objects.create(
        report=report,
        kind=EventKind.DEPUBLISHED,
        version=report.version,
        at=now,
        visibility=Visibility.INTERNAL,
        facts={"because": "time"},
        was_public=True,
        tiles=live.public_tiles(report),
    )
    live.ring_report(report, was_public=True)


# ── What is due ──────────────────────────────────────────────────────────────────────────────
def to_depublish(today: dt.date) -> Q:
    return Q(is_public=True, depublish_on__lte=today)


def to_erase_contact(today: dt.date) -> Q:
    """A reopened report keeps its reporter until it is closed again, but never for too long."""
    return Q(erase_contact_on__isnull=False) & (
        Q(erase_contact_on__lte=today, status__in=CLOSED)
        | Q(received_at__lt=retention.end_of(today - retention.CONTACT_AT_MOST))
    )


def to_erase(today: dt.date) -> Q:
    """Not as long as evidence hangs on it: that has a limit of its own (deeds/sealing.py)."""
    is_over = Q(erase_on__lte=today, status__in=CLOSED) | Q(
        received_at__lt=retention.end_of(today - retention.REPORT_AT_MOST)
    )
    return is_over & Q(evidence=None)


def _due(condition: Q) -> Iterator[list[int]]:
    """Primary keys in batches, by one walk along the key; no transaction stays open."""
    last = 0
    while True:
        rows = Report.objects.filter(condition, pk__gt=last).order_by("pk")
        batch = list(rows.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1]


# ── The run ──────────────────────────────────────────────────────────────────────────────────
def run(*, today: dt.date | None = None, now: dt.datetime | None = None) -> Erasure:
    """Do all that is due, and write down how much it was."""
    now = now or timezone.now()
    today = today or timezone.localdate(now)
    proof = Erasure.objects.create(due_on=today, started_at=now)
    for batch in _due(to_depublish(today)):
        proof.depublished += sum(depublish(pk, today=today, now=now) for pk in batch)
        proof.save()
    for batch in _due(to_erase_contact(today)):
        letters = [n for pk in batch if (n := erase_contact(pk, today=today)) is not None]
        proof.contacts += len(letters)
        proof.letters += sum(letters)
        proof.save()
    for batch in _due(to_erase(today)):
        erased = [gone for pk in batch if (gone := erase(pk, today=today, now=now)) is not None]
        proof.reports += len(erased)
        proof.letters += sum(letters for letters, _ in erased)
        proof.images += sum(images for _, images in erased)
        proof.save()
    proof.outsiders, letters_outside = outsiders.forget_due(today=today)
    proof.letters += letters_outside
    proof.followers = follow.forget_due(now=now)
    support.forget_due(now=now)
    remarks.forget_due(now=now)
    reading.forget_due(now=now)
    sealing.forget_due(now=now)
    rota.forget_shifts(before=today - retention.DUTY_AFTER_ITS_END)
    while sweep(now=now):
        pass
    proof.finished_at = timezone.now()
    proof.save()
    return proof


def forecast(*, today: dt.date, until: dt.date) -> list[Forecast]:
    """Counts and days, no report: five statements."""
    waiting = partial(forecast_of, today=today, until=until)
    reports = Report.objects.all()
    return [
        waiting("depublish", reports, to_depublish, field="depublish_on"),
        waiting("erase contact", reports, to_erase_contact, field="erase_contact_on"),
        waiting("erase report", reports, to_erase, field="erase_on"),
        waiting("erase outsider", Commission.objects.all(), outsiders.due),
        waiting("erase follower", Follower.objects.all(), _followers),
    ]


def _followers(day: dt.date) -> Q:
    return follow.due(retention.end_of(day))
