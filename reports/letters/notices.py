"""Letters about reports. They tell; the deeds decide whether to tell."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from reports.hazards.alarming import Step
from reports.letters.addressing import addressed
from reports.letters.links import link
from reports.models import GOES_ON, Call, Contact, Correspondence, Event, Report, Submission
from townhall.capabilities import digest, token_for
from townhall.letters import Draft
from townhall.models import Channel, Department, DepartmentKind, DutyPerson, Municipality


def on_receipt(report: Report, contact: Contact | None, *, client_id: UUID) -> list[Draft]:
    """To the reporter the receipt with its links; to the department what it must know at once."""
    drafts = []
    if contact and contact.email:
        drafts.append(_receipt(report, contact, client_id))
    return [*drafts, *arrived(report)]


def arrived(report: Report) -> list[Draft]:
    """To the department that has it now, if it wants to hear of new ones. A danger it hears of."""
    if report.is_hazard:
        return hazard_alarm(report)
    if report.department.mails_new_reports:
        return _to_department(report, report.department, kind="new_report")
    return []


def opened_again(report: Report) -> list[Draft]:
    """To a department that hears of new reports by mail: residents say that it is not done."""
    if not report.department.mails_new_reports:
        return []
    return _to_department(report, report.department, kind="reopened")


def hazard_alarm(report: Report) -> list[Draft]:
    """None when neither the department nor the town has a mailbox: see `alarms`."""
    return _to_department(report, report.department, kind="hazard_alarm")


# A forwarding that tells who reported it.
WITH_CONTACT = "forwarded_contact"
# The kinds of letters that call people; whoever answers needs no more of them.
CALLS = ("hazard_call", "hazard_hook", "hazard_nobody")


def hazard_call(
    report: Report, call: Call, person: DutyPerson, token: str, *, secret: str, step: Step
) -> list[Draft]:
    """To one person on duty, by every way there is. The link in it answers in their name."""
    drafts = []
    with translation.override("de"):
        facts = {
            "report": report,
            "call": call,
            "until": timezone.localtime(step.step_at),
            "page": link("alarm", token),
            "answer_url": link("api-alarm-answer", token),
        }
        if person.email:
            letter = _draft(report, "hazard_call", to=person.email, facts=facts, language="de")
            drafts.append(replace(letter, key=call.letter_keys[0], is_urgent=True))
        if person.webhook:
            drafts.append(_hook(report, call, person, facts, secret))
    return drafts


def _hook(
    report: Report, call: Call, person: DutyPerson, facts: Mapping[str, Any], secret: str
) -> Draft:
    """For an SMS or voice gateway: docs/webhooks.md."""
    place = ", ".join(filter(None, [report.title, report.municipality.name]))
    body = {
        "type": "hazard.alarm",
        "timestamp": call.at.isoformat(timespec="seconds"),
        "data": {
            "call": str(call.id),
            "attempt": call.attempt,
            "round": call.round,
            "rank": call.rank,
            "to": {"name": call.name, "phone": call.phone},
            "text": gettext("HAZARD %(place)s (%(code)s). Please confirm: %(page)s")
            % {"place": place[:90], "code": report.shown_code, "page": facts["page"]},
            "page": facts["page"],
            "answer_url": facts["answer_url"],
            "expires_at": call.expires_at.isoformat(timespec="seconds"),
            "report": {
                "code": report.code,
                "category": report.category.code,
                "title": report.title,
                "municipality": report.municipality.name,
                "department": report.department.name,
                "lat": round(report.position.y, 6),
                "lon": round(report.position.x, 6),
                "received_at": report.received_at.isoformat(timespec="seconds"),
            },
        },
    }
    return Draft(
        key=call.letter_keys[1],
        kind="hazard_hook",
        about=f"report:{report.code}",
        to=person.webhook,
        subject=report.shown_code,
        text=json.dumps(body, ensure_ascii=False),
        municipality_id=report.municipality_id,
        channel=Channel.WEBHOOK,
        secret=secret,
        may_repeat=person.knows_keys,
        is_urgent=True,
    )


def hazard_nobody(report: Report, fallback: Department, *, step: Step) -> list[Draft]:
    """To the fallback department: everybody was called, nobody answered."""
    drafts = _to_department(report, fallback, kind="hazard_nobody")
    key = f"report:{report.code}:nobody:{step.next_at:%Y%m%d%H%M%S}"
    return [replace(draft, key=key, is_urgent=True) for draft in drafts]


def alarms(report: Report) -> bool:
    """Whether there is a mailbox that a hazard can alarm."""
    return bool(_mailbox(report, report.department))


def forwarded(report: Report, department: Department, *, contact: str = "") -> list[Draft]:
    """To the department that gets it, as an alarm if it is a hazard.

    Without the reporter, unless whoever forwards it says how to reach them in `contact`: such a
    letter is of a kind of its own, for it is forgotten with the reporter.
    """
    kind = "hazard_alarm" if report.is_hazard else "forwarded"
    drafts = _to_department(report, department, kind=kind, contact=contact)
    return [replace(each, kind=WITH_CONTACT) for each in drafts] if contact else drafts


def replied(report: Report) -> list[Draft]:
    """To a department that hears of new reports by mail: the reporter has answered."""
    if not report.department.mails_new_reports:
        return []
    return _to_department(report, report.department, kind="replied")


def rerouted(report: Report, *, rule: str) -> list[Draft]:
    """To the department that has it now because boundaries or rules changed. `rule`: its name,
    "" where none fits."""
    kind = "hazard_alarm" if report.is_hazard else "rerouted"
    return _to_department(report, report.department, kind=kind, rule=rule)


def to_reporter(
    report: Report, event: Event, *, kind: str = "status", photos: int = 0
) -> list[Draft]:
    """What happened, if the reporter confirmed an address and did not end the letters; on paper to
    who left a postal address and no e-mail. Never both.

    One statement; two with the first such letter about a report. `photos`: how many came with it.
    """
    contact = _reader(report)
    if contact is None:
        return []
    client_id: UUID | None = contact.client_id
    with translation.override(report.language):
        facts = _news(report, event, name=contact.name, photos=photos)
        if not contact.email:  # no links: there is nothing to click on
            return [_on_paper(report, kind, contact, facts)]
        town = report.municipality
        facts |= {"page": _page(report, client_id), "reply": _reply_page(report, client_id)}
        facts["other_page"] = _page_of(event.facts.get("other"), town)
        if client_id:
            token = unsubscribe_token(contact, client_id)
            facts["unsubscribe"] = link("own-letters", token, town=town)
    return [_draft(report, kind, to=contact.email, facts=facts, language=report.language)]


def question_on_paper(report: Report, event: Event) -> list[Draft]:
    """To be printed and posted, whatever else is known of the reporter. None without an address."""
    contact = Contact.objects.filter(~Q(postal_address=""), report=report).first()
    if contact is None:
        return []
    with translation.override(report.language):
        facts = _news(report, event, name=contact.name, photos=0)
    return [_on_paper(report, "question", contact, facts)]


def _window(contact: Contact) -> str:
    return "\n".join(filter(None, [contact.name[:90], contact.postal_address]))


def _on_paper(report: Report, kind: str, contact: Contact, facts: Mapping[str, Any]) -> Draft:
    """German, or Einfache Sprache for who chose it: it goes through a town hall's post."""
    language = report.language if report.language.startswith("de") else "de"
    draft = _draft(report, kind, to=_window(contact), facts=facts, language=language)
    return replace(draft, channel=Channel.PAPER, reply_to="", unsubscribe="")


def reaches(report: Report) -> bool:
    """Whether a letter would reach the reporter now."""
    return _reader(report) is not None


def readers(reports: Collection[int]) -> int:
    """How many reporters get letters about these, or about one that was joined with them."""
    own = Q(report__in=reports) | Q(report__duplicate_of__in=reports)
    return Contact.objects.filter(GOES_ON, _BY_MAIL | _ON_PAPER, own).count()


def shown(report: Report, event: Event, *, kind: str, photos: int = 0) -> Draft:
    """The letter as it would read, for staff to look at. Without the keys of its reader."""
    with translation.override(report.language):
        facts = _news(report, event, name="", photos=photos)
        door = link("home", town=report.municipality)
        facts |= dict.fromkeys(("page", "reply", "unsubscribe"), f"{door} …")
        facts["text"] = event.text
    return _draft(report, kind, to="", facts=facts, language=report.language)


def _reader(report: Report) -> Any:
    """The contact of a reporter who gets letters, with the `client_id` of the report."""
    return (
        Contact.objects.filter(GOES_ON, _BY_MAIL | _ON_PAPER, report=report)
        .select_related("correspondence")
        .annotate(client_id=_CLIENT_ID)
        .first()
    )


def _news(report: Report, event: Event, *, name: str, photos: int) -> dict[str, Any]:
    text = addressed(event.text, name)
    return {"report": report, "event": event, "text": text, "photos": photos}


def _reply_page(report: Report, client_id: UUID | None) -> str:
    if client_id is None:
        return ""
    return link("own-reply", token_for("view", client_id), town=report.municipality)


# How a reporter is reached: the address they confirmed, else what stands on an envelope.
_BY_MAIL = ~Q(email="") & Q(confirmed_at__isnull=False)
_ON_PAPER = Q(email="") & ~Q(postal_address="")
_CLIENT_ID = Subquery(
    Submission.objects.filter(code=OuterRef("report__code")).values("client_id")[:1]
)


def unsubscribe_token(contact: Contact, client_id: UUID) -> str:
    """Ends the letters to a contact. Its digest is written down with the first of them."""
    token = token_for("letters", client_id)
    if not hasattr(contact, "correspondence"):
        Correspondence.objects.get_or_create(
            contact=contact, defaults={"token_digest": digest(token)}
        )
    return token


def _page(report: Report, client_id: UUID | None) -> str:
    """The reporter's own page; of a report that nobody sent in, the public one if there is one."""
    if client_id:
        return link("own-report", token_for("view", client_id), town=report.municipality)
    if report.is_public:
        return link("report-page", report.code, town=report.municipality)
    return ""


def _page_of(code: str | None, town: Municipality) -> str:
    """The reporter's own page of another report of theirs, split off this one. "" without one."""
    if not code:
        return ""
    client_id = Submission.objects.filter(code=code).values_list("client_id", flat=True).first()
    return link("own-report", token_for("view", client_id), town=town) if client_id else ""


def _receipt(report: Report, contact: Contact, client_id: UUID) -> Draft:
    return _with_links(report, contact, client_id, kind="receipt")


def reminder(report: Report, contact: Contact, *, client_id: UUID) -> Draft:
    """The receipt's links once more, a day later."""
    draft = _with_links(report, contact, client_id, kind="reminder")
    return replace(draft, key=f"report:{report.code}:reminder")


def new_confirmation(report: Report, contact: Contact, *, client_id: UUID) -> Draft:
    """The link of the present round, after the one before has expired."""
    draft = _with_links(report, contact, client_id, kind="confirmation")
    return replace(draft, key=f"report:{report.code}:confirmation:{contact.confirm_round}")


def _with_links(report: Report, contact: Contact, client_id: UUID, *, kind: str) -> Draft:
    town = report.municipality
    with translation.override(report.language):
        facts = {
            "report": report,
            "page": link("own-report", token_for("view", client_id), town=town),
            "confirm": link("own-confirm", confirm_token(contact, client_id), town=town),
        }
    return _draft(report, kind, to=contact.email, facts=facts, language=report.language)


def confirm_token(contact: Contact, client_id: UUID) -> str:
    """Each round has a link of its own: an expired one does not come to life again."""
    purpose = f"confirm {contact.confirm_round}" if contact.confirm_round else "confirm"
    return token_for(purpose, client_id)


def farewell(report: Report, contact: Contact, *, is_erased: bool) -> Draft:
    """The last letter. It is forgotten itself as soon as it has left."""
    facts = {"report": report, "is_erased": is_erased}
    draft = _draft(report, "farewell", to=contact.email, facts=facts, language=report.language)
    return replace(draft, about=f"farewell:{report.code}", municipality_id=None)


def _to_department(
    report: Report, department: Department, *, kind: str, **more: str
) -> list[Draft]:
    to = _mailbox(report, department)
    if not to:
        return []
    with translation.override("de"):
        facts = {"report": report, **_seen_by(report, department), **more}
    return [_draft(report, kind, to=to, facts=facts, language="de")]


def _seen_by(report: Report, department: Department) -> dict[str, str]:
    """The resident's words and the desk. An outside body that has no account there gets the text
    without what tells a person, and the public page if there is one.
    """
    if department.kind != DepartmentKind.OUTSIDE or department.memberships.exists():
        return {"words": report.description, "page": link("desk-report", report.code)}
    told = {"words": report.readable_text}
    if report.is_public:
        told["public_page"] = link("report-page", report.code, town=report.municipality)
    return told


def _mailbox(report: Report, department: Department) -> str:
    return department.email or report.municipality.email


# To the reporter; the other letters go to the town's own people.
TO_REPORTER = frozenset(
    {
        "receipt",
        "reminder",
        "confirmation",
        "status",
        "answer",
        "question",
        "question_reminder",
        "farewell",
    }
)
# Of these the reporter wants no more after ending the letters.
ENDED_BY_REPORTER = ("status", "answer", "question", "question_reminder")


def _draft(report: Report, kind: str, *, to: str, facts: Mapping[str, Any], language: str) -> Draft:
    """Subject is the template's first line, the text the rest."""
    with translation.override(language):
        letter = render_to_string(f"reports/letters/{kind}.txt", dict(facts))
    subject, _, text = letter.strip().partition("\n")
    return Draft(
        key=f"report:{report.code}:{report.version}:{kind}:{to}"[:200],
        kind=kind,
        about=f"report:{report.code}",
        to=to,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=language,
        municipality_id=report.municipality_id,
        sender=report.municipality.name,
        reply_to=_reply_to(report, kind, to=to),
        unsubscribe=facts.get("unsubscribe", ""),
        may_repeat=kind not in TO_REPORTER,
    )


def _reply_to(report: Report, kind: str, *, to: str) -> str:
    """Who reads an answer: for the reporter the department, for a department the town."""
    town, office = report.municipality.email, report.department.email
    reader = (office or town) if kind in TO_REPORTER else town
    return reader if reader != to else ""
