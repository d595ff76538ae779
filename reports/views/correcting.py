"""Putting a report right, as a thing with an address."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.deeds import correcting
from reports.deeds.correction_forms import CorrectionForm
from reports.models import Report
from reports.views.thing import Thing
from reports.workflow import Deed
from townhall.models import User


def _correct(report: Report, by: User, form: CorrectionForm) -> object:
    given = form.cleaned_data
    return correcting.correct(
        report,
        by=by,
        position=given["position"],
        category=given["category"],
        reason=given["reason"],
        version=given["version"],
    )


THINGS = (
    Thing(
        "berichtigung",
        "pin",
        Deed.CORRECT,
        _("Place and category"),
        _("Put right. Responsibility was worked out anew."),
        CorrectionForm,
        _correct,
        lambda report: report.is_open,
        key="c",
    ),
)
