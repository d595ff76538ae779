"""What templates say: icons, statuses, dates and numbers as people read them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.utils.translation import override

from frontend import assets
from frontend.colours import Colour
from frontend.templatetags.frontend import (
    STATUS_WORDS,
    direction,
    distance,
    say,
    say_ago,
    thousands,
)
from lostfound.personal.belongings import labels
from reports.workflow import Status

NOW = dt.datetime(2026, 3, 5, 12, 0, tzinfo=dt.UTC)  # a Thursday, 13:00 in Bensheim


@pytest.fixture(autouse=True)
def _in_german() -> Iterator[None]:
    with override("de"):
        yield


def rendered(text: str, **context: object) -> str:
    return Template("{% load frontend i18n %}" + text).render(Context(context))


def test_an_icon_is_drawn_into_the_page_and_hidden_from_readers() -> None:
    drawn = rendered('{% icon "pothole" %}')
    assert "<path" in drawn
    assert 'aria-hidden="true"' in drawn


def test_an_icon_with_a_meaning_of_its_own_says_it_safely() -> None:
    assert 'aria-label="Suche &lt;b&gt;"' in rendered(
        '{% icon "search" label=words %}', words="Suche <b>"
    )


def test_an_unknown_icon_becomes_a_dot() -> None:
    assert rendered('{% icon "unheard-of" %}') == rendered('{% icon "dot" %}')


def test_every_status_has_a_word_and_a_shape() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert all(f"status-{status}" in assets.icons() for status in Status)


def test_a_status_is_told_by_word_shape_and_colour() -> None:
    chip = rendered('{% status_chip "in_progress" %}')
    assert "In Bearbeitung" in chip
    assert "<svg" in chip
    assert "status-in_progress" in chip


def test_a_forwarded_report_says_to_whom() -> None:
    assert "Weitergeleitet an Hessen Mobil" in rendered(
        '{% status_chip "forwarded" to="Hessen Mobil" %}'
    )


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (dt.datetime(2026, 3, 4, 17, 40, tzinfo=dt.UTC), "gestern, 18:40"),
        (dt.datetime(2026, 3, 5, 7, 5, tzinfo=dt.UTC), "heute, 08:05"),
        (dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC), "heute, 00:30"),
        (dt.datetime(2026, 1, 2, 9, 0, tzinfo=dt.UTC), "2. Januar, 10:00"),
        (dt.datetime(2025, 12, 24, 9, 0, tzinfo=dt.UTC), "24. Dezember 2025, 10:00"),
        (dt.date(2026, 3, 6), "morgen"),
    ],
)
def test_dates_are_spoken_in_the_towns_own_time(moment: dt.date, words: str) -> None:
    assert say(moment, now=NOW) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "gerade eben"),
        (1, "vor 1 Minute"),
        (59, "vor 59 Minuten"),
        (60, "vor 1 Stunde"),
        (1439, "vor 23 Stunden"),
        (1440, "gestern"),
        (-90, "heute, 14:30"),
    ],
)
def test_what_happened_lately_is_told_by_its_distance(minutes: int, words: str) -> None:
    assert say_ago(NOW - dt.timedelta(minutes=minutes), now=NOW) == words


def test_english_readers_get_english_dates() -> None:
    with override("en"):
        assert say(dt.datetime(2026, 1, 2, 9, 0, tzinfo=dt.UTC), now=NOW) == "2 January, 10:00"
        assert thousands(12345) == "12,345"


def test_the_exact_moment_stands_in_the_time_element() -> None:
    drawn = rendered("{{ moment|spoken }}", moment=dt.datetime(2024, 3, 4, 17, 40, tzinfo=dt.UTC))
    assert 'datetime="2024-03-04T18:40+01:00"' in drawn
    assert 'title="Montag, 4. März 2024, 18:40"' in drawn


@pytest.mark.parametrize(
    ("metres", "words"),
    [(8.2, "8 m"), (118.0, "120 m"), (1380.0, "1,4 km"), (12_345.0, "12 km"), (None, "")],
)
def test_distances_are_rounded_as_one_would_say_them(metres: float | None, words: str) -> None:
    assert distance(metres) == words


def test_directions_and_numbers_are_german() -> None:
    assert direction("NE") == "nordöstlich"
    assert direction("nonsense") == ""
    assert thousands(12345) == "12.345"


def test_a_towns_colour_is_mixed_until_it_can_be_read() -> None:
    white, night = Colour(255, 255, 255), Colour(25, 28, 39)
    for text in ("ffe600", "1a3da5", "000000", "ffffff", "7f7f7f"):
        wanted = Colour.parse(text)
        assert wanted.readable_on(white).contrast(white) >= 4.5
        assert wanted.readable_on(night).contrast(night) >= 4.5
    assert str(Colour.parse("#1a3da5").readable_on(white)) == "#1a3da5"


def test_status_colours_are_readable_on_the_maps_grounds() -> None:
    sheet = (assets.SOURCE / "css" / "tokens.css").read_text(encoding="utf-8")
    pairs = dict(re.findall(r"--([\w-]+): light-dark\(#(\w{6}), #\w{6}\)", sheet))
    night = dict(re.findall(r"--([\w-]+): light-dark\(#\w{6}, #(\w{6})\)", sheet))
    names = [f"status-{status}" for status in Status] + ["hazard"]
    for name in names:
        for ground in ("map-land", "map-around"):
            assert Colour.parse(pairs[name]).contrast(Colour.parse(pairs[ground])) >= 3.8, name
            assert Colour.parse(night[name]).contrast(Colour.parse(night[ground])) >= 8, name


def test_a_persons_copy_says_stand_and_not_land() -> None:
    """Rooms share one catalogue: a word of geo's must not stand in for one of ours."""
    with override("de"):
        assert labels()["state"] == "Stand"
