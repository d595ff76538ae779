from .cash import Account, CashCount, Closing, LedgerLine, Method, Party
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
from .listings import Ended, Listing
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
from .places import StoragePlace, StorageSite
from .storage import Outcome, StockEntry, StockScan, Stocktaking
from .words import Circumstance, Consent, Regime

__all__ = [
    "Account",
    "CashCount",
    "Circumstance",
    "Claim",
    "ClaimState",
    "ClaimTry",
    "Claimant",
    "Closing",
    "Consent",
    "Custody",
    "Ended",
    "Event",
    "EventKind",
    "FindPlace",
    "Finder",
    "FoundItem",
    "HiddenMark",
    "Holder",
    "LedgerLine",
    "Listing",
    "Loser",
    "LossEvent",
    "LossEventKind",
    "LossMark",
    "LossReport",
    "LossState",
    "Match",
    "MatchState",
    "Method",
    "Office",
    "Operator",
    "Outcome",
    "Party",
    "Photo",
    "PlaceKind",
    "ProofQuestion",
    "Regime",
    "Source",
    "StateChoice",
    "StockEntry",
    "StockScan",
    "Stocktaking",
    "StoragePlace",
    "StorageSite",
    "Terms",
    "Value",
]
