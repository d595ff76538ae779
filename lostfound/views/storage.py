"""`/amt/fund/lager`: put away, take out, see what lies where and what doesn't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound.counter import item_of
from lostfound.models import Custody, FoundItem, Holder, Office, StoragePlace
from lostfound.storing import places, scans, storage
from lostfound.storing.place_paper import MOST_LABELS, place_labels
from lostfound.storing.scans import Scanned
from lostfound.views.at_office import at_office
from townhall.codes import normalise
from townhall.papers.printing import NotPrinted
from townhall.views.sign_in import StaffRequest, wants_fragment

IN, OUT = "ein", "aus"
HANDS = {"theke": Holder.COUNTER, "person": Holder.STAFF}
LATEST = 12
OURS = [Holder.COUNTER, Holder.SHELF, Holder.SAFE, Holder.STAFF, Holder.UNKNOWN]
MOST_ROWS = 300
REFUSALS = (storage.NotHere, storage.OtherOffice, storage.NeverStored, storage.OutOfUse)


# ── Scanning ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Pair:
    """What was scanned. Either label may come first. `stays`: the place holds for the next thing,
    too. `field`: what is missing next, "" when it is whole.
    """

    way: str
    item: Scanned | None
    place: Scanned | None
    stays: bool = False
    hands: Holder = Holder.COUNTER
    reason: str = ""

    @property
    def thing(self) -> FoundItem | None:
        return self.item.item if self.item else None

    @property
    def goal(self) -> StoragePlace | None:
        return self.place.place if self.place else None

    @property
    def field(self) -> str:
        if self.thing is None:
            return "ding"
        return "ort" if self.way == IN and self.goal is None else ""


def _pair(request: StaffRequest) -> Pair:
    sent = request.POST if request.method == "POST" else request.GET
    way = OUT if sent.get("wie") == OUT else IN
    item, place = (_scanned(request, sent.get(name, "")) for name in ("ding", "ort"))
    if (item and item.place) or (place and place.item):
        item, place = place, item
    return Pair(
        way=way,
        item=item,
        place=place if way == IN else None,
        stays=sent.get("bleibt") == "1",
        hands=HANDS.get(sent.get("an", ""), Holder.COUNTER),
        reason=" ".join(sent.get("grund", "").replace("\0", "").split())[:200],
    )


def _scanned(request: StaffRequest, text: str) -> Scanned | None:
    return scans.read(text, by=request.user) if text.strip() else None


@require_GET
@at_office
def scan_page(request: StaffRequest, office: Office) -> HttpResponse:
    """`?ding=` and `?ort=` begin a pair."""
    return _scan_page(request, office, _pair(request), problem="")


@require_POST
@at_office
def movement(request: StaffRequest, office: Office) -> HttpResponse:
    """A pair of scans. Half a pair asks for the other half, so that it works without a script."""
    pair = _pair(request)
    problem, done = _unread(request, pair), None
    if not problem:
        try:
            done = _do(request, pair)
        except REFUSALS as refused:
            problem = refusal(refused)
    if wants_fragment(request):
        facts = {
            "item": done,
            "pair": pair,
            "problem": problem or (_half(pair) if not done else ""),
        }
        status = 200 if done else 422
        return render(request, "lostfound/storage/_moved.html", facts, status=status)
    if done is None:
        return _scan_page(request, office, pair, problem=problem)
    messages.success(request, _told(done))
    kept = {"ort": pair.goal.code, "bleibt": "1"} if pair.stays and pair.goal else {}
    query = urlencode({**({"wie": OUT} if pair.way == OUT else {}), **kept})
    return HttpResponseRedirect(f"{reverse('fund-storage')}{query and '?'}{query}", status=303)


def _do(request: StaffRequest, pair: Pair) -> FoundItem | None:
    """None for half a pair."""
    if pair.thing is not None and pair.way == OUT:
        return storage.take_out(pair.thing, by=request.user, to=pair.hands, reason=pair.reason)
    if pair.thing is not None and pair.goal is not None:
        return storage.put_away(pair.thing, pair.goal, by=request.user, reason=pair.reason)
    return None


def _unread(request: StaffRequest, pair: Pair) -> str:
    """What is wrong with the scans themselves."""
    for scanned in (pair.item, pair.place):
        if scanned is not None and not scanned.is_known:
            return _("Nobody here knows “%(text)s”.") % {"text": scanned.text}
    if pair.item and pair.item.place:
        return _("That was a storage place. Scan the thing.")
    if pair.place and pair.place.item:
        return _("Those were two things. Scan one thing and one storage place.")
    return ""


def _half(pair: Pair) -> str:
    words = {"ding": _("The thing is missing."), "ort": _("The storage place is missing.")}
    return words.get(pair.field, "")


def _told(item: FoundItem) -> str:
    facts = {"thing": item.title, "number": item.file_number or item.shown_code}
    if item.storage is None:
        return _("%(thing)s (%(number)s) is taken out.") % facts
    facts["place"] = item.storage.label
    return _("%(thing)s (%(number)s) lies at %(place)s.") % facts


def refusal(error: Exception) -> str:
    """Why a thing may not lie there, in a sentence."""
    match error:
        case storage.NotHere(item=item):
            return _("%(thing)s is not in our keeping: %(state)s.") % {
                "thing": item.title,
                "state": item.get_state_display(),
            }
        case storage.OtherOffice(place=place):
            return _("%(place)s belongs to another office.") % {"place": place.label}
        case storage.NeverStored(item=item):
            return _("%(thing)s must not be stored. Call the police.") % {"thing": item.title}
        case storage.OutOfUse(place=place):
            return _("%(place)s is no longer in use.") % {"place": place.label}
    raise error


def _scan_page(request: StaffRequest, office: Office, pair: Pair, *, problem: str) -> HttpResponse:
    facts = {
        "office": office,
        "pair": pair,
        "problem": problem,
        "has_places": StoragePlace.objects.filter(site__office=office, is_active=True).exists(),
        "latest": Custody.objects.filter(item__office=office, holder__in=OURS)
        .select_related("item", "by")
        .order_by("-pk")[:LATEST],
        "missing": places.missing_count(office),
    }
    status = 422 if problem else 200
    return render(request, "lostfound/storage/scan.html", facts, status=status)


# ── Places ───────────────────────────────────────────────────────────────────────────────────
@require_GET
@at_office
def places_page(request: StaffRequest, office: Office) -> HttpResponse:
    """What lies where. `?q=` leads to the place or thing of that name."""
    words = request.GET.get("q", "")[: scans.LONGEST]
    found = scans.read(words, by=request.user) if words.strip() else None
    if found and found.place:
        return HttpResponseRedirect(reverse("fund-place", args=[found.place.code]))
    if found and found.item:
        return HttpResponseRedirect(reverse("fund-item", args=[found.item.code]))
    facts = {
        "office": office,
        "houses": places.houses(office),
        "words": words,
        "missing": places.missing_count(office),
    }
    return render(request, "lostfound/storage/places.html", facts)


@require_GET
@at_office
def place_page(request: StaffRequest, office: Office, code: str) -> HttpResponse:
    """One place and what lies there; where its label leads."""
    return _place_page(request, _place(request, code), problem="")


@require_POST
@at_office
def place_moving(request: StaffRequest, office: Office, code: str) -> HttpResponse:
    """Things of one place move to another together."""
    start = _place(request, code)
    goal = scans.read(request.POST.get("ort", ""), by=request.user)
    chosen = [each for each in request.POST.getlist("ding") if normalise(each)][:MOST_ROWS]
    problem = ""
    if not chosen:
        problem = _("Tick what is to be moved.")
    elif goal.place is None:
        problem = _("Scan or name the place where they go.")
    elif goal.place.pk == start.pk:
        problem = _("They lie there already.")
    if problem or goal.place is None:
        return _place_page(request, start, problem=problem, chosen=chosen, goal=goal.text)
    try:
        moved = storage.move_all(chosen, start, goal.place, by=request.user)
    except REFUSALS as refused:
        return _place_page(request, start, problem=refusal(refused), chosen=chosen, goal=goal.text)
    words = ngettext(
        "%(n)d thing lies at %(place)s now.", "%(n)d things lie at %(place)s now.", moved.count
    )
    messages.success(request, words % {"n": moved.count, "place": goal.place.label})
    if moved.left:
        late = ngettext(
            "%(n)d thing had been moved by somebody else meanwhile.",
            "%(n)d things had been moved by somebody else meanwhile.",
            moved.left,
        )
        messages.warning(request, late % {"n": moved.left})
    return HttpResponseRedirect(reverse("fund-place", args=[goal.place.code]), status=303)


def _place(request: StaffRequest, code: str) -> StoragePlace:
    place = scans.place_with(code, by=request.user)
    if place is None:
        raise Http404
    return place


def _contents(place: StoragePlace) -> QuerySet[FoundItem]:
    return place.items.alone().select_related("part_of").order_by("received_at", "pk")


def _place_page(
    request: StaffRequest,
    place: StoragePlace,
    *,
    problem: str,
    chosen: list[str] | None = None,
    goal: str = "",
) -> HttpResponse:
    rows = list(_contents(place)[: MOST_ROWS + 1])
    facts = {
        "office": place.site.office,
        "place": place,
        "rows": rows[:MOST_ROWS],
        "is_cut": len(rows) > MOST_ROWS,
        "problem": problem,
        "chosen": chosen,
        "goal": goal,
    }
    status = 422 if problem else 200
    return render(request, "lostfound/storage/place.html", facts, status=status)


@require_GET
@at_office
def labels(request: StaffRequest, office: Office) -> HttpResponse:
    """`?ort=CODE` or `?standort=ID` (with `&regal=`); `&bogen=a4` for a sheet instead of a roll."""
    rows = StoragePlace.objects.filter(site__office=office, is_active=True).select_related("site")
    asked = request.GET
    if "ort" in asked:
        rows = rows.filter(code=normalise(asked["ort"]) or "")
    if asked.get("standort", "").isdecimal():
        rows = rows.filter(site=int(asked["standort"][:9]))
    if "regal" in asked:
        rows = rows.filter(shelf=asked["regal"].replace("\0", ""))
    wanted = sorted(rows.order_by("site", "position")[:MOST_LABELS], key=_label_order)
    if not wanted:
        raise Http404
    try:
        paper = place_labels(wanted, is_sheet=asked.get("bogen") == "a4")
    except NotPrinted:
        return render(request, "lostfound/storage/no_paper.html", {"office": office}, status=503)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="lagerorte.pdf"'
    return response


def _label_order(place: StoragePlace) -> Any:
    return place.site_id, places.in_order(place)


# ── Not at its place ─────────────────────────────────────────────────────────────────────────
@require_GET
@at_office
def missing_page(request: StaffRequest, office: Office) -> HttpResponse:
    rows = places.not_at_place(office)
    facts = {"office": office, "rows": rows, "missing": places.missing_count(office)}
    return render(request, "lostfound/storage/missing.html", facts)


@require_http_methods(["POST"])
@at_office
def missing(request: StaffRequest, office: Office, code: str) -> HttpResponse:
    """It is not where the books have it."""
    item = item_of(request, code)
    try:
        storage.miss(item, by=request.user)
    except storage.NotHere as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("Noted. It stands in the list of what is not at its place."))
    return HttpResponseRedirect(reverse("fund-item", args=[item.code]), status=303)
