"""The daily closing of the till: one person counts, another confirms, then it is locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from lostfound.models import Account, Closing, LedgerLine, Method, Office, Party
from lostfound.money import cash
from lostfound.money.counting import SamePerson
from townhall.models import User

_ACCOUNTS, _METHODS = list(Account), list(Method)


@dataclass(eq=False)
class NeedsReason(Exception):
    """Counted and expected differ by so many cents, and nobody says why."""

    difference: int


@dataclass(eq=False)
class NothingToConfirm(Exception):
    """No count waits; somebody else was faster, or it was taken back."""


def count_till(
    office: Office,
    *,
    by: User,
    cents: int,
    denominations: Mapping[int, int] | None = None,
    reason: str = "",
) -> Closing:
    """Put down what lies in the till. A count that nobody has confirmed is replaced.

    Raises NeedsReason.
    """
    with transaction.atomic():
        cash.lock(office)
        last = LedgerLine.objects.filter(office=office).order_by("-number").first()
        expected = last.till_cents if last else 0
        if cents != expected and not reason.strip():
            raise NeedsReason(cents - expected)
        Closing.objects.filter(office=office, number=None).delete()
        return Closing.objects.create(
            office=office,
            day=timezone.localdate(),
            through=last.number if last else 0,
            expected_cents=expected,
            counted_cents=cents,
            denominations={str(k): n for k, n in (denominations or {}).items() if n},
            reason="" if cents == expected else reason.strip(),
            counted_by=by,
            counted_at=timezone.now(),
        )


def confirm(office: Office, *, by: User, counted_at: str) -> Closing:
    """The second person agrees: numbered, locked, and a difference booked.

    `counted_at` (ISO) is that of the count they looked at: another one since is another question.
    Raises NothingToConfirm, SamePerson.
    """
    with transaction.atomic():
        cash.lock(office)
        closing = waiting(office)
        if closing is None or closing.counted_at.isoformat() != counted_at:
            raise NothingToConfirm
        if closing.counted_by_id == by.pk:
            raise SamePerson
        last = Closing.objects.filter(office=office, number__isnull=False).last()
        closing.number = (last.number or 0) + 1 if last else 1
        closing.confirmed_by, closing.confirmed_at = by, timezone.now()
        closing.save()
        if closing.difference_cents:
            cash.book(
                office,
                Account.DIFFERENCE,
                closing.difference_cents,
                party=Party.TREASURY,
                by=by,
                witness=closing.counted_by,
                key=f"closing-{closing.number}",
                note=_("Closing %(number)d") % {"number": closing.number},
            )
        return closing


def take_back(office: Office) -> None:
    """Forget a count that nobody has confirmed."""
    Closing.objects.filter(office=office, number=None).delete()


def waiting(office: Office) -> Closing | None:
    """The count that waits for its second person."""
    return (
        Closing.objects.filter(office=office, number=None)
        .select_related("counted_by", "office")
        .first()
    )


@dataclass(frozen=True)
class Row:
    """What moved on one account by one method between two closings. Cents; `cents_out` ≤ 0."""

    account: Account
    method: Method
    cents_in: int
    cents_out: int


@dataclass(frozen=True)
class Sheet:
    """What stands on the paper of a closing. `opening` is what the last one left in the till."""

    closing: Closing
    first: int
    opening: int
    rows: Sequence[Row]


def sheet(closing: Closing) -> Sheet:
    """Three statements."""
    before = (
        Closing.objects.filter(office=closing.office_id, through__lte=closing.through)
        .exclude(pk=closing.pk)
        .filter(number__isnull=False)
        .order_by("-number")
    )
    if closing.number is not None:
        before = before.filter(number__lt=closing.number)
    last = before.first()
    start = last.through if last else 0
    lines = LedgerLine.objects.filter(
        office=closing.office_id, number__gt=start, number__lte=closing.through
    )
    sums = (
        lines.order_by()
        .values_list("account", "method")
        .annotate(
            came=Sum("cents", filter=Q(cents__gt=0)), went=Sum("cents", filter=Q(cents__lt=0))
        )
    )
    rows = sorted(
        (Row(Account(a), Method(m), came or 0, went or 0) for a, m, came, went in sums),
        key=lambda row: (_ACCOUNTS.index(row.account), _METHODS.index(row.method)),
    )
    moved = sum(row.cents_in + row.cents_out for row in rows if row.method == Method.CASH)
    return Sheet(closing, start + 1, closing.expected_cents - moved, rows)
