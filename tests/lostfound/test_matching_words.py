"""What the matcher makes of people's words. No database."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from bench.matching import document
from lostfound.catalogue import THING_KINDS, Colour
from lostfound.matching import score, thesaurus
from lostfound.matching.evaluation import evaluate
from lostfound.matching.frequencies import background
from lostfound.matching.lexicon import key_of, lexicon
from lostfound.matching.likeness import words_alike
from lostfound.matching.reading import read
from lostfound.matching.score import Name
from lostfound.matching.words import parts_of


def alike(one: str, other: str) -> float:
    return words_alike(read(one), read(other), background())


# ── Words ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Portemonnaie", "Geldbörse"),
        ("Brieftasche", "Geldbeutel"),
        ("Portmonnaie", "Geldbörse"),  # as half of all people write it
        ("iPhone", "Mobiltelefon"),
        ("Schulranzen", "Ranzen"),
        ("Reißverschluss kaputt", "Zipper defekt"),
        ("Schluesselbund", "Schlüsseln"),
        ("Rucksak", "Rucksack"),
        ("Täschchen", "Tasche"),
        ("Kinderfoto", "Foto meiner Kinder"),
        ("USB-Stick", "Speicherstick"),
        ("geblümt", "Blumenmuster"),
    ],
)
def test_two_people_mean_the_same_by_other_words(one, other):
    assert alike(one, other) > 2 * alike(one, "Trompete verbeult") + 0.2


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Damenfahrradkorb", ("dam", "fahrradkorb")),
        ("Lederrucksack", ("led", "rucksack")),
        ("Pandarucksack", ("panda", "rucksack")),
        ("Fußballanhänger", ("fussball", "anhang")),
        ("Sonnenbrille", ("sonnenbrill",)),  # a word of its own
        ("Kolophonium", ("kolophonium",)),
    ],
)
def test_compounds_come_apart_where_their_parts_are_known(word, parts):
    assert parts_of(word) == parts


def test_a_word_is_one_however_it_is_written():
    assert (
        len({key_of(word) for word in ("Schlüssel", "SCHLÜSSEL", "schluessel", "Schlüsseln")}) == 1
    )


def test_who_has_no_saddle_has_none_in_other_words_too():
    without = alike("Mountainbike, Sattel fehlt", "MTB ohne Sattel")
    assert without > alike("Mountainbike, Sattel fehlt", "MTB mit Sattel")


def test_every_idea_names_a_kind_that_there_is():
    known = lexicon()
    assert {idea.kind for idea in known.ideas.values()} - {""} <= set(THING_KINDS)
    assert {code for shades in known.colours.values() for code in shades} <= set(Colour.values)
    assert {name for idea in known.ideas.values() for name in idea.broader} <= set(known.ideas)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    reading = read(text)
    score.of_texts(reading, read("schwarzer Rucksack"))


# ── Colours, makes, numbers ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("anthrazit", "dunkelgrau", 0.8, 1),
        ("marineblau", "dunkelblau", 1, 1),
        ("petrol", "türkis", 0.6, 1),
        ("cognacfarben", "braun", 0.9, 1),
        ("dunkel", "schwarz", 0.6, 1),
        ("bordeaux", "weinrot", 1, 1),
        ("rot", "blau", 0, 0),
        ("weiß", "schwarz", 0, 0),
    ],
)
def test_shades_are_as_near_as_two_people_would_say(one, other, least, most):
    part = score.of_colours(read(f"Tasche {one}").colours, read(f"Tasche {other}").colours)
    assert least <= part.score <= most


def test_a_red_strap_makes_no_red_bag():
    black = read("schwarze Tasche mit rotem Gurt")
    assert score.of_colours(black.colours, read("Tasche rot").colours).score < 0.5
    assert score.of_colours(black.colours, read("Tasche schwarz").colours).score > 0.6


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("iPhone 12", "Apple Smartphone", "same"),
        ("Ray Ban Sonnenbrille", "Wayfarer", "same"),
        ("Rucksack Deuter", "Rucksack Vaude", "other"),
    ],
)
def test_makes_are_known_by_their_models(one, other, said):
    assert score.of_texts(read(one), read(other))[Name.BRAND].said == said


def test_another_size_speaks_against_it():
    ours = read("Kinderrad 20 Zoll")
    assert score.of_details(ours, read("Kinderfahrrad 20 Zoll")).score == 1
    assert score.of_details(ours, read("Kinderfahrrad 16 Zoll")).score < 1


# ── The thesaurus ────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def small_thesaurus(settings, tmp_path: Path):
    source, target = tmp_path / "th.dat", tmp_path / "made" / "thesaurus.tsv"
    source.write_text(
        "UTF-8\nkolophonium|1\n-|Kolophonium|Geigenharz (ugs.)|Harz (Oberbegriff)\n"
        "geigenharz|1\n-|Geigenharz (ugs.)|Kolophonium|Harz (Oberbegriff)\n",
        encoding="utf-8",
    )
    settings.THESAURUS = target
    _forget()
    yield source
    _forget()


def _forget() -> None:
    from lostfound.matching import reading, words

    for kept in (thesaurus._opened, thesaurus._look_up, words.senses_of, reading.read):
        kept.cache_clear()


def test_the_systems_thesaurus_adds_what_our_words_lack(small_thesaurus):
    without = alike("Kolophonium", "Geigenharz")
    call_command("thesaurus", source=small_thesaurus, stdout=StringIO())
    _forget()
    assert thesaurus.meanings_of(key_of("Geigenharz")) == thesaurus.meanings_of("kolophonium") != ()
    assert thesaurus.meanings_of("harz") == ()  # broader, not the same
    assert alike("Kolophonium", "Geigenharz") > without


def test_without_a_thesaurus_the_matcher_goes_on(small_thesaurus):
    assert thesaurus.meanings_of("kolophonium") == ()
    with pytest.raises(CommandError):
        call_command("thesaurus", source=small_thesaurus / "nowhere")


# ── match_eval ───────────────────────────────────────────────────────────────────────────────
def test_pairs_are_found_again_among_hard_negatives():
    whole = document("heldout")
    some = {"pairs": whole["pairs"][:16], "negatives": whole["negatives"][:30]}
    text_only, full = evaluate(some, text_only=True), evaluate(some, text_only=False)
    assert text_only["recall_at_5"] >= 0.9
    assert full["recall_at_1"] >= 0.9
    assert full["recall_at_5"] >= 0.95


@pytest.mark.parametrize("category", ["Rucksack", "backpack", "BAG", "Dings/Bums", "", None, 7])
def test_whatever_is_missing_or_wrong_the_command_answers(tmp_path: Path, category):
    pair = {
        "id": 1,
        "category": category,
        "lost_text": "Rucksack rot",
        "found_text": "roter Ranzen",
    }
    pair |= {"lost_lat": None, "lost_lon": "8,6", "lost_date": "gestern", "found_lat": "NaN"}
    file = tmp_path / "pairs.json"
    odd = [{"found_text": None}, "nonsense", {"found_lat": 91, "found_lon": 8}]
    file.write_text(json.dumps({"pairs": [pair], "negatives": odd}), encoding="utf-8")
    for options in ((), ("--text-only",)):
        out = StringIO()
        call_command("match_eval", str(file), *options, stdout=out)
        assert json.loads(out.getvalue()) == {"recall_at_1": 1.0, "recall_at_5": 1.0}


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00"])
def test_what_is_no_file_of_pairs_is_refused(tmp_path: Path, content):
    file = tmp_path / "pairs.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("match_eval", str(file))


def test_no_pairs_no_recall():
    assert evaluate({}, text_only=False) == {"recall_at_1": 0.0, "recall_at_5": 0.0}
