"""Amounts as people write them."""

from __future__ import annotations

import pytest
from django.utils import translation

from lostfound.money.euros import NoMoney, plain_euros, read_euros, say_euros


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,50", 1250),
        ("1.234,56 €", 123456),
        ("12.50", 1250),
        ("EUR 5,-", 500),
        ("1.234", 123400),
        ("0,5", 50),
        ("1 234,56", 123456),
        ("1,234.50", 123450),
    ],
)
def test_amounts_are_read_as_they_are_meant(text: str, cents: int) -> None:
    assert read_euros(text) == cents


@pytest.mark.parametrize("text", ["", "-3", "12,505", "٣", "zwölf", "1e9", "9" * 40, "1.23,4"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NoMoney):
        read_euros(text)


def test_amounts_are_written_in_the_readers_language() -> None:
    with translation.override("de"):
        assert say_euros(123456) == "1.234,56\u00a0€"
    with translation.override("en"):
        assert say_euros(-5) == "−0.05\u00a0€"
    assert plain_euros(-5) == "-0,05"
