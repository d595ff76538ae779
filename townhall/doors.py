"""What the public doors share: they take no session, so there is nothing to forge."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from rest_framework.request import Request

from townhall import limits
from townhall.limits import Knock, TooMany

STANDINGS = "augenmerk.standings"


def is_cross_site(request: HttpRequest | Request) -> bool:
    """Whether another site's page made a browser send this.

    Old browsers and programs say nothing about where a request comes from: welcome.
    """
    return request.headers.get("Sec-Fetch-Site", "").lower() == "cross-site"


def count(request: HttpRequest | Request, *knocks: Knock) -> None:
    """Count the knocks; the answer tells how the limits stand (config/middleware.py).

    Raises TooMany.
    """
    try:
        standings = limits.spend(*knocks)
    except TooMany as refused:
        request.META[STANDINGS] = [refused.standing]
        raise
    request.META[STANDINGS] = standings


def by_client(request: HttpRequest | Request, name: str, *, cost: int = 1) -> Knock:
    """A knock of whoever is at the other end of the line."""
    return Knock(name, limits.client_of(request), cost)


def by_mailbox(email: str) -> Knock:
    """A report that will send letters to this address."""
    return Knock("mailbox", limits.mailbox_of(email))


def for_voice(request: HttpRequest | Request, code: str) -> list[Knock]:
    """Knocks of somebody whom a case concerns, too: of all such, and of those about this one."""
    client = limits.client_of(request)
    return [Knock("support", client), Knock("support-one", f"{client} {code}")]


def told(refused: TooMany) -> str:
    """Why, and what to do now."""
    match refused.name:
        case "mailbox":
            why = gettext("Very many reports have named this e-mail address today.")
            what = gettext("Leave the field empty, or try again %(wait)s.")
        case "photos":
            why = gettext("Very many photos came from your connection.")
            what = gettext("Try again %(wait)s, or send the report without this photo.")
        case "reports":
            why = gettext("Very many reports came from your connection.")
            what = gettext("Send it again %(wait)s. In case of danger call 112 now.")
        case "second-factor":
            why = gettext("Too many wrong attempts.")
            what = gettext("Try again %(wait)s.")
        case _:
            why = gettext("Very many requests came from your connection.")
            what = gettext("Try again %(wait)s.")
    return f"{why} {what % {'wait': _wait(refused.wait_s)}}"


def _wait(seconds: int) -> str:
    """„in 5 Minuten“."""
    facts: dict[str, Any] = {"n": math.ceil(seconds / 60)}
    if seconds <= 60:
        return gettext("in one minute")
    if seconds <= 90 * 60:
        return ngettext("in %(n)s minute", "in %(n)s minutes", facts["n"]) % facts
    facts = {"n": math.ceil(seconds / 3600)}
    return ngettext("in %(n)s hour", "in %(n)s hours", facts["n"]) % facts
