"""Photos: taken from strangers, opened elsewhere, kept without what they tell about people."""

from .refusals import MAX_BYTES, MAX_PHOTOS, PhotoConflict, PhotoRefused, refusal_words
from .storing import file_response, stage, sweep, sweep_strays

__all__ = [
    "MAX_BYTES",
    "MAX_PHOTOS",
    "PhotoConflict",
    "PhotoRefused",
    "file_response",
    "refusal_words",
    "stage",
    "sweep",
    "sweep_strays",
]
