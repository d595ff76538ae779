"""Fundanzeigen at the counter: what finders reported from home, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound.counter import counter_only, office_of
from lostfound.finders import desk as find_desk
from lostfound.finders import finds
from lostfound.finders import paper as find_paper
from lostfound.models import FindPhoto, FindReport, FindState
from lostfound.personal import disclosure
from lostfound.personal.disclosure import Address
from lostfound.receiving import intake
from lostfound.wording import DUTIES
from townhall import live
from townhall.codes import normalise
from townhall.models import User
from townhall.photos import file_response
from townhall.views.sign_in import StaffRequest, wants_fragment

PAGE = 50
VIEWS: dict[str, tuple[Any, tuple[FindState, ...]]] = {
    "offen": (_("To do"), (FindState.WAITING, FindState.QUERY)),
    "daheim": (_("With the finder"), (FindState.KEPT,)),
    "angenommen": (_("Taken in"), (FindState.TAKEN_IN,)),
    "erledigt": (_("Declined or withdrawn"), (FindState.REJECTED, FindState.WITHDRAWN)),
}


class WordsForm(forms.Form):
    """One text that the finder will read."""

    text = forms.CharField(
        max_length=2000,
        error_messages={"required": _("Write what the finder shall read.")},
        widget=forms.Textarea,
    )
    use_required_attribute = False


@require_GET
@counter_only
def finds_list(request: StaffRequest) -> HttpResponse:
    cursor = live.cursor()
    office = office_of(request)
    chosen = request.GET.get("ansicht", "")
    chosen = chosen if chosen in VIEWS else "offen"
    rows = FindReport.objects.visible_to(request.user).filter(
        office=office, state__in=VIEWS[chosen][1]
    )
    page = Paginator(
        rows.select_related("reporter", "item").order_by("-reported_at", "-pk"), PAGE
    ).get_page(request.GET.get("seite"))
    facts = {
        "office": office,
        "cursor": cursor,
        "page": page,
        "views": [(slug, name, slug == chosen) for slug, (name, _states) in VIEWS.items()],
        "chosen": chosen,
    }
    template = "_list" if wants_fragment(request) else "list"
    return render(request, f"lostfound/finds/{template}.html", facts)


@require_GET
@counter_only
def find_page(request: StaffRequest, code: str) -> HttpResponse:
    return _show(request, _find(request, code))


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def find_contact(request: StaffRequest, code: str) -> HttpResponse:
    """Who found it: shown this once, and noted."""
    find = _find(request, code)
    if request.method != "POST":  # a reload in a new window
        return HttpResponseRedirect(reverse("fund-find", args=[find.code]), status=303)
    found = disclosure.look_at_reporter(find, by=request.user)
    return _show(request, find, seen=True, address=found)


@require_GET
@counter_only
def find_photo(request: StaffRequest, code: str, image_id: UUID, size: str) -> HttpResponseBase:
    photo = get_object_or_404(
        FindPhoto.objects.select_related("image"), find=_find(request, code), image_id=image_id
    )
    response = file_response(photo.image, "thumb" if size == "thumb" else "full")
    response["Cache-Control"] = "private, max-age=600"
    return response


@require_POST
@counter_only
def find_at_home(request: StaffRequest, code: str) -> HttpResponse:
    """§ 966: entered, and the finder keeps it."""
    find = _find(request, code)
    try:
        item = find_desk.leave_at_home(find, by=request.user)
    except finds.TooLate:
        return _too_late(request, find)
    except (find_desk.NotAtHome, intake.Refused):
        messages.error(
            request,
            _("Enter this at the counter: something is missing or not allowed."),
        )
        return _show(request, find, status=422)
    messages.success(request, _("Entered. The finder keeps it and hears of it."))
    return HttpResponseRedirect(reverse("fund-item", args=[item.code]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def find_query(request: StaffRequest, code: str) -> HttpResponse:
    def ask(find: FindReport, by: User, text: str) -> None:
        find_desk.ask_back(find, by=by, question=text)

    return _words(request, code, "query", ask, _("Your question is on its way."))


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def find_refusal(request: StaffRequest, code: str) -> HttpResponse:
    def refuse(find: FindReport, by: User, text: str) -> None:
        find_desk.reject(find, by=by, reason=text)

    return _words(request, code, "refusal", refuse, _("The report is declined."))


def _words(
    request: StaffRequest,
    code: str,
    slug: str,
    deed: Callable[[FindReport, User, str], None],
    done: Any,
) -> HttpResponse:
    find = _find(request, code)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request, find, slug=slug, form=form)
    if not form.is_valid():
        return _show(request, find, slug=slug, form=form, status=422)
    try:
        deed(find, request.user, form.cleaned_data["text"])
    except finds.TooLate:
        return _too_late(request, find)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("fund-find", args=[find.code]), status=303)


def _find(request: HttpRequest, code: str) -> FindReport:
    """Of one of the user's counters. Raises Http404."""
    known = normalise(code)
    find = (
        FindReport.objects.visible_to(request.user)
        .select_related("office__municipality", "found_in", "find_place", "reporter", "item")
        .filter(code=known)
        .first()
        if known
        else None
    )
    if find is None:
        raise Http404
    return find


def _too_late(request: StaffRequest, find: FindReport) -> HttpResponse:
    messages.error(request, _("Somebody else has dealt with it meanwhile."))
    return _show(request, _find(request, find.code), status=409)


def _show(
    request: StaffRequest,
    find: FindReport,
    *,
    slug: str = "",
    form: WordsForm | None = None,
    seen: bool = False,
    address: Address | None = None,
    status: int = 200,
) -> HttpResponse:
    duty = finds.duty_of(find.value_cents, regime=find.law_regime)
    facts = {
        "find": find,
        "office": find.office,
        "reporter": getattr(find, "reporter", None),
        "photos": find.photos.select_related("image"),
        "said": find_paper.said(find),
        "duty": duty,
        "duty_words": DUTIES[duty.duty],
        "may_stay": find_desk.may_stay_at_home(find),
        "slug": slug,
        "form": form,
        "seen": seen,
        "address": address,
        "looks": disclosure.looks_at(find)[:20],
    }
    return render(request, "lostfound/finds/page.html", facts, status=status)
