"""Sammellagen: begin one, let reports join, answer all of them at once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from reports.deeds import bulk, incidents
from reports.deeds.forms import text_field
from reports.deeds.incidents import Outline
from reports.deeds.work import NotAllowed
from reports.models import Category, Incident, StatusChoice
from reports.workflow import OPEN, Status
from townhall.codes import normalise, uuid_in
from townhall.models import Municipality
from townhall.people import scope_of
from townhall.views.sign_in import StaffRequest, staff_only


class OutlineForm(forms.Form):
    use_required_attribute = False

    municipality: Any = forms.ModelChoiceField(
        queryset=None,
        to_field_name="slug",
        empty_label=None,
        error_messages={"required": _("Choose the municipality.")},
    )
    title = forms.CharField(
        max_length=80, error_messages={"required": _("Give it a name, such as: storm of Saturday.")}
    )
    begins_at = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Write down when it began."),
            "invalid": _("Write down day and time, such as 24.12.2026 18:00."),
        },
    )
    group: Any = forms.ModelChoiceField(
        queryset=None, required=False, to_field_name="code", empty_label=_("all kinds")
    )
    locality = forms.CharField(required=False, max_length=120)
    notice = forms.CharField(
        required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, towns: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        municipality: Any = self.fields["municipality"]
        municipality.queryset = towns
        group: Any = self.fields["group"]
        group.queryset = Category.objects.filter(group=None, is_active=True)
        group.label_from_instance = lambda row: row.label


class AnswerForm(forms.Form):
    use_required_attribute = False

    status = forms.ChoiceField(
        choices=[(goal.value, StatusChoice(goal).label) for goal in incidents.GOALS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the new status.")},
    )
    text = text_field(_("Write down what all of them shall read."), required=True)
    client_id = forms.UUIDField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def incidents_page(request: StaffRequest) -> HttpResponse:
    """Which there are, and a form for a new one. 404 for who dispatches nowhere."""
    towns = Municipality.objects.filter(pk__in=scope_of(request.user).municipality_ids)
    leading = [town.pk for town in towns if incidents.may_lead(request.user, town)]
    if not leading:
        raise Http404
    data = request.POST if request.method == "POST" else None
    now = timezone.localtime().replace(second=0, microsecond=0)
    initial = {"begins_at": now, "client_id": uuid4()}
    form = OutlineForm(data, towns=towns.filter(pk__in=leading), initial=initial)
    if data is not None and form.is_valid():
        given = dict(form.cleaned_data)
        town = given.pop("municipality")
        client_id = given.pop("client_id") or uuid4()
        try:
            made, _is_new = incidents.begin_once(client_id, town, Outline(**given), by=request.user)
        except bulk.Conflict:
            messages.error(
                request, _("This page was used before. Look at the list and pick again.")
            )
            return _to(reverse("incidents"))
        messages.success(request, _("The collective incident is begun. These reports fit."))
        return _to(reverse("incident", args=[made.code]))
    facts = {"form": form, "incidents": incidents.led_by(request.user)[:50]}
    return render(
        request,
        "reports/staff/incidents/list.html",
        facts,
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def incident_page(request: StaffRequest, code: str) -> HttpResponse:
    """One incident: its reports, those that fit, one answer to all, its end."""
    incident = _incident(request, code)
    if request.method != "POST":
        return _show(request, incident)
    try:
        return _DEEDS.get(request.POST.get("tat", ""), _nothing)(request, incident)
    except NotAllowed:
        messages.error(request, _("Your role does not allow this. Nothing has been changed."))
        return _show(request, incident, status=403)


def _join(request: StaffRequest, incident: Incident) -> HttpResponse:
    picked = bulk.picks(request.POST.getlist("codes"))
    client_id = uuid_in(request.POST.get("client_id", ""))
    if not picked or client_id is None:
        messages.error(request, _("Tick at least one report in the list."))
        return _show(request, incident, status=422)
    try:
        batch = bulk.run(
            client_id,
            picked,
            by=request.user,
            deed="sammellage",
            given={"incident": incident.code},
            act=lambda report, by, version: incidents.join(
                report, incident, by=by, version=version
            ),
        )
    except bulk.Conflict:
        return _used(request, incident)
    done = sum(row.is_done for row in batch.rows.all())
    messages.success(request, _("%(n)s of %(all)s joined.") % {"n": done, "all": len(picked)})
    return _to(reverse("incident", args=[incident.code]))


def _answer(request: StaffRequest, incident: Incident) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, incident, form=form, status=422)
    given = form.cleaned_data
    try:
        batch = incidents.answer(
            incident,
            given["client_id"],
            Status(given["status"]),
            by=request.user,
            text=given["text"],
        )
    except bulk.Conflict:
        return _used(request, incident)
    return _to(reverse("desk-batch", args=[batch.pk]))


def _close(request: StaffRequest, incident: Incident) -> HttpResponse:
    incidents.close(incident, by=request.user)
    messages.success(request, _("The collective incident is over. Its notice is gone."))
    return _to(reverse("incidents"))


def _nothing(request: StaffRequest, incident: Incident) -> HttpResponse:
    messages.error(request, _("Choose what to do."))
    return _show(request, incident, status=422)


def _used(request: StaffRequest, incident: Incident) -> HttpResponse:
    messages.error(request, _("This page was used before. Look at the list and pick again."))
    return _show(request, incident, status=409)


_DEEDS = {"beitritt": _join, "antwort": _answer, "ende": _close}


def _incident(request: StaffRequest, code: str) -> Incident:
    """404 for other towns' and for nonsense."""
    mine = Incident.objects.filter(municipality__in=scope_of(request.user).municipality_ids)
    found = mine.select_related("municipality", "group").filter(code=normalise(code) or "")
    incident = found.first()
    if incident is None:
        raise Http404
    return incident


def _show(
    request: StaffRequest,
    incident: Incident,
    *,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    reports = list(incidents.members(incident)[: bulk.MOST])
    may_lead = incidents.may_lead(request.user, incident.municipality)
    facts = {
        "incident": incident,
        "reports": reports,
        "open_count": sum(report.status in OPEN for report in reports),
        "offered": list(incidents.offered(incident, request.user)) if incident.is_open else [],
        "form": form or AnswerForm(initial={"client_id": uuid4()}),
        "join_id": uuid4(),
        "may_lead": may_lead,
    }
    return render(request, "reports/staff/incidents/page.html", facts, status=status)


def _to(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})
