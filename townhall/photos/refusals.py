"""Why a photo is not taken, in the resident's words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PHOTOS: Final = 5  # per report

# Nobody is blamed, and each sentence says what to do next.
_WORDS: Final[dict[str, Promise]] = {
    "empty": _("This photo arrived empty. Please choose it once more."),
    "truncated": _("This photo did not arrive completely. Please choose it once more."),
    "damaged": _("This photo cannot be opened. Please choose another one or take it once more."),
    "format": _(
        "This kind of file cannot be taken as a photo. "
        "Please choose a photo as JPEG, PNG, WebP, HEIC or AVIF."
    ),
    "animated": _("This picture is animated. Please choose a still photo."),
    "bytes": _("This photo is larger than 20 MB. Please choose a smaller one."),
    "pixels": _("This picture has too many pixels to be opened. Please choose a smaller one."),
    "slow": _("Opening this photo took too long. Please choose another one or a smaller one."),
    "busy": _("Many photos are arriving at this moment. Please try again in a minute."),
}
# Not the photo's fault: the same photo may pass a little later.
PASSING: Final = frozenset({"busy"})


class PhotoRefused(Exception):
    """This photo is not taken; the rest of what came with it is untouched."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason if reason in _WORDS else "damaged"

    @property
    def is_passing(self) -> bool:
        """Whether the same photo may be taken a little later."""
        return self.reason in PASSING


class PhotoConflict(Exception):
    """Under this id another photo was already taken."""


def refusal_words(reason: str) -> Promise:
    """A sentence that says what happened and what to do."""
    return _WORDS.get(reason, _WORDS["damaged"])
