"""Photos: taken from strangers, opened elsewhere, kept without what they tell about people."""

from .pool import Area, patience
from .redacting import areas_in, cells_of, drop, inline, redacted
from .refusals import MAX_BYTES, MAX_PHOTOS, PhotoConflict, PhotoRefused, refusal_words
from .storing import Staged, discard, file_response, stage, stage_with_position, sweep, sweep_strays

__all__ = [
    "MAX_BYTES",
    "MAX_PHOTOS",
    "Area",
    "PhotoConflict",
    "PhotoRefused",
    "Staged",
    "areas_in",
    "cells_of",
    "discard",
    "drop",
    "file_response",
    "inline",
    "patience",
    "redacted",
    "refusal_words",
    "stage",
    "stage_with_position",
    "sweep",
    "sweep_strays",
]
