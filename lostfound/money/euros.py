"""Money as people write and read it. In between it is whole cents."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

MOST_CENTS = 999_999_999_99
MOST_TYPED = 40  # characters; more is no amount that somebody could mean
_GERMAN = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}|-{1,2}|–))?", re.ASCII)
_ENGLISH = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)\.(\d{1,2})", re.ASCII)
_DECORATION = re.compile(r"(?:€|EUR|Euro|[\s\u00a0\u202f'])+", re.IGNORECASE)


class NoMoney(ValueError):
    """The text is no amount of euros and cents."""


def read_euros(text: str) -> int:
    """Cents in „12,50“, „1.234,56 €“, „12.50“, „EUR 5,-“. Raises NoMoney.

    „1.234“ is one thousand two hundred and thirty-four: that is how it is written here.
    """
    bare = _DECORATION.sub("", text)
    found = _GERMAN.fullmatch(bare) or _ENGLISH.fullmatch(bare)
    if found is None:
        raise NoMoney(text)
    whole = int(re.sub(r"[.,]", "", found[1]))
    part = (found[2] or "").strip("-–")
    cents = whole * 100 + int(part.ljust(2, "0") or "0")
    if cents > MOST_CENTS:
        raise NoMoney(text)
    return cents


def say_euros(cents: int) -> str:
    """„1.234,56 €“ in the reader's language; a minus where it is below zero."""
    amount = formats.number_format(abs(Decimal(cents)) / 100, 2, use_l10n=True, force_grouping=True)
    return f"{'−' if cents < 0 else ''}{amount}\u00a0€"


def plain_euros(cents: int) -> str:
    """„1234,56“ for a field of a form or a table file."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


class EuroField(forms.CharField):
    """An amount above or equal to zero, given back as cents; None where left empty."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)
        self.validators = []  # CharField's look at text; here they would get the cents
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]  # text in, cents out
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_euros(text[:MOST_TYPED])
        except NoMoney:
            raise forms.ValidationError(
                _("Enter an amount in euros and cents, for example 12.50.")
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return plain_euros(value) if isinstance(value, int) else value
