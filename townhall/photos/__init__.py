"""Photos: taken from strangers, opened elsewhere, kept without what they tell about people."""

from .pool import patience
from .refusals import MAX_BYTES, MAX_PHOTOS, PhotoConflict, PhotoRefused, refusal_words
from .storing import Staged, file_response, stage, stage_with_position, sweep, sweep_strays

__all__ = [
    "MAX_BYTES",
    "MAX_PHOTOS",
    "PhotoConflict",
    "PhotoRefused",
    "Staged",
    "file_response",
    "patience",
    "refusal_words",
    "stage",
    "stage_with_position",
    "sweep",
    "sweep_strays",
]
