"""`/amt/ansichten/gemerkt`: lists that somebody gave a name, and what the filter understands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.desk import panel, saved
from reports.desk.shelf import shelf_of
from reports.desk.terms import KEYS
from reports.desk.wish import Wish
from reports.models import SavedView
from townhall.models import Department, User
from townhall.views.sign_in import StaffRequest, staff_only


class NameForm(forms.Form):
    """`name` and with whom it is shared."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        error_messages={
            "required": _("Give the view a name."),
            "max_length": _("Shorten the name to 60 characters."),
        },
    )
    department = forms.ModelChoiceField(
        label=_("For whom"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("only for me"),
        error_messages={"invalid_choice": _("Choose a department from the list.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["department"].queryset = saved.own_offices(user)  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class KeepForm(NameForm):
    asks = forms.CharField(max_length=800, required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def saved_page(request: StaffRequest) -> HttpResponse:
    """GET: one's own views, to be changed. POST: keep a list under a name."""
    if request.method != "POST":
        return _show(request)
    form = KeepForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show(request, new=form, status=422)
    try:
        view = saved.keep(request.user, **form.cleaned_data)
    except saved.TooMany:
        form.add_error(None, _("You have 30 saved views. Delete one first."))
        return _show(request, new=form, status=422)
    except saved.TooLong:
        form.add_error(None, _("This filter is too long to be saved. Shorten it."))
        return _show(request, new=form, status=422)
    messages.success(request, _("The view is saved. It stands at the left, with its count."))
    return _to(f"{reverse('desk')}?{Wish.of(view.asks).query}")


@require_POST
@staff_only
def saved_change(request: StaffRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    form = NameForm(request.POST, user=request.user, prefix=f"v{pk}")
    if not form.is_valid():
        return _show(request, changed=(pk, form), status=422)
    try:
        saved.change(view, **form.cleaned_data)
    except saved.NameTaken:
        form.add_error("name", _("Another of your views has this name."))
        return _show(request, changed=(pk, form), status=422)
    messages.success(request, _("The view is changed."))
    return _to(reverse("desk-saved"))


@require_POST
@staff_only
def saved_removal(request: StaffRequest, pk: int) -> HttpResponse:
    saved.drop(_own(request, pk))
    messages.success(request, _("The view is deleted. The reports in it are as they were."))
    return _to(reverse("desk-saved"))


@require_POST
@staff_only
def saved_place(request: StaffRequest, pk: int) -> HttpResponse:
    saved.move(_own(request, pk), by=-1 if request.POST.get("richtung") == "hoch" else 1)
    return _to(f"{reverse('desk-saved')}#ansicht-{pk}")


@require_GET
@staff_only
def filter_help(request: StaffRequest) -> HttpResponse:
    """Every word of the filter language, with what may stand behind it here."""
    known = panel.words_of(shelf_of(request.user))
    rows = [(key, known.get(key.name, [])) for key in KEYS.values()]
    return render(request, "reports/staff/filter_help.html", {"rows": rows})


# ── Showing ──────────────────────────────────────────────────────────────────────────────────
def _own(request: StaffRequest, pk: int) -> SavedView:
    """404 for others', also for those that are shared with this user."""
    return get_object_or_404(saved.own_views(request.user), pk=pk)


def _show(
    request: StaffRequest,
    *,
    new: KeepForm | None = None,
    changed: tuple[int, NameForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = []
    for view in saved.own_views(request.user):
        initial = {"name": view.name, "department": view.department_id}
        form = NameForm(user=request.user, prefix=f"v{view.pk}", initial=initial)
        if changed and changed[0] == view.pk:
            form = changed[1]
        rows.append((view, Wish.of(view.asks), form))
    facts = {"rows": rows, "new": new, "failed": new or (changed and changed[1])}
    return render(request, "reports/staff/saved.html", facts, status=status)


def _to(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)
