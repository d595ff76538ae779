"""Which characters our paper font draws, and what stands for those that it does not.

PDF/UA allows no empty box: a paper with one emoji that no font knows would not be made at all.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

FONT: Final = Path(__file__).parent / "fonts" / "FiraSans-Regular.ttf"
_JOINERS: Final = frozenset(
    {"Cf", "Mn", "Me", "Cc", "Cs", "Zl", "Zp", "Sk"}
)  # draw nothing by themselves


def legible(text: str) -> str:
    """`Loch [hole] عربي` as `Loch [hole] [arabic ×4]`; newlines stay."""
    pieces = groupby(text, key=lambda char: char == "\n" or ord(char) in covered())
    return "".join(
        "".join(run) if is_covered else "".join(_named(list(run))) for is_covered, run in pieces
    )


def _named(run: list[str]) -> list[str]:
    drawn = [char for char in run if unicodedata.category(char) not in _JOINERS]
    return [_name(first, len(list(same))) for first, same in groupby(drawn, key=_word)]


def _word(char: str) -> str:
    """A symbol by its name; a letter by its script, which begins its name."""
    name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
    return name.partition(" ")[0] if unicodedata.category(char).startswith("L") else name


def _name(word: str, count: int) -> str:
    return f"[{word} ×{count}]" if count > 1 else f"[{word}]"


@cache
def covered() -> frozenset[int]:
    """Code points in the font's Unicode table for the basic plane (cmap, format 4)."""
    font = FONT.read_bytes()
    tables = struct.unpack(">H", font[4:6])[0]
    entries = (struct.unpack(">4sIII", font[12 + 16 * n : 28 + 16 * n]) for n in range(tables))
    (cmap,) = (offset for tag, _sum, offset, _length in entries if tag == b"cmap")
    count = struct.unpack(">H", font[cmap + 2 : cmap + 4])[0]
    for n in range(count):
        start = cmap + struct.unpack(">I", font[cmap + 8 + 8 * n : cmap + 12 + 8 * n])[0]
        if struct.unpack(">H", font[start : start + 2])[0] == 4:
            return _format_4(font[start:])
    raise ValueError(FONT)


def _format_4(table: bytes) -> frozenset[int]:
    """Segments [first, last]. The fonts here have no holes inside a segment."""
    n = struct.unpack(">H", table[6:8])[0] // 2
    lasts = struct.unpack(f">{n}H", table[14 : 14 + 2 * n])
    firsts = struct.unpack(f">{n}H", table[16 + 2 * n : 16 + 4 * n])
    spans = zip(firsts, lasts, strict=True)
    return frozenset(code for first, last in spans for code in range(first, last + 1)) - {0xFFFF}
