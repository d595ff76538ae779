"""Who, and what every case needs. One file per subject."""

from .images import Image
from .installation import Installation
from .letters import Letter, LetterState
from .people import (
    ClosingDay,
    Department,
    DepartmentKind,
    Membership,
    Municipality,
    Role,
    Site,
    User,
)
from .tallies import Tally

__all__ = [
    "ClosingDay",
    "Department",
    "DepartmentKind",
    "Image",
    "Installation",
    "Letter",
    "LetterState",
    "Membership",
    "Municipality",
    "Role",
    "Site",
    "Tally",
    "User",
]
