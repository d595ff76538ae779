"""Notes for colleagues. Whoever is called hears of it: `@Nadja Kern`, `@Kern`, `@kern.bauhof`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from reports.colleagues import insiders
from reports.deeds.work import Work
from reports.letters import mentions
from reports.models import Event, EventKind, Report, Visibility
from townhall.models import User

# Not the @ of a mail address.
_CALL = re.compile(r"(?<![\w.+-])@(?=\w)")
MOST = 10


def jot(work: Work, text: str) -> Event:
    """Write it down; one statement more where somebody is called."""
    people = called(text, work.report) if work.by else []
    facts = {"called": [person.name for person in people]} if people else {}
    if work.by:
        others = [person for person in people if person.pk != work.by.pk]
        work.drafts += mentions.mentioned(work.report, others, by=work.by)
    return work.tell(EventKind.NOTE, Visibility.INTERNAL, text=text.strip(), facts=facts)


def called(text: str, report: Report) -> list[User]:
    """Whom the text calls, each once, among those who work on the report."""
    starts = [match.end() for match in _CALL.finditer(text)][:MOST]
    if not starts:
        return []
    names = sorted(_names(list(insiders(report))), key=lambda each: -len(each[0]))
    found = (_at(text[start:].casefold(), names) for start in starts)
    return list({person.pk: person for person in found if person}.values())


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
