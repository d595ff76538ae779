"""Who, and what every case needs. One file per subject."""

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
from .unsent import Unsent
from .visits import Visit

__all__ = [
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
    "Tally",
    "Unsent",
    "User",
    "Visit",
]
