"""Whose mail it is: addresses that differ in capitals only lead to the same person.

ASCII letters alone are folded. Elsewhere capitals are a matter of language, and "K" (KELVIN SIGN)
lower-cased is the "k" of somebody else's address.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import CharField, F, Func, QuerySet

Rows = TypeVar("Rows", bound="QuerySet[Any]")
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(field: str = "email") -> Func:
    """The expression to index: in the collation C nothing but ASCII has capitals."""
    template = 'lower(%(expressions)s COLLATE "C")'
    return Func(F(field), template=template, output_field=CharField())


@dataclass(frozen=True)
class Mailbox:
    """An address whatever its capitals."""

    address: str

    @classmethod
    def of(cls, email: str) -> Mailbox:
        return cls(email.strip().translate(_ASCII_LOWER))

    def among(self, rows: Rows, field: str = "email") -> Rows:
        """The rows whose address leads here."""
        return rows.alias(mailbox=folded(field)).filter(mailbox=self.address)
