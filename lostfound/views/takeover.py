"""`/verwaltung/fundbuero/bestand`: the stock of an old system, looked at first, then taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from lostfound.models import Office, PlaceKind, Takeover
from lostfound.takeover import uploads
from lostfound.takeover.columns import LABELS
from lostfound.takeover.tables import MOST_BYTES, NoTable, Table, read_table
from lostfound.takeover.words import FLAWS, said
from lostfound.takeover.writing import Faulty, Options, Plan, load, plan
from lostfound.views.at_office import at_office
from townhall.views.sign_in import StaffRequest

SHOWN_FAULTS = 200
SHOWN_ROWS = 12


class TableForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("Table (CSV)"),
        help_text=gettext_lazy(
            "From a spreadsheet: “Save as”, then “CSV”. At most 20 MB and 50,000 rows."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
    place_kind = forms.ChoiceField(
        label=gettext_lazy("Places of finds that stand in no register"),
        required=False,
        choices=[
            ("", gettext_lazy("leave the law open, staff decide each")),
            (PlaceKind.STREET, gettext_lazy("are streets and squares: general finds")),
        ],
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def takeovers(request: StaffRequest, office: Office) -> HttpResponse:
    """Send a table; what it would do is shown next."""
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if form.is_bound and form.is_valid() and (sent := _keep(request, office, form)):
        return HttpResponseRedirect(reverse("fund-takeover", args=[sent.pk]), status=303)
    facts = {
        "office": office,
        "form": form,
        "columns": LABELS.values(),
        "rows": office.takeovers.filter(done_at__isnull=False).select_related("by").defer("data"),
    }
    status = 422 if form.errors else 200
    return render(request, "lostfound/takeover/start.html", facts, status=status)


def _keep(request: StaffRequest, office: Office, form: TableForm) -> Takeover | None:
    """None: the form says why it is no table."""
    uploads.forget_old()
    data = form.cleaned_data["file"].read()
    try:
        read_table(data)
    except NoTable as refused:
        form.add_error("file", str(FLAWS[refused.flaw]))
        return None
    return Takeover.objects.create(
        office=office,
        name=form.cleaned_data["file"].name[-120:],
        data=data,
        place_kind=form.cleaned_data["place_kind"],
        sent_at=timezone.now(),
        by=request.user,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def takeover(request: StaffRequest, office: Office, pk: int) -> HttpResponse:
    """What the table would do; POST does it, `verwerfen` forgets it."""
    sent = office.takeovers.filter(pk=min(pk, 2**62), done_at=None).first()
    if sent is None:
        raise Http404
    if request.method == "POST" and "verwerfen" in request.POST:
        sent.delete()
        messages.success(request, _("The table is forgotten. Nothing was taken over."))
        return HttpResponseRedirect(reverse("fund-takeovers"), status=303)
    table = read_table(bytes(sent.data))
    if request.method == "POST":
        try:
            done = load(table, office, by=request.user, options=Options(sent.place_kind))
        except Faulty as refused:
            return _page(request, sent, table, refused.plan, status=422)
        _done(sent, done)
        words = ngettext(
            "%(n)d thing is taken over.", "%(n)d things are taken over.", len(done.fresh)
        )
        messages.success(request, words % {"n": len(done.fresh)})
        return HttpResponseRedirect(reverse("fund-takeovers"), status=303)
    return _page(request, sent, table, plan(table, office))


def _done(sent: Takeover, done: Plan) -> None:
    sent.data, sent.done_at = b"", timezone.now()
    sent.fresh, sent.changed = len(done.fresh), len(done.changed)
    sent.save()


def _page(
    request: StaffRequest, sent: Takeover, table: Table, todo: Plan, *, status: int = 200
) -> HttpResponse:
    facts = {
        "office": sent.office,
        "sent": sent,
        "plan": todo,
        "missing": [LABELS[field] for field in todo.columns.missing],
        "columns": [(table.head[at], LABELS[field]) for field, at in todo.columns.at.items()],
        "faults": [said(fault) for fault in todo.faults[:SHOWN_FAULTS]],
        "more_faults": max(0, len(todo.faults) - SHOWN_FAULTS),
        "vague": sorted(todo.understood.vague.items(), key=lambda each: -each[1])[:30],
        "things": todo.fresh[:SHOWN_ROWS],
    }
    return render(request, "lostfound/takeover/preview.html", facts, status=status)
