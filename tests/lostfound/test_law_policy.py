"""The settings of a municipality, and the house rules of the law itself."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest
from django.conf import settings

from lostfound import law
from lostfound.law import Certainty, Policy
from lostfound.law.elsewhere import COUNTRIES, UNDERTAKINGS, Elsewhere, Undertaking, holds_in
from lostfound.law.grounds import Answer, Ground
from lostfound.law.policy import GROUNDS, IllegalPolicy


def test_every_setting_names_what_it_hangs_on_and_none_is_statute() -> None:
    assert list(GROUNDS) == [setting.name for setting in fields(Policy)]
    assert all(ground.certainty is not Certainty.STATUTE for ground in GROUNDS.values())


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("notice_days", 42),
        ("open_loss_months", 6),
        ("evidence_days", 30),
        ("release_proof_years", 3),
        ("hold_until_working_day", True),
        ("ends_with_calendar_year", True),
        ("photos_public", False),
        ("online_auction_from", None),
    ],
)
def test_the_defaults_are_what_the_screen_names(setting: str, value: Any) -> None:
    assert getattr(Policy(), setting) == value


@pytest.mark.parametrize(
    ("setting", "value"),
    [("notice_days", 0), ("evidence_days", -1), ("public_grid_m", 249), ("open_loss_months", 0)],
)
def test_a_setting_that_cannot_be_is_refused_by_name(setting: str, value: int) -> None:
    with pytest.raises(IllegalPolicy) as refused:
        Policy(**{setting: value})
    assert refused.value.setting == setting


def test_one_day_is_a_deadline() -> None:
    assert Policy(evidence_days=1).evidence_days == 1


def test_places_are_never_told_finer_than_a_quarter_of_a_kilometre() -> None:
    assert Policy().public_grid_m >= 250
    assert Policy(public_grid_m=250).public_grid_m == 250


def test_nobody_changes_a_policy_in_passing() -> None:
    with pytest.raises(FrozenInstanceError):
        Policy().notice_days = 1  # type: ignore[misc]


def test_an_answer_with_something_missing_is_no() -> None:
    ground = Ground("§ 975 S. 3 BGB")
    assert Answer(ground)
    assert not Answer(ground, (Certainty.READING,))


@pytest.mark.parametrize(
    ("country", "custom"),
    [
        ("AT", Elsewhere(months=12, notice_above=10_000, wide_notice_above=100_000)),
        ("CH", Elsewhere(months=60, notice_above=1000, reward_percent=10)),
        ("LI", Elsewhere(reward_percent=10)),
        ("JP", Elsewhere(months=3, months_to_collect=2, hand_in_days=7)),
    ],
)
def test_other_countries_have_other_laws(country: str, custom: Elsewhere) -> None:
    assert COUNTRIES[country] == custom
    assert not holds_in(country)


def test_this_law_holds_in_germany() -> None:
    assert holds_in("DE")


def test_big_railways_do_it_otherwise() -> None:
    assert UNDERTAKINGS["TfL"] == Undertaking(months=3)
    assert UNDERTAKINGS["DB"] == Undertaking(search_weeks=4, listed_from=1500)


def test_the_law_needs_no_framework_and_no_other_room() -> None:
    program = (
        "import pkgutil, importlib, sys, lostfound.law as law\n"
        "for module in pkgutil.iter_modules(law.__path__, 'lostfound.law.'):\n"
        "    importlib.import_module(module.name)\n"
        "strangers = {'django', 'townhall', 'geo', 'frontend', 'reports', 'config'}\n"
        "rooms = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted(strangers & rooms), 'lostfound.models' in sys.modules)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "[] False\n"


def test_callers_find_every_name_in_one_place() -> None:
    assert all(hasattr(law, name) for name in law.__all__)
