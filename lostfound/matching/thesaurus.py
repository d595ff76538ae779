"""Synonyms of OpenThesaurus, where the system has them (Debian: mythes-de); else there are none.

The package's file is 29 MB of running text. `compact` makes of it one sorted line per word with
the numbers of its meanings; it is read where it lies, by bisection, and costs no memory.
"""

from __future__ import annotations

import mmap
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lostfound.matching.lexicon import key_of

PACKAGE = Path("/usr/share/mythes/th_de_DE_v2.dat")
_NOTE = re.compile(r"\s*\([^)]*\)")
_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)?")
_BROADER = ("(Oberbegriff)", "(Unterbegriff)", "(Antonym)", "(Assoziation)")
# Words of many meanings say nothing; meanings of many words are lists of curses.
_MOST_MEANINGS, _MOST_WORDS = 6, 14


def compact(source: Path, target: Path) -> int:
    """Write the compact file anew. Returns how many words it has. Raises OSError."""
    meanings: dict[str, set[int]] = defaultdict(set)
    for number, keys in enumerate(_meanings(source)):
        for key in keys:
            meanings[key].add(number)
    lines = sorted(
        f"{key}\t{' '.join(map(str, sorted(numbers)))}\n".encode()
        for key, numbers in meanings.items()
        if len(numbers) <= _MOST_MEANINGS
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new")
    new.write_bytes(b"".join(lines))
    new.replace(target)
    return len(lines)


def _meanings(source: Path) -> Iterator[frozenset[str]]:
    seen: set[frozenset[str]] = set()  # each meaning stands under each of its words again
    with source.open(encoding="utf-8") as lines:
        next(lines)  # the file's encoding
        for line in lines:
            if not line.startswith("-|"):
                continue
            words = [word for word in line[2:].strip().split("|") if not word.endswith(_BROADER)]
            plain = (_NOTE.sub("", word).strip() for word in words)
            meaning = frozenset(word for word in plain if _WORD.fullmatch(word))
            if 2 <= len(meaning) <= _MOST_WORDS and meaning not in seen:
                seen.add(meaning)
                yield frozenset(key_of(word) for word in meaning)


def meanings_of(key: str) -> tuple[str, ...]:
    """Numbers of the meanings of a word; equal numbers are synonyms."""
    return _look_up(key)


@lru_cache(maxsize=20_000)
def _look_up(key: str) -> tuple[str, ...]:
    data = _opened()
    if data is None:
        return ()
    wanted = key.encode()
    low, high = 0, len(data)
    while low < high:
        middle = (low + high) // 2
        start = data.rfind(b"\n", 0, middle) + 1
        end = data.find(b"\n", middle)
        word, _, numbers = data[start:end].partition(b"\t")
        if word == wanted:
            return tuple(numbers.decode().split())
        if word < wanted:
            low = end + 1
        else:
            high = start
    return ()


@lru_cache(maxsize=1)
def _opened() -> mmap.mmap | None:
    """The compact file; None where there is none."""
    try:
        with Path(settings.THESAURUS).open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
