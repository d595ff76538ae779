"""How staff come in and go out."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from townhall import doors, drafts, entrance, limits, workplaces
from townhall.account import factors, waiting
from townhall.limits import TooMany
from townhall.models import Site, User
from townhall.people import scope_of

FRAGMENT_HEADER = "X-Fragment"
SIGNED_OUT = "abgemeldet"
TEMPLATE = "townhall/sign_in.html"


class StaffRequest(HttpRequest):
    """A request behind `staff_only`: from somebody who works here."""

    user: User
    site: Site  # type: ignore[assignment]  # ours, not that of contrib.sites


class SignInForm(AuthenticationForm):
    """Says which of both is missing, but never which of both was wrong."""

    use_required_attribute = False
    error_messages = {  # noqa: RUF012 - Django's name and type
        "invalid_login": _("The username or the password is not right. Check both."),
        "inactive": _("The username or the password is not right. Check both."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Enter your username.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")
        self.fields["username"].widget.attrs.pop("autofocus", None)

    def clean_username(self) -> str:
        """A name longer than any account's is as wrong as any other wrong name."""
        username: str = self.cleaned_data["username"]
        if len(username) > (self.username_field.max_length or 0):
            raise self.get_invalid_login_error()
        return username


class SignIn(LoginView):
    """`/amt/anmelden`. Keeps the username after an error, and a draft across the sign-in."""

    template_name = TEMPLATE
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Each to their own work: the counter's people have nothing at the desk of reports."""
        user: Any = self.request.user
        return reverse(workplaces.landing(user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.request.POST.get(drafts.FIELD, "")
        signed_out = SIGNED_OUT in self.request.GET
        return super().get_context_data(draft=kept, signed_out=signed_out, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Counts the attempt before the password is looked at, so that none slips by beside it."""
        username = request.POST.get("username", "")
        if not (username and request.POST.get("password")):
            return super().post(request, *args, **kwargs)
        self.knocks = entrance.knocks(request, username)
        try:
            doors.count(request, *self.knocks)
        except TooMany as refused:
            return _shut(request, username, wait_s=refused.wait_s)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        response: HttpResponse
        if factors.factors_of(user).is_any or factors.is_required_of(user):
            waiting.begin(self.request, user, goal=self.get_redirect_url())
            response = HttpResponseRedirect(reverse("second-step"))
        else:
            response = super().form_valid(form)
            waiting.arrived(self.request, user)
        limits.give_back(*self.knocks)
        entrance.remember(self.request, response, form.get_user().get_username())
        drafts.keep(self.request, self.request.POST.get(drafts.FIELD, ""))
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOut(LogoutView):
    """`/amt/abmelden`, by POST only."""

    def get_success_url(self) -> str:
        return f"{reverse('sign-in')}?{SIGNED_OUT}"


def locked_out(
    request: HttpRequest, _refused: HttpResponse | None, credentials: Mapping[str, str] | None
) -> HttpResponse:
    """After too many wrong passwords: 429, and for how long. Called by django-axes."""
    username = (credentials or {}).get("username", "")
    return _shut(request, username, wait_s=60 * _minutes_to_wait(request, username))


def _shut(request: HttpRequest, username: str, *, wait_s: int) -> HttpResponse:
    facts = {
        "form": SignInForm(request, initial={"username": username}),
        "minutes": math.ceil(wait_s / 60),
        "next": _safe_next(request),
        "draft": request.POST.get(drafts.FIELD, ""),
    }
    response = render(request, TEMPLATE, facts, status=429)
    response["Retry-After"] = str(wait_s)
    return response


def _minutes_to_wait(request: HttpRequest, username: str) -> int:
    """Whole minutes until the last counted attempt is forgotten, at least one."""
    last = (
        AccessAttempt.objects.filter(
            username=username, ip_address=getattr(request, "axes_ip_address", None)
        )
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    until = (last or timezone.now()) + (get_cool_off(request) or dt.timedelta(0))
    return max(1, math.ceil((until - timezone.now()).total_seconds() / 60))


def _safe_next(request: HttpRequest) -> str:
    wish = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wish, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wish if is_ours else ""


# ── The door ─────────────────────────────────────────────────────────────────────────────────
def signed_in_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lets in who has an account, whatever it is for. Others sign in first, as for staff_only."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def staff_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lets in who works here. Others sign in first and find again what they had typed."""

    @signed_in_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not scope_of(request.user).is_staff:
            return render(request, "townhall/no_membership.html", status=403)
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, [FRAGMENT_HEADER])
        return response

    return guarded


def wants_fragment(request: HttpRequest) -> bool:
    """Whether a script asks for only that part of the page which it puts in place."""
    return FRAGMENT_HEADER in request.headers


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A script is told 401; a form that came too late is kept (drafts.py); a visit is sent on."""
    if wants_fragment(request):
        return HttpResponse(status=401)
    here = request.get_full_path()
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(here, reverse("sign-in"))
    facts = {
        "form": SignInForm(request),
        "next": here,
        "draft": drafts.pack(request),
        "has_expired": True,
    }
    return render(request, TEMPLATE, facts, status=403)
