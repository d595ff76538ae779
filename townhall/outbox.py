"""The outbox as staff see it: which letters wait, failed or are unclear, and why."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from townhall import letters
from townhall.models import Channel, Letter, LetterState, Role, User
from townhall.people import scope_of

PAGE = 50
COUNT_CAP = 1000
KEPT_SECONDS = 30
IN_TROUBLE = (LetterState.FAILED, LetterState.UNCLEAR, LetterState.RETURNED)
MAY_SEE = frozenset({Role.ADMINISTRATOR, Role.DISPATCHER})


def municipality_ids(user: Any) -> frozenset[int]:
    """Whose letters the user may see and send again. Empty: none."""
    towns = (g.municipality_ids for g in scope_of(user).grants if g.role in MAY_SEE)
    return frozenset().union(*towns)


def letters_for(user: Any) -> QuerySet[Letter]:
    """Without those whose recipient was erased."""
    return Letter.objects.filter(municipality_id__in=municipality_ids(user)).exclude(to="")


# ── Lists ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Shelf:
    """One of the lists. `is_counted`: few enough to count, and worth it."""

    slug: str
    name: str | Promise
    empty: str | Promise
    states: tuple[LetterState, ...]
    is_counted: bool = True


SHELVES: Mapping[str, Shelf] = {
    shelf.slug: shelf
    for shelf in (
        Shelf(
            "offen",
            _("To look after"),
            _("Every letter has left the house."),
            (LetterState.WAITING, *IN_TROUBLE),
        ),
        Shelf("wartend", _("Waiting"), _("No letter is waiting."), (LetterState.WAITING,)),
        Shelf(
            "gescheitert",
            _("Failed for good"),
            _("No letter has failed."),
            (LetterState.FAILED, LetterState.RETURNED),
        ),
        Shelf("unklar", _("Unclear"), _("No letter is unclear."), (LetterState.UNCLEAR,)),
        Shelf(
            "behalten",
            _("Kept here"),
            _("No letter is kept here."),
            (LetterState.KEPT,),
            is_counted=False,
        ),
        Shelf(
            "gesendet",
            _("Sent"),
            _("No letter has been sent yet."),
            (LetterState.SENT,),
            is_counted=False,
        ),
    )
}
FIRST = SHELVES["offen"]


@dataclass(frozen=True)
class Wish:
    """What the address asks for: `?liste=offen&nach=`. Nonsense counts as not asked for."""

    shelf: Shelf = FIRST
    after: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, Any]) -> Wish:
        shelf = SHELVES.get(str(query.get("liste", "")), FIRST)
        return cls(shelf, str(query.get("nach", ""))[:80])

    @property
    def query(self) -> str:
        facts = {"liste": self.shelf.slug if self.shelf is not FIRST else "", "nach": self.after}
        return urlencode({name: value for name, value in facts.items() if value})


@dataclass(frozen=True)
class Row:
    """A letter as staff may see it: without its text and without the whole address."""

    letter: Letter

    @property
    def to(self) -> str:
        return masked(self.letter.to)

    @property
    def kind(self) -> str:
        known = self._subject.kinds if self._subject else {}
        return str(known.get(self.letter.kind, self.letter.kind))

    @property
    def about(self) -> str:
        name = letters.name_of(self.letter)
        return self._subject.shown(name) if self._subject else name

    @property
    def page(self) -> str:
        return self._subject.page(letters.name_of(self.letter)) if self._subject else ""

    @property
    def why(self) -> str:
        return str(in_words(self.letter))

    @property
    def may_send_again(self) -> bool:
        return self.letter.state in letters.AGAIN

    @cached_property
    def _subject(self) -> letters.Subject | None:
        return letters.subject_of(self.letter)


def masked(address: str) -> str:
    """`u***@example.org`; of a webhook its host; of paper the place."""
    if "\n" in address:
        return f"*** {address.splitlines()[-1]}"
    if "://" in address:
        return urlsplit(address).hostname or "***"
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    more: str = ""  # query string of the next page


def page_of(wish: Wish, user: User) -> Page:
    """Newest first, by keyset: one statement."""
    hits = letters_for(user).filter(state__in=wish.shelf.states)
    if key := _key(wish.after):
        at, pk = key
        hits = hits.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    found = list(
        hits.defer("text").select_related("municipality").order_by("-created_at", "-pk")[: PAGE + 1]
    )
    more = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        more = replace(wish, after=f"{last.created_at.isoformat()}~{last.pk}").query
    return Page([Row(letter) for letter in found[:PAGE]], more)


def _key(text: str) -> tuple[dt.datetime, UUID] | None:
    at, _tilde, pk = text.replace(" ", "+").partition("~")
    try:
        moment = dt.datetime.fromisoformat(at)
        return (moment, UUID(pk)) if moment.tzinfo else None
    except ValueError:
        return None


def counters(user: User) -> dict[str, int]:
    """How many lie on each counted shelf: one statement."""
    rows = (
        letters_for(user)
        .filter(state__in=FIRST.states)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    by_state = dict(rows)
    return {
        shelf.slug: sum(by_state.get(state, 0) for state in shelf.states)
        for shelf in SHELVES.values()
        if shelf.is_counted
    }


# ── Why ──────────────────────────────────────────────────────────────────────────────────────
# First match wins, by the beginning of a letter's error (letters/smtp.py).
_WHY: tuple[tuple[str, str | Promise], ...] = (
    ("SSLCertVerificationError", _("The certificate of our mail server is not valid.")),
    ("SSL", _("The encrypted connection to our mail server failed.")),
    ("SMTPNotSupportedError", _("Our mail server offers no encryption.")),
    ("SMTPAuthenticationError", _("Our mail server does not accept our login.")),
    ("ConnectionRefusedError", _("Our mail server is not running.")),
    ("gaierror", _("The name of our mail server is not known.")),
    ("TimeoutError", _("Our mail server does not answer.")),
    ("RCPT 4", _("The mail server asks for patience.")),
    ("DATA 4", _("The mail server asks for patience.")),
    ("RCPT 55", _("The mail server does not take letters for this address.")),
    ("RCPT 5", _("The mail server refuses this address.")),
    ("DATA 5", _("The mail server refuses this letter.")),
    ("SMTPSenderRefused", _("The mail server does not accept us as the sender.")),
    ("SMTP", _("The connection to the mail server was cut.")),
    ("Connection", _("The connection to the mail server was cut.")),
    ("BrokenPipe", _("The connection to the mail server was cut.")),
    ("ValueError", _("This is not an address to which a letter can go.")),
    ("DSN 5.1", _("It came back: there is no such address.")),
    ("DSN 5.2.1", _("It came back: the mailbox is switched off.")),
    ("DSN 5.2.2", _("It came back: the mailbox is full.")),
    ("DSN 5.7", _("It came back: the other side refuses letters from us.")),
    ("DSN 4", _("It came back: the other side could not be reached for days.")),
    ("DSN", _("It came back: the other side could not deliver it.")),
)
_NO_ANSWER = _("The mail server gave no usable answer.")
_WHY_HOOKS: tuple[tuple[str, str | Promise], ...] = (
    ("Forbidden", _("This address is not allowed: only https, and nothing inside our network.")),
    ("HTTP 3", _("The other side sends us elsewhere. We follow nobody: enter the new address.")),
    ("HTTP 401", _("The other side does not accept our signature.")),
    ("HTTP 403", _("The other side does not accept our signature.")),
    ("HTTP 4", _("The other side refuses this message.")),
    ("HTTP 5", _("The other side has a fault.")),
    ("SSL", _("The encrypted connection to the other side failed.")),
    ("gaierror", _("The name of the other side is not known.")),
    ("ConnectionRefusedError", _("The other side is not running.")),
    ("TimeoutError", _("The other side does not answer.")),
)


def in_words(letter: Letter) -> str | Promise:
    """Why a letter is where it is."""
    is_hook = letter.channel == Channel.WEBHOOK
    if letter.state == LetterState.UNCLEAR:
        if is_hook:
            return _("The other side had the message and did not say whether it took it.")
        return _("The mail server had the letter and did not say whether it took it.")
    if letter.state == LetterState.KEPT:
        return _("Webhooks are switched off.") if is_hook else _("No mail server is set.")
    if not letter.error:
        return _("Waits for its turn.") if letter.state == LetterState.WAITING else ""
    reasons = _WHY_HOOKS if is_hook else _WHY
    found = (words for start, words in reasons if letter.error.startswith(start))
    return next(found, _("The other side gave no usable answer.") if is_hook else _NO_ANSWER)


# ── In the navigation ────────────────────────────────────────────────────────────────────────
class Sign:
    """What the staff pages' header shows. Asks nothing until it is looked at."""

    def __init__(self, request: HttpRequest) -> None:
        self._user = getattr(request, "user", None)

    @cached_property
    def is_open(self) -> bool:
        """Whether the outbox is this user's business."""
        return bool(self._user and self._user.is_authenticated and municipality_ids(self._user))

    @cached_property
    def keeps_rotas(self) -> bool:
        """Whether standby duty is this user's business."""
        user: Any = self._user
        return bool(user and user.is_authenticated and scope_of(user).has_role(Role.ADMINISTRATOR))

    @cached_property
    def trouble(self) -> int:
        """Letters that failed or are unclear, at most COUNT_CAP; as of half a minute ago."""
        key = _sign_key(self._user)
        known: int | None = cache.get(key)
        if known is None:
            known = letters_for(self._user).filter(state__in=IN_TROUBLE)[:COUNT_CAP].count()
            cache.set(key, known, KEPT_SECONDS)
        return known


def forget_sign(user: User) -> None:
    """Count anew at the next look."""
    cache.delete(_sign_key(user))


def _sign_key(user: Any) -> str:
    towns = "-".join(map(str, sorted(municipality_ids(user))))
    return f"outbox:{hashlib.sha256(towns.encode()).hexdigest()[:32]}"


def outbox(request: HttpRequest) -> dict[str, Sign]:
    """Context processor: `outbox` in every template."""
    return {"outbox": Sign(request)}
