"""„Darf ich das herausgeben?“: the law's answer for one thing, with all that is missing.

The law (lostfound.law.release) decides; here its questions are answered from the thing, the claim
and the ledger. What the house itself wants on top stands in `House`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lostfound.ending import deadlines
from lostfound.law import Answer, Kind, Owner, Regime, Standing, can_release
from lostfound.law.fees import Occasion
from lostfound.law.grounds import practice
from lostfound.law.kinds import DataStep, before_handing_on, handling
from lostfound.law.policy import Policy
from lostfound.law.release import (
    Consent,
    Missing,
    ToFinder,
    ToOwner,
    can_release_to_finder,
)
from lostfound.models import (
    Claim,
    ClaimState,
    DataHandling,
    FoundItem,
    Receiver,
)
from lostfound.models.claims import UNDECIDED
from lostfound.releasing.dues import Dues, dues_of
from lostfound.workflow import OPEN, State
from townhall.calendar import Calendar


class House(StrEnum):
    """What we want besides the law."""

    CLAIM_UNDECIDED = "claim_undecided"  # somebody else says that it is theirs
    ALREADY_GONE = "already_gone"
    WHEREABOUTS = "whereabouts"  # it is not at its place
    NOT_FOR_FINDERS = "not_for_finders"
    STAYS_HERE = "stays_here"  # a medium that cannot be erased, by the town's own rule


@dataclass(frozen=True)
class Gate:
    """The answer for one receiver. `things`: what would leave with it, the whole first."""

    receiver: Receiver
    answer: Answer
    house: tuple[House, ...]
    dues: Dues
    things: tuple[FoundItem, ...]
    staying: tuple[FoundItem, ...] = ()
    claim: Claim | None = None
    standing: Standing | None = None

    @property
    def allowed(self) -> bool:
        return self.answer.allowed and not self.house

    @property
    def missing(self) -> tuple[StrEnum, ...]:
        """Everything, what nobody at the counter can mend first."""
        return (*self.house, *self.answer.missing)

    @property
    def waits_only_for(self) -> frozenset[StrEnum]:
        return frozenset(self.missing)


def to_owner(
    item: FoundItem, claim: Claim | None, *, on: dt.date, receiver: Receiver = Receiver.OWNER
) -> Gate:
    """An owner who is here gets everything together. At most ten statements."""
    dues = dues_of(item, on=on)
    things = _open_things(item)
    standing = standing_of(item, on=on)
    facts = ToOwner(
        owner_verified=is_verified(claim),
        fees_settled=dues.fees_settled,
        consent=Consent(item.consent),
        condition_met=item.condition_met_on is not None,
        in_office=item.state != State.WITH_FINDER,
        reward_due=dues.reward_due,
        ownership_passed=standing.owner in {Owner.FINDER, Owner.MUNICIPALITY},
        kind=_worst_kind(things),
    )
    answer = can_release(facts, regime=item.law_regime)
    house = _house(item) + _others(item, claim)
    return Gate(receiver, answer, house, dues, tuple(things), claim=claim, standing=standing)


def to_finder(item: FoundItem, *, on: dt.date, identity_checked: bool = False) -> Gate:
    """What became the finder's. Papers and cards in it never do: they stay for their authority."""
    town = item.office.municipality
    dues = dues_of(item, on=on, occasion=Occasion.ACQUISITION)
    open_things = _open_things(item)
    going = [each for each in open_things if handling(each.law_kind).finder_may_own]
    standing = standing_of(item, on=on)
    facts = ToFinder(
        standing=standing,
        fees_settled=dues.fees_settled,
        identity_checked=identity_checked,
        data_erased=_data_is_settled(going),
    )
    calendar = Calendar.of(town)
    answer = can_release_to_finder(
        facts, on=on, is_working_day=calendar.is_working_day, policy=dues.policy
    )
    house = _house(item)
    if item not in going:
        house += (House.NOT_FOR_FINDERS,)
    if Missing.DATA_ERASED in answer.missing and _never_leaves(going, dues.policy):
        house += (House.STAYS_HERE,)
    staying = tuple(each for each in open_things if each not in going)
    return Gate(Receiver.FINDER, answer, house, dues, tuple(going), staying, standing=standing)


def to_authority(item: FoundItem, *, on: dt.date) -> Gate:
    """Police or a court asks for it by a file of theirs: nobody's rights are decided by that."""
    dues = dues_of(item, on=on)
    answer = Answer(practice("Amtshilfe, Art. 35 Abs. 1 GG"))
    return Gate(Receiver.AUTHORITY, answer, _house(item), dues, tuple(_open_things(item)))


def is_verified(claim: Claim | None) -> bool:
    """Staff have confirmed the claim, and somebody has looked at an identity paper."""
    return (
        claim is not None
        and claim.state == ClaimState.CONFIRMED
        and claim.identity_checked_at is not None
    )


def standing_of(item: FoundItem, *, on: dt.date) -> Standing:
    """Whose it is under § 973. A claim that nobody has decided yet was registered in time, too.

    Under other regimes nobody acquires it by the passing of time.
    """
    if item.law_regime is not Regime.GENERAL:
        return Standing(Owner.OPEN, practice(_NO_ACQUISITION[item.law_regime]))
    return deadlines.standing_of(item, on=on)


def _house(item: FoundItem) -> tuple[House, ...]:
    if State(item.state) not in OPEN:
        return (House.ALREADY_GONE,)
    return (House.WHEREABOUTS,) if item.missing_since else ()


def _others(item: FoundItem, claim: Claim | None) -> tuple[House, ...]:
    others = item.claims.filter(state__in=UNDECIDED)
    if claim is not None:
        others = others.exclude(pk=claim.pk)
    return (House.CLAIM_UNDECIDED,) if others.exists() else ()


def _open_things(item: FoundItem) -> list[FoundItem]:
    return [item, *item.parts.filter(state__in=OPEN).order_by("pk")]


def _worst_kind(things: Sequence[FoundItem]) -> Kind:
    """A knife in the bag stops the bag: it is not ours to give out."""
    stopped = [each.law_kind for each in things if not handling(each.law_kind).stored]
    return stopped[0] if stopped else things[0].law_kind


def _data_is_settled(things: Sequence[FoundItem]) -> bool:
    media = [each.pk for each in things if each.law_kind is Kind.DATA_MEDIUM]
    if not media:
        return True
    done = DataHandling.objects.filter(item__in=media).exclude(step=DataStep.KEEP)
    return done.count() == len(media)


def _never_leaves(things: Sequence[FoundItem], policy: Policy) -> bool:
    media = [each.pk for each in things if each.law_kind is Kind.DATA_MEDIUM]
    kept = DataHandling.objects.filter(item__in=media, step=DataStep.KEEP).exists()
    return kept and before_handing_on(erasable=False, policy=policy) is DataStep.KEEP


_NO_ACQUISITION = {
    Regime.VERKEHRSFUND: "§ 978 BGB",
    Regime.UNANBRINGBAR: "§ 983 BGB",
    Regime.SCHATZ: "§ 984 BGB",
    Regime.KEIN_FUND: "§§ 856, 959 BGB",
    Regime.KLAERUNG: "§§ 965, 978 BGB",
}
