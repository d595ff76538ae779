"""Which law a find falls under: decided first, everything else hangs on it.

The municipality keeps a register of places (who runs them, what they are); a place may carry a
decision of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.grounds import Ground, practice, reading


class Regime(StrEnum):
    GENERAL = "general"  # §§ 965–977 BGB
    VERKEHRSFUND = "verkehrsfund"  # § 978: authorities and public transport
    SCHATZ = "schatz"  # § 984: hidden so long that nobody can tell whose it was
    UNANBRINGBAR = "unanbringbar"  # § 983: in an authority's hands without having been found
    KEIN_FUND = "kein_fund"  # loot, rubbish, left in private rooms
    KLAERUNG = "klaerung"  # staff decide


class PlaceKind(StrEnum):
    STREET = "street"
    PARK = "park"
    TAXI = "taxi"
    SHOP = "shop"
    PRIVATE_HOME = "private_home"
    TOWN_HALL = "town_hall"
    COURT = "court"
    SCHOOL = "school"
    POOL = "pool"
    OTHER_PREMISES = "other_premises"
    BUS = "bus"
    TRAM = "tram"
    TRAIN = "train"
    STATION = "station"


class Operator(StrEnum):
    NOBODY = "nobody"  # open ground
    FEDERATION = "federation"
    LAND = "land"
    MUNICIPALITY = "municipality"
    COMPANY = "company"  # private law, even when the town owns all of it


class Circumstance(StrEnum):
    LOST = "lost"
    LOOKS_THROWN_AWAY = "looks_thrown_away"
    PROVEN_THROWN_AWAY = "proven_thrown_away"
    HIDDEN_FOR_AGES = "hidden_for_ages"
    LOOT = "loot"  # hidden or thrown off by a thief
    HANDED_IN_BY_POLICE = "handed_in_by_police"
    CONFISCATED = "confiscated"
    EVICTED = "evicted"


class Presumption(StrEnum):
    """What holds while nobody has decided otherwise."""

    LOST = "lost"
    KEEPER_OF_THE_HOUSE = "keeper_of_the_house"
    MONUMENT_AUTHORITY_FIRST = "monument_authority_first"


@dataclass(frozen=True)
class Place:
    """An entry of the register. `serves_public`: anybody may get on, or come in."""

    name: str
    kind: PlaceKind
    operator: Operator = Operator.NOBODY
    serves_public: bool = True
    regime: Regime | None = None  # as the municipality has decided for this place


@dataclass(frozen=True)
class Ruling:
    regime: Regime
    ground: Ground
    presumption: Presumption | None = None


_AUTHORITIES = frozenset({Operator.FEDERATION, Operator.LAND, Operator.MUNICIPALITY})
_OPEN = frozenset({PlaceKind.STREET, PlaceKind.PARK, PlaceKind.TAXI})
_TRANSPORT = frozenset({PlaceKind.BUS, PlaceKind.TRAM, PlaceKind.TRAIN, PlaceKind.STATION})

_BY_CIRCUMSTANCE = {
    Circumstance.PROVEN_THROWN_AWAY: Ruling(Regime.KEIN_FUND, Ground("§ 959 BGB")),
    Circumstance.HIDDEN_FOR_AGES: Ruling(
        Regime.SCHATZ, reading("§ 984 BGB"), Presumption.MONUMENT_AUTHORITY_FIRST
    ),
    Circumstance.LOOT: Ruling(Regime.KEIN_FUND, practice("OLG Oldenburg 1 W 17/20")),
    Circumstance.HANDED_IN_BY_POLICE: Ruling(Regime.UNANBRINGBAR, Ground("§ 983 BGB")),
    Circumstance.CONFISCATED: Ruling(Regime.UNANBRINGBAR, Ground("§ 983 BGB")),
    Circumstance.EVICTED: Ruling(Regime.UNANBRINGBAR, Ground("§ 983 BGB")),
}


def ruling(place: Place | None, circumstance: Circumstance = Circumstance.LOST) -> Ruling:
    """Regime of a find. How the thing came there outweighs the place; no place is a question."""
    found = _BY_CIRCUMSTANCE.get(circumstance) or _by_place(place)
    if circumstance is Circumstance.LOOKS_THROWN_AWAY:
        return Ruling(found.regime, practice("FundV (BY) Vollzug Nr. 1"), Presumption.LOST)
    return found


def may_be_thrown_away(
    *, obviously_worthless: bool, pet: bool = False, photos: bool = False, writings: bool = False
) -> bool:
    """Worthless things need no six months; what is dear to somebody is never worthless."""
    return obviously_worthless and not (pet or photos or writings)


def _by_place(place: Place | None) -> Ruling:
    if place is None:
        return Ruling(Regime.KLAERUNG, reading("§§ 965, 978 BGB"))
    if place.regime is not None:
        return Ruling(place.regime, practice(_CITES[place.regime]))
    if place.kind in _OPEN:
        return Ruling(Regime.GENERAL, Ground("§ 965 BGB"))
    if place.kind is PlaceKind.PRIVATE_HOME:
        return Ruling(Regime.KEIN_FUND, practice("§§ 854, 856 BGB"))
    if place.kind in _TRANSPORT:
        if place.serves_public:
            return Ruling(Regime.VERKEHRSFUND, Ground("§ 978 Abs. 1 BGB"))
    elif place.operator in _AUTHORITIES and place.kind is not PlaceKind.SHOP:
        return Ruling(Regime.VERKEHRSFUND, Ground("§ 978 Abs. 1 BGB"))
    return _KEEPER


# Whoever keeps a shop may already hold in law what a customer has left there.
_KEEPER = Ruling(Regime.KLAERUNG, practice("BGH VIII ZR 379/86"), Presumption.KEEPER_OF_THE_HOUSE)
_CITES = {
    Regime.GENERAL: "§ 965 BGB",
    Regime.VERKEHRSFUND: "§ 978 BGB",
    Regime.SCHATZ: "§ 984 BGB",
    Regime.UNANBRINGBAR: "§ 983 BGB",
    Regime.KEIN_FUND: "§ 856 BGB",
    Regime.KLAERUNG: "§§ 965, 978 BGB",
}
