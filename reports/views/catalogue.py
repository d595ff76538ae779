"""`/verwaltung/kategorien`: what administrators offer, ask and block.

What holds for all municipalities is changed by whoever administers all of them; others look at it,
and keep their own terms, questions and blocks.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.catalogue import offered as catalogue
from reports.catalogue import upkeep
from reports.catalogue.asking import Questions
from reports.catalogue.forms import (
    BlockForm,
    CategoryForm,
    ConditionForm,
    GroupForm,
    KeeperForm,
    OfferForm,
    QuestionForm,
)
from reports.catalogue.proposals import propose
from reports.catalogue.upkeep import InUse, Keeper
from reports.models import Block, Category, Offer, Question
from townhall.views.sign_in import StaffRequest, staff_only

MAX_WORDS = 200


def _keeper(request: StaffRequest) -> Keeper:
    keeper = upkeep.keeper_of(request.user)
    if keeper is None:
        raise Http404
    return keeper


def _keeper_of_all(request: StaffRequest) -> Keeper:
    keeper = _keeper(request)
    if not keeper.keeps_all:
        raise Http404
    return keeper


def _category(code: str) -> Category:
    category: Category = get_object_or_404(Category.objects.select_related("group"), code=code)
    return category


# ── Looking ──────────────────────────────────────────────────────────────────────────────────
@require_safe
@staff_only
def overview(request: StaffRequest) -> HttpResponse:
    """All groups and categories; `?wort=` tries which ones words would find."""
    keeper = _keeper(request)
    words = request.GET.get("wort", "")[:MAX_WORDS].strip()
    town = keeper.only_town or keeper.towns[0]
    facts = {
        "keeper": keeper,
        "groups": _groups(keeper),
        "words": words,
        "found": propose(catalogue.offered_at(town), text=words) if words else [],
    }
    return _private(render(request, "reports/catalogue/overview.html", facts))


def _groups(keeper: Keeper) -> list[dict[str, Any]]:
    mine = [town.pk for town in keeper.towns]
    rows = Category.objects.annotate(
        asked=Count("questions", filter=Q(questions__is_active=True), distinct=True),
        barred=Count("blocks", filter=Q(blocks__is_active=True), distinct=True),
        offered=Count(
            "offers",
            filter=Q(offers__is_active=True, offers__municipality__in=mine),
            distinct=True,
        ),
    ).order_by("position", "name")
    categories = list(rows)
    return [
        {"head": head, "categories": [each for each in categories if each.group_id == head.pk]}
        for head in categories
        if head.group_id is None
    ]


@require_safe
@staff_only
def category_page(request: StaffRequest, code: str) -> HttpResponse:
    """One category: its terms, questions and blocks, and how residents see it."""
    keeper, category = _keeper(request), _category(code)
    if category.group_id is None:
        return HttpResponseRedirect(reverse("catalogue-group", args=[code]))
    town = keeper.only_town or keeper.towns[0]
    entry = catalogue.find(code, municipality=town)
    offers = {each.municipality_id: each for each in category.offers.all()}
    things = Q(municipality=None) | Q(municipality__in=keeper.towns)
    questions = category.questions.filter(things).select_related("municipality")
    facts = {
        "keeper": keeper,
        "category": category,
        "questions": [
            {"row": each, "may": keeper.may(each)} for each in questions if each.is_active
        ],
        "retired": [each for each in questions if not each.is_active and keeper.may(each)],
        "blocks": [
            {"row": each, "may": keeper.may(each)}
            for each in category.blocks.filter(things).select_related("municipality")
        ],
        "terms": [(each, offers.get(each.pk)) for each in keeper.towns],
        "reports": upkeep.report_count(category),
        "sheet": {
            "entry": entry,
            "questions": Questions(entry, {}, lambda _field: []),
            "town": town,
        },
    }
    return _private(render(request, "reports/catalogue/category.html", facts))


# ── Changing ─────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def category_form(request: StaffRequest, code: str = "") -> HttpResponse:
    keeper = _keeper_of_all(request)
    category = _category(code) if code else Category(position=100)
    if code and category.group_id is None:
        raise Http404
    form = CategoryForm(_sent(request), instance=category)
    if not (form.is_bound and form.is_valid()):
        title = _("Change the category") if code else _("Add a category")
        return _form_page(request, form, title, category, "category")
    if code:
        form.save()
    else:
        upkeep.begin_category(form.instance, keeper.towns)
    return _saved(request, form.instance)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def group_form(request: StaffRequest, code: str = "") -> HttpResponse:
    keeper = _keeper_of_all(request)
    group = _category(code) if code else Category(position=1000)
    if group.group_id is not None:
        raise Http404
    form = GroupForm(_sent(request), instance=group)
    if not (form.is_bound and form.is_valid()):
        title = _("Change the group") if code else _("Add a group")
        return _form_page(request, form, title, group, "group")
    if code:
        form.save()
    else:
        upkeep.begin_category(form.instance, keeper.towns)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("catalogue"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def question_form(request: StaffRequest, code: str, question: str = "") -> HttpResponse:
    keeper, category = _keeper(request), _category(code)
    if question:
        row = _question(keeper, category, question)
    else:
        row = Question(category=category, municipality=keeper.only_town)
    form = QuestionForm(_sent(request), instance=row, keeper=keeper)
    if not (form.is_bound and form.is_valid()):
        title = _("Change the question") if question else _("Add a question")
        return _form_page(request, form, title, category, "question")
    if question:
        form.save()
    else:
        upkeep.begin_question(form.instance)
    return _saved(request, category)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def block_form(request: StaffRequest, code: str, pk: int | None = None) -> HttpResponse:
    keeper, category = _keeper(request), _category(code)
    if pk is None:
        row = Block(category=category, municipality=keeper.only_town)
    else:
        row = _block(keeper, category, pk)
    form = BlockForm(_sent(request), instance=row, keeper=keeper)
    if not (form.is_bound and form.is_valid()):
        title = _("Change the block") if pk else _("Add a block")
        return _form_page(request, form, title, category, "block")
    form.save()
    return _saved(request, category)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def offer_form(request: StaffRequest, code: str, town: str) -> HttpResponse:
    keeper, category = _keeper(request), _category(code)
    municipality = next((each for each in keeper.towns if each.slug == town), None)
    if municipality is None or category.group_id is None:
        raise Http404
    known = Offer.objects.filter(municipality=municipality, category=category).first()
    offer = known or Offer(municipality=municipality, category=category)
    form = OfferForm(_sent(request), instance=offer)
    if not (form.is_bound and form.is_valid()):
        title = _("Terms in %(town)s") % {"town": municipality.name}
        return _form_page(request, form, title, category, "offer")
    form.save()
    return _saved(request, category)


@require_POST
@staff_only
def category_removal(request: StaffRequest, code: str) -> HttpResponse:
    _keeper_of_all(request)
    category = _category(code)
    try:
        upkeep.remove_category(category)
    except InUse as used:
        return _refused(request, category, used)
    messages.success(request, _("Removed."))
    return HttpResponseRedirect(reverse("catalogue"), status=303)


@require_POST
@staff_only
def question_removal(request: StaffRequest, code: str, question: str) -> HttpResponse:
    keeper, category = _keeper(request), _category(code)
    try:
        is_gone = upkeep.remove_question(_question(keeper, category, question))
    except InUse as used:
        return _refused(request, category, used)
    kept = _("It is asked no more. Reports that answered it keep their answer.")
    return _saved(request, category, _("Removed.") if is_gone else kept)


@require_POST
@staff_only
def question_return(request: StaffRequest, code: str, question: str) -> HttpResponse:
    """A retired question is asked again."""
    keeper, category = _keeper(request), _category(code)
    row = _question(keeper, category, question)
    row.is_active = True
    row.save(update_fields=["is_active"])
    return _saved(request, category)


@require_POST
@staff_only
def question_place(request: StaffRequest, code: str, question: str) -> HttpResponse:
    keeper, category = _keeper(request), _category(code)
    row = _question(keeper, category, question)
    try:
        upkeep.move_question(row, up=request.POST.get("nach") == "oben")
    except InUse as used:
        return _refused(request, category, used)
    return _saved(request, category)


@require_POST
@staff_only
def block_removal(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    keeper, category = _keeper(request), _category(code)
    _block(keeper, category, pk).delete()
    return _saved(request, category, _("Removed."))


# ── Helpers ──────────────────────────────────────────────────────────────────────────────────
def _question(keeper: Keeper, category: Category, code: str) -> Question:
    question: Question = get_object_or_404(category.questions, code=code)
    if not keeper.may(question):
        raise Http404
    return question


def _block(keeper: Keeper, category: Category, pk: int) -> Block:
    block: Block = get_object_or_404(category.blocks, pk=pk)
    if not keeper.may(block):
        raise Http404
    return block


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form_page(
    request: StaffRequest, form: KeeperForm, title: str, category: Category, kind: str
) -> HttpResponse:
    facts = {
        "form": form,
        "title": title,
        "category": category,
        "kind": kind,
        "conditions": form.conditions if isinstance(form, ConditionForm) else [],
    }
    status = 422 if form.is_bound else 200
    return _private(render(request, "reports/catalogue/form.html", facts, status=status))


def _saved(request: StaffRequest, category: Category, words: str = "") -> HttpResponse:
    messages.success(request, words or _("Saved."))
    return HttpResponseRedirect(reverse("catalogue-category", args=[category.code]), status=303)


def _refused(request: StaffRequest, category: Category, used: InUse) -> HttpResponse:
    """Not done, and why; the page shows it on top."""
    for reason in used.reasons:
        messages.error(request, reason)
    goal = "catalogue-group" if category.group_id is None else "catalogue-category"
    return HttpResponseRedirect(reverse(goal, args=[category.code]), status=303)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
