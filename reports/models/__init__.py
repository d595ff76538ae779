"""Defects and what is known of them."""

from .answers import Snippet, StaffPhoto
from .batches import Batch, BatchRow, Outcome
from .cases import (
    Contact,
    Event,
    EventKind,
    Photo,
    Priority,
    Report,
    Returned,
    StatusChoice,
    Submission,
    Visibility,
)
from .catalogue import (
    Block,
    Category,
    Offer,
    Publication,
    PublicPlace,
    Question,
    QuestionKind,
    Rule,
)
from .commissions import Commission, CommissionLink, TaskOutcome
from .correspondence import GOES_ON, Correspondence
from .crews import Crew, CrewLink, Stop, StopState
from .desk import SavedView
from .evidence import CustodyEntry, CustodyKind, SealedEvidence, SealedFile
from .following import GETS_LETTERS, Follower, Supporter
from .hazards import Alarm, Call, EndReason
from .incidents import Incident, Member
from .keeping import Erasure
from .merging import UNDO_WITHIN, Merging
from .public_text import PublicText
from .pyramid import EVER, Lately, PyramidCell, PyramidDay, PyramidDelta
from .reading import Reading
from .remarks import ProblemReason, Remark, RemarkKind, RemarkState
from .sharing import Share
from .undoing import Undo

__all__ = [
    "EVER",
    "GETS_LETTERS",
    "GOES_ON",
    "UNDO_WITHIN",
    "Alarm",
    "Batch",
    "BatchRow",
    "Block",
    "Call",
    "Category",
    "Commission",
    "CommissionLink",
    "Contact",
    "Correspondence",
    "Crew",
    "CrewLink",
    "CustodyEntry",
    "CustodyKind",
    "EndReason",
    "Erasure",
    "Event",
    "EventKind",
    "Follower",
    "Incident",
    "Lately",
    "Member",
    "Merging",
    "Offer",
    "Outcome",
    "Photo",
    "Priority",
    "ProblemReason",
    "PublicPlace",
    "PublicText",
    "Publication",
    "PyramidCell",
    "PyramidDay",
    "PyramidDelta",
    "Question",
    "QuestionKind",
    "Reading",
    "Remark",
    "RemarkKind",
    "RemarkState",
    "Report",
    "Returned",
    "Rule",
    "SavedView",
    "SealedEvidence",
    "SealedFile",
    "Share",
    "Snippet",
    "StaffPhoto",
    "StatusChoice",
    "Stop",
    "StopState",
    "Submission",
    "Supporter",
    "TaskOutcome",
    "Undo",
    "Visibility",
]
