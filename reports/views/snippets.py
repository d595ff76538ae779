"""`/verwaltung/textbausteine`: the words that staff keep ready for answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.deeds import snippets
from reports.deeds.placeholders import PLACEHOLDERS
from reports.deeds.snippet_forms import SnippetForm
from reports.deeds.snippets import Shelf
from reports.models import Snippet
from townhall.views.sign_in import StaffRequest, staff_only


def _shelf(request: StaffRequest) -> Shelf:
    shelf = snippets.shelf_of(request.user)
    if shelf is None:
        raise Http404
    return shelf


@require_safe
@staff_only
def overview(request: StaffRequest) -> HttpResponse:
    """All that somebody looks after, by whose they are."""
    rows = list(_shelf(request).snippets)
    return render(request, "reports/staff/snippets/list.html", {"snippets": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def snippet_form(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """GET: the form. POST: kept, or with `vorschau` shown as it would read."""
    shelf = _shelf(request)
    snippet = get_object_or_404(shelf.snippets, pk=pk) if pk else None
    if request.method == "POST":
        return _keep(request, shelf, snippet)
    form = SnippetForm.of(snippet, shelf=shelf) if snippet else SnippetForm(shelf=shelf)
    return _show(request, form, snippet)


@require_POST
@staff_only
def snippet_removal(request: StaffRequest, pk: int) -> HttpResponse:
    snippet = get_object_or_404(_shelf(request).snippets, pk=pk)
    snippets.retire(snippet, by=request.user)
    messages.success(request, _("“%(title)s” is offered no longer.") % {"title": snippet.title})
    return HttpResponseRedirect(reverse("snippets"), status=303)


def _keep(request: StaffRequest, shelf: Shelf, snippet: Snippet | None) -> HttpResponse:
    form = SnippetForm(request.POST, shelf=shelf)
    if not form.is_valid():
        return _show(request, form, snippet, status=422)
    if "vorschau" in request.POST:
        return _show(request, form, snippet)
    version = form.cleaned_data["version"]
    try:
        snippets.keep(snippet, form.wording(), by=request.user, version=version)
    except snippets.TitleTaken:
        form.add_error("title", _("There are words of this name already."))
        return _show(request, form, snippet, status=422)
    except snippets.Overtaken:
        form.add_error(None, _("A colleague has changed it meanwhile. Open it again."))
        return _show(request, form, snippet, status=409)
    messages.success(request, _("The words are kept."))
    return HttpResponseRedirect(reverse("snippets"), status=303)


def _show(
    request: StaffRequest, form: SnippetForm, snippet: Snippet | None, *, status: int = 200
) -> HttpResponse:
    example = snippets.example_for(request.user)
    facts: dict[str, Any] = {
        "form": form,
        "snippet": snippet,
        "placeholders": PLACEHOLDERS.items(),
        "report": example,
        "preview": form.shown(example) if example and form["text"].value() else None,
    }
    return render(request, "reports/staff/snippets/form.html", facts, status=status)
