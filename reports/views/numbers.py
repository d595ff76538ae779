"""`/amt/zahlen`: what became of the reports, as page, as table file, as paper of an Ortsteil."""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.models import Category
from reports.numbers import paper, reading
from reports.numbers.reading import Answer, Question, answer
from reports.numbers.spans import BadSpan, Span
from townhall.models import Department, Municipality
from townhall.papers import NotPrinted
from townhall.people import scope_of
from townhall.spreadsheets import as_csv
from townhall.views.sign_in import StaffRequest, staff_only

log = logging.getLogger(__name__)


@require_safe
@staff_only
def numbers_page(request: StaffRequest) -> HttpResponse:
    """The page. A span that can't be is told beside its field, and the last weeks are shown."""
    _only_staff_of_reports(request)
    today, wrong = timezone.localdate(), ""
    try:
        question = Question.parse(request.GET, today=today)
    except BadSpan as refused:
        wrong = refused.field
        kept = {key: value for key, value in request.GET.items() if key not in {"von", "bis"}}
        question = Question.parse(kept, today=today)
    facts = {
        "question": question,
        "answer": answer(question, request.user),
        "wrong": wrong,
        "typed": _typed(request, question.span, is_wrong=bool(wrong)),
        "sections": [],
        **_choices(request),
    }
    facts["sections"] = _sections(facts["answer"])
    return _private(
        render(request, "reports/numbers/page.html", facts, status=422 if wrong else 200)
    )


@require_safe
@staff_only
def numbers_csv(request: StaffRequest) -> HttpResponse:
    """All groups in one table: how it is grouped, the group, its numbers."""
    _only_staff_of_reports(request)
    question = _question(request)
    told = answer(question, request.user)
    parts = (
        (_("In all"), [reading.Row(_("In all"), told.total)]),
        (_("Week") if question.span.step == "week" else _("Month"), told.steps),
        (_("Category"), told.categories),
        (_("Department"), told.departments),
        (_("Part of town"), told.localities),
    )
    rows = [[name, *row] for name, group in parts for row in reading.table(group)]
    text = as_csv([_("Grouped by"), _("Which one"), *reading.columns()], rows)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(question)}.csv"'
    return _private(response)


@require_safe
@staff_only
def numbers_paper(request: StaffRequest) -> HttpResponse:
    """One page of one Ortsteil."""
    _only_staff_of_reports(request)
    question = _question(request)
    town = Municipality.objects.filter(key=question.town).first()
    if town is None or not question.locality:
        raise Http404
    told = answer(question, request.user)
    if told.is_empty and not told.open_now:  # nowhere of ours, or nothing ever reported there
        raise Http404
    try:
        pdf = paper.print_locality(told, town)
    except NotPrinted:
        log.exception("numbers of %s were not printed", question.town)
        return render(request, "reports/no_paper.html", status=503)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_file_name(question)}.pdf"'
    return _private(response)


def _only_staff_of_reports(request: StaffRequest) -> None:
    if not scope_of(request.user).sees_reports:
        raise Http404


def _question(request: StaffRequest) -> Question:
    try:
        return Question.parse(request.GET, today=timezone.localdate())
    except BadSpan:
        raise Http404 from None


def _typed(request: StaffRequest, span: Span, *, is_wrong: bool) -> dict[str, str]:
    """What stands in the date fields: after a mistake what was typed."""
    if is_wrong:
        return {name: request.GET.get(name, "")[:20] for name in ("von", "bis")}
    return {"von": span.first.isoformat(), "bis": span.last.isoformat()}


def _choices(request: StaffRequest) -> dict[str, Any]:
    scope, today = scope_of(request.user), timezone.localdate()
    towns = Municipality.objects.filter(pk__in=scope.municipality_ids)
    departments = Department.objects.filter(
        Q(pk__in=scope.department_ids) | Q(serves__in=scope.municipality_ids)
    )
    spans = (
        (_("4 weeks"), Span.lately(today, weeks=4)),
        (_("12 weeks"), Span.lately(today)),
        (_("this year"), Span(today.replace(month=1, day=1), today)),
        (
            _("last year"),
            Span(
                today.replace(year=today.year - 1, month=1, day=1),
                today.replace(year=today.year - 1, month=12, day=31),
            ),
        ),
    )
    return {
        "towns": towns.order_by("name"),
        "departments": departments.distinct().order_by("name"),
        "categories": Category.objects.filter(group__isnull=False).order_by("name"),
        "spans": [
            (name, {"von": s.first.isoformat(), "bis": s.last.isoformat()}, s) for name, s in spans
        ],
    }


def _sections(told: Answer) -> list[dict[str, Any]]:
    return [
        {
            "slug": "kategorien",
            "name": _("By category"),
            "head": _("Category"),
            "rows": told.categories,
        },
        {
            "slug": "aemter",
            "name": _("By department"),
            "head": _("Department"),
            "rows": told.departments,
        },
        {
            "slug": "orte",
            "name": _("By part of town"),
            "head": _("Part of town"),
            "rows": told.localities,
        },
    ]


def _file_name(question: Question) -> str:
    span = question.span
    place = slugify(question.locality) or question.town
    return "-".join(filter(None, ["zahlen", place, f"{span.first}", f"{span.last}"]))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
