"""`/amt/anmelden/zweiter-faktor`: after the password, before the work.

Who has a second factor shows it. Who has none and must have one sets it up here: until then they
are not signed in, wherever they turn.
"""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from townhall import doors, limits, workplaces
from townhall.account import factors, waiting
from townhall.account.factors import WrongCode
from townhall.account.forms import CodeForm, PasskeyForm
from townhall.limits import Knock, TooMany
from townhall.models import User

TEMPLATE = "townhall/account/second_step.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code or the passkey of whoever has just shown their password."""
    user = waiting.who_waits(request)
    if user is None:
        return redirect("sign-in")
    have = factors.factors_of(user)
    if not have.is_any:
        return redirect("account-app")
    if request.method != "POST":
        return _show(request, user, CodeForm())
    form: CodeForm | PasskeyForm
    form = PasskeyForm(request.POST) if "credential" in request.POST else CodeForm(request.POST)
    if not form.is_valid():
        return _show(request, user, form, status=422)
    knock = Knock("second-factor", str(user.pk))
    try:
        doors.count(request, knock)
        _check(user, form)
    except TooMany as refused:
        minutes = math.ceil(refused.wait_s / 60)
        response = _show(request, user, CodeForm(), minutes=minutes, status=429)
        response["Retry-After"] = str(refused.wait_s)
        return response
    except WrongCode:
        form.add_error(None if isinstance(form, PasskeyForm) else "code", wrong_words(form))
        return _show(request, user, form, status=422)
    limits.give_back(knock)
    goal = waiting.let_in(request, user)
    return HttpResponseRedirect(goal or reverse(workplaces.landing(user)))


def _check(user: User, form: CodeForm | PasskeyForm) -> None:
    if isinstance(form, PasskeyForm):
        factors.check_passkey(user, form.cleaned_data["credential"])
    else:
        factors.check_code(user, form.cleaned_data["code"])


def wrong_words(form: CodeForm | PasskeyForm) -> str:
    if isinstance(form, PasskeyForm):
        return _("This passkey does not belong to your account. Try again or enter a code.")
    return _("This code is not right or has been used. Enter the one that the app shows now.")


def _show(
    request: HttpRequest,
    user: User,
    form: CodeForm | PasskeyForm,
    *,
    minutes: int = 0,
    status: int = 200,
) -> HttpResponse:
    have = factors.factors_of(user)
    facts: dict[str, Any] = {
        "form": form if isinstance(form, CodeForm) else CodeForm(),
        "trouble": form.non_field_errors() if isinstance(form, PasskeyForm) else (),
        "have": have,
        "minutes": minutes,
        "options": factors.ask_for_passkey(user) if have.passkeys else None,
    }
    return render(request, TEMPLATE, facts, status=status)
