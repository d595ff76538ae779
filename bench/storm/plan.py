"""How much, how long, and which luck."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

# Shares of the time: load and mischief together, then what it takes to come to rest.
_STORM: Final = 0.6


@dataclass(frozen=True)
class Plan:
    submissions: int
    minutes: float  # from the first submission to the verdict; setting up comes before
    seed: int

    @property
    def storm_s(self) -> float:
        return self.minutes * 60 * _STORM

    @property
    def calm_s(self) -> float:
        return self.minutes * 60 * (1 - _STORM)

    @property
    def per_second(self) -> float:
        """So that the last submission comes while things still break."""
        return self.submissions / (self.storm_s * 0.95)

    def luck(self, whose: str) -> random.Random:
        """Each actor's own, so that one more throw here changes nothing there."""
        return random.Random(f"{self.seed}:{whose}")
