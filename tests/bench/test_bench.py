"""`manage.py bench`: what is written down, for programs and for people."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bench import running
from bench.row import cost, limit, rate

GOOD = cost("live: last of 5 sockets", floor=2.0, ours=2.5, unit="ms", at_most=1.5)


def test_a_rate_holds_above_its_share_and_a_time_below_its_multiple() -> None:
    assert rate("a", floor=100, ours=10, unit="x/s", at_least=0.1).holds
    assert not rate("a", floor=100, ours=9.9, unit="x/s", at_least=0.1).holds
    assert GOOD.holds
    assert not cost("a", floor=2, ours=3.1, unit="ms", at_most=1.5).holds
    assert limit("a", ours=12, unit="statements", at_most=12).holds


def test_programs_get_every_row_in_the_same_form() -> None:
    rows = [GOOD, limit("memory", ours=151, unit="MB", at_most=150)]
    assert json.loads(running.as_json(rows)) == [
        {
            "name": "live: last of 5 sockets",
            "floor": 2.0,
            "ours": 2.5,
            "ratio": 1.25,
            "unit": "ms",
            "target": "≤ 1.5 ×",
            "holds": True,
        },
        {
            "name": "memory",
            "floor": None,
            "ours": 151,
            "ratio": None,
            "unit": "MB",
            "target": "≤ 150",
            "holds": False,
        },
    ]


def test_people_read_what_was_missed() -> None:
    row = limit("memory", ours=151, unit="MB", at_most=150)
    assert "MISSED" in running.as_table([row])
    assert running.as_markdown([row]).splitlines()[-1] == (
        "| memory | – | 151 | MB | – | ≤ 150 | **missed** |"
    )


def test_a_name_that_nobody_knows_is_answered_with_those_that_are() -> None:
    with pytest.raises(CommandError, match="There is no soup"):
        call_command("bench", "soup", stderr=StringIO())


def test_the_names_can_be_asked_for() -> None:
    out = StringIO()
    call_command("bench", "--list", stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines()] == list(running.PARTS)
