"""The rotas' pages: who is on duty, what is missing, and the forms that change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall import rota as plans
from townhall.models import Department, DutyPerson, Role, Rota, Shift, User
from townhall.models.duty import new_secret
from townhall.people import scope_of
from townhall.rota_forms import PersonForm, RotaForm, RulesForm, ShiftForm

from .sign_in import StaffRequest, staff_only

SHOWN_DAYS = 14
CHECKED_DAYS = 56


def mine(user: User) -> QuerySet[Department]:
    """The departments that work for a town whose administrator the user is."""
    grants = (each for each in scope_of(user).grants if each.role == Role.ADMINISTRATOR)
    towns = frozenset[int]().union(*(each.municipality_ids for each in grants))
    return Department.objects.filter(is_active=True, serves__in=towns).distinct()


@dataclass(frozen=True)
class _Row:
    """`duty` None: the department has no rota."""

    department: Department
    duty: plans.Duty | None

    @property
    def has_rota(self) -> bool:
        return self.duty is not None


@require_safe
@staff_only
def rotas(request: StaffRequest) -> HttpResponse:
    """All departments of the administrator's towns, and who is on duty in each."""
    departments = list(mine(request.user))
    if not departments:
        raise Http404
    found = plans.duties(departments, timezone.now())
    rows = [_Row(department, found.get(department.pk)) for department in departments]
    rows.sort(key=lambda row: not row.has_rota)
    return _private(render(request, "townhall/rotas.html", {"rows": rows}))


@require_safe
@staff_only
def rota_page(request: StaffRequest, slug: str) -> HttpResponse:
    return _show(request, _rota(request, slug))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def thing(request: StaffRequest, slug: str, kind: str, pk: int | None = None) -> HttpResponse:
    """GET: the page with this form open. POST: saved."""
    rota = _rota(request, slug)
    form = _form(rota, kind, pk, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request, rota, form, pk)
    if not form.is_valid():
        return _show(request, rota, form, pk, status=422)
    with transaction.atomic():
        rota.save()
        if kind == "personen":
            form.instance.rota = rota
        form.save()
    messages.success(request, _("Saved."))
    return _back(slug)


@require_POST
@staff_only
def removal(request: StaffRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """A person goes with their shifts; who was called when stays in the records of the reports."""
    _thing_of(_rota(request, slug), kind, pk).delete()
    messages.success(request, _("Removed."))
    return _back(slug)


@require_POST
@staff_only
def secret(request: StaffRequest, slug: str) -> HttpResponse:
    """A new key for the gateways' signatures. The old one holds no longer."""
    rota = _rota(request, slug)
    rota.secret = new_secret()
    rota.save()
    messages.success(request, _("There is a new key. Enter it at your gateway now."))
    return _back(slug)


def _rota(request: StaffRequest, slug: str) -> Rota:
    """The department's, or a fresh one that is not saved yet. 404 for others' departments."""
    department = get_object_or_404(mine(request.user), slug=slug)
    return Rota.objects.filter(department=department).first() or Rota(department=department)


def _thing_of(rota: Rota, kind: str, pk: int) -> Model:
    if kind == "personen":
        return get_object_or_404(DutyPerson, pk=pk, rota=rota.pk)
    return get_object_or_404(Shift, pk=pk, person__rota=rota.pk)


def _form(rota: Rota, kind: str, pk: int | None, data: Any) -> RotaForm:
    if kind == "regeln":
        return RulesForm(data, instance=rota)
    instance: Any = _thing_of(rota, kind, pk) if pk is not None else None
    if kind == "personen":
        return PersonForm(data, instance=instance)
    return ShiftForm(data, instance=instance, rota=rota)


def _show(
    request: StaffRequest,
    rota: Rota,
    form: RotaForm | None = None,
    pk: int | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    duty = plans.duties([rota.department], now).get(rota.department_id)
    shifts = duty.shifts if duty else ()
    today = plans.duty_day(now, rota.handover_at)
    blank = {"first_day": today, "weekdays": [1, 2, 3, 4, 5, 6, 7], "rank": 1}
    facts = {
        "rota": rota,
        "department": rota.department,
        "duty": duty,
        "people": list(rota.people.all()) if rota.pk else [],
        "shifts": sorted(shifts, key=lambda each: (each.is_exception, each.rank, each.first_day)),
        "days": plans.preview(shifts, today, days=SHOWN_DAYS),
        "findings": plans.findings(shifts, today, days=CHECKED_DAYS) if rota.pk else [],
        "rules_form": form if isinstance(form, RulesForm) else RulesForm(instance=rota),
        "person_form": form if isinstance(form, PersonForm) else PersonForm(),
        "shift_form": form if isinstance(form, ShiftForm) else ShiftForm(initial=blank, rota=rota),
        "form": form,
        "edited": pk,
    }
    return _private(render(request, "townhall/rota.html", facts, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _back(slug: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("rota", args=[slug]), status=303)
