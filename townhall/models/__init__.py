"""Who, and what every case needs. One file per subject."""

from .accounts import AccountEvent, AccountEventKind, StaffSession
from .duty import DutyPerson, Rota, Shift
from .images import Image
from .installation import Installation
from .letters import Channel, Letter, LetterState
from .people import (
    ClosingDay,
    Department,
    DepartmentKind,
    Membership,
    Municipality,
    PhotoLicence,
    Role,
    Site,
    User,
)
from .tallies import Tally
from .trail import TrailPart, TrailSalt, TrailSeal
from .unsent import Unsent
from .visits import Visit

__all__ = [
    "AccountEvent",
    "AccountEventKind",
    "Channel",
    "ClosingDay",
    "Department",
    "DepartmentKind",
    "DutyPerson",
    "Image",
    "Installation",
    "Letter",
    "LetterState",
    "Membership",
    "Municipality",
    "PhotoLicence",
    "Role",
    "Rota",
    "Shift",
    "Site",
    "StaffSession",
    "Tally",
    "TrailPart",
    "TrailSalt",
    "TrailSeal",
    "Unsent",
    "User",
    "Visit",
]
