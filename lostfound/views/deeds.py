"""What the counter does to one thing because a deadline says so: its panel's buttons."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound.counter import counter_only, item_of
from lostfound.ending import data_media, entitlement, entitlement_letters, forwarding
from lostfound.ending import papers as ending_papers
from lostfound.ending.entitlement import NobodyToTell, NotTheirs
from lostfound.ending.leaving import ClaimWaits, NotNow
from lostfound.finders import finds, wishes
from lostfound.finders.forms import WishForm
from lostfound.law.kinds import DataStep
from lostfound.law.publication import TELLING
from lostfound.models import Finder, Forwarding, FoundItem, Office, Whose
from lostfound.personal import disclosure
from lostfound.views.endings import pdf
from lostfound.views.item import show
from lostfound.wording import KEPT
from lostfound.workflow import IllegalMove
from townhall.models import User
from townhall.views.sign_in import StaffRequest

# The deed's name in the address → what it does and what the screen says then.
DEEDS: dict[str, Callable[..., FoundItem]] = {
    "benachrichtigung": entitlement.tell_finder,
    "verlangen": entitlement.finder_demands,
    "verzicht": entitlement.finder_declines,
    "erklaerung": entitlement.ask_declaration,
    "zusage": entitlement.accept,
    "schliessung": entitlement.close_case,
}


@require_POST
@counter_only
def deed(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """One of DEEDS. What came too late is said, and changes nothing."""
    item = item_of(request, code)
    if name not in DEEDS:
        raise Http404
    _try(request, item, lambda by: DEEDS[name](item, by=by))
    return _back(item)


class DataForm(forms.Form):
    step = forms.ChoiceField(choices=[(each.value, each.value) for each in DataStep])
    certificate = forms.CharField(max_length=80, required=False)


@require_POST
@counter_only
def finder_wishes(request: StaffRequest, code: str) -> HttpResponse:
    """The finder thinks again: being named, giving up a right."""
    item = item_of(request, code)
    form = WishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what shall change."))
        return _back(item)
    try:
        wishes.at_counter(item, form.wish(), by=request.user)
    except finds.TooLate:
        messages.error(request, _("Nothing of this can be changed any more."))
    else:
        messages.success(request, _("Noted."))
    return _back(item)


@require_POST
@counter_only
def data(request: StaffRequest, code: str) -> HttpResponse:
    """What was done about the data on it."""
    item = item_of(request, code)
    form = DataForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what was done."))
        return _back(item)
    given = form.cleaned_data
    try:
        data_media.note(
            item, DataStep(given["step"]), by=request.user, certificate=given["certificate"]
        )
    except data_media.NotThisStep:
        messages.error(request, _("Your municipality has decided otherwise: see the settings."))
    except data_media.NoCertificate:
        messages.error(request, _("Enter the number of the certificate."))
    else:
        messages.success(request, _("Noted."))
    return _back(item)


@require_POST
@counter_only
def move(request: StaffRequest, code: str) -> HttpResponse:
    """To the office of the municipality where it was found."""
    item = item_of(request, code)
    goal = Office.objects.filter(slug=request.POST.get("fundbuero", "")[:60]).first()
    if goal is None:
        messages.error(request, _("Choose an office."))
        return _back(item)
    if not _try(request, item, lambda by: forwarding.move(item, goal, by=by)):
        return _back(item)
    return HttpResponseRedirect(reverse("fund-deadlines"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def address(request: StaffRequest, code: str, whose: str) -> HttpResponse:
    """A name and an address, noted as seen. `an`: to tell it to the other side, which needs a
    ground in law.
    """
    item = item_of(request, code)
    if whose not in {Whose.FINDER, Whose.OWNER}:
        raise Http404
    if request.method != "POST":  # a reload in a new window
        return _back(item)
    facts = {"item": item, "office": item.office, "whose": Whose(whose)}
    if "weitergabe" not in request.POST:
        found = disclosure.look(item, Whose(whose), by=request.user)
        return show(request, item, seen=Whose(whose), address=found)
    try:
        found = disclosure.tell(item, Whose(whose), by=request.user)
    except disclosure.NoGround as refused:
        facts |= {"refused": refused.answer}
        return render(request, "lostfound/endings/address.html", facts, status=409)
    facts |= {"address": found, "told": True, "ground": TELLING}
    return render(request, "lostfound/endings/address.html", facts)


# ── Papers ───────────────────────────────────────────────────────────────────────────────────
@require_GET
@counter_only
def finder_letter(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    finder = Finder.objects.filter(item=item).first()
    if finder is None or item.collection_ends is None:
        raise Http404
    disclosure.saw(item, Whose.FINDER, by=request.user)
    known = finder
    return pdf(
        request,
        f"brief-{item.code}.pdf",
        lambda: entitlement_letters.finder_owns_sheet(item, known, by=request.user),
    )


@require_GET
@counter_only
def declaration_letter(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    claimant = entitlement.entitled(item)
    if claimant is None or item.declaration_ends is None:
        raise Http404
    disclosure.saw(item, Whose.OWNER, by=request.user)
    known = claimant
    return pdf(
        request,
        f"erklaerung-{item.code}.pdf",
        lambda: entitlement_letters.declaration_sheet(item, known, by=request.user),
    )


@require_GET
@counter_only
def cover_letter(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    row = Forwarding.objects.filter(item=item).select_related("by").first()
    if row is None:
        raise Http404
    known = row
    return pdf(
        request,
        f"begleitschreiben-{item.code}.pdf",
        lambda: ending_papers.cover(item, known, by=known.by or request.user),
    )


# ── Shared ───────────────────────────────────────────────────────────────────────────────────
def _try(request: StaffRequest, item: FoundItem, act: Callable[[User], object]) -> bool:
    try:
        act(request.user)
    except ClaimWaits:
        messages.error(request, str(KEPT["claim"]))
    except (NotNow, NotTheirs, IllegalMove):
        messages.error(request, str(KEPT["not_now"]))
    except NobodyToTell:
        messages.error(request, str(KEPT["nobody"]))
    except FoundItem.DoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, _("Noted."))
        return True
    return False


def _back(item: FoundItem) -> HttpResponse:
    return HttpResponseRedirect(reverse("fund-item", args=[item.code]), status=303)
