"""The record of a danger as a paper: who knew, saw and secured when. One click for the lawyer.

It says what our tables say, and nothing about the person who reported. The digest is over that
content: made again, it is the same as long as nothing happened in between.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.desk.case import Case
from reports.letters import news, notices
from reports.letters import tasks as task_letters
from reports.letters.correspondence import ReportLetters
from reports.models import Alarm, Call, Event, Photo
from townhall import outbox
from townhall.models import Letter, User
from townhall.papers import Paper, print_paper
from townhall.papers.printing import small_jpeg
from townhall.photos.storing import file_name

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "liability.typ"
# Letters to people, not to offices.
_PERSONAL: Final = notices.TO_REPORTER | news.KINDS | {task_letters.KIND}
Lines = list[list[str]]


def liability_file(case: Case, *, by: User, now: dt.datetime | None = None) -> bytes:
    """PDF, in German. Raises NotPrinted."""
    with translation.override("de"):
        return print_paper(paper_of(case, by=by, now=now or timezone.now()))


def paper_of(case: Case, *, by: User, now: dt.datetime) -> Paper:
    pictures = dict(_pictures(case.photos))
    content = _content(case, pictures)
    seal = digest_of(content)
    made = _("%(when)s by %(name)s") % {"when": said(now), "name": by.name}
    foot = f"{case.report.shown_code} · {said(now)} · SHA-256 {seal[:16]}…"
    return Paper(
        TEMPLATE,
        {**content, "words": _words(), "made": made, "digest": seal, "foot": foot},
        pictures,
    )


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 over the content as JSON: sorted names, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def said(moment: dt.datetime | None) -> str:
    """`22.11.2026, 14:05:09` in local time; a dash where nothing happened."""
    return f"{timezone.localtime(moment):%d.%m.%Y, %H:%M:%S}" if moment else "–"


# ── Content ──────────────────────────────────────────────────────────────────────────────────
def _content(case: Case, pictures: dict[str, bytes]) -> dict[str, Any]:
    report = case.report
    alarms = list(report.alarms.select_related("department").prefetch_related("calls"))
    return {
        "title": _("Liability file %(code)s") % {"code": report.shown_code},
        "from": report.municipality.name,
        "subject": report.title,
        "case": _case_rows(case),
        "description": report.description,
        "photos": [_photo(photo, pictures) for photo in case.photos],
        "alarms": [_alarm(alarm, number) for number, alarm in enumerate(alarms, start=1)],
        "letters": _letters(report.code),
        "events": [_event(event) for event in reversed(case.events)],
    }


def _case_rows(case: Case) -> Lines:
    report = case.report
    address = " ".join(filter(None, [report.street, report.house_number]))
    rows = [
        [_("Number"), report.shown_code],
        [_("Category"), report.category.label],
        [_("Status"), str(report.get_status_display())],
        [_("Marked as a hazard"), _("yes") if report.is_hazard else _("no, no longer")],
        [_("Place"), ", ".join(filter(None, [address, report.locality, report.municipality.name]))],
        [_("Position (WGS 84)"), f"{report.position.y:.6f} N, {report.position.x:.6f} O"],
        [_("Responsible"), report.department.name],
        [_("Received"), said(report.received_at)],
        [_("Closed on"), said(report.closed_at)],
    ]
    return rows + [[question, answer] for question, answer in case.answers]


def _alarm(alarm: Alarm, number: int) -> dict[str, Any]:
    end = [said(alarm.ended_at), str(alarm.get_ended_because_display())] if alarm.ended_at else []
    summary = [
        [_("Alarm raised"), f"{said(alarm.started_at)}, {alarm.department.name}"],
        [_("First seen"), _who(alarm.seen_at, alarm.seen_by)],
        [_("Confirmed"), _who(alarm.acknowledged_at, alarm.acknowledged_by)],
        [_("Secured"), _who(alarm.secured_at, alarm.secured_by)],
    ]
    if alarm.secured_how:
        summary.append([_("How"), alarm.secured_how])
    if alarm.exhausted_at:
        summary.append([_("Nobody left to call"), said(alarm.exhausted_at)])
    if end:
        summary.append([_("Alarm ended"), ": ".join(end)])
    return {
        "name": _("Alarm %(n)d: %(department)s")
        % {"n": number, "department": alarm.department.name},
        "summary": summary,
        "calls": [_call(call) for call in alarm.calls.all()],
        "rotas": [_rota(plan) for plan in alarm.rotas],
    }


def _who(at: dt.datetime | None, name: str) -> str:
    return f"{said(at)}, {name}" if at else _("not recorded")


def _call(call: Call) -> list[str]:
    ways = [call.email, _("Webhook, telephone %(number)s") % {"number": call.phone or "–"}]
    used = [
        way for way, is_used in zip(ways, (call.email, call.has_webhook), strict=True) if is_used
    ]
    turn = _("%(rank)d., attempt %(attempt)d") % {"rank": call.rank, "attempt": call.attempt}
    return [said(call.at), call.name, turn, said(call.opened_at), "\n".join(used)]


def _rota(plan: dict[str, Any]) -> dict[str, Any]:
    day = dt.date.fromisoformat(plan["day"])
    at = dt.datetime.fromisoformat(plan["at"])
    facts = {
        "department": plan["department"],
        "at": said(at),
        "day": f"{day:%d.%m.%Y}",
        "handover": plan["handover"],
    }
    name = _("Rota of %(department)s as it was at %(at)s (duty from %(day)s, %(handover)s)") % facts
    turns = [
        [
            f"{turn['rank']}.",
            turn["name"] + (" (" + _("exception") + ")" if turn["exception"] else ""),
            turn["mail"] or "–",
            turn["phone"] or "–",
        ]
        for turn in plan["turns"]
    ]
    return {"name": name, "turns": turns or [["–", _("nobody"), "–", "–"]]}


def _letters(code: str) -> Lines:
    """All that left or should have left, oldest first. Reporters' addresses stay hidden."""
    found = Letter.objects.filter(about=f"report:{code}").order_by("created_at", "pk")
    return [_letter(letter) for letter in found.defer("text")]


def _letter(letter: Letter) -> list[str]:
    kind = str(ReportLetters.kinds.get(letter.kind, letter.kind))
    hide = letter.kind in _PERSONAL or letter.channel != "mail"
    to = outbox.masked(letter.to) if hide and letter.to else letter.to or _("erased")
    state = [str(letter.get_state_display())]
    if letter.sent_at:
        state.append(said(letter.sent_at))
    state += filter(None, [str(outbox.in_words(letter)), letter.error])
    return [said(letter.created_at), kind, to, "\n".join(state)]


def _event(event: Event) -> list[str]:
    words = render_to_string("reports/staff/_event_words.html", {"event": event})
    what = " ".join(html.unescape(strip_tags(words)).split())
    said_words = [what, event.text, str(event.facts.get("how", ""))]
    who = event.actor.name if event.actor else str(event.facts.get("name", ""))
    return [said(event.at), "\n".join(filter(None, said_words)), who or "–"]


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def _pictures(photos: Iterable[Photo]) -> Iterator[tuple[str, bytes]]:
    """A photo whose file is lost is left out here, and named as lost."""
    for photo in photos:
        try:
            with default_storage.open(file_name(photo.image, "full")) as file:
                yield f"{photo.position}.jpg", small_jpeg(file)
        except OSError:
            continue


def _photo(photo: Photo, pictures: dict[str, bytes]) -> dict[str, str]:
    """`digest`: of the upload as it came in."""
    name = f"{photo.position}.jpg"
    facts = {"n": photo.position + 1, "when": said(photo.image.created_at)}
    return {
        "file": name if name in pictures else "",
        "name": _("Photo %(n)d, %(when)s") % facts,
        "digest": photo.image.digest,
    }


def _words() -> dict[str, Any]:
    return {
        "case": _("The report"),
        "photos": _("Photos"),
        "letters": _("Letters and alarms that left the house"),
        "events": _("Everything that happened"),
        "proof": _("About this paper"),
        "proof_words": _(
            "Made by Augenmerk from its database; times in the legal time of Germany. “First seen” "
            "is when somebody signed in opened the report; an opened link can also be a mail "
            "scanner’s doing. The digest is over all content before this section: made again, it "
            "is the same as long as nothing happened in between. Data of the person who reported "
            "are not in here."
        ),
        "made": _("Made"),
        "digest": "SHA-256",
        "lost": _("The picture’s file is lost."),
        "no_calls": _("Nobody was called by name."),
        "no_letters": _("No letter about this report."),
        "call_head": [_("Called"), _("Person"), _("Turn"), _("Link opened"), _("By")],
        "rota_head": [_("Turn"), _("Person"), _("E-mail"), _("Telephone")],
        "letter_head": [_("Written"), _("Kind of letter"), _("To"), pgettext("letter", "State")],
        "event_head": [_("When"), _("What"), _("Who")],
    }
