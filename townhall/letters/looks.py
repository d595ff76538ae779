"""A letter's plain text as HTML: the same words, so that nobody writes them twice.

The text is read as people write it: blocks between blank lines; lines like "Number: 7K3F-9QMX"
are facts; an address of ours alone in its line is a button, named by the short line above it; what
follows a line "-- " (RFC 3676) is the small print. Everything else is a paragraph. Only addresses
under PUBLIC_URL become links, so no stranger's words lead anybody anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string

from townhall.models import Letter

LONGEST_NAME: Final = 60
_SMALL_PRINT: Final = re.compile(r"^-- ?$", re.MULTILINE)
_FACT: Final = re.compile(r"(?P<name>[^\s:][^:]{0,28}:) (?P<value>\S.*)")


@dataclass
class Block:
    """A piece of a letter: "words" (lines), "facts" (pairs) or "link" (name and address)."""

    kind: str
    lines: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""

    @property
    def name(self) -> str:
        return " ".join(self.lines)

    @property
    def heading(self) -> str:
        """The first of several lines where it announces the others."""
        return self.lines[0] if len(self.lines) > 1 and self.lines[0].endswith(":") else ""

    @property
    def said(self) -> str:
        return "\n".join(self.lines[1:] if self.heading else self.lines)


def as_html(letter: Letter) -> str:
    """One column, light and dark, without a single thing to load."""
    text, small_print = halves(letter.text)
    facts = {
        "letter": letter,
        "blocks": list(blocks(text)),
        "small_print": list(blocks(small_print)),
    }
    return render_to_string("townhall/letter.html", facts)


def halves(text: str) -> tuple[str, str]:
    """The letter and its small print, which starts after the last "-- "."""
    ends = list(_SMALL_PRINT.finditer(text))
    if not ends:
        return text, ""
    return text[: ends[-1].start()], text[ends[-1].end() :]


def blocks(text: str) -> Iterator[Block]:
    """The pieces, in their order."""
    for piece in re.split(r"\n\s*\n", text.strip()):
        if lines := [line.strip() for line in piece.splitlines() if line.strip()]:
            yield from _read(lines)


def _read(lines: list[str]) -> Iterator[Block]:
    if _FACT.fullmatch(lines[0]):
        yield _facts(lines)
        return
    words: list[str] = []
    for line in lines:
        if not is_ours(line):
            words.append(line)
            continue
        name = [words.pop()] if words and len(words[-1]) <= LONGEST_NAME else []
        if words:
            yield Block("words", lines=words)
            words = []
        yield Block("link", lines=[text.removesuffix(":") for text in name], address=line)
    if words:
        yield Block("words", lines=words)


def _facts(lines: list[str]) -> Block:
    """A line without a name of its own goes on with the fact above."""
    facts: list[tuple[str, str]] = []
    for line in lines:
        if found := _FACT.fullmatch(line):
            facts.append((found["name"].removesuffix(":"), found["value"]))
        else:
            name, value = facts.pop()
            facts.append((name, f"{value}\n{line}"))
    return Block("facts", facts=facts)


def is_ours(line: str) -> bool:
    """An address under PUBLIC_URL and nothing else."""
    return line.startswith(f"{settings.PUBLIC_URL}/") and not re.search(r"[\s<>\"']", line)
