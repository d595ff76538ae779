"""Taking in a report for somebody without internet: on the phone, at the counter, from a letter.

It is the resident's report, taken in as every other; that a member of staff wrote it down, and how
it came, is one more event of its life.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from reports.deeds.work import NotAllowed
from reports.models import Event, EventKind, Report, Submission, Visibility
from reports.receiving import intake
from reports.receiving.drafts import Draft
from reports.workflow import MAY, Deed
from townhall.capabilities import token_for
from townhall.models import User
from townhall.people import scope_of

SOURCE = "staff"


class Via(models.TextChoices):
    """How it came."""

    PHONE = "phone", _("Phone")
    COUNTER = "counter", _("At the counter")
    LETTER = "letter", _("Letter")
    MAIL = "mail", _("E-mail")


def may_take_in(user: User) -> bool:
    """Whoever writes to residents. For every department: a counter serves them all."""
    return user.is_active and scope_of(user).has_role(
        *(role for role, deeds in MAY.items() if Deed.TAKE_IN in deeds)
    )


def take_in(draft: Draft, *, by: User, via: Via) -> intake.Receipt:
    """Once per `client_id`, all or nothing. Raises NotAllowed, and what `intake.submit` raises."""
    if not may_take_in(by):
        raise NotAllowed
    with transaction.atomic():
        receipt = intake.submit(replace(draft, source=SOURCE))
        if receipt.is_new:
            report = receipt.report
            Event.objects.create(
                report=report,
                kind=EventKind.TAKEN_IN,
                version=report.version,
                at=report.received_at,
                actor=by,
                visibility=Visibility.INTERNAL,
                facts={"via": via.value},
            )
        return receipt


def taken_in_by(user: User, code: str) -> Report:
    """One that this user took in, whoever has it in care now. Raises Report.DoesNotExist."""
    mine = Event.objects.filter(kind=EventKind.TAKEN_IN, actor=user)
    return Report.objects.with_faces().get(code=code, pk__in=mine.values("report"))


def token_of(report: Report) -> str:
    """Opens the reporter's own page. Raises Submission.DoesNotExist."""
    client_id: UUID = Submission.objects.get(code=report.code).client_id
    return token_for("view", client_id)
