"""Numbers that name one thing alone: read as people write them, kept as keyed hash and last four.

Whoever has a copy of the database can try no numbers against the hashes: the key is derived from
the installation's secret. Two people who copied the same number off the same metal get one hash.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable

from django.conf import settings

# A serial number in a bicycle's field is still that bicycle's: these are one family.
FAMILIES = {
    "imei": "imei",
    "chip": "chip",
    "serial": "number",
    "frame": "number",
    "coding": "number",
}

_LABEL = re.compile(
    r"""^\W*(?:(?:
        imei(?:\s*/?\s*sv)?\s*[12]?(?=\W) | s\s*/\s*n | sn(?=\W)
      | (?:serien|rahmen|fahrgestell|[ck]odier|chip|transponder|tattoo|t[äa]towier|f?ein)
        \s*-?\s*(?:ungs)?-?\s*(?:nummer|nr|code)\b
      | serial(?:\s*(?:number|no))?\b | frame(?:\s*number)?\b
      | (?:chip|tattoo|transponder|[ck]odierung|nummer|nr)\b | no(?=[.:])
    )[\s.:\#-]*)+""",
    re.IGNORECASE | re.VERBOSE,
)
_LOOKS_ALIKE = str.maketrans("OQIL", "0011")
_FEWEST = 5  # a shorter number names many things
_DEVICE_DIGITS = 14  # type and serial; then a check digit, or two of the software's version


def normalise(kind: str, text: str) -> str:
    """The number as it is compared; empty for a mark that is no number, or too little of one.

    `kind` is a code of catalogue.MARKS. Spaces, dashes, labels and case don't count; O is 0 and
    I is 1, which nobody can tell apart on a bicycle's frame.
    """
    if kind not in FAMILIES:
        return ""
    number = _READERS[FAMILIES[kind]](_characters(text))
    return number if len(number) >= _FEWEST else ""


def digest_of(kind: str, text: str) -> str:
    """What the database keeps: 64 hexadecimal digits, empty where `normalise` is."""
    number = normalise(kind, text)
    if not number:
        return ""
    key = b"augenmerk identifiers " + settings.SECRET_KEY.encode()
    return hmac.digest(key, f"{FAMILIES[kind]}\n{number}".encode(), "sha256").hex()


def tail_of(kind: str, text: str) -> str:
    """The last four as they are printed on the thing, fewer of a short number.

    Of an IMEI with its check digit, as the phone shows it.
    """
    if not normalise(kind, text):
        return ""
    printed = _characters(text)
    if kind == "imei":
        printed = _digits(printed)[: _DEVICE_DIGITS + 1] or printed
    return printed[-min(4, len(printed) // 2) :]


def imei_is_sound(text: str) -> bool:
    """Whether the 15 digits check out (Luhn, 3GPP TS 23.003 Annex B). For a hint, never a refusal:
    a number off by one digit is still worth its last four.
    """
    digits = _digits(_characters(text))
    if len(digits) < _DEVICE_DIGITS + 1:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits[: _DEVICE_DIGITS + 1])):
        doubled = int(digit) * 2 if place % 2 else int(digit)
        total += doubled // 10 + doubled % 10
    return total % 10 == 0


def _characters(text: str) -> str:
    """Letters and digits, without the label before them and the signs between."""
    plain = unicodedata.normalize("NFKC", text)
    without_label = _LABEL.sub("", plain, count=1)
    return "".join(sign for sign in without_label.upper() if sign.isascii() and sign.isalnum())


def _digits(characters: str) -> str:
    return "".join(sign for sign in characters if sign.isdigit())


def _imei(characters: str) -> str:
    """Without check digit and software version, which some leave out. An MEID has letters."""
    digits = _digits(characters)
    whole = digits if len(digits) >= _DEVICE_DIGITS else characters
    return whole[:_DEVICE_DIGITS] if len(whole) >= _DEVICE_DIGITS else ""


def _chip(characters: str) -> str:
    """A transponder's 15 digits (ISO 11784), or the signs of a tattoo."""
    digits = _digits(characters)
    return digits if len(digits) >= 9 else characters.translate(_LOOKS_ALIKE)


def _number(characters: str) -> str:
    return characters.translate(_LOOKS_ALIKE)


_READERS: dict[str, Callable[[str], str]] = {"imei": _imei, "chip": _chip, "number": _number}
