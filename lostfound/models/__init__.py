from .claims import Claim, Claimant, ClaimState, ClaimTry
from .items import (
    Custody,
    Event,
    EventKind,
    Finder,
    FoundItem,
    HiddenMark,
    Holder,
    Photo,
    ProofQuestion,
    Source,
    StateChoice,
    Value,
)
from .listings import Listing
from .losses import (
    Loser,
    LossEvent,
    LossEventKind,
    LossMark,
    LossReport,
    LossState,
)
from .matches import Match, MatchState
from .offices import FindPlace, Office, Operator, PlaceKind, Terms
from .words import Circumstance, Consent, Regime

__all__ = [
    "Circumstance",
    "Claim",
    "ClaimState",
    "ClaimTry",
    "Claimant",
    "Consent",
    "Custody",
    "Event",
    "EventKind",
    "FindPlace",
    "Finder",
    "FoundItem",
    "HiddenMark",
    "Holder",
    "Listing",
    "Loser",
    "LossEvent",
    "LossEventKind",
    "LossMark",
    "LossReport",
    "LossState",
    "Match",
    "MatchState",
    "Office",
    "Operator",
    "Photo",
    "PlaceKind",
    "ProofQuestion",
    "Regime",
    "Source",
    "StateChoice",
    "Terms",
    "Value",
]
