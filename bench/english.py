"""German words on English pages: walks what residents see, as the demo has it.

    manage.py demo
    .venv/bin/python -m bench.english

Follows every link from /en/, goes through the form with each category, sends a report, and reads
what comes by mail. Prints each line of text that sounds German, with its page, and ends with 1 if
there is one. What people and towns call themselves is German and stays so: it is left out of the
text before. In the end nothing of it is kept.
"""

from __future__ import annotations

import os
import re
import sys
import uuid
from collections.abc import Mapping
from html.parser import HTMLParser

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from geo.models import Place  # noqa: E402
from reports.models import Category, Event, Remark, Report  # noqa: E402
from townhall.models import Department, Letter, Municipality, Site  # noqa: E402

# Short words that a German sentence can hardly do without, and no English one has; and umlauts.
GERMAN = re.compile(
    r"\b(?:der|das|den|dem|ein|eine|einen|und|oder|nicht|ist|sind|wird|wurde|werden|haben|Sie|Ihre?[mnrs]?"
    r"|wir|uns|mit|von|vom|für|auf|aus|bei|zum|zur|noch|schon|bitte|keine?|Meldung(?:en)?|Mangel"
    r"|Karte|Ort|Foto|Weiter|Suchen|Gemeinde|Amt)\b|[äöüßÄÖÜ]"
)
UNREAD = {"script", "style", "textarea"}
SPOKEN = ("alt", "title", "aria-label", "placeholder", "content")
OFFICE = "Hessischer Beauftragter für Datenschutz und Informationsfreiheit"


class Reader(HTMLParser):
    """What is read out or shown of a page, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._skips: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("lang", "en") == "en":
            self.texts += [value for name, value in given.items() if _is_spoken(name, given)]
        elif tag != "html":
            self._skips.append(tag)
        if tag in UNREAD:
            self._skips.append(tag)
        if tag == "a" and "lang" not in given:
            self.links.append(given.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._skips and self._skips[-1] == tag:
            self._skips.pop()

    def handle_data(self, data: str) -> None:
        if not self._skips:
            self.texts.append(" ".join(data.split()))


def _is_spoken(name: str, given: Mapping[str, str]) -> bool:
    """Scripts take their words from data-*; `data-words` holds what a search goes by, in both."""
    if "description" in (
        given.get("name"),
        given.get("property", "").removeprefix("og:"),
    ):  # what a resident wrote, cut off
        return False
    return name in SPOKEN or (name.startswith("data-") and name not in {"data-words", "data-step"})


class Walk:
    def __init__(self) -> None:
        self.client = Client(headers={"Accept-Language": "en"})
        self.names = _names()
        self.seen: set[str] = set()
        self.found: dict[str, str] = {}

    def through(self, *starts: str, most: int = 400) -> None:
        waiting = list(starts)
        while waiting and len(self.seen) < most:
            address = waiting.pop(0).partition("#")[0]
            if address in self.seen or not address.startswith("/en/") or "/amt" in address:
                continue
            if sum(_kind(address) == each for each in map(_kind, self.seen)) > 4:
                continue
            self.seen.add(address)
            waiting += self.look(address)

    def look(self, address: str) -> list[str]:
        answer = self.client.get(address, HTTP_HOST="localhost")
        if "text/html" not in answer.get("Content-Type", ""):
            return [answer["Location"]] if answer.has_header("Location") else []
        return self.read(address, answer.content.decode())

    def read(self, where: str, page: str) -> list[str]:
        reader = Reader()
        reader.feed(page)
        for text in reader.texts:
            self.judge(where, text)
        return reader.links

    def judge(self, where: str, text: str) -> None:
        rest = self.names.sub(" ", text)
        if GERMAN.search(rest):
            self.found.setdefault(text, where)


def _kind(address: str) -> str:
    return re.sub(r"[\w-]{20,}|[2-9A-Z]{8}|\?.*", "…", address)


def _names() -> re.Pattern[str]:
    """Of towns, departments, streets; and what people wrote."""
    found: set[str] = {OFFICE}
    for rows in (
        Municipality.objects.values_list("name", "email", "postal_address"),
        Site.objects.values_list("name", "imprint", "privacy_contact", "accessibility_contact"),
        Department.objects.values_list("name"),
        Place.objects.values_list("name", "locality", "area_name"),
        Report.objects.values_list("description", "masked_text", "street", "locality"),
        Report.objects.values_list("forwarded_to"),
        Event.objects.values_list("text"),
        Remark.objects.values_list("text"),
    ):
        found.update(str(text) for row in rows for text in row if text and len(str(text)) > 2)
    spoken = {" ".join(line.split()) for text in found for line in {text, *text.splitlines()}}
    longest_first = sorted((text for text in spoken if text), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


class Rollback(Exception):
    pass


def report_something(walk: Walk, category: Category) -> None:
    """Sent in English, then worked on in German: the pages of it, and its letters."""
    town = Municipality.objects.get(name="Bensheim")
    spot = Report.objects.filter(municipality=town).values_list("position", flat=True)[0]
    fields = {
        "client_id": str(uuid.uuid4()),
        "spot": f"{spot.x},{spot.y}",
        "category": category.code,
        "description": "The surface is broken, about one metre wide.",
        "email": "jo@example.org",
    }
    for action in ("preview", "find-place", "send"):
        place = {"place": "Bahnhofstr"} if action == "find-place" else {}
        answer = walk.client.post(
            "/en/melden",
            fields | place | {"action": action, "step": "pruefen"},
            HTTP_HOST="localhost",
        )
        if answer.has_header("Location"):
            walk.through(answer["Location"])
        walk.read(f"POST /en/melden {action} {category.code}", answer.content.decode())


def read_letters(walk: Walk, since: set[uuid.UUID]) -> int:
    letters = [each for each in Letter.objects.all() if each.pk not in since]
    for letter in letters:
        for line in [letter.subject, *letter.text.splitlines()]:
            if letter.language == "en":
                walk.judge(f"letter {letter.kind}", line)
    return len(letters)


def main() -> int:
    walk = Walk()
    before = set(Letter.objects.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            walk.through("/en/", "/en/karte/liste", "/en/melden/ohne-netz", "/en/ohne-netz")
            for category in Category.objects.filter(
                offers__isnull=False, group__isnull=False
            ).distinct():
                report_something(walk, category)
            letters = read_letters(walk, before)
            raise Rollback
    except Rollback:
        pass
    for text, where in walk.found.items():
        print(f"{where[:60]:60}  {text[:200]}")
    print(f"{len(walk.seen)} pages, {letters} letters: {len(walk.found)} lines sound German")
    return 1 if walk.found else 0


if __name__ == "__main__":
    sys.exit(main())
