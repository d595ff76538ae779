"""Writing from a report's page: to everybody, to the reporter, to each other; and asking back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.deeds import answering
from reports.deeds.composing import AskForm, ComposerForm, SettleForm
from reports.deeds.enclosing import PhotoGone
from reports.deeds.forms import Complaint
from reports.models import Report
from reports.views.thing import Thing
from reports.workflow import Deed
from townhall.models import User


def _write(report: Report, by: User, form: ComposerForm) -> object:
    try:
        version = form.cleaned_data["version"]
        return answering.write(report, form.answer(), by=by, version=version)
    except PhotoGone:
        raise _photo_gone() from None


def _ask(report: Report, by: User, form: AskForm) -> object:
    given = form.cleaned_data
    try:
        return answering.ask(
            report,
            given["text"],
            by=by,
            via=given["via"],
            photo_ids=form.photo_ids,
            version=given["version"],
        )
    except PhotoGone:
        raise _photo_gone() from None
    except answering.Unreachable:
        raise Complaint("via", _("No letter reaches the reporter. Choose another way.")) from None


def _settle(report: Report, by: User, form: SettleForm) -> object:
    given = form.cleaned_data
    return answering.settle(report, by=by, text=given["text"], version=given["version"])


def _photo_gone() -> Complaint:
    return Complaint("photo", _("A photo did not arrive. Please add it again."))


THINGS = (
    Thing(
        "antwort",
        "send",
        Deed.NOTE,
        _("Write"),
        _("Saved."),
        ComposerForm,
        _write,
        lambda _report: True,
        key="r",
    ),
    Thing(
        "rueckfrage",
        "mail",
        Deed.ASK,
        _("Ask the reporter"),
        _("The question is asked. The report waits for the answer."),
        AskForm,
        _ask,
        lambda report: report.is_open and report.waiting_since is None,
    ),
    Thing(
        "rueckfrage-ende",
        "check",
        Deed.ASK,
        _("Settle the question"),
        _("The report waits no longer."),
        SettleForm,
        _settle,
        lambda report: report.waiting_since is not None,
    ),
)
