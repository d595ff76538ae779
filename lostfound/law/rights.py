"""The finder's three rights: three questions, never one checkbox (§§ 970, 971, 973)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.grounds import Ground
from lostfound.law.regime import Regime


class Right(StrEnum):
    REWARD = "reward"  # § 971
    EXPENSES = "expenses"  # § 970
    OWNERSHIP = "ownership"  # § 973


class Holder(StrEnum):
    FINDER = "finder"
    MUNICIPALITY = "municipality"  # of the place of find
    NOBODY = "nobody"


# § 978 shuts out §§ 965–967 and 969–977: it knows a reward of its own and nothing else.
_ASKED: dict[Regime, frozenset[Right]] = {
    Regime.GENERAL: frozenset(Right),
    Regime.VERKEHRSFUND: frozenset({Right.REWARD}),
}

# Signed as it stands, therefore German in every language of the screen.
WAIVER_OF_EVERYTHING = (
    "Ich verzichte auf Finderlohn, Auslagenersatz und Eigentumserwerb und stimme der Herausgabe "
    "an Empfangsberechtigte zu."
)


@dataclass(frozen=True)
class Finder:
    anonymous: bool = False
    minor: bool = False
    keeps_it: bool = False  # § 966: the thing stays with the finder


@dataclass(frozen=True)
class Asked:
    """What the counter asks a finder and may keep of the answers."""

    rights: frozenset[Right]
    waiver: str | None = None  # one sentence in place of the questions
    person_is_stored: bool = True
    guardian_for: frozenset[Right] = frozenset()
    address_is_secret: bool = False


def asked(finder: Finder, *, regime: Regime) -> Asked:
    rights = _ASKED.get(regime, frozenset())
    if finder.anonymous:
        return Asked(frozenset(), waiver=WAIVER_OF_EVERYTHING, person_is_stored=False)
    guarded = rights & {Right.REWARD, Right.OWNERSHIP} if finder.minor else frozenset()
    return Asked(rights, guardian_for=guarded, address_is_secret=finder.keeps_it)


def holder(right: Right, *, waived: frozenset[Right]) -> Holder:
    """Who has a right after waivers. Each waiver touches its own right alone.

    Ownership waived goes to the municipality of the place of find (§ 976 Abs. 1).
    """
    if right not in waived:
        return Holder.FINDER
    return Holder.MUNICIPALITY if right is Right.OWNERSHIP else Holder.NOBODY


OWNERSHIP_WAIVED = Ground("§ 976 Abs. 1 BGB")
