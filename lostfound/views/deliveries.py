"""„Sammelannahme“: what police, pool or a bus company bring in one list."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from lostfound.counter import counter_only, office_of, offices_of
from lostfound.models import Delivery, Office, Source
from lostfound.queries import of_own_offices
from lostfound.receiving import deliveries, delivery_paper
from lostfound.receiving.deliveries import COLUMNS, MOST_ROWS, SOURCES, Draft, Wrong
from lostfound.wording import INTAKE_PROBLEMS
from townhall.codes import normalise
from townhall.papers import NotPrinted
from townhall.views.sign_in import StaffRequest

log = logging.getLogger(__name__)
LONGEST = 200_000  # characters that are read of what was pasted
_FIRST_ROWS = 5


class DeliveryForm(forms.Form):
    """The head of the list; its rows are read beside it (`kind-0`, `text-0` …)."""

    use_required_attribute = False
    source = forms.ChoiceField(
        choices=[(each.value, each.label) for each in SOURCES],
        error_messages={"required": _("Choose who brings the things.")},
    )
    carrier = forms.CharField(
        max_length=120,
        error_messages={"required": _("Enter the police station, the pool or the company.")},
    )
    reference = forms.CharField(required=False, max_length=80)


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def delivery_form(request: StaffRequest) -> HttpResponse:
    """GET: an empty list. POST: rows are put in, looked at, or taken in as a whole."""
    office = _office(request)
    if office is None:
        return redirect("fund-desk")
    if request.method != "POST":
        form = DeliveryForm(initial={"source": Source.POLICE})
        return _show(request, office, form, rows=[], client_id=str(uuid.uuid4()))
    form = DeliveryForm(request.POST)
    rows = [*_typed(request.POST), *_brought(request)][:MOST_ROWS]
    client_id = _uuid(request.POST.get("client_id", ""))
    if request.POST.get("action") != "save":
        wrongs = _look(form, rows, client_id, office)
        has_looked = bool(rows) and form.is_valid()
        return _show(
            request,
            office,
            form,
            rows=rows,
            client_id=client_id,
            wrongs=wrongs,
            has_looked=has_looked,
        )
    return _take_in(request, office, form, rows, client_id)


def _take_in(
    request: StaffRequest,
    office: Office,
    form: DeliveryForm,
    rows: list[dict[str, str]],
    client_id: str,
) -> HttpResponse:
    if not rows:
        form.add_error(None, _("The list is empty."))
    if not form.is_valid():
        return _show(request, office, form, rows=rows, client_id=client_id, status=422)
    try:
        delivery = deliveries.take_in(_draft(form, rows, client_id), office=office, by=request.user)
    except deliveries.Refused as refused:
        return _show(
            request,
            office,
            form,
            rows=rows,
            client_id=client_id,
            wrongs=list(refused.wrongs),
            status=422,
        )
    except deliveries.Conflict as conflict:
        messages.warning(request, _("This list was taken in already, with other lines."))
        return HttpResponseRedirect(_page(conflict.delivery), status=303)
    messages.success(request, _("The whole list is taken in."))
    return HttpResponseRedirect(_page(delivery), status=303)


@require_GET
@counter_only
def delivery_page(request: StaffRequest, code: str) -> HttpResponse:
    delivery = _delivery(request, code)
    items = delivery.items.select_related("storage__site").order_by("pk")
    facts = {"delivery": delivery, "office": delivery.office, "items": items}
    return render(request, "lostfound/deliveries/page.html", facts)


@require_GET
@counter_only
def delivery_receipt(request: StaffRequest, code: str) -> HttpResponse:
    delivery = _delivery(request, code)
    try:
        paper = delivery_paper.receipt(delivery)
    except NotPrinted as trouble:
        log.exception("No receipt of delivery %s: %s", delivery.pk, trouble.because)
        messages.error(request, _("The PDF could not be made. Please tell your administrator."))
        return HttpResponseRedirect(_page(delivery), status=303)
    name = f"Sammelannahme-{delivery.shown_code}.pdf"
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _office(request: StaffRequest) -> Office | None:
    slug = request.POST.get("amt", "")
    kept = next((each for each in offices_of(request.user) if each.slug == slug), None)
    return kept or office_of(request)


def _delivery(request: StaffRequest, code: str) -> Delivery:
    rows = Delivery.objects.filter(of_own_offices(request.user, "office__"))
    known = normalise(code)
    found = (
        rows.select_related("office", "received_by").filter(code=known).first() if known else None
    )
    if found is None:
        raise Http404
    return found


def _page(delivery: Delivery) -> str:
    return reverse("fund-delivery", args=[delivery.code])


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid4())


def _typed(sent: QueryDict) -> list[dict[str, str]]:
    rows = [
        {name: sent.get(f"{name}-{number}", "")[:300].replace("\0", "") for name in COLUMNS}
        for number in range(MOST_ROWS)
    ]
    return [row for row in rows if not deliveries.is_empty(row)]


def _brought(request: StaffRequest) -> list[dict[str, str]]:
    """From the text field and from a file."""
    texts = [request.POST.get("pasted", "")]
    if file := request.FILES.get("file"):
        texts.append(_decoded(file.read(LONGEST * 2)))
    return [
        row
        for text in texts
        for row in deliveries.pasted(text[:LONGEST].replace("\0", ""))
        if not deliveries.is_empty(row)
    ]


def _decoded(data: bytes) -> str:
    """UTF-8 if it is; else what Windows writes in this country."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _draft(form: DeliveryForm, rows: list[dict[str, str]], client_id: str) -> Draft:
    given = form.cleaned_data
    return Draft(
        client_id=uuid.UUID(client_id),
        source=given["source"],
        carrier=given["carrier"],
        reference=given["reference"],
        rows=tuple(rows),
    )


def _look(
    form: DeliveryForm, rows: list[dict[str, str]], client_id: str, office: Office
) -> list[Wrong]:
    if not rows or not form.is_valid():
        return []
    return deliveries.look(_draft(form, rows, client_id), office=office)


def _show(
    request: StaffRequest,
    office: Office,
    form: DeliveryForm,
    *,
    rows: list[dict[str, str]],
    client_id: str,
    wrongs: list[Wrong] | None = None,
    has_looked: bool = False,
    status: int = 200,
) -> HttpResponse:
    blank = (
        []
        if len(rows) >= MOST_ROWS
        else [dict.fromkeys(COLUMNS, "")] * (2 if rows else _FIRST_ROWS)
    )
    facts: dict[str, Any] = {
        "form": form,
        "office": office,
        "client_id": client_id,
        "lines": [_line(number, row, wrongs or []) for number, row in enumerate([*rows, *blank])],
        "wrongs": [
            {"row": each.row + 1, "anchor": f"{each.column}-{each.row}", "words": _words(each)}
            for each in wrongs or []
        ],
        "is_ready": has_looked and not wrongs,
        "count": len(rows),
    }
    return render(request, "lostfound/deliveries/form.html", facts, status=status)


def _line(number: int, row: dict[str, str], wrongs: list[Wrong]) -> dict[str, Any]:
    bad = {each.column: _words(each) for each in wrongs if each.row == number}
    return {
        "number": number + 1,
        "cells": [
            {"name": name, "id": f"{name}-{number}", "value": row[name], "wrong": bad.get(name, "")}
            for name in COLUMNS
        ],
    }


def _words(wrong: Wrong) -> Any:
    return INTAKE_PROBLEMS[wrong.problem]
