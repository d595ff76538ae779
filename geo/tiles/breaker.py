"""Whether to ask somebody at all who did not answer lately."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

FAILURES = 5  # in a row, and nobody asks any more
PAUSE_S = 30.0
LONGEST_PAUSE_S = 600.0


@dataclass
class Breaker:
    """Closed: all ask. Open: nobody asks for a while, then one does, and its luck decides."""

    clock: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _until: float = field(default=0.0, init=False)
    _pause_s: float = field(default=PAUSE_S, init=False)
    _tried_at: float = field(default=-PAUSE_S, init=False)

    @property
    def is_open(self) -> bool:
        """Whether the last ones who asked got no answer, and nobody has since."""
        return self._failures >= FAILURES

    @property
    def is_resting(self) -> bool:
        """Whether nobody may ask now."""
        return self.is_open and self.clock() < self._until

    def allows(self) -> bool:
        """Whether to ask now. A yes while it is open is a trial: tell how it went."""
        if not self.is_open:
            return True
        now = self.clock()
        if now < self._until or now < self._tried_at + PAUSE_S:
            return False
        self._tried_at = now
        return True

    def succeeded(self) -> None:
        self._failures, self._pause_s = 0, PAUSE_S

    def failed(self) -> bool:
        """True when it opens by this failure."""
        self._failures += 1
        if not self.is_open:
            return False
        if self._failures > FAILURES and self.clock() >= self._until:  # the trial
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        self._until = self.clock() + self._pause_s
        return self._failures == FAILURES
