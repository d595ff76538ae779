"""The life of a danger: it rings until somebody answers, and every answer is a fact with a name.

What staff do at their desk (triage.py) and what comes back by a link, a gateway or the clock meets
here. Ringing is done by the worker: a job at once, and a look every quarter of a minute (tasks.py)
that finds whatever is due, so a worker that died and a database that was away delay a call and lose
none. All of it is clock time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reports import live
from reports.hazards.alarming import Made, Pace, Step, next_step
from reports.letters import news, notices
from reports.models import Alarm, Call, EndReason, Event, EventKind, Report, Visibility
from reports.personal import retention
from townhall import letters
from townhall.capabilities import digest, token_for
from townhall.jobs import insert_with_jobs
from townhall.models import DutyPerson, User
from townhall.rota import Duty, duties

RING_ALARM = "ring_alarm"
MOST_AT_ONCE = 50
LONGEST_NAME = 120


class Unknown(Exception):
    """No call hangs on this token."""


class Expired(Exception):
    """The token has run out, or the danger is over."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self.call = call


# ── Beginning and end, inside a deed ─────────────────────────────────────────────────────────
_BEGIN = """
    INSERT INTO reports_alarm
        (report_id, department_id, started_at, next_at, round, rotas,
         seen_by, acknowledged_by, secured_by, secured_how, ended_because)
    VALUES (%s, %s, %s, %s, 1, '[]', '', '', '', '', '')
"""


def begin(report: Report, *, now: dt.datetime) -> None:
    """From now on it rings. One statement, in the transaction of the deed that says so."""
    insert_with_jobs(
        _BEGIN,
        [report.pk, report.department_id, now, now],
        task=RING_ALARM,
        argument="alarm_id",
        priority=letters.URGENT,
    )


def end(report: Report, because: EndReason, *, now: dt.datetime) -> bool:
    """Nobody is called any more, and what waits stays here. False: nothing rang."""
    ended = Alarm.objects.filter(report=report, ended_at__isnull=True).update(
        ended_at=now, ended_because=because, next_at=None, step_at=None
    )
    if ended:
        _hold_back(report)
    return bool(ended)


def hand_over(report: Report, *, now: dt.datetime) -> None:
    """Another department has it now: its people are called, unless the place is safe."""
    alarm = open_alarm(report)
    if alarm and alarm.secured_at:
        return
    end(report, EndReason.MOVED, now=now)
    begin(report, now=now)


def open_alarm(report: Report) -> Alarm | None:
    return Alarm.objects.filter(report=report, ended_at__isnull=True).first()


def _hold_back(report: Report) -> None:
    for kind in notices.CALLS:
        letters.withdraw(about=f"report:{report.code}", kind=kind)


# ── Ringing: the clock's deed ────────────────────────────────────────────────────────────────
def ring_all(*, now: dt.datetime | None = None) -> int:
    """Call whoever is due. Returns how many alarms were looked at."""
    now = now or timezone.now()
    due = Alarm.objects.filter(next_at__lte=now).order_by("next_at")
    ids = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for alarm_id in ids:
        ring(alarm_id, now=now)
    return len(ids)


def ring(alarm_id: int, *, now: dt.datetime | None = None) -> None:
    """The next call of one alarm, if it is due. Again = no change until the next is due."""
    now = now or timezone.now()
    with transaction.atomic():
        report = Report.objects.locked().filter(alarms=alarm_id).first()
        alarm = (
            Alarm.objects.select_related("department").filter(pk=alarm_id, next_at__lte=now).first()
        )
        if report is None or alarm is None:
            return
        _ring(alarm, report, now)


def _ring(alarm: Alarm, report: Report, now: dt.datetime) -> None:
    fallback = report.municipality.fallback_department
    found = duties({alarm.department, fallback}, now)
    duty = found.get(alarm.department_id) or found.get(fallback.pk)
    if duty is None:  # a town without rotas: the mailbox knows, and the desk says whom to phone
        alarm.next_at = alarm.step_at = None
        alarm.save(update_fields=["next_at", "step_at"])
        return
    people = {turn.person.pk: turn for turn in duty.turns}
    calls = list(alarm.calls.filter(round=alarm.round, person__isnull=False))
    made = [Made(call.person_id, call.at) for call in calls if call.person_id]
    step = next_step(list(people), made, pace=_pace(duty), now=now)
    if not made:
        alarm.rotas = [*alarm.rotas, _as_it_is(duty, now)][-50:]
    if step.person is None:
        _nobody_left(alarm, report, duty, found.get(fallback.pk), step, now)
        return
    turn = people[step.person]
    alarm.next_at, alarm.step_at = step.next_at, step.step_at
    _call(alarm, report, duty, turn.person, rank=turn.rank, step=step, now=now)
    _write(alarm, report)


def _pace(duty: Duty) -> Pace:
    rota = duty.rota
    return Pace(
        dt.timedelta(minutes=rota.repeat_minutes), dt.timedelta(minutes=rota.escalate_minutes)
    )


def _as_it_is(duty: Duty, now: dt.datetime) -> dict[str, Any]:
    return {
        "at": now.isoformat(timespec="seconds"),
        "department": duty.rota.department.name,
        **duty.as_json(),
    }


def _call(
    alarm: Alarm,
    report: Report,
    duty: Duty,
    person: DutyPerson,
    *,
    rank: int,
    step: Step,
    now: dt.datetime,
) -> None:
    call = Call(
        alarm=alarm,
        person=person,
        name=person.name,
        email=person.email,
        phone=person.phone,
        has_webhook=bool(person.webhook),
        rank=rank,
        round=alarm.round,
        attempt=step.attempt,
        at=now,
        expires_at=now + retention.ALARM_LINK,
    )
    token = token_for("alarm", call.id)
    call.token_digest = digest(token)
    call.save(force_insert=True)
    letters.post(
        *notices.hazard_call(report, call, person, token, secret=duty.rota.secret, step=step)
    )
    if step.attempt == 1:
        facts = {"name": call.name, "rank": rank, "round": alarm.round}
        _tell(report, EventKind.HAZARD_CALLED, now, facts=facts)


def _nobody_left(
    alarm: Alarm, report: Report, duty: Duty, behind: Duty | None, step: Step, now: dt.datetime
) -> None:
    """The fallback department is told and its people are called; then it begins anew."""
    is_first = alarm.exhausted_at is None
    was_anybody = alarm.calls.filter(round=alarm.round).exists()
    if is_first or was_anybody:
        fallback = report.municipality.fallback_department
        letters.post(*notices.hazard_nobody(report, fallback, step=step))
        if behind and behind.rota.pk != duty.rota.pk:
            for turn in behind.turns:
                again = Step(turn.person.pk, 1, step.next_at, step.step_at)
                _call(alarm, report, behind, turn.person, rank=turn.rank, step=again, now=now)
        facts = {"to": fallback.name, "round": alarm.round}
        _tell(report, EventKind.HAZARD_NOBODY, now, facts=facts)
    alarm.exhausted_at = alarm.exhausted_at or now
    alarm.round += 1
    alarm.next_at = alarm.step_at = step.next_at if duty.turns else duty.ends_at
    _write(alarm, report)


def _write(alarm: Alarm, report: Report, *, is_internal: bool = True) -> None:
    alarm.save()
    report.version += 1
    report.save(update_fields=["version"])
    live.ring_report(report, was_public=report.is_public, is_internal=is_internal)


def _tell(
    report: Report,
    kind: EventKind,
    now: dt.datetime,
    *,
    visibility: Visibility = Visibility.INTERNAL,
    **more: Any,
) -> Event:
    """Append a fact under the version that `_write` is about to give."""
    is_seen = visibility == Visibility.PUBLIC and report.is_public
    return Event.objects.create(
        report=report,
        kind=kind,
        version=report.version + 1,
        at=now,
        visibility=visibility,
        department=report.department,
        was_public=report.is_public,
        tiles=live.public_tiles(report) if is_seen else [],
        **more,
    )


# ── Answers ──────────────────────────────────────────────────────────────────────────────────
def see(report: Report, *, by: User, now: dt.datetime | None = None) -> bool:
    """A member of staff opens the report: the first time is a fact. False: known already."""
    if not report.is_hazard or not Alarm.objects.filter(_unseen(report)).exists():
        return False
    now = now or timezone.now()
    with transaction.atomic():
        row = Report.objects.locked().get(pk=report.pk)
        alarm = Alarm.objects.filter(_unseen(row)).first()
        if alarm is None:
            return False
        alarm.seen_at, alarm.seen_by = now, by.name[:LONGEST_NAME]
        _tell(row, EventKind.HAZARD_SEEN, now, actor=by, facts={"name": alarm.seen_by})
        _write(alarm, row)
    return True


def _unseen(report: Report) -> Q:
    return Q(report=report, ended_at__isnull=True, seen_at__isnull=True)


def open_link(token: str, *, now: dt.datetime | None = None) -> Call:
    """Somebody looks at a call's page. That it was opened is written down once, and no more than
    that: a scanner in front of a mailbox opens links, too. Raises Unknown or Expired.
    """
    now = now or timezone.now()
    call = call_of(token, now=now)
    if call.opened_at is None:
        with transaction.atomic():
            row = Report.objects.locked().get(pk=call.alarm.report_id)
            if Call.objects.filter(pk=call.pk, opened_at__isnull=True).update(opened_at=now):
                alarm = Alarm.objects.get(pk=call.alarm_id)
                facts = {"name": call.name, "link": True}
                _tell(row, EventKind.HAZARD_SEEN, now, facts=facts)
                _write(alarm, row)
                call.opened_at = now
    return call


def call_of(token: str, *, now: dt.datetime) -> Call:
    """With its alarm and report. Raises Unknown or Expired."""
    faces = ("category__group", "department", "municipality")
    call = (
        Call.objects.select_related(
            "alarm", "person", *(f"alarm__report__{face}" for face in faces)
        )
        .filter(token_digest=digest(token))
        .first()
    )
    if call is None:
        raise Unknown
    if call.has_expired(now) or call.alarm.ended_at is not None:
        raise Expired(call)
    return call


def answer(token: str, *, by: str = "", via: str, now: dt.datetime | None = None) -> Alarm:
    """Whoever was called takes it on. `via`: "link" or "webhook"; `by`: who, if somebody else.

    Again, or too late: no change. Returns the alarm, which says who was first. Raises Unknown or
    Expired.
    """
    now = now or timezone.now()
    call = call_of(token, now=now)
    with transaction.atomic():
        return _answer(call, by=_name(by) or call.name, via=via, now=now)


def hear_gateway(key: str, said: Mapping[str, Any]) -> None:
    """A gateway answered the webhook itself: `{"acknowledged": true, "by": "…"}`."""
    parts = key.split(":")
    if said.get("acknowledged") is not True or len(parts) != 3:
        return
    call = Call.objects.select_related("alarm").filter(pk=parts[1]).first()
    if call is not None:
        by = _name(said.get("by")) or call.name
        _answer(call, by=by, via="webhook", now=timezone.now())


def _answer(call: Call, *, by: str, via: str, now: dt.datetime) -> Alarm:
    row = Report.objects.locked().get(pk=call.alarm.report_id)
    alarm = take(row, by=by, now=now)
    if alarm is None:
        return Alarm.objects.get(pk=call.alarm_id)
    facts = {"name": alarm.acknowledged_by, "via": via}
    _tell(row, EventKind.HAZARD_TAKEN, now, facts=facts)
    _write(alarm, row)
    return alarm


def make_safe(token: str, *, how: str, by: str = "", now: dt.datetime | None = None) -> bool:
    """Whoever was called says that the place is safe. The public reads that, not who and how.

    False: it was safe before. Raises Unknown or Expired.
    """
    now = now or timezone.now()
    call = call_of(token, now=now)
    with transaction.atomic():
        row = Report.objects.locked().get(pk=call.alarm.report_id)
        alarm = secure(row, by=_name(by) or call.name, how=how, now=now)
        if alarm is None:
            return False
        row.save(update_fields=["changed_at"])
        event = _tell(
            row,
            EventKind.HAZARD_SECURED,
            now,
            visibility=Visibility.PUBLIC,
            facts=secured_facts(alarm, via="link"),
        )
        news.of(row, [event])
        _write(alarm, row, is_internal=False)
        return True


# ── Changes of a locked report's alarm; who calls them writes the event ──────────────────────
def take(row: Report, *, by: str, now: dt.datetime) -> Alarm | None:
    """It rings no more. None: somebody had answered, or nothing rings."""
    alarm = open_alarm(row)
    if alarm is None or alarm.acknowledged_at is not None:
        return None
    _take(alarm, row, by=by, now=now)
    alarm.save()
    return alarm


def secure(row: Report, *, by: str, how: str, now: dt.datetime) -> Alarm | None:
    """The place is safe. None: it was, or nobody is alarmed."""
    alarm = open_alarm(row)
    if alarm is None or alarm.secured_at is not None:
        return None
    if alarm.acknowledged_at is None:
        _take(alarm, row, by=by, now=now)
    alarm.secured_at, alarm.secured_by = now, by[:LONGEST_NAME]
    alarm.secured_how = how.strip()
    alarm.save()
    row.changed_at = now
    return alarm


def secured_facts(alarm: Alarm, *, via: str) -> dict[str, Any]:
    return {"name": alarm.secured_by, "how": alarm.secured_how, "via": via}


def _take(alarm: Alarm, row: Report, *, by: str, now: dt.datetime) -> None:
    alarm.acknowledged_at, alarm.acknowledged_by = now, by[:LONGEST_NAME]
    alarm.next_at = alarm.step_at = None
    if alarm.seen_at is None:  # nobody takes on what they have not seen
        alarm.seen_at, alarm.seen_by = now, alarm.acknowledged_by
    _hold_back(row)


def _name(text: object) -> str:
    """A name that a stranger's program sent: one line, no NUL, not too long."""
    words = " ".join(str(text).replace("\0", "").split()) if isinstance(text, str) else ""
    return words.encode("utf-8", "ignore").decode()[:LONGEST_NAME]
