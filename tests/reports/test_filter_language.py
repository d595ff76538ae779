"""What staff type into the desk's search box, and what they read when it means nothing."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.desk.terms import KEYS, Term, Terms
from reports.desk.wish import Wish

_PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in KEYS),
        *("offen", "neu,erledigt", "<1t", "heute", ">=1.11.2026", "2026-11-01..2026-11-05"),
        *("wilder müll", "ja", "8.5,49.5,8.7,49.8", ",", "-", '"', " ", "„", ":", "farbe:rot"),
    ]
)
_TYPED = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join))


@settings(max_examples=100)
@given(_TYPED)
@example('-kategorie:"Wilder Müll",laterne -"-x" frist:≤1.12.2026 "a:b" http://x.y status:')
def test_reading_what_was_written_gives_the_same_terms(typed: str) -> None:
    terms = Terms.read(typed)
    again = Terms.read(terms.text)
    assert (again, again.text) == (terms, terms.text)


def test_the_panel_and_the_box_say_the_same() -> None:
    fields = QueryDict("status=new&status=done&kategorie=laterne&eingang_von=2026-11-01&q=ampel")
    typed = "ampel kategorie:laterne status:neu,erledigt eingang:>=1.11.2026"
    assert Wish.parse(fields) == Wish.parse({"q": typed})
    assert Wish.of(Wish.parse(fields).query) == Wish.parse(fields)


def test_german_and_english_words_mean_the_same() -> None:
    german = "status:offen gefahr:ja bearbeiter:ich frist:überfällig sort:geändert öffentlich:nein"
    english = "state:open danger:yes assignee:ich sla:overdue order:changed public:no"
    assert Terms.read(english) == Terms.read(german)
    assert Terms.read(german.replace("ü", "ue").replace("ä", "ae").replace("ö", "oe")) == (
        Terms.read(german)
    )


def test_quotes_commas_and_minus() -> None:
    terms = Terms.read("-kategorie:„Wilder Müll“,laterne -ampel schlag")
    assert terms.terms == (Term("kategorie", ("Wilder Müll", "laterne"), is_not=True),)
    assert (terms.words, terms.without) == (("schlag",), ("ampel",))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("katgorie:laterne", "Einen Filter „katgorie“ gibt es nicht. Meinen Sie „kategorie“?"),
        ("farbe:rot", "Einen Filter „farbe“ gibt es nicht. Möglich sind: status, kategorie"),
        ("status:bunt", "Hinter „status:“ kann stehen: offen, geschlossen, neu"),
        ("frist:bald", "Hinter „frist:“ kann stehen: überfällig, heute, keine, Arbeitstage wie"),
        ("eingang:31.2.2026", "Hinter „eingang:“ kann stehen: ein Tag wie"),
        ("status:", "Hinter „status:“ kann stehen: offen"),
    ],
)
def test_what_means_nothing_is_said_and_stays_in_the_box(typed: str, sentence: str) -> None:
    terms = Terms.read(f"{typed} ampel")
    assert sentence in terms.troubles[0].sentence
    assert terms.text == f"ampel {typed}"
    assert terms.words == ("ampel",)
