"""The letters to reporters: ended by them, begun again, or found to have no reader."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports import live
from reports.hazards import hazard
from reports.letters import news, notices
from reports.models import (
    Contact,
    Correspondence,
    Event,
    EventKind,
    Report,
    Submission,
    Visibility,
)
from reports.personal import retention
from reports.voices import follow
from townhall import crossings, letters
from townhall.capabilities import digest, token_for
from townhall.models import Letter, User


class Unknown(Exception):
    """No contact with an address hangs on this token (any more)."""


def contact_of(token: str) -> Contact:
    """By the token of a letter, or by the one of the reporter's own page. Raises Unknown."""
    known = digest(token)
    own_page = Q(report__capability_digest=known, report__capability_expires_at__gt=timezone.now())
    contact = (
        Contact.objects.filter(own_page | Q(correspondence__token_digest=known))
        .exclude(email="")
        .select_related("report__category", "report__municipality", "correspondence")
        .first()
    )
    if contact is None:
        raise Unknown
    return contact


def end(token: str) -> None:
    """No more letters about changes, also not those that wait. Again = no change.

    Raises Unknown.
    """
    with transaction.atomic():
        report, contact, state = _locked(token)
        for kind in notices.ENDED_BY_REPORTER:
            letters.withdraw(about=f"report:{report.code}", kind=kind, to=contact.email)
        if state.ended_at is None:
            state.ended_at = timezone.now()
            state.save(update_fields=["ended_at"])
            _tell(report, EventKind.UNSUBSCRIBED)


def begin_again(token: str) -> None:
    """The reporter wants to hear of changes after all. Again = no change. Raises Unknown."""
    with transaction.atomic():
        report, _contact, state = _locked(token)
        if not state.goes_on:
            state.ended_at = state.unreachable_at = None
            state.save(update_fields=["ended_at", "unreachable_at"])
            _tell(report, EventKind.RESUBSCRIBED)


def renew_confirmation(token: str) -> None:
    """A letter with a new link, for whoever holds an expired one. Raises Unknown.

    The new link has a token of its own: the expired one stays expired.
    """
    expired = Contact.objects.filter(confirm_digest=digest(token), confirmed_at=None)
    with transaction.atomic():
        report = Report.objects.locked().filter(pk__in=expired.values("report")).first()
        contact = expired.first()
        sent_in = Submission.objects.filter(code=report.code).first() if report else None
        if report is None or contact is None or sent_in is None:
            raise Unknown
        now = timezone.now()
        if not contact.is_past_confirming(now):
            return
        contact.confirm_round += 1
        contact.confirm_digest = digest(notices.confirm_token(contact, sent_in.client_id))
        contact.confirm_expires_at = now + retention.CONFIRMATION
        contact.reminded_at = now  # whoever asks for a link need not be reminded of it
        contact.save()
        letters.post(notices.new_confirmation(report, contact, client_id=sent_in.client_id))


def _locked(token: str) -> tuple[Report, Contact, Correspondence]:
    """In the order in which deeds lock: the report first."""
    found = contact_of(token)
    report = Report.objects.locked().get(pk=found.report_id)
    contact = Contact.objects.filter(pk=found.pk).first()
    if contact is None:
        raise Unknown
    return report, contact, _state_of(contact, report)


def _state_of(contact: Contact, report: Report) -> Correspondence:
    client_ids = Submission.objects.filter(code=report.code).values_list("client_id", flat=True)
    client_id = client_ids.first()
    token = token_for("letters", client_id) if client_id else secrets.token_urlsafe(32)
    made, _is_new = Correspondence.objects.get_or_create(
        contact=contact, defaults={"token_digest": digest(token)}
    )
    return made


def _tell(report: Report, kind: EventKind, **more: Any) -> None:
    """For staff only: nobody else's business."""
    report.version += 1
    report.save(update_fields=["version"])
    Event.objects.create(
        report=report,
        kind=kind,
        version=report.version,
        at=timezone.now(),
        visibility=Visibility.INTERNAL,
        was_public=report.is_public,
        **more,
    )
    live.ring_report(report, was_public=report.is_public)


# ── What the post tells us ───────────────────────────────────────────────────────────────────
class ReportLetters(letters.Subject):
    """Letters about "report:CODE"."""

    prefix: ClassVar = "report"
    kinds: ClassVar[Mapping[str, str | Promise]] = {
        "receipt": _("Receipt to the reporter"),
        "reminder": _("Reminder to the reporter"),
        "confirmation": _("New link to the reporter"),
        "status": _("News to the reporter"),
        "shared": _("Request for its part to a department"),
        "answer": _("Answer to the reporter"),
        "question": _("Question to the reporter"),
        "question_reminder": _("Reminder of the question"),
        "replied": _("The reporter's answer: to the department"),
        "mention": _("To a colleague who is mentioned in a note"),
        news.ASKING: _("Question to a follower"),
        news.TELLING: _("News to a follower"),
        "new_report": _("New report to the department"),
        "reopened": _("Opened again: to the department"),
        "forwarded": _("Forwarding to the department"),
        notices.WITH_CONTACT: _("Forwarding to the department, with contact"),
        "task": _("Task to somebody outside"),
        "rerouted": _("Boundaries or rules have changed"),
        "hazard_alarm": _("Hazard alarm"),
        "hazard_call": _("Alarm to the person on duty"),
        "hazard_hook": _("Alarm to the SMS or voice gateway"),
        "hazard_nobody": _("Nobody answered: alarm to the fallback department"),
    }

    def page(self, name: str) -> str:
        return reverse("desk-report", args=[name])

    def shown(self, name: str) -> str:
        return f"{name[:4]}-{name[4:]}"

    def bounced(self, letter: Letter) -> None:
        """No further letters are tried at the reporter's address, and staff see it."""
        if letter.kind in news.KINDS:
            follow.bounced(letter)
            return
        report = Report.objects.locked().filter(code=letters.name_of(letter)).first()
        contact = Contact.objects.filter(report=report, email=letter.to).first()
        if report is None or contact is None:
            return
        state = _state_of(contact, report)
        for kind in notices.ENDED_BY_REPORTER:
            letters.withdraw(about=letter.about, kind=kind, to=letter.to)
        if state.unreachable_at is None:
            state.unreachable_at = timezone.now()
            state.save(update_fields=["unreachable_at"])
            _tell(report, EventKind.UNREACHABLE)

    def answered(self, letter: Letter, answer: Mapping[str, Any]) -> None:
        """A gateway may take an alarm on by its answer."""
        if letter.kind == "hazard_hook":
            hazard.hear_gateway(letter.key, answer)

    def sent_again(self, letter: Letter, *, by: User) -> None:
        """Who sends again to an address believes in it."""
        report = Report.objects.locked().filter(code=letters.name_of(letter)).first()
        if report is None:
            return
        Correspondence.objects.filter(
            contact__report=report, contact__email=letter.to, unreachable_at__isnull=False
        ).update(unreachable_at=None)
        _tell(report, EventKind.SENT_AGAIN, actor=by, facts={"kind": letter.kind})


def register() -> None:
    letters.register(ReportLetters())
    crossings.register_cases("report", _sight)


def _sight(code: str, user: User) -> crossings.Sight | None:
    """A report as the other half of the house names it."""
    report = Report.objects.filter(code=code).first()
    if report is None:
        return None
    mine = Report.objects.in_care_of(user).filter(pk=report.pk).exists()
    url = reverse("desk-report", args=[report.code]) if mine else ""
    return crossings.Sight(report.shown_code, url)
