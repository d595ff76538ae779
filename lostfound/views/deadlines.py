"""The board of deadlines, and what is done to many things of it at once."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from lostfound.catalogue import GROUPS
from lostfound.counter import counter_only, office_of
from lostfound.ending import board, bulk, disposal, notices
from lostfound.ending.board import Tab, Wish
from lostfound.ending.bulk import WAY_OF, Action, Result
from lostfound.ending.forms import AuctionChoiceForm, DisposalForm, ForwardForm, NoticeForm
from lostfound.ending.forwarding import Cover
from lostfound.models import Deadline, FoundItem, Office, Regime
from lostfound.wording import KEPT, STEPS
from townhall import live
from townhall.spreadsheets import safe
from townhall.views.sign_in import StaffRequest, wants_fragment


def office_or_404(request: StaffRequest) -> Office:
    office = office_of(request)
    if office is None:
        raise Http404
    return office


# ── The board ────────────────────────────────────────────────────────────────────────────────
@require_GET
@counter_only
def deadlines(request: StaffRequest) -> HttpResponse:
    """Eight statements at most, however many rows there are."""
    cursor = live.cursor()  # first: what happens while we read is told again rather than missed
    office = office_or_404(request)
    today = timezone.localdate()
    counts = board.counts(office, today=today)
    wish = board.read(request.GET, otherwise=_first(counts))
    facts: dict[str, Any] = {
        "office": office,
        "tabs": _tabs(wish, counts),
        "wish": wish,
    }
    if wants_fragment(request):
        return render(request, "lostfound/deadlines/_tabs.html", facts)
    found = board.page(office, wish, today=today)
    facts |= {
        "cursor": cursor,
        "topic": f"found:{office.slug}",
        "page": found,
        "rows": [(row, bulk.actions_for(row.deadline)) for row in found.rows],
        "older": f"{wish.query()}&nach={found.next}" if found.next else "",
        "groups": GROUPS.values(),
        "steps": [(code, words) for code, words in STEPS.items() if code != "wait"],
        "regimes": Regime.choices,
        "actions": ACTIONS,
    }
    return render(request, "lostfound/deadlines/board.html", facts)


def _first(counts: dict[str, int]) -> Tab:
    """Where one begins: what is late, else what is next."""
    tabs = (Tab.OVERDUE, Tab.TODAY, Tab.WEEK)
    return next((tab for tab in tabs if counts[tab.value]), Tab.ALL)


def _tabs(wish: Wish, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        Tab.OVERDUE: _("Overdue"),
        Tab.TODAY: _("Due today"),
        Tab.WEEK: _("In 7 days"),
        Tab.ALL: _("All"),
    }
    return [
        {
            "tab": tab.value,
            "label": label,
            "count": counts[tab.value],
            "query": wish.query(frist=tab.value),
            "is_here": tab is wish.tab,
            "is_urgent": tab is Tab.OVERDUE,
        }
        for tab, label in labels.items()
    ]


@require_GET
@counter_only
def deadlines_file(request: StaffRequest) -> StreamingHttpResponse:
    """The same rows as a table file, all pages of it."""
    office = office_or_404(request)
    today = timezone.localdate()
    rows = board.all_of(office, board.read(request.GET), today=today)
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    name = f"fristen-{office.slug}-{today:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Echo:
    """What a csv.writer writes is what it returns."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterator[board.Row]) -> Iterator[str]:
    write = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n").writerow
    head = [_("Number"), _("File number"), _("Thing"), _("Found"), _("Due"), _("Rule")]
    yield "\ufeff" + write([*head, _("Paragraph"), _("Certainty"), _("Next steps")])
    for row in rows:
        item = row.deadline.item
        said = (
            item.shown_code,
            item.file_number,
            item.title,
            item.found_on.isoformat(),
            row.deadline.due_on.isoformat(),
            row.rule,
            row.deadline.cite,
            row.deadline.certainty,
            ", ".join(str(option.label) for option in row.options),
        )
        yield write([safe(each) for each in said])


# ── One deed for many ────────────────────────────────────────────────────────────────────────
ACTIONS = [
    (Action.TELL, gettext_lazy("Tell the finder")),
    (Action.NOTICE, gettext_lazy("Announce publicly")),
    (Action.AUCTION, gettext_lazy("Auction")),
    (Action.SALE, gettext_lazy("Propose a sale")),
    (Action.GIFT, gettext_lazy("Propose a gift")),
    (Action.DESTRUCTION, gettext_lazy("Propose destruction")),
    (Action.FORWARD, gettext_lazy("Pass on")),
    (Action.BOOK, gettext_lazy("Book the money")),
]
_FORMS: dict[Action, type[Any]] = {
    Action.NOTICE: NoticeForm,
    Action.AUCTION: AuctionChoiceForm,
    Action.SALE: DisposalForm,
    Action.GIFT: DisposalForm,
    Action.DESTRUCTION: DisposalForm,
    Action.FORWARD: ForwardForm,
}


@require_GET
@counter_only
def choose(request: StaffRequest) -> HttpResponse:
    """The board's form says which deed and which things; the deed's own page asks the rest."""
    action = request.GET.get("tat", "")
    if action not in set(Action):
        raise Http404
    codes = [("sache", code) for code in request.GET.getlist("sache")[: bulk.MOST]]
    if not codes:
        messages.warning(request, _("Choose at least one thing."))
        return HttpResponseRedirect(reverse("fund-deadlines"), status=303)
    return HttpResponseRedirect(f"{reverse('fund-bulk', args=[action])}?{urlencode(codes)}")


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def many(request: StaffRequest, action: str) -> HttpResponse:
    """GET: what will happen, thing by thing. POST: it has, with a result for each."""
    if action not in set(Action):
        raise Http404
    deed = Action(action)
    office = office_or_404(request)
    sent = request.POST if request.method == "POST" else request.GET
    rows = _chosen(office, sent.getlist("sache"))
    form_class = _FORMS.get(deed)
    form = (
        form_class(request.POST if request.method == "POST" else None, office=office, action=deed)
        if form_class
        else None
    )
    results: list[Result] | None = None
    goal = ""
    if request.method == "POST" and rows and (form is None or form.is_valid()):
        results, goal = _do(request, office, deed, [row.item for row in rows], form)
    label = dict(ACTIONS)[deed]
    hindrances = {} if results is not None else bulk.hindrances(rows, deed)
    facts = {
        "office": office,
        "action": deed,
        "title": label,
        "rows": [(row, hindrances.get(row.item_id)) for row in rows],
        "form": form,
        "results": results,
        "goal": goal,
        "ready": len(rows) - len(hindrances),
        "has_failed": bool(results) and all(result.problem for result in results or ()),
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "lostfound/deadlines/many.html", facts, status=status)


def _chosen(office: Office, codes: Sequence[str]) -> list[Deadline]:
    """Of this office; others' are as if they were not there. One statement."""
    wanted = [code[:8] for code in codes[: bulk.MOST]]
    rows = Deadline.objects.filter(office=office, item__code__in=wanted)
    return list(
        rows.select_related("item__office__municipality", "item__part_of")
        .prefetch_related("item__parts")
        .order_by("due_on", "pk")
    )


def _do(
    request: StaffRequest, office: Office, deed: Action, items: list[FoundItem], form: Any
) -> tuple[list[Result], str]:
    """The results, and where to go on."""
    by = request.user
    match deed:
        case Action.TELL:
            return bulk.tell_finders(items, by=by), ""
        case Action.BOOK:
            return bulk.book(items, by=by), ""
        case Action.FORWARD:
            given = form.cleaned_data
            cover = Cover(given["to"], given["receiver"], given["address"], given["note"])
            return bulk.forward(items, cover, by=by), ""
        case Action.AUCTION:
            results, auction = bulk.put_up(items, lambda: form.auction(office, by=by), by=by)
            return results, reverse("fund-auction", args=[auction.pk]) if auction else ""
        case Action.NOTICE:
            return _announce(office, items, form.cleaned_data["posted_on"], request)
        case _:
            return _propose(office, deed, items, form.cleaned_data, request)


def _announce(
    office: Office, items: list[FoundItem], posted_on: dt.date, request: StaffRequest
) -> tuple[list[Result], str]:
    posted = notices.post(office, items, by=request.user, posted_on=posted_on)
    results = [Result(item) for item in posted.taken]
    results += [Result(item, KEPT["not_now"]) for item in posted.refused]
    goal = reverse("fund-notice", args=[posted.notice.pk]) if posted.notice else ""
    return results, goal


def _propose(
    office: Office, deed: Action, items: list[FoundItem], given: Any, request: StaffRequest
) -> tuple[list[Result], str]:
    found = disposal.propose(
        office,
        WAY_OF[deed],
        items,
        by=request.user,
        reason=given["reason"],
        receiver=given.get("receiver", ""),
    )
    results = [
        Result(item, KEPT[found.kept[item.pk]] if item.pk in found.kept else None) for item in items
    ]
    goal = reverse("fund-disposal", args=[found.disposal.pk]) if found.disposal else ""
    return results, goal
