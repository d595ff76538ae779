"""How long personal data stays, and what happens then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.grounds import Ground
from lostfound.law.periods import months_after, three_years_after
from lostfound.law.policy import DEFAULT, GROUNDS, Policy


class Record(StrEnum):
    """What the data belongs to, and which day its time is counted from."""

    OPEN_LOSS = "open_loss"  # the day it was reported
    EVIDENCE = "evidence"  # of a claim that matched nothing: the day of the decision
    RELEASED = "released"  # to its owner: the day of the release
    ACQUIRED = "acquired"  # by finder or municipality: the last day before
    PROCEEDS = "proceeds"  # the last day of the notice's deadline
    RECEIPT = "receipt"  # of cash or a fee: the day of the receipt


class Then(StrEnum):
    ASK_FIRST = "ask_first"  # whoever reported may let it run on
    OFFER_TO_ARCHIVE = "offer_to_archive"
    ERASE = "erase"


@dataclass(frozen=True)
class Retention:
    """Kept up to and with `until`; what follows is done from the next day on, in this order."""

    until: dt.date
    then: tuple[Then, ...]
    ground: Ground


def retention_of(record: Record, day: dt.date, *, policy: Policy = DEFAULT) -> Retention:
    archive = (Then.OFFER_TO_ARCHIVE,) if policy.offer_to_archive else ()
    end = (*archive, Then.ERASE)
    match record:
        case Record.OPEN_LOSS:
            until = months_after(day, policy.open_loss_months)
            return Retention(until, (Then.ASK_FIRST, Then.ERASE), GROUNDS["open_loss_months"])
        case Record.EVIDENCE:
            until = day + dt.timedelta(days=policy.evidence_days)
            return Retention(until, (Then.ERASE,), GROUNDS["evidence_days"])
        case Record.RELEASED:
            years = policy.release_proof_years
            return Retention(_years(day, years, policy), end, GROUNDS["release_proof_years"])
        case Record.ACQUIRED:
            return Retention(three_years_after(day), end, Ground("§ 977 BGB"))
        case Record.PROCEEDS:
            return Retention(three_years_after(day), end, Ground("§ 981 BGB"))
        case Record.RECEIPT:
            years = policy.receipts_years
            return Retention(_years(day, years, policy), end, GROUNDS["receipts_years"])


def _years(day: dt.date, years: int, policy: Policy) -> dt.date:
    """Up to the same day, or to the end of that calendar year (§ 199 Abs. 1 BGB)."""
    until = months_after(day, 12 * years)
    return dt.date(until.year, 12, 31) if policy.ends_with_calendar_year else until
