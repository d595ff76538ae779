"""Letters: each leaves once, also when a worker dies over it."""

from .outbox import Draft, post

__all__ = ["Draft", "post"]
