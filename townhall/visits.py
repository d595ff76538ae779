"""To see what is kept about one's mailbox: asked for, let in, gone again. No account, no cookie.

Whether anything is kept about an address is nobody's business: the page that takes the wish does
the same for every address, a worker looks later, and the answer comes by mail or not at all.
docs/adr/0013-meine-without-a-cookie.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from townhall import belongings, letters
from townhall.capabilities import digest, token_for
from townhall.jobs import insert_with_jobs
from townhall.links import link
from townhall.mailboxes import Mailbox
from townhall.models import Visit

INVITE = "invite_visitor"
LETTER = "visit"  # the kind of the letter with the link
LINK = dt.timedelta(days=3)  # as long as a letter may be under way
STAY = dt.timedelta(hours=2)


class NotWelcome(Exception):
    """The token opens nothing (any more)."""


_INSERT = """
    INSERT INTO townhall_visit (id, email, language, asked_at) VALUES (%s, %s, %s, %s)
"""


def ask(email: str, *, language: str) -> None:
    """Note the wish and give a worker the rest. One statement, the same for every address."""
    values = [uuid4(), email, language, timezone.now()]
    insert_with_jobs(_INSERT, values, task=INVITE, argument="visit_id")


def invite(visit_id: UUID) -> bool:
    """Send the link, if the mailbox is known; else forget that somebody asked. Again = no change.

    The letter goes to the address as it was given with a report, never to the one that was typed.
    """
    with transaction.atomic():
        visit = Visit.objects.select_for_update().filter(pk=visit_id, link_digest=None).first()
        if visit is None:
            return False
        known = belongings.known(Mailbox.of(visit.email))
        if known is None:
            visit.delete()
            return False
        visit.email = known.email
        visit.link_digest = digest(_link_token(visit))
        visit.link_until = timezone.now() + LINK
        visit.save(update_fields=["email", "link_digest", "link_until"])
        letters.post(_letter(visit, known))
        return True


def _letter(visit: Visit, known: belongings.Known) -> letters.Draft:
    with translation.override(visit.language):
        facts = {"address": link("mine-entrance", _link_token(visit)), "town": known.sender}
    return _draft(visit, known, LETTER, facts)


def _draft(
    visit: Visit, known: belongings.Known, kind: str, facts: Mapping[str, Any]
) -> letters.Draft:
    with translation.override(visit.language):
        letter = render_to_string(f"townhall/letters/{kind}.txt", dict(facts))
    subject, _, text = letter.strip().partition("\n")
    return letters.Draft(
        key=f"visit:{visit.id}:{kind}",
        kind=kind,
        about=f"visit:{visit.id}",
        to=known.email,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=visit.language,
        sender=known.sender,
        reply_to=known.reply_to,
    )


def _link_token(visit: Visit) -> str:
    return token_for("visit link", visit.id)


def behind(link_token: str) -> Visit:
    """The visit that a letter's link is about. Looking begins nothing. Raises NotWelcome."""
    visit = Visit.objects.filter(
        link_digest=digest(link_token), link_until__gt=timezone.now()
    ).first()
    if visit is None:
        raise NotWelcome
    return visit


def enter(link_token: str) -> str:
    """The button behind the link. Returns the token of the visit; again: the same, for longer.

    Raises NotWelcome.
    """
    with transaction.atomic():
        visit = behind(link_token)
        token = token_for("visit", visit.id)
        visit.token_digest, visit.until = digest(token), timezone.now() + STAY
        visit.save(update_fields=["token_digest", "until"])
    return token


def current(token: str) -> Visit:
    """Raises NotWelcome when there is none, or when it is over."""
    visit = Visit.objects.filter(token_digest=digest(token), until__gt=timezone.now()).first()
    if visit is None:
        raise NotWelcome
    return visit


def leave(token: str) -> None:
    """Over, at once and on all devices: no link of this mailbox opens anything now."""
    visit = current(token)
    Mailbox.of(visit.email).among(Visit.objects.all()).delete()


def forget_all(token: str) -> int:
    """Erase what ties anything to the visit's mailbox, in every room; then say so, once.

    One transaction: all of it or nothing. Returns how many things it was. Raises NotWelcome.
    """
    with transaction.atomic():
        visit = current(token)
        mailbox = Mailbox.of(visit.email)
        known = belongings.known(mailbox)
        count = sum(kind.forget(mailbox) for kind in belongings.kinds())
        mailbox.among(Visit.objects.all()).delete()
        if known is not None:
            letters.post(_farewell(visit, known, count))
    return count


def _farewell(visit: Visit, known: belongings.Known, count: int) -> letters.Draft:
    facts = {"count": count, "town": known.sender}
    return _draft(visit, known, "forgotten", facts)


def forget(*, now: dt.datetime | None = None) -> int:
    """Delete visits that nobody can begin or go on with. Returns how many."""
    now = now or timezone.now()
    is_over = Q(link_until__lt=now) & (Q(until=None) | Q(until__lt=now))
    unanswered = Q(link_digest=None, asked_at__lt=now - LINK)
    return Visit.objects.filter(is_over | unanswered).delete()[0]
