"""Residents name things in their own words; the form finds the category."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from bench.suggestions import KONSTANZ
from config.demo.catalogue import GROUPS
from reports.catalogue.suggest import Choice, suggest

CHOICES = [
    Choice(defect.code, (defect.name, defect.english), defect.synonyms, group.name)
    for group in GROUPS
    for defect in group.defects
]
# What people say, and the categories that would be right.
SAYINGS = (
    ("Ampel blinkt", "ampel"),
    ("Fußgängerampel springt nicht um", "ampel"),
    ("Kippe", "abfalleimer verwahrlost wilder-muell"),
    ("Zigarettenkippen auf dem Boden", "verwahrlost wilder-muell"),
    ("Sperrmüll", "sperrmuell"),
    ("alte Couch steht auf dem Gehsteig", "sperrmuell"),
    ("Matraze am Straßenrand", "sperrmuell"),
    ("Loch im Asphalt", "schlagloch"),
    ("Schlaglöcher", "schlagloch"),
    ("Schlaglcoh", "schlagloch"),
    ("strassenloch", "schlagloch"),
    ("die Straße ist total kaputt, überall Löcher", "schlagloch"),
    ("Gullideckel klappert", "kanaldeckel"),
    ("offener Gully", "kanaldeckel gully"),
    ("Gulli läuft über", "gully"),
    ("Wasser läuft nicht ab", "gully"),
    ("Rohrbruch", "gewaesser"),
    ("Straßenlampe aus", "laterne"),
    ("Laterne Nr. 18 geht nicht", "laterne"),
    ("Lampen im Park dunkel", "laterne"),
    ("Licht flackert nachts", "laterne"),
    ("Hundehaufen auf der Wiese", "hundekot"),
    ("Hundescheiße", "hundekot"),
    ("Hundekotbeutel leer", "abfalleimer hundekot"),
    ("Tote Katze", "totes-tier"),
    ("überfahrenes Reh", "totes-tier"),
    ("Ratten", "wilder-muell totes-tier"),
    ("Baum umgefallen", "baumgefahr"),
    ("Äste hängen tief", "bewuchs baumgefahr"),
    ("Hecke wächst auf den Bürgersteig", "bewuchs"),
    ("Brombeeren", "bewuchs"),
    ("Auto ohne Kennzeichen", "schrottfahrzeug"),
    ("Schrottfahrrad", "schrottfahrzeug"),
    ("Fahrradleiche am Bahnhof", "schrottfahrzeug"),
    ("Auto parkt auf dem Gehweg", "falschparken"),
    ("Falschparker", "falschparken"),
    ("Zugeparkte Einfahrt", "falschparken"),
    ("Bauschutt im Wald", "wilder-muell"),
    ("Müllsäcke", "wilder-muell"),
    ("Autoreifen abgeladen", "wilder-muell"),
    ("illegale Müllentsorgung", "wilder-muell"),
    ("Mülltonne quillt über", "abfalleimer"),
    ("Papierkorb voll", "abfalleimer"),
    ("Altglascontainer voll", "abfalleimer"),
    ("Schaukel kaputt", "spielgeraet"),
    ("Rutsche beschädigt", "spielgeraet"),
    ("Scherben auf dem Spielplatz", "spielgeraet verwahrlost radwegschaden"),
    ("Parkbank zerbrochen", "sitzbank"),
    ("Bushaltestelle Scheibe eingeschlagen", "sitzbank"),
    ("Stolperfalle lose Gehwegplatte", "gehwegschaden"),
    ("Bordstein abgesenkt", "gehwegschaden"),
    ("Wurzeln im Radweg", "radwegschaden"),
    ("Fahrradweg", "radwegschaden"),
    ("Schild umgefahren", "schild"),
    ("Stoppschild verdreht", "schild"),
    ("Zebrastreifen kaum sichtbar", "schild"),
    ("Verkehrsspiegel fehlt", "schild"),
    ("Glatteis", "winterdienst"),
    ("Schnee nicht geräumt", "winterdienst"),
    ("nicht gestreut", "winterdienst"),
    ("Ölspur auf der B3", "oelspur"),
    ("Diesel ausgelaufen", "oelspur"),
    ("Geländer lose", "bauwerk"),
    ("Treppe", "bauwerk"),
    ("Brücke bröckelt", "bauwerk"),
    ("Grafiti", "graffiti"),
    ("Hakenkreuz gesprüht", "graffiti"),
    ("Aufkleber", "graffiti"),
    ("laute Musik", "laerm"),
    ("Laubbläser", "laerm"),
    ("Brunnen verschmutzt", "gewaesser"),
    ("pothole", "schlagloch"),
    ("street light broken", "laterne"),
    ("traffic light", "ampel"),
    ("rubbish", "wilder-muell"),
    ("playground", "spielgeraet"),
    ("dead animal", "totes-tier"),
)
DATA = os.environ.get("AUGENMERK_DATA")


def codes(text: str) -> list[str]:
    return [hit.code for hit in suggest(text, CHOICES)]


@pytest.mark.parametrize(("saying", "meant"), SAYINGS)
def test_everyday_words_lead_to_the_category(saying: str, meant: str) -> None:
    assert set(codes(saying)) & set(meant.split())


def test_most_sayings_have_their_category_first() -> None:
    first = sum(codes(saying)[:1] != [] and codes(saying)[0] in meant for saying, meant in SAYINGS)
    assert first / len(SAYINGS) > 0.9


@pytest.mark.parametrize("text", ["", "   ", "!!!", "und die das", "xyzzy qwrtz", "1234", "\u0000"])
def test_words_that_tell_nothing_suggest_nothing(text: str) -> None:
    assert codes(text) == []


def test_a_town_without_categories_gets_no_suggestion() -> None:
    assert suggest("Schlagloch", []) == []


def test_a_hit_tells_the_word_that_led_to_it() -> None:
    assert suggest("Vor der Schule flackert die Lampe", CHOICES)[0].word in {"flackert", "lampe"}


def test_a_very_long_text_is_read_as_far_as_it_helps() -> None:
    assert codes("Laterne " + "wort " * 50_000)[0] == "laterne"


@pytest.mark.skipif(not DATA, reason="AUGENMERK_DATA is not set")
def test_a_real_towns_texts_find_their_category_among_three() -> None:
    file = Path(DATA or "") / "reports" / "konstanz_maengelmelder_a.csv"
    with file.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["category_child"] in KONSTANZ]
    hits = sum(bool(KONSTANZ[row["category_child"]] & set(codes(row["text"]))) for row in rows)
    assert hits / len(rows) > 0.75
