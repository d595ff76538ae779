"""May it be handed out? To its owner (§ 975 S. 3), to the finder (§ 973), by post."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.grounds import Answer, Ground, practice, reading
from lostfound.law.kinds import Kind, handling
from lostfound.law.ownership import Owner, Standing
from lostfound.law.periods import (
    IsWorkingDay,
    release_to_finder_not_before,
    working_day_from,
)
from lostfound.law.policy import DEFAULT, Policy
from lostfound.law.regime import Regime


class Consent(StrEnum):
    """The finder's, to a release to whoever is entitled. It may be given in advance."""

    NONE = "none"  # not asked, or silent
    GIVEN = "given"  # the waiver of everything holds it, too
    CONDITIONAL = "conditional"  # "when the office has collected my reward"
    REFUSED = "refused"


class Missing(StrEnum):
    OWNER_VERIFIED = "owner_verified"
    FEES_SETTLED = "fees_settled"
    CONSENT_RECORDED = "consent_recorded"
    CONDITION_MET = "condition_met"
    NOT_IN_OFFICE = "not_in_office"  # the finder keeps it and may hand it over alone
    STILL_THEIRS = "still_theirs"  # somebody else has become the owner
    REGIME_SETTLED = "regime_settled"
    MONUMENT_AUTHORITY = "monument_authority"
    POLICE_MATTER = "police_matter"
    FINDER_OWNS = "finder_owns"
    WORKING_DAY = "working_day"
    IDENTITY_CHECKED = "identity_checked"
    DATA_ERASED = "data_erased"
    RECIPIENT_CHECKED = "recipient_checked"
    SHIPPABLE = "shippable"
    STAFF_DECISION = "staff_decision"


class Then(StrEnum):
    NOTIFY_FINDER = "notify_finder"
    HOLD = "hold"
    RESUBMIT = "resubmit"
    LEGAL_OFFICE = "legal_office"
    CLOSE_CASE = "close_case"


@dataclass(frozen=True)
class ToOwner:
    """What the counter knows when somebody asks for their thing.

    Paying the finder is not the finder's consent; it can only be the condition of one.
    """

    owner_verified: bool
    fees_settled: bool
    consent: Consent = Consent.NONE
    condition_met: bool = False
    in_office: bool = True
    reward_due: bool = False
    ownership_passed: bool = False
    kind: Kind = Kind.OTHER


@dataclass(frozen=True)
class ToFinder:
    standing: Standing
    fees_settled: bool
    identity_checked: bool
    data_erased: bool = True  # also when there is nothing to erase


@dataclass(frozen=True)
class Shipment:
    kind: Kind
    recipient_checked: bool  # claim and payment in the same name
    abroad: bool = False
    staff_agree: bool = False


_GROUNDS = {
    Regime.GENERAL: Ground("§ 975 S. 3 BGB"),
    Regime.VERKEHRSFUND: Ground("§ 978 BGB"),
    Regime.UNANBRINGBAR: Ground("§ 983 BGB"),
    Regime.KEIN_FUND: reading("§ 985 BGB"),
    Regime.SCHATZ: reading("§ 984 BGB"),
    Regime.KLAERUNG: practice("BGH VIII ZR 379/86"),
}


def can_release(facts: ToOwner, *, regime: Regime) -> Answer:
    """May the office give it to the owner? All that is missing is named at once."""
    if not facts.in_office:
        return Answer(Ground("§ 969 BGB"), (Missing.NOT_IN_OFFICE,), (Then.CLOSE_CASE,))
    if not handling(facts.kind).stored:
        return Answer(handling(facts.kind).ground, (Missing.POLICE_MATTER,))
    if facts.ownership_passed:
        return Answer(Ground("§ 977 BGB"), (Missing.STILL_THEIRS,))
    missing = (*_unsettled(regime), *_counter(facts), *_finders_word(facts, regime))
    return Answer(_GROUNDS[regime], missing, _then(facts, regime, missing))


def can_release_to_finder(
    facts: ToFinder, *, on: dt.date, is_working_day: IsWorkingDay, policy: Policy = DEFAULT
) -> Answer:
    """May the finder fetch what became theirs? `until`: the day before they may, if that is all."""
    missing: list[Missing] = []
    until = None
    if facts.standing.owner is not Owner.FINDER or facts.standing.since is None:
        missing.append(Missing.FINDER_OWNS)
    else:
        day = dt.timedelta(days=1)
        opens = release_to_finder_not_before(
            facts.standing.since - day, is_working_day=is_working_day, policy=policy
        )
        if on < opens:
            missing.append(Missing.WORKING_DAY)
            until = opens - day
    if not facts.fees_settled:
        missing.append(Missing.FEES_SETTLED)
    if not facts.identity_checked:
        missing.append(Missing.IDENTITY_CHECKED)
    if not facts.data_erased:
        missing.append(Missing.DATA_ERASED)
    return Answer(facts.standing.ground, tuple(missing), until=until)


def can_ship(shipment: Shipment) -> Answer:
    """By post: never papers, money or what is stopped at the door; abroad staff decide."""
    missing = []
    if not handling(shipment.kind).shippable:
        missing.append(Missing.SHIPPABLE)
    if not shipment.recipient_checked:
        missing.append(Missing.RECIPIENT_CHECKED)
    if shipment.abroad and not shipment.staff_agree:
        missing.append(Missing.STAFF_DECISION)
    return Answer(handling(shipment.kind).ground, tuple(missing))


def resubmission(
    asked_on: dt.date, *, is_working_day: IsWorkingDay, policy: Policy = DEFAULT
) -> dt.date:
    """When a case comes back to the desk whose finder is silent or refuses."""
    day = asked_on + dt.timedelta(days=policy.resubmission_days)
    return working_day_from(day, is_working_day=is_working_day)


def _unsettled(regime: Regime) -> tuple[Missing, ...]:
    if regime is Regime.KLAERUNG:
        return (Missing.REGIME_SETTLED,)
    return (Missing.MONUMENT_AUTHORITY,) if regime is Regime.SCHATZ else ()


def _counter(facts: ToOwner) -> tuple[Missing, ...]:
    verified = () if facts.owner_verified else (Missing.OWNER_VERIFIED,)
    settled = () if facts.fees_settled else (Missing.FEES_SETTLED,)
    return (*verified, *settled)


def _finders_word(facts: ToOwner, regime: Regime) -> tuple[Missing, ...]:
    """§ 975 S. 3 asks for the finder's consent; § 978 shuts § 975 out."""
    if regime is not Regime.GENERAL or facts.consent is Consent.GIVEN:
        return ()
    if facts.consent is Consent.CONDITIONAL:
        return () if facts.condition_met else (Missing.CONDITION_MET,)
    return (Missing.CONSENT_RECORDED,)


def _then(facts: ToOwner, regime: Regime, missing: tuple[Missing, ...]) -> tuple[Then, ...]:
    if Missing.CONSENT_RECORDED in missing:
        return (Then.HOLD, Then.RESUBMIT, Then.LEGAL_OFFICE)
    if not missing and regime is Regime.VERKEHRSFUND and facts.reward_due:
        return (Then.NOTIFY_FINDER,)
    return ()
