"""`/amt/konto`: one's own keys. What changes them wants the password shown lately."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall import doors, limits, workplaces
from townhall.account import factors, sessions, waiting
from townhall.account.factors import LastOne, TooManyPasskeys, WrongCode
from townhall.account.forms import CodeForm, NewPasskeyForm, NewPasswordForm, PasswordForm
from townhall.limits import Knock, TooMany
from townhall.models import AccountEvent, AccountEventKind, StaffSession, User
from townhall.views.second_step import wrong_words
from townhall.views.sign_in import StaffRequest, signed_in_only

SECRET = "secret_of_a_new_app"  # noqa: S105 (a name in the session)
PAPER = "new_paper"

View = Callable[..., HttpResponseBase]


# ── Looking ──────────────────────────────────────────────────────────────────────────────────
@require_safe
@signed_in_only
def account_page(request: StaffRequest) -> HttpResponse:
    user = request.user
    have = factors.factors_of(user)
    facts = {
        "have": have,
        "passkeys": have.named_passkeys,
        "is_required": factors.is_required_of(user),
        "seats": sessions.seats_of(user, here=request.session.session_key),
        "events": AccountEvent.objects.filter(user=user).select_related("actor")[:8],
    }
    return render(request, "townhall/account/page.html", facts)


# ── The password, once more ──────────────────────────────────────────────────────────────────
def lately_confirmed(view: View) -> View:
    """Asks for the password first where it was not shown for a while."""

    @signed_in_only
    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if waiting.has_shown_password(request):
            return view(request, *args, **kwargs)
        goal = request.path if request.method in {"GET", "HEAD"} else reverse("account")
        return redirect(f"{reverse('account-password-again')}?{urlencode({'next': goal})}")

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def password_again(request: StaffRequest) -> HttpResponse:
    goal = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}):
        goal = reverse("account")
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _is_password(request, form):
        waiting.showed_password(request)
        return HttpResponseRedirect(goal)
    status = 422 if form.errors else 200
    return render(
        request, "townhall/account/password_again.html", {"form": form, "goal": goal}, status=status
    )


def _is_password(request: StaffRequest, form: PasswordForm) -> bool:
    guess = _guess(request)
    try:
        doors.count(request, guess)
    except TooMany as refused:
        form.add_error("password", doors.told(refused))
        return False
    if request.user.check_password(form.cleaned_data["password"]):
        limits.give_back(guess)
        return True
    form.add_error("password", _("That is not your password. Type it once more."))
    return False


def _guess(request: StaffRequest) -> Knock:
    """One's own password, tried at a screen that somebody may have left."""
    return Knock("second-factor", f"password {request.user.pk}")


# ── Setting up ───────────────────────────────────────────────────────────────────────────────
def somebody_who_may_set_up(view: View) -> View:
    """Signed in and lately confirmed; or past the password, and without any second factor yet."""
    confirmed = lately_confirmed(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return confirmed(request, *args, **kwargs)
        waits = waiting.who_waits(request)
        if waits is None:
            return redirect("sign-in")
        if factors.factors_of(waits).is_any:
            return redirect("second-step")
        return view(request, *args, **kwargs)

    return guarded


def _who(request: HttpRequest) -> User:
    user: Any = request.user if request.user.is_authenticated else waiting.who_waits(request)
    if user is None:
        raise Http404
    found: User = user
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@somebody_who_may_set_up
def app_page(request: HttpRequest) -> HttpResponse:
    """GET: the square code. POST: the first code that the app shows for it."""
    user = _who(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    secret = request.session.get(SECRET)
    if secret and request.method == "POST" and form.is_valid():
        try:
            factors.add_app(user, secret, form.cleaned_data["code"])
        except WrongCode:
            form.add_error("code", wrong_words(form))
        else:
            del request.session[SECRET]
            return _set_up(request, user, _("The app is set up."))
    if not secret:
        secret = request.session[SECRET] = factors.new_secret()
    facts = {
        "form": form,
        "address": factors.address_of(user, secret),
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "must": not request.user.is_authenticated,
    }
    status = 422 if form.errors else 200
    return render(request, "townhall/account/app.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@somebody_who_may_set_up
def passkey_page(request: HttpRequest) -> HttpResponse:
    user = _who(request)
    form = NewPasskeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            factors.add_passkey(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        except WrongCode:
            form.add_error(None, _("The passkey was not read. Try again."))
        except TooManyPasskeys:
            form.add_error(None, _("You have ten passkeys. Remove one that you no longer use."))
        else:
            return _set_up(request, user, _("The passkey is set up."))
    facts = {
        "form": form,
        "options": factors.offer_passkey(user),
        "must": not request.user.is_authenticated,
    }
    status = 422 if form.errors else 200
    return render(request, "townhall/account/passkey.html", facts, status=status)


def _set_up(request: HttpRequest, user: User, done: str) -> HttpResponse:
    """Sign in who was not yet, and show the paper when there is none."""
    goal = ""
    if not request.user.is_authenticated:
        goal = waiting.let_in(request, user) or reverse(workplaces.landing(user))
    messages.success(request, done)
    if factors.factors_of(user).paper is None:
        request.session[PAPER] = {"codes": factors.new_paper(user), "goal": goal}
        return redirect("account-paper")
    return HttpResponseRedirect(goal or reverse("account"))


@require_http_methods(["GET", "HEAD", "POST"])
@lately_confirmed
def paper_page(request: StaffRequest) -> HttpResponse:
    """The codes, once. POST makes new ones."""
    if request.method == "POST":
        if not factors.factors_of(request.user).is_any:
            raise Http404
        request.session[PAPER] = {"codes": factors.new_paper(request.user), "goal": ""}
        return redirect("account-paper")
    kept = request.session.pop(PAPER, None)
    if kept is None:
        return redirect("account")
    facts = {"codes": factors.shown(kept["codes"]), "goal": kept["goal"] or reverse("account")}
    return render(request, "townhall/account/paper.html", facts)


# ── Removing ─────────────────────────────────────────────────────────────────────────────────
@require_POST
@lately_confirmed
def factor_removal(request: StaffRequest, pk: int) -> HttpResponse:
    mine = Authenticator.objects.filter(user=request.user).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    row = get_object_or_404(mine, pk=pk)
    try:
        factors.remove(request.user, row)
    except LastOne:
        messages.error(
            request,
            _("Your town requires a second factor. Set up another one before you remove this one."),
        )
    else:
        messages.success(request, _("Removed."))
    return redirect("account")


@require_POST
@lately_confirmed
def sessions_end(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """One of them, or all others."""
    rows = StaffSession.objects.exclude(key=request.session.session_key or "")
    if pk is not None:
        rows = rows.filter(pk=pk)
    ended = sessions.end(request.user, rows, by=request.user)
    if ended:
        messages.success(request, _("Signed out there."))
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def password_page(request: StaffRequest) -> HttpResponse:
    """A new password signs out everywhere else."""
    if request.method != "POST":
        return _show_password(request, NewPasswordForm(request.user))
    guess = _guess(request)
    try:
        doors.count(request, guess)
    except TooMany as refused:  # before the present password is looked at
        return _show_password(request, NewPasswordForm(request.user), refused)
    form = NewPasswordForm(request.user, request.POST)
    if "old_password" not in form.errors:
        limits.give_back(guess)
    if not form.is_valid():
        return _show_password(request, form)
    form.save()
    AccountEvent.objects.create(
        user=request.user, actor=request.user, kind=AccountEventKind.PASSWORD_CHANGED
    )
    here = request.session.session_key or ""
    sessions.end(request.user, StaffSession.objects.exclude(key=here), by=request.user)
    update_session_auth_hash(request, request.user)
    waiting.arrived(request, request.user)
    messages.success(request, _("Your password is changed. You are signed out elsewhere."))
    return redirect("account")


def _show_password(
    request: StaffRequest, form: NewPasswordForm, refused: TooMany | None = None
) -> HttpResponse:
    facts = {"form": form, "trouble": doors.told(refused) if refused else ""}
    response = render(request, "townhall/account/password.html", facts)
    response.status_code = 429 if refused else 422 if form.errors else 200
    if refused:
        response["Retry-After"] = str(refused.wait_s)
    return response
