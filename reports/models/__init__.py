"""Defects and what is known of them."""

from .answers import Snippet, StaffPhoto
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
from .correspondence import GOES_ON, Correspondence
from .desk import SavedView
from .following import GETS_LETTERS, Follower, Supporter
from .hazards import Alarm, Call, EndReason
from .keeping import Erasure
from .pyramid import EVER, Lately, PyramidCell, PyramidDay, PyramidDelta
from .reading import Reading
from .remarks import ProblemReason, Remark, RemarkKind, RemarkState
from .undoing import Undo

__all__ = [
    "EVER",
    "GETS_LETTERS",
    "GOES_ON",
    "Alarm",
    "Block",
    "Call",
    "Category",
    "Contact",
    "Correspondence",
    "EndReason",
    "Erasure",
    "Event",
    "EventKind",
    "Follower",
    "Lately",
    "Offer",
    "Photo",
    "Priority",
    "ProblemReason",
    "PublicPlace",
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
    "Snippet",
    "StaffPhoto",
    "StatusChoice",
    "Submission",
    "Supporter",
    "Undo",
    "Visibility",
]
