"""First names that are common in Germany, to find "Thomas Berger" in a text.

first_names.txt: our own list, joined with those of the German, Austrian, Swiss, Turkish, Polish,
Italian, Croatian and Romanian providers of Faker 40 (MIT licence). Left out are those that are
everyday words, towns or makes, too (Wolf, Heide, Rose, Beste, Davor, Mercedes, Hagen).
"""

from pathlib import Path
from typing import Final

_FILE = Path(__file__).with_name("first_names.txt")

FIRST_NAMES: Final = frozenset(_FILE.read_text(encoding="utf-8").split())
