"""Numbers that only the owner and the thing itself know."""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from lostfound.catalogue import MARKS
from lostfound.identifiers import digest_of, imei_is_sound, normalise, tail_of

IMEI = "490154203237518"


@pytest.mark.parametrize(
    ("kind", "owner", "office"),
    [
        ("imei", "49-015420-323751-8", IMEI),
        ("imei", "IMEI: 490154 203237 518", IMEI),
        ("imei", "IMEI1 490154203237518", IMEI),
        ("imei", "49015420323751", IMEI),  # without the check digit
        ("imei", "490154203237518/01", IMEI),
        ("imei", "490154203237519", IMEI),  # only the check digit is wrong
        ("frame", "WTU 0I7 K0418 O", "wtu017k04180"),
        ("frame", "Rahmennummer: AB-1234-X", "AB1234X"),
        ("frame", "Rahmennr. AB1234X", "ab 1234 x"),
        ("frame", "Rahmen-Nr. - Nr. AB1234X", "ab 1234 x"),
        ("serial", "S/N: C02-XL0 PJG5J", "c02xl0pjg5j"),
        ("serial", "Seriennummer C02XL0PJG5J", "C02XL0PJG5J"),
        ("serial", "A1234567", "Ａ1234567"),  # full width, from a telephone's keyboard
        ("coding", "HP 010 02340 012 AB 21", "HP01002340012AB21"),
        ("coding", "Codierung: HP 010 02340 012 AB 21", "HP01002340012AB21"),
        ("chip", "Chip-Nr. 276 098 102 345 678", "276098102345678"),
        ("chip", "Tattoo: ab 123 o", "AB1230"),
    ],
)
def test_two_people_who_copied_one_number_are_found_together(kind, owner, office):
    assert digest_of(kind, owner) == digest_of(kind, office) != ""


def test_a_frame_number_in_the_field_for_serial_numbers_is_still_the_same():
    assert digest_of("serial", "WTU017K0418") == digest_of("frame", "WTU017K0418")


def test_other_numbers_have_other_hashes():
    assert digest_of("imei", IMEI) != digest_of("imei", "490154203237618")
    assert digest_of("chip", "276098102345678") != digest_of("serial", "276098102345678")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("imei", "12345"),
        ("imei", ""),
        ("serial", "- / -"),
        ("serial", "1234"),
        ("engraving", "Für Anna 2019"),
        ("nonsense", "12345678"),
    ],
)
def test_too_little_of_a_number_names_nothing(kind, text):
    assert (normalise(kind, text), digest_of(kind, text), tail_of(kind, text)) == ("", "", "")


@pytest.mark.parametrize(
    ("kind", "text", "tail"),
    [
        ("imei", "49-015420-323751-8", "7518"),
        ("imei", "490154203237518/01", "7518"),
        ("frame", "WTU 017 K0418 o", "418O"),
        ("serial", "AB123", "23"),
    ],
)
def test_the_last_four_are_those_printed_on_the_thing(kind, text, tail):
    assert tail_of(kind, text) == tail


def test_a_mistyped_imei_is_noticed_not_refused():
    assert imei_is_sound(f"IMEI {IMEI}")
    assert not imei_is_sound("490154203237581")
    assert not imei_is_sound("4901542032375")
    assert digest_of("imei", "490154203237581")


def test_without_the_installations_secret_nobody_can_try_numbers():
    ours = digest_of("imei", IMEI)
    with override_settings(SECRET_KEY="another installation's key, long enough to be one"):
        assert digest_of("imei", IMEI) != ours


def test_every_mark_that_is_a_number_can_be_read():
    numbers = {code for code, mark in MARKS.items() if mark.is_number}
    assert {code for code in MARKS if normalise(code, "123456789012345")} == numbers


@given(kind=st.sampled_from(sorted(MARKS)), text=st.text(max_size=60))
def test_whatever_is_typed_is_read_the_same_again(kind, text):
    number = normalise(kind, text)
    assert len(digest_of(kind, text)) == (64 if number else 0)
    assert len(tail_of(kind, text)) <= 4
    if number:
        assert normalise(kind, number) == number
