"""A contact as staff see it before they ask for it: enough to know it again, not to use it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from townhall.outbox import masked

_HEAD, _TAIL = 4, 2  # digits of a telephone number that stay
_SHORT = 8  # digits; of a shorter number the head alone would tell most of it


def veiled(contact: Mapping[str, str]) -> dict[str, str]:
    """`U. G.`, `u***@example.org`, `0171 ***89`, `*** 64625 Bensheim`; "" is not known."""
    return {
        "name": initials(contact["name"]),
        "email": masked(contact["email"]) if contact["email"] else "",
        "phone": veiled_phone(contact["phone"]),
        "postal_address": _last_line(contact["postal_address"]),
    }


def initials(name: str) -> str:
    """„Uta von der Geheim-Rat“ as „U. v. d. G.“"""
    words = (word.lstrip("(\"'„") for word in name.split())
    return " ".join(f"{word[0]}." for word in words if word)


def veiled_phone(number: str) -> str:
    """+49 and 0049 count as the 0 that people dial. "***" where no digits are in it."""
    if not number.strip():
        return ""
    national = re.sub(r"^\s*(\+|00)\s*49", "0", number)
    digits = re.sub(r"\D", "", national)
    if len(digits) < _SHORT:
        return f"***{digits[-_TAIL:]}"
    return f"{digits[:_HEAD]} ***{digits[-_TAIL:]}"


def _last_line(address: str) -> str:
    lines = [line.strip() for line in re.split(r"[\n,]", address) if line.strip()]
    return f"*** {lines[-1]}" if len(lines) > 1 else "***" if lines else ""
