"""Letters to followers: the one that asks them, and one about each change that everybody sees.

A deed only leaves a job behind (`of`), one statement however many follow. The worker writes the
letters in batches (`tell`); a letter's key names follower and version, so a worker that was killed
over it and begins again writes none twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from reports.letters.links import link
from reports.letters.once import told_once
from reports.models import (
    GETS_LETTERS,
    GOES_ON,
    Contact,
    Event,
    EventKind,
    Follower,
    Merging,
    Report,
    Visibility,
)
from townhall import letters
from townhall.capabilities import token_for
from townhall.letters import Draft
from townhall.mailboxes import Mailbox

TELL_FOLLOWERS = "tell_followers"
ASKING, TELLING = "follow_confirm", "follow_news"
KINDS = frozenset({ASKING, TELLING})
BATCH = 200

# The beginning of the report itself, and what is only counted.
_NO_NEWS = frozenset({EventKind.RECEIVED, EventKind.FIXED})


# ── In the deed ──────────────────────────────────────────────────────────────────────────────
_JOBS = """
    SELECT procrastinate_defer_jobs_v1(array_agg(
        ROW('default', %s, 0, NULL, NULL, jsonb_build_object('event_id', event), %s::timestamptz)
            ::procrastinate_job_to_defer_v1
    ))
    FROM unnest(%s::bigint[]) AS event
    WHERE EXISTS (SELECT FROM reports_follower WHERE report_id = %s AND confirmed_at IS NOT NULL)
    HAVING count(*) > 0
"""


def of(report: Report, events: Iterable[Event], *, not_before: dt.datetime | None = None) -> None:
    """Followers will hear of what everybody sees. In the deed's transaction; one statement.

    `not_before`: until then it can be taken back.
    """
    told = [event.pk for event in events if _is_news(event)]
    if told and report.is_public:
        with connection.cursor() as sql:
            sql.execute(_JOBS, [TELL_FOLLOWERS, not_before, told, report.pk])


def followers(reports: Collection[int]) -> int:
    """How many letters go to those who follow these, as far as they are public."""
    return Follower.objects.filter(GETS_LETTERS, report__in=reports, report__is_public=True).count()


def _is_news(event: Event) -> bool:
    return event.visibility == Visibility.PUBLIC and event.kind not in _NO_NEWS


# ── In the worker ────────────────────────────────────────────────────────────────────────────
def tell(event_id: int) -> int:
    """Write to everybody who followed when it happened. Returns how many letters.

    Again = none. Nobody is told of what is no longer public, or was taken back.
    """
    _let_the_deed_end(event_id)
    event = (
        Event.objects.standing()
        .select_related(
            "department", "report__category__group", "report__department", "report__municipality"
        )
        .filter(pk=event_id, report__is_public=True)
        .first()
    )
    return sum(_write(event, batch) for batch in _batches(event)) if event else 0


def _let_the_deed_end(event_id: int) -> None:
    """Whoever takes it back this moment is waited for."""
    with transaction.atomic():
        Report.objects.select_for_update(of=("self",), no_key=True).filter(
            events=event_id
        ).values_list("pk").first()


def _batches(event: Event) -> Iterator[list[UUID]]:
    """Keys in batches, by one walk along the key; no transaction stays open."""
    followers = Follower.objects.filter(GETS_LETTERS, _followed(event), confirmed_at__lte=event.at)
    last = UUID(int=0)
    while batch := list(
        followers.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield batch
        last = batch[-1]


def _followed(event: Event) -> Q:
    """Whoever follows the report, or did when it was joined with another."""
    followed = Q(report=event.report_id)
    if "main" in event.facts:
        moved = Merging.objects.filter(report=event.report_id, at=event.at)
        for keys in moved.values_list("followers", flat=True):
            followed |= Q(pk__in=keys)
    return followed


def _write(event: Event, ids: list[UUID]) -> int:
    """Whoever ends the letters meanwhile either waits for us and takes them back, or gets none."""
    reporters, other = _reporters(event.report), _split_off(event)
    with transaction.atomic():
        rows = Follower.objects.select_for_update().filter(GETS_LETTERS, pk__in=ids).order_by("pk")
        told = [row for row in rows if Mailbox.of(row.email) not in reporters]
        drafts = [_news(event, row, other) for row in told]
        letters.post(*drafts)
    return len(drafts)


def _reporters(report: Report) -> frozenset[Mailbox]:
    """Who hears of it as a reporter already: of this one, or of one that was joined with it."""
    contacts = Contact.objects.filter(
        GOES_ON,
        Q(report=report) | Q(report__duplicate_of=report),
        confirmed_at__isnull=False,
    ).exclude(email="")
    return frozenset(Mailbox.of(email) for email in contacts.values_list("email", flat=True))


# ── The letters ──────────────────────────────────────────────────────────────────────────────
def confirm_token(follower: Follower) -> str:
    return token_for("follow-confirm", follower.pk)


def end_token(follower: Follower) -> str:
    return token_for("follow", follower.pk)


def asking(follower: Follower) -> Draft:
    """May we write to you? Once per asking, whatever is repeated."""
    facts = {
        "confirm": link(
            "follow-confirm", confirm_token(follower), town=follower.report.municipality
        )
    }
    return _draft(
        follower.report,
        follower,
        ASKING,
        key=f"report:{follower.report.code}:{ASKING}:{follower.client_id}",
        facts=facts,
    )


def _news(event: Event, follower: Follower, other: str) -> Draft:
    report = event.report
    facts = {
        "event": event,
        "page": link("report-page", report.code, town=report.municipality),
        "unsubscribe": link("follow-end", end_token(follower), town=report.municipality),
        "other_page": other,
    }
    key = f"report:{report.code}:{event.version}:{TELLING}:{follower.pk}"
    draft = _draft(report, follower, TELLING, key=key, facts=facts)
    return told_once(draft, event.facts["once"]) if "once" in event.facts else draft


def _split_off(event: Event) -> str:
    """The page of the report that was taken out of this one, as soon as everybody may see it."""
    code = event.facts.get("other")
    if not code or not Report.objects.filter(code=code, is_public=True).exists():
        return ""
    return link("report-page", code, town=event.report.municipality)


def _draft(
    report: Report, follower: Follower, kind: str, *, key: str, facts: Mapping[str, Any]
) -> Draft:
    """Subject is the template's first line, the text the rest. Holds what everybody may read."""
    with translation.override(follower.language):
        words = render_to_string(f"reports/letters/{kind}.txt", {"report": report, **facts})
    subject, _, text = words.strip().partition("\n")
    return Draft(
        key=key,
        kind=kind,
        about=f"report:{report.code}",
        to=follower.email,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=follower.language,
        municipality_id=report.municipality_id,
        sender=report.municipality.name,
        reply_to=report.municipality.email,
        unsubscribe=facts.get("unsubscribe", ""),
    )
