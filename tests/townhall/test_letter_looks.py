"""The HTML of a letter: the same words, and nothing to load."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from townhall.letters.looks import as_html, blocks
from townhall.models import Letter

TEXT = """Guten Tag,

Ihre Meldung ist angekommen.
Sie liegt beim Tiefbauamt.

Nummer: 7K3F-9QMX
Ihre Worte: Loch vor <b>Nr. 3</b>
gut 10 cm tief

Meldung ansehen:
https://melden.example/r/abc

Tiefbauamt:
Wir kommen am Montag.

Mehr unter https://boese.example/ oder
https://boese.example/

--
Bensheim, Tiefbauamt

Keine Nachrichten mehr zu dieser Meldung:
https://melden.example/r/abc/abmelden
"""


@pytest.fixture(autouse=True)
def _public_url(settings: Any) -> None:
    settings.PUBLIC_URL = "https://melden.example"


def letter(**changes: Any) -> Letter:
    fields = {"text": TEXT, "subject": "Erledigt: Schlagloch & Co", "language": "de"}
    return Letter(**fields | {"sender": "Bensheim"} | changes)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_the_html_says_what_the_text_says_in_its_order() -> None:
    body = as_html(letter()).partition("<body")[2].partition(">")[2]
    shown = words(unescape(re.sub(r"<[^>]+>", " ", body)))
    said = words(re.sub(r"https://melden\.example\S*", "", TEXT))
    assert [word for word in shown if word in said][-len(said) :] == said


def test_only_our_own_addresses_are_links() -> None:
    html = as_html(letter())
    assert re.findall(r'href="([^"]+)"', html) == [
        "https://melden.example/r/abc",
        "https://melden.example/r/abc/abmelden",
    ]
    assert ">Meldung ansehen</a>" in html


@pytest.mark.parametrize(
    "line",
    [
        "https://melden.example.boese.example/",
        "https://melden.example@boese.example/",
        'https://melden.example/"onclick="x',
        "https://melden.example/ und mehr",
        "javascript:https://melden.example/",
    ],
)
def test_what_only_looks_like_ours_is_no_link(line: str) -> None:
    assert "<a " not in as_html(letter(text=f"Hier:\n{line}\n"))


def test_nothing_is_loaded_and_nothing_is_run() -> None:
    html = as_html(letter(text=TEXT + "\n<script>alert(1)</script><img src=x>\n"))
    assert not re.search(r"<(img|script|link|iframe|object|svg)\b|url\(|@import|src=", html) or (
        "&lt;script&gt;" in html and "<script" not in html and "<img" not in html
    )
    assert "<b>Nr. 3</b>" not in html


def test_it_speaks_the_letters_language_and_knows_the_dark() -> None:
    html = as_html(letter(language="en", sender=""))
    assert '<html lang="en">' in html
    assert "prefers-color-scheme: dark" in html
    assert "width=device-width" in html


def test_a_text_is_read_as_people_write_it() -> None:
    kinds = [block.kind for block in blocks(TEXT.partition("\n--\n")[0])]
    assert kinds == ["words", "words", "facts", "link", "words", "words"]
    facts = list(blocks(TEXT))[2].facts
    assert facts == [
        ("Nummer", "7K3F-9QMX"),
        ("Ihre Worte", "Loch vor <b>Nr. 3</b>\ngut 10 cm tief"),
    ]


@pytest.mark.parametrize("text", ["", "\n", "--", "-- \n", ":", "a: b", "--\n--\n", "\r\n\r\n"])
def test_odd_texts_make_a_page_too(text: str) -> None:
    assert as_html(letter(text=text)).strip().endswith("</html>")
