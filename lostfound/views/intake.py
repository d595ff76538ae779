"""The counter's form `/amt/fund/annahme`: one page, by keyboard and scanner, script or not.

Every button posts the whole form. Only "save" takes the thing in; all others show the page again
with what follows from what was typed. A script sends X-Fragment and puts the parts in place.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from lostfound import law, wording
from lostfound.counter import counter_only, office_of, offices_of
from lostfound.law.rights import WAIVER_OF_EVERYTHING
from lostfound.models import FoundItem, KeeperKind, Office, OtherKeeper
from lostfound.receiving import intake, origins
from lostfound.receiving.doubles import Double, doubles
from lostfound.receiving.forms import IntakeForm, duty_of
from lostfound.searching import brands
from townhall import drafts, photos, sites
from townhall.models import Image
from townhall.photos.storing import is_used
from townhall.views.sign_in import StaffRequest, wants_fragment

LAST = "zuletzt"
NEW = "neu"


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def intake_page(request: StaffRequest) -> HttpResponse:
    office = _office(request)
    if office is None:
        return redirect("fund-desk")
    if request.method == "POST":
        return _press(request, office)
    draft = drafts.take(request)
    if draft is not None:
        messages.warning(
            request, _("You had been signed out. Everything you typed is here, not yet saved.")
        )
        form = IntakeForm(draft, office=office)
        form.hush()
    else:
        first = origins.prefill(request.GET.get(origins.PARAMETER, "")[:80], request.user)
        form = IntakeForm.blank(office, first=first)
    return _show(request, form, last=_last(request))


def _office(request: StaffRequest) -> Office | None:
    """The counter the form was opened at, whatever another window has moved to since."""
    slug = request.POST.get("amt", "")
    kept = next((each for each in offices_of(request.user) if each.slug == slug), None)
    return kept or office_of(request)


def _last(request: StaffRequest) -> FoundItem | None:
    """The thing before this one: its label still has to be printed."""
    code = request.GET.get(LAST, "")[:8]
    return FoundItem.objects.visible_to(request.user).filter(code=code).first() if code else None


def _press(request: StaffRequest, office: Office) -> HttpResponse:
    data, refusals = with_photos(request)
    form = IntakeForm(data, office=office)
    action = request.POST.get("action", "")
    if action not in {"save", "save-next"}:
        form.hush()
        _complain(form, refusals)
        return _show(request, form)
    if not form.is_valid() or refusals:
        _complain(form, refusals)
        return _show(request, form, status=422)
    known = doubles(list(form.marks_typed()), form.photo_ids, by=request.user)
    if known and not form.known.get("despite"):
        form.add_error("despite", _("This may be here already. Look, then tick that it is not."))
        return _show(request, form, known=known, status=422)
    return _take_in(request, form, goes_on=action == "save-next")


def _take_in(request: StaffRequest, form: IntakeForm, *, goes_on: bool) -> HttpResponse:
    try:
        with transaction.atomic():
            receipt = intake.take_in(form.draft(), office=form.office, by=request.user)
            if receipt.is_new:
                origins.settle(form.known.get("origin") or "", receipt.item, by=request.user)
    except intake.Refused as refused:  # what was right in the form is wrong by now
        form.object_to(refused.objections)
        return _show(request, form, status=422)
    except intake.Conflict as conflict:
        return _sent_before(request, form, conflict.item)
    item = receipt.item
    if goes_on:
        return _see_other(f"{reverse('fund-intake')}?{LAST}={item.code}")
    return _see_other(f"{reverse('fund-item', args=[item.code])}?{NEW}")


def _see_other(url: str) -> HttpResponseRedirect:
    answer = HttpResponseRedirect(url)
    answer.status_code = 303
    return answer


def _sent_before(request: StaffRequest, form: IntakeForm, item: FoundItem) -> HttpResponse:
    """Taken in, then changed and sent again: another thing needs another press."""
    data = request.POST.copy()
    data.setlist("photos", [str(each) for each in form.photo_ids])
    data["client_id"] = str(uuid.uuid4())
    again = IntakeForm(data, office=form.office)
    again.hush()
    again.add_error(
        None,
        gettext("This form has become %(number)s already. Save once more to take in another thing.")
        % {"number": item.file_number},
    )
    return _show(request, again, last=item, status=409)


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def with_photos(request: StaffRequest) -> tuple[QueryDict, list[Any]]:
    """The posted fields with the ids of the photos that came along; sentences about the refused."""
    data = request.POST.copy()
    unwanted = request.POST.get("remove", "")
    kept = [each for each in data.getlist("photos") if each != unwanted]
    refusals: list[Any] = []
    deadline = photos.patience()
    for upload in request.FILES.getlist("photo"):
        if len(kept) >= photos.MAX_PHOTOS:
            refusals.append(_("Five photos are the most. The others were left out."))
            break
        try:
            image = photos.stage(_id_for(data, upload), upload, deadline=deadline)
        except photos.PhotoRefused as refusal:
            refusals.append(f"{upload.name}: {photos.refusal_words(refusal.reason)}")
        except photos.PhotoConflict:
            refusals.append(_("A photo did not arrive. Please add it again."))
        else:
            kept.append(str(image.pk))
    data.setlist("photos", list(dict.fromkeys(kept)))
    return data, refusals


def _id_for(data: QueryDict, upload: UploadedFile) -> uuid.UUID:
    """The same file in the same form gets the same id."""
    content = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{data.get('client_id', '')} {content}")


def _complain(form: IntakeForm, refusals: Sequence[Any]) -> None:
    for words in refusals:
        form.add_error("photo", words)


@require_GET
@counter_only
def staged_photo(request: StaffRequest, image_id: uuid.UUID) -> HttpResponseBase:
    """A photo that lies ready for a form. Only who sent it knows its id; no case has it yet."""
    image = get_object_or_404(Image, pk=image_id)
    if is_used(image):
        raise Http404
    answer = photos.file_response(image, "thumb")
    answer["Cache-Control"] = "private, no-store"
    return answer


# ── Showing ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Stop:
    """Whom to call about what is never taken in."""

    kind: str
    calls: Sequence[tuple[str, str]]


def stop_of(form: IntakeForm) -> Stop | None:
    if not form.is_stopped or form.thing is None:
        return None
    town = form.town or form.office.municipality
    calls: list[tuple[str, str]] = []
    if form.thing.law is law.Kind.ANIMAL:
        shelters = OtherKeeper.objects.filter(
            municipality=town, kind=KeeperKind.SHELTER, is_active=True
        )
        calls += [(each.name, each.phone) for each in shelters]
    else:
        calls.append((gettext("Police"), "110"))
    if form.thing.law is not law.Kind.DRUGS:
        calls.append((gettext("%(town)s, public order office") % {"town": town.name}, town.phone))
    return Stop(form.thing.law.value, calls)


def _show(
    request: StaffRequest,
    form: IntakeForm,
    *,
    known: Sequence[Double] | None = None,
    last: FoundItem | None = None,
    status: int = 200,
) -> HttpResponse:
    if known is None:
        known = doubles(list(form.marks_typed()), form.photo_ids, by=request.user)
    facts = {
        **facts_of(form),
        "doubles": known,
        "last": last,
        "office": form.office,
        "map": sites.crosshair(request),
    }
    piece = wants_fragment(request)
    template = "_form" if piece else "page"
    return render(request, f"lostfound/intake/{template}.html", facts, status=status)


def facts_of(form: IntakeForm) -> dict[str, Any]:
    """What stands beside the fields: the law's proposal and what follows from it."""
    ruling = form.proposed
    owed = duty_of(form)
    kind = form.thing.law.value if form.thing else ""
    return {
        "form": form,
        "stop": stop_of(form),
        "ruling": ruling,
        "presumption": wording.PRESUMPTIONS.get(ruling.presumption or ""),
        "owed": owed and wording.FINDERS_DUTIES[owed.duty],
        "owed_cite": owed.ground.cite if owed else "",
        "kind_hint": wording.KIND_HINTS.get(kind),
        "waiver": WAIVER_OF_EVERYTHING,
        "brands": brands.ALL,
        **_timeline(form),
    }


# How close to a limit of the law an estimate should be looked at twice, in cents.
_CLOSE_CENTS = 250


def _timeline(form: IntakeForm) -> dict[str, Any]:
    """When the six months end, and whether the value lies at a limit that decides something."""
    found, notice, cents = form.known.get("found_on"), form.known.get("notice_on"), form.cents
    facts: dict[str, Any] = {}
    if form.settled_regime is law.Regime.GENERAL and found and notice:
        is_small = cents is not None and cents <= intake.SMALL_CENTS
        facts["six_months"] = law.last_day(found if is_small else notice)
        facts["is_small"] = is_small
        limit = intake.SMALL_CENTS
    else:
        limit = 50_00  # § 978 Abs. 2: below it, no reward
    is_estimate = form.known.get("value") == "estimate" and cents is not None
    if is_estimate and abs((cents or 0) - limit) <= _CLOSE_CENTS:
        facts["limit"] = limit
    return facts
