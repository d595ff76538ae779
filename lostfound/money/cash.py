"""The ledger of each office (Verwahrung): append-only, numbered without holes, booked once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from lostfound.models import Account, FoundItem, LedgerLine, Method, Office, Party
from townhall.models import User

# Other people's money: for one thing never more goes out than came in for it.
IN_TRUST = frozenset({Account.FOUND_CASH, Account.REWARD, Account.EXPENSES, Account.PROCEEDS})


@dataclass(eq=False)
class NothingToBook(Exception):
    """A line of zero cents says nothing."""


@dataclass(eq=False)
class KeyTaken(Exception):
    """The key stands for other money already."""

    line: LedgerLine


@dataclass(eq=False)
class Overdrawn(Exception):
    """More would go out than is held for the thing. Cents."""

    held: int
    wanted: int


@dataclass(eq=False)
class AlreadyReversed(Exception):
    """The line was taken back before, or itself takes another back."""

    line: LedgerLine


def book(
    office: Office,
    account: Account,
    cents: int,
    *,
    item: FoundItem | None = None,
    party: Party,
    method: Method = Method.CASH,
    by: User | None,
    key: str,
    witness: User | None = None,
    note: str = "",
    at: dt.datetime | None = None,
) -> LedgerLine:
    """Append a line: `cents` above zero came in from `party`, below zero went out to it.

    `key` names the deed ("release-7K3F9QMX-fee"): the same key with the same money is the same
    line again, whoever sends it. Lock things before calling: the office is locked last, until the
    transaction ends. Raises NothingToBook, KeyTaken, Overdrawn.
    """
    if cents == 0:
        raise NothingToBook
    line = LedgerLine(
        office=office,
        account=account,
        cents=cents,
        item=item,
        party=party,
        method=method,
        by=by,
        key=key,
        witness=witness,
        note=note,
        at=at or timezone.now(),
    )
    with transaction.atomic():
        lock(office)
        known = LedgerLine.objects.filter(office=office, key=key).first()
        if known is None:
            _check_held(line)
            return _append(line)
    if not _same_money(known, line):
        raise KeyTaken(known)
    return known


def reverse(
    line: LedgerLine, *, by: User | None, note: str, witness: User | None = None
) -> LedgerLine:
    """Take a line back (Storno) by its opposite, with the reason as `note`.

    Raises AlreadyReversed; Overdrawn where what came in has gone out since.
    """
    with transaction.atomic():
        lock(line.office)
        if line.reverses_id or LedgerLine.objects.filter(reverses=line).exists():
            raise AlreadyReversed(line)
        opposite = LedgerLine(
            office=line.office,
            account=line.account,
            cents=-line.cents,
            item=line.item,
            party=line.party,
            method=line.method,
            by=by,
            key=f"storno-{line.number}",
            witness=witness,
            note=note,
            reverses=line,
            at=timezone.now(),
        )
        _check_held(opposite)
        return _append(opposite)


def pay_out(
    item: FoundItem,
    *,
    party: Party,
    by: User | None,
    key: str,
    account: Account = Account.FOUND_CASH,
) -> list[LedgerLine]:
    """Book out all that is held for the thing, from the till, or still sealed; a line for each.

    `custody.pass_on` does it with found money that leaves the house. `key` as in `book`. Nothing
    held: no line.
    """
    with transaction.atomic():
        lock(item.office)
        known = list(LedgerLine.objects.filter(item=item, key__startswith=f"{key}-"))
        return known or [
            book(
                item.office,
                account,
                -cents,
                item=item,
                party=party,
                method=method,
                by=by,
                key=f"{key}-{method}",
            )
            for method, cents in held(item, account).items()
            if cents > 0
        ]


def take_back(item: FoundItem, *, by: User | None, key: str, note: str = "") -> None:
    """The money that `pay_out` booked out under this key is back.

    In another office's ledger it comes in anew, sealed as it was sent.
    """
    with transaction.atomic():
        lock(item.office)
        for line in LedgerLine.objects.filter(item=item, key__startswith=f"{key}-"):
            if line.office_id == item.office_id:
                if not LedgerLine.objects.filter(reverses=line).exists():
                    reverse(line, by=by, note=note[:200])
            else:
                book(
                    item.office,
                    Account(line.account),
                    -line.cents,
                    item=item,
                    party=Party.OTHER,
                    method=Method.SEALED,
                    by=by,
                    key=f"{key}.in-{line.method}",
                )


def held(item: FoundItem, account: Account = Account.FOUND_CASH) -> dict[Method, int]:
    """What of the account is held for the thing, by where it is. Cents, zeros left out."""
    sums = (
        LedgerLine.objects.filter(item=item, account=account)
        .order_by()
        .values_list("method")
        .annotate(cents=Sum("cents"))
    )
    return {Method(method): cents for method, cents in sums if cents}


def in_till(office: Office) -> int:
    """Cents that should lie in the till now."""
    last = LedgerLine.objects.filter(office=office).order_by("-number").first()
    return last.till_cents if last else 0


def lock(office: Office) -> None:
    """One writer for each office, so that numbers and balances run without a hole.

    No key: who takes in a thing for the office meanwhile doesn't wait.
    """
    Office.objects.select_for_update(no_key=True, of=("self",)).get(pk=office.pk)


def _check_held(line: LedgerLine) -> None:
    if line.cents > 0 or line.item is None or line.account not in IN_TRUST:
        return
    kept = sum(held(line.item, Account(line.account)).values())
    if kept + line.cents < 0:
        raise Overdrawn(held=kept, wanted=-line.cents)


def _append(line: LedgerLine) -> LedgerLine:
    last = LedgerLine.objects.filter(office=line.office).order_by("-number").first()
    line.number = last.number + 1 if last else 1
    line.till_cents = (last.till_cents if last else 0) + (
        line.cents if line.method == Method.CASH else 0
    )
    line.day = timezone.localdate(line.at)
    line.save(force_insert=True)
    return line


def _same_money(known: LedgerLine, line: LedgerLine) -> bool:
    told = ("account", "cents", "item_id", "party", "method")
    return all(getattr(known, name) == getattr(line, name) for name in told)
