"""Public codes: eight random Crockford base-32 characters, read out as `7K3F-9QMX`."""

from __future__ import annotations

import secrets
from random import Random
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
# What people write when they mean something else (Crockford): I, L → 1; O → 0.
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def new_code(source: Random | None = None) -> str:
    """A fresh code out of 10¹²; `source` makes it repeatable for the demo."""
    choose = (source or secrets.SystemRandom()).choice
    return "".join(choose(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str | None:
    """The code in what somebody typed (`7k3f-9qmx`), or None if there is none."""
    code = text.strip().upper().translate(_MISREAD)
    return code if len(code) == LENGTH and all(c in ALPHABET for c in code) else None


def uuid_in(text: str) -> UUID | None:
    """What a form's hidden field says; None for nonsense."""
    try:
        return UUID(text)
    except ValueError:
        return None
