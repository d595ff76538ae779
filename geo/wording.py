"""How place names are written down for comparing: one spelling for all that people type."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
NOT_WORDS = re.compile(r"[^a-z0-9]+")
GLUED_NUMBER = re.compile(r"(?<=[a-z])(?=\d)")
# str, str., stra (still typing), strasse, strase; "Berliner Straße" and "Berlinerstr." are one
STREET = re.compile(r"\s*str(?:a(?:s{1,3}e?)?)?\b")
# "ae" and "ä" and a sloppy "a" must meet; "neue" and "Auerbach" shrink alike on both sides
SPELT_OUT = re.compile(r"(?<=[aou])e")
IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
HOUSE_NUMBER = re.compile(r"\b(\d{1,4})(?:\s?([a-z]))?(?=\s|$)")
POSTCODE = re.compile(r"\b\d{5,}\b")


def plain(text: str) -> str:
    """Lower case, no accents, ß as ss, ä/ae as a, every "…straße" as "…str", single spaces."""
    text = unicodedata.normalize("NFC", text).lower().translate(GERMAN)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = GLUED_NUMBER.sub(" ", NOT_WORDS.sub(" ", text))
    return SPELT_OUT.sub("", STREET.sub("str", text)).strip()


def short(area_name: str) -> str:
    """What people say: "Heppenheim" for "Heppenheim (Bergstraße)"."""
    return IN_BRACKETS.sub("", area_name)


def search_text(name: str, *, locality: str, area_name: str) -> str:
    """What a place is found by. Each part once; the house number is compared by itself."""
    parts = [plain(name), plain(locality), plain(short(area_name))]
    return " ".join(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True)
class Wanted:
    """What somebody typed, taken apart. `words` are plain; `house_number` like "4a" or ""."""

    words: tuple[str, ...]
    house_number: str

    @classmethod
    def read(cls, text: str) -> Wanted:
        """Postcodes are dropped: the gazetteer has none."""
        text = POSTCODE.sub(" ", plain(text))
        number = HOUSE_NUMBER.search(text)
        if number and text[: number.start()].strip():
            text = f"{text[: number.start()]} {text[number.end() :]}"
            return cls(tuple(text.split()), "".join(filter(None, number.groups())))
        return cls(tuple(text.split()), "")
