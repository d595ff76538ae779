"""Notes for colleagues. Whoever is called hears of it: `@Nadja Kern`, `@Kern`, `@kern.bauhof`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.colleagues import insiders
from reports.deeds.work import Work
from reports.letters import mentions
from reports.models import Event, EventKind, Report, Visibility
from townhall.models import User

# Not the @ of a mail address.
_CALL = re.compile(r"(?<![\w.+-])@(?=\w)")
_WORD = re.compile(r"[\w.-]*\w")
MOST = 10


@dataclass(frozen=True)
class Calls:
    """Whom a text calls, each once; `unknown` is written like a name and is nobody's here."""

    people: tuple[User, ...] = ()
    unknown: tuple[str, ...] = ()

    def others(self, by: User) -> list[User]:
        return [person for person in self.people if person.pk != by.pk]


def jot(work: Work, text: str) -> Event:
    """Write it down; one statement more where somebody is called."""
    others = calls_in(text, work.report).others(work.by) if work.by else []
    if work.by:
        work.drafts += mentions.mentioned(work.report, others, by=work.by)
    facts = {"called": [person.name for person in others]} if others else {}
    return work.tell(EventKind.NOTE, Visibility.INTERNAL, text=text.strip(), facts=facts)


def calls_in(text: str, report: Report) -> Calls:
    """Among those who work on the report."""
    starts = [match.end() for match in _CALL.finditer(text)][:MOST]
    if not starts:
        return Calls()
    names = sorted(_names(list(insiders(report))), key=lambda each: -len(each[0]))
    people: dict[int, User] = {}
    unknown: dict[str, None] = {}
    for start in starts:
        person = _at(text[start:].casefold(), names)
        if person:
            people[person.pk] = person
        elif word := _WORD.match(text, start):
            unknown[f"@{word[0]}"] = None
    return Calls(tuple(people.values()), tuple(unknown))


def _names(people: Sequence[User]) -> Iterator[tuple[str, User]]:
    """What each answers to. A family name that two have calls neither."""
    families = Counter(person.last_name.casefold() for person in people)
    for person in people:
        yield person.username.casefold(), person
        yield person.name.casefold(), person
        if person.last_name and families[person.last_name.casefold()] == 1:
            yield person.last_name.casefold(), person


def _at(text: str, names: Sequence[tuple[str, User]]) -> User | None:
    """The longest name that the text begins with, as a whole word."""
    for name, person in names:
        rest = text[len(name) :]
        if text.startswith(name) and not re.match(r"[\w-]", rest):
            return person
    return None
