"""Defects and what is known of them."""

from .cases import Contact, Event, EventKind, Photo, Report, StatusChoice, Submission, Visibility
from .catalogue import Category, Offer, Publication, PublicPlace, Question, QuestionKind, Rule
from .correspondence import GOES_ON, Correspondence
from .keeping import Erasure

__all__ = [
    "GOES_ON",
    "Category",
    "Contact",
    "Correspondence",
    "Erasure",
    "Event",
    "EventKind",
    "Offer",
    "Photo",
    "PublicPlace",
    "Publication",
    "Question",
    "QuestionKind",
    "Report",
    "Rule",
    "StatusChoice",
    "Submission",
    "Visibility",
]
