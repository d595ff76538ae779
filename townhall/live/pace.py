"""How fast one client may ask."""

from .limits import SUBSCRIBE_BURST, SUBSCRIBES_PER_SECOND


class Pace:
    """SUBSCRIBE_BURST requests at once, SUBSCRIBES_PER_SECOND in the long run.

    `at` is the earliest time at which the next burst would be whole again. Times are seconds of
    any one clock.
    """

    __slots__ = ("_at",)

    def __init__(self) -> None:
        self._at = 0.0

    def wait(self, now: float) -> float:
        """Count one more request; the seconds it has to wait."""
        self._at = max(self._at, now) + 1 / SUBSCRIBES_PER_SECOND
        return max(0.0, self._at - now - SUBSCRIBE_BURST / SUBSCRIBES_PER_SECOND)
