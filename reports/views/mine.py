"""„Meine Meldungen“: what is kept about a mailbox, for whoever reads its mail.

The page that takes the wish does the same for every address. The link in the letter leads to a
button; the button to a page whose address is the key, for two hours. No cookie: so there is nothing
that a foreign page could make a browser use, and nothing to ask consent for.
docs/adr/0013-meine-without-a-cookie.md.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.letters import correspondence
from reports.letters.links import own_token
from reports.models import Contact, Report
from reports.personal.belongings import reported
from reports.receiving import intake
from reports.receiving.forms import AddressForm
from reports.voices import amending
from townhall import belongings, copies, doors, limits, visits
from townhall.belongings import Belongings
from townhall.guards import confidential, in_measure, refuse_cross_site
from townhall.limits import Knock, TooMany
from townhall.mailboxes import Mailbox
from townhall.models import Visit
from townhall.visits import NotWelcome


# ── Asking ───────────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Without a link: what waits on this device, and the wish for one."""
    if request.method != "POST":
        return _front(request, AddressForm(), is_asked="unterwegs" in request.GET)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _front(request, form, status=422)
    try:
        doors.count(request, doors.by_client(request, "visits"))
    except TooMany as refused:
        form.add_error("email", doors.told(refused))
        answer = _front(request, form, status=429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    if not request.POST.get("website"):  # no person sees this field
        _ask(form.cleaned_data["email"])
    return HttpResponseRedirect(f"{reverse('mine')}?unterwegs", status=303)


def _ask(email: str) -> None:
    """A mailbox that was written to often has its link: nobody learns that it was written to."""
    try:
        limits.spend(Knock("visit-letters", Mailbox.of(email).address))
    except TooMany:
        return
    visits.ask(email, language=get_language() or "de")


def _front(
    request: HttpRequest, form: AddressForm, *, status: int = 200, is_asked: bool = False
) -> HttpResponse:
    kinds = [kind for kind in belongings.kinds() if not kind.needs_visit]
    facts = {"form": form, "is_asked": is_asked, "kinds": kinds}
    return render(request, "reports/mine/front.html", facts, status=status)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def mine_entrance(request: HttpRequest, token: str) -> HttpResponse:
    """The letter's link. A mail scanner sees a button and nothing else."""
    try:
        if request.method == "POST":
            return _to(visits.enter(token))
        visits.behind(token)
    except NotWelcome:
        return _over(request)
    return render(request, "reports/mine/entrance.html")


# ── With the link ────────────────────────────────────────────────────────────────────────────
@confidential
@require_safe
def mine_visit(request: HttpRequest, token: str) -> HttpResponse:
    """One tab: everything of one kind."""
    try:
        visit = visits.current(token)
    except NotWelcome:
        return _over(request)
    mailbox = Mailbox.of(visit.email)
    tabs = [tab for kind in belongings.kinds() if (tab := _Tab(kind, mailbox)).is_shown]
    wanted = request.GET.get("was", "")
    tab = next((each for each in tabs if each.slug == wanted), tabs[0])
    facts = {
        **tab.kind.facts(mailbox, request=request),
        "token": token,
        "visit": visit,
        "tabs": tabs,
        "tab": tab,
        "until": timezone.localtime(visit.until),
    }
    return render(request, "reports/mine/page.html", facts)


class _Tab:
    def __init__(self, kind: Belongings, mailbox: Mailbox) -> None:
        self.kind = kind
        self.slug, self.title, self.template = kind.slug, kind.title, kind.template
        self.count = kind.count(mailbox)
        self.is_shown = bool(self.count) or not kind.is_rare


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_POST
def mine_letters(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """The letters about one report, on or off."""
    contact = _contact(token, code)
    own = own_token(contact.report)
    try:
        if request.POST.get("an"):
            correspondence.begin_again(own)
        else:
            correspondence.end(own)
    except correspondence.Unknown:
        raise Http404 from None
    return _to(token, code)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_POST
def mine_confirmation(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """Whoever reads this mailbox has it: no second letter is needed. Or it was somebody else."""
    contact = _contact(token, code)
    if request.POST.get("fremd"):
        amending.disown(contact.report_id, Mailbox.of(contact.email))
        return _to(token)
    with transaction.atomic():
        report = Report.objects.locked().get(pk=contact.report_id)
        present = Contact.objects.filter(pk=contact.pk, confirmed_at=None).first()
        if present is not None:
            intake.confirm_contact(report, present, now=timezone.now())
    return _to(token, code)


@confidential
@require_safe
def mine_copy(request: HttpRequest, token: str) -> HttpResponse | FileResponse:
    """All that is kept, as a zip."""
    visit = _visit(token)
    try:
        doors.count(request, doors.by_client(request, "copies"))
    except TooMany as refused:
        answer = HttpResponse(doors.told(refused), status=429, content_type="text/plain")
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    file = copies.archive(Mailbox.of(visit.email))
    return FileResponse(
        file, as_attachment=True, filename="meine-daten.zip", content_type="application/zip"
    )


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def mine_erasure(request: HttpRequest, token: str) -> HttpResponse:
    """Everything about the mailbox at once. A page that says what happens, and a button."""
    if request.method == "POST":
        _visit(token)
        visits.forget_all(token)
        return HttpResponseRedirect(f"{reverse('mine')}?geloescht", status=303)
    visit = _visit(token)
    mailbox = Mailbox.of(visit.email)
    counts = {kind.slug: kind.count(mailbox) for kind in belongings.kinds() if kind.needs_visit}
    more = [kind.erasing for kind in belongings.kinds() if kind.erasing and counts.get(kind.slug)]
    facts: dict[str, Any] = {"token": token, "visit": visit, "counts": counts, "more": more}
    return render(request, "reports/mine/erase.html", facts)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_POST
def mine_end(request: HttpRequest, token: str) -> HttpResponse:
    """Signed out, on all devices."""
    try:
        visits.leave(token)
    except NotWelcome:
        return _over(request)
    return HttpResponseRedirect(f"{reverse('mine')}?beendet", status=303)


# ── Shared ───────────────────────────────────────────────────────────────────────────────────
def _visit(token: str) -> Visit:
    try:
        return visits.current(token)
    except NotWelcome:
        raise Http404 from None


def _contact(token: str, code: str) -> Contact:
    """Of a report that was sent in with the visit's mailbox, nobody else's."""
    mine = reported(Mailbox.of(_visit(token).email)).select_related("report")
    contact = mine.filter(report__code=code).first()
    if contact is None:
        raise Http404
    return contact


def _to(token: str, code: str = "") -> HttpResponse:
    page = reverse("mine-visit", args=[token])
    return HttpResponseRedirect(f"{page}#{code}" if code else page, status=303)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/mine/over.html", {"form": AddressForm()}, status=410)
