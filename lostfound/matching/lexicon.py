"""What words mean at a lost property office: ideas with their words, colours, makes.

Read from the files in data/, once per process. Every word is kept by its key: stemmed, without
umlauts and capitals, so that „Schlüsseln“, „schluessel“ and „SCHLÜSSEL“ are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import snowballstemmer

DATA = Path(__file__).parent / "data"
OF_PARENT, OF_GRANDPARENT = 0.55, 0.3  # how much „Sonnenbrille“ says about „Brille“, „Tier“ …

_STEMMER = snowballstemmer.stemmer("german")
_DIMINUTIVE = re.compile(r"(?<=\w{3})(?:chen|lein)s?$")


@dataclass(frozen=True)
class Idea:
    """One meaning. `kind`: a code of catalogue.THING_KINDS, empty for what is no thing.

    `choice`: texts that chose differently within it speak of different things. `is_thing`: it can
    have a colour, or be lost.
    """

    name: str
    is_thing: bool = False
    kind: str = ""
    choice: str = ""
    broader: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    ideas: dict[str, Idea]
    words: dict[str, dict[str, float]]  # key → idea → how surely
    colours: dict[str, dict[str, float]]  # key → colour of the catalogue → how surely
    brands: dict[str, str]  # key → make
    common: frozenset[str]
    parts: frozenset[str] = field(default_factory=frozenset)  # what compounds are made of

    def knows(self, key: str) -> bool:
        return key in self.words or key in self.colours or key in self.brands


@lru_cache(maxsize=50_000)
def key_of(word: str) -> str:
    """The word as it is compared. Parts with a hyphen between them keep it."""
    if "-" in word:
        return "-".join(key_of(part) for part in word.split("-") if part)
    small = unicodedata.normalize("NFKC", word).lower()
    return _flat(_STEMMER.stemWord(small))


def lemma_of(word: str) -> str:
    """The key of what the word is a small one of: „Täschchen“ → „Tasche“. Its own key otherwise."""
    return key_of(_DIMINUTIVE.sub("", _flat(word.lower())))


def _flat(word: str) -> str:
    """Without umlauts, whichever way they were typed."""
    plain = unicodedata.normalize("NFD", word.replace("ß", "ss"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    ideas: dict[str, Idea] = {}
    words: dict[str, dict[str, float]] = defaultdict(dict)
    for name in ("things", "details"):
        for idea, its_words in _ideas(name):
            ideas[idea.name] = idea
            for word in its_words:
                words[key_of(word)][idea.name] = 1.0
    for senses in words.values():
        _add_broader(senses, ideas)
    colours = _colours()
    brands = _brands()
    common = frozenset(key_of(word) for word in _text("common").split())
    parts = frozenset(key for key in (*words, *colours) if len(key) > 2 and "-" not in key)
    return Lexicon(ideas, dict(words), colours, brands, common, parts)


@lru_cache(maxsize=1)
def words_of_kinds() -> dict[str, str]:
    """Everyday words of each kind as people write them: for a field that proposes kinds."""
    found: dict[str, list[str]] = defaultdict(list)
    for idea, its_words in _ideas("things"):
        if idea.kind:
            found[idea.kind] += [word.lower() for word in its_words]
    return {kind: " ".join(dict.fromkeys(words)) for kind, words in found.items()}


def _add_broader(senses: dict[str, float], ideas: dict[str, Idea]) -> None:
    for name in tuple(senses):
        for parent in ideas[name].broader:
            senses[parent] = max(senses.get(parent, 0.0), OF_PARENT)
            for grandparent in ideas[parent].broader if parent in ideas else ():
                senses[grandparent] = max(senses.get(grandparent, 0.0), OF_GRANDPARENT)


def _text(name: str) -> str:
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def _ideas(name: str) -> Iterator[tuple[Idea, list[str]]]:
    section = ""
    for line in _text(name).splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            continue
        said, _, broader = line.partition(">")
        words = [word.strip() for word in said.split(",")]
        choice = section[1:] if section.startswith("@") else ""
        kind = section if name == "things" else ""
        is_thing = bool(kind) or section in ("part", "sign")
        parents = tuple(word.strip() for word in broader.split(",") if word.strip())
        yield Idea(words[0], is_thing, kind, choice, parents), words


def _colours() -> dict[str, dict[str, float]]:
    colours: dict[str, dict[str, float]] = {}
    for line in _text("colours").splitlines():
        said, _, groups = line.partition(":")
        shades = {}
        for group in groups.split(","):
            code, sureness = group.split()
            shades[code] = float(sureness)
        for word in said.split(","):
            colours[key_of(word.strip())] = shades
    return colours


def _brands() -> dict[str, str]:
    """What people write instead of a make; the makes themselves are in lostfound.brands."""
    brands = {}
    for line in _text("brands").splitlines():
        name, _, said = line.partition(":")
        for word in (name, *said.split(",")):
            brands[key_of("-".join(re.findall(r"[^\W_]+", word.lower())))] = name
    return brands
