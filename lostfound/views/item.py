"""The page of one found thing, for the counter that keeps it, and what is changed there.

Each form posts the version that its page showed. A deed that comes too late answers 409 with what
has happened since, and with everything that was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound import panels, wording
from lostfound.catalogue import MARKS, answers_to
from lostfound.counter import counter_only, item_of
from lostfound.finders import wishes
from lostfound.models import Event, FoundItem, HiddenMark, Photo, ProofQuestion, Whose
from lostfound.personal import disclosure
from lostfound.personal.disclosure import Address
from lostfound.receiving import amending
from lostfound.receiving.amending import Closed, TooLate
from lostfound.receiving.forms import IntakeForm
from lostfound.receiving.intake import Question, Refused
from lostfound.receiving.item_forms import PartForm, RowsForm, words_for
from lostfound.receiving.papers import due_of
from lostfound.wording import WAIVERS
from townhall import drafts, live, sites
from townhall.photos import file_response
from townhall.views.sign_in import StaffRequest, wants_fragment

from .intake import NEW, facts_of, with_photos


class SeeOther(HttpResponseRedirect):
    """After a deed: look there, by GET."""

    status_code = 303


# ── Looking ──────────────────────────────────────────────────────────────────────────────────
@require_GET
@counter_only
def item_page(request: StaffRequest, code: str) -> HttpResponse:
    return show(request, item_of(request, code))


def show(
    request: StaffRequest,
    item: FoundItem,
    *,
    typed: QueryDict | None = None,
    at: str = "",
    seen: Whose | None = None,
    address: Address | None = None,
    complaints: Sequence[Any] = (),
    late: Sequence[Event] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the form `at` (parts, marks, photos) as it was left. `seen`: whose address it
    may show this once.
    """
    cursor = live.cursor()
    rows = RowsForm(typed if typed is not None else QueryDict(), item=item)
    marks, questions = list(item.marks.order_by("pk")), list(item.questions.all())
    facts = {
        "item": item,
        "office": item.office,
        "form": rows.form,
        "at": at,
        "complaints": complaints,
        "late": late,
        "is_new": NEW in request.GET,
        "cursor": cursor,
        "finder": getattr(item, "finder", None),
        "seen": seen,
        "address": address,
        "rights_left": [(right, WAIVERS[right]) for right in wishes.rights_left(item)],
        "due": due_of(item),
        "marks": [(MARKS[mark.kind], mark) for mark in marks],
        "questions": questions,
        "question_rows": _with_offers(item, questions, marks),
        "photos": list(item.photos.select_related("image")),
        "parts": list(item.parts.order_by("pk")),
        "panels": panels.of_item(item, request.user),
        "custody": list(item.custody.select_related("by", "witness")),
        "events": list(item.events.select_related("actor").order_by("-id")),
        "kind_hint": wording.KIND_HINTS.get(item.law_kind.value),
    }
    template = "_item" if wants_fragment(request) else "page"
    return render(request, f"lostfound/item/{template}.html", facts, status=status)


def _with_offers(
    item: FoundItem, questions: Sequence[ProofQuestion], marks: Sequence[HiddenMark]
) -> list[Question]:
    """For the form: where no answer was noted, the mark that is one."""
    offers = answers_to(item.kind, {mark.kind: mark.text or mark.tail for mark in marks})
    return [Question(each.text, each.answer or offers.get(each.text, "")) for each in questions]


@require_GET
@counter_only
def photo(request: StaffRequest, image_id: UUID, size: str) -> HttpResponseBase:
    """A photo of a thing at one of this user's counters."""
    mine = FoundItem.objects.visible_to(request.user)
    found = get_object_or_404(
        Photo.objects.select_related("image"), image_id=image_id, item__in=mine
    )
    answer = file_response(found.image, "thumb" if size == "thumb" else "full")
    answer["Cache-Control"] = "private, max-age=600"
    return answer


# ── The facts ────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def change_page(request: StaffRequest, code: str) -> HttpResponse:
    """The intake's own form, filled in; of a part its few facts."""
    item = item_of(request, code)
    if item.part_of_id:
        return _change_part(request, item)
    if request.method != "POST":
        if hasattr(item, "finder"):
            disclosure.saw(item, Whose.FINDER, by=request.user)
        draft = drafts.take(request)
        form = IntakeForm.of(item)
        if draft is not None:
            messages.warning(request, _("You had been signed out. Your changes are here."))
            form = IntakeForm(draft, office=item.office, is_change=True)
            form.hush()
        return _show_change(request, item, form)
    form = IntakeForm(request.POST, office=item.office, is_change=True)
    if request.POST.get("action") != "save":
        form.hush()
        return _show_change(request, item, form)
    if not form.is_valid():
        return _show_change(request, item, form, status=422)
    version = form.known.get("version") or -1
    try:
        amending.change(item, form.facts(), by=request.user, version=version)
    except Refused as refused:
        form.object_to(refused.objections)
        return _show_change(request, item, form, status=422)
    except TooLate as late:
        again = _again(request, item, late)
        return _show_change(request, item, again, late=late.events, status=409)
    except Closed:
        return _closed(request, item)
    messages.success(request, _("The changes are saved."))
    return SeeOther(reverse("fund-item", args=[item.code]))


def _again(request: StaffRequest, item: FoundItem, late: TooLate) -> IntakeForm:
    """What was typed, to be saved over what has happened since, if that is still meant."""
    data = request.POST.copy()
    data["version"] = str(late.item.version)
    again = IntakeForm(data, office=item.office, is_change=True)
    again.hush()
    return again


def _show_change(
    request: StaffRequest,
    item: FoundItem,
    form: IntakeForm,
    *,
    late: Sequence[Event] | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = {
        **facts_of(form),
        "item": item,
        "office": item.office,
        "late": late,
        "map": sites.crosshair(request),
    }
    template = "intake/_form" if wants_fragment(request) else "item/change"
    return render(request, f"lostfound/{template}.html", facts, status=status)


def _change_part(request: StaffRequest, item: FoundItem) -> HttpResponse:
    form = PartForm(request.POST if request.method == "POST" else None, item=item)
    late: Sequence[Event] | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                version = form.cleaned_data["version"]
                amending.change_part(item, form.own_facts(), by=request.user, version=version)
            except Refused as refused:
                form.add_error("kind", words_for(list(refused.objections)))
            except TooLate as too_late:
                late, status = too_late.events, 409
                data = request.POST.copy()
                data["version"] = str(too_late.item.version)
                form = PartForm(data, item=item)
            except Closed:
                return _closed(request, item)
            else:
                messages.success(request, _("The changes are saved."))
                return SeeOther(reverse("fund-item", args=[item.code]))
    facts = {"item": item, "office": item.office, "part_form": form, "late": late}
    return render(request, "lostfound/item/change_part.html", facts, status=status)


# ── Parts, marks, photos ─────────────────────────────────────────────────────────────────────
def _amend(
    request: StaffRequest, item: FoundItem, at: str, deed: Callable[[], object], *, typed: QueryDict
) -> HttpResponse:
    """Do it, or show the page again with the form as it was left."""
    try:
        deed()
    except Refused as refused:
        words = words_for(list(refused.objections))
        return show(request, item, typed=typed, at=at, complaints=words, status=422)
    except TooLate as late:
        return show(
            request, item_of(request, item.code), typed=typed, at=at, late=late.events, status=409
        )
    except Closed:
        return _closed(request, item)
    return SeeOther(f"{reverse('fund-item', args=[item.code])}#{at}")


@require_POST
@counter_only
def parts(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    rows = RowsForm(request.POST, item=item)
    if words := rows.complaints():
        return show(request, item, typed=request.POST, at="teile", complaints=words, status=422)
    new = rows.parts
    if not new or request.POST.get("action") == "look":  # another line, or nothing typed
        return show(request, item, typed=request.POST, at="teile")
    return _amend(
        request,
        item,
        "teile",
        lambda: amending.add_parts(item, new, by=request.user, version=rows.version),
        typed=request.POST,
    )


@require_POST
@counter_only
def marks(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    rows = RowsForm(request.POST, item=item)
    keep = [int(each) for each in request.POST.getlist("keep")[:50] if each.isdecimal()]
    return _amend(
        request,
        item,
        "merkmale",
        lambda: amending.rewrite_marks(
            item,
            keep=[pk for pk in keep if pk < 2**63],
            marks=rows.marks,
            questions=rows.questions,
            no_mark_visible="no_mark_visible" in request.POST,
            by=request.user,
            version=rows.version,
        ),
        typed=request.POST,
    )


@require_POST
@counter_only
def add_photos(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    data, refusals = with_photos(request)
    rows = RowsForm(data, item=item)
    ids = rows.form.photo_ids
    if refusals or not ids:
        words = refusals or [_("Choose a photo first.")]
        return show(request, item, typed=data, at="fotos", complaints=words, status=422)
    return _amend(
        request,
        item,
        "fotos",
        lambda: amending.add_photos(item, ids, by=request.user, version=rows.version),
        typed=data,
    )


@require_POST
@counter_only
def photo_removal(request: StaffRequest, code: str, image_id: UUID) -> HttpResponse:
    item = item_of(request, code)
    rows = RowsForm(request.POST, item=item)
    return _amend(
        request,
        item,
        "fotos",
        lambda: amending.remove_photo(item, image_id, by=request.user, version=rows.version),
        typed=request.POST,
    )


def _closed(request: HttpRequest, item: FoundItem) -> HttpResponse:
    messages.error(request, _("This case is closed. Nothing has been changed."))
    return SeeOther(reverse("fund-item", args=[item.code]))
