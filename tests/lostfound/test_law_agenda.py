"""What comes up next: in every state exactly what the law allows, on a day that follows from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lostfound.law import Course, Kind, Policy, Regime, agenda, next_steps
from lostfound.law.agenda import PAPERS, Case, Rule, holding_of
from lostfound.law.disposal import Step
from lostfound.law.kinds import handling
from lostfound.law.ownership import Owner, standing

DAY = dt.timedelta(days=1)
FOUND = dt.date(2026, 1, 15)  # the six months end on Wednesday, 2026-07-15
days = some.integers(0, 1500).map(lambda n: FOUND + n * DAY)
maybe = some.none() | days


def monday_to_friday(day: dt.date) -> bool:
    return day.weekday() < 5


@some.composite
def cases(draw: some.DrawFn) -> Case:
    course = Course(
        found=FOUND,
        notice=FOUND,
        value_cents=draw(some.sampled_from([0, 1000, 1001, 50_000])),
        known_to_finder=draw(maybe),
        registered=draw(maybe),
        concealed=draw(some.booleans()),
        ownership_waived=draw(some.booleans()),
        declaration_ends=draw(maybe),
        accepted=draw(maybe),
        collection_ends=draw(maybe),
        demanded=draw(maybe),
    )
    return Case(
        regime=draw(some.sampled_from(Regime)),
        kind=draw(some.sampled_from(Kind)),
        course=course,
        received=FOUND,
        notice_ends=draw(maybe),
        perishable=draw(some.booleans()),
        costly=draw(some.booleans()),
        sold=draw(some.booleans()),
        kept_by_finder=draw(some.booleans()),
        asked=draw(maybe),
    )


@settings(max_examples=150)
@given(cases(), days)
def test_every_thing_on_every_day_has_exactly_the_steps_the_law_allows(
    case: Case, on: dt.date
) -> None:
    found = agenda(case, on=on, is_working_day=monday_to_friday)
    allowed = next_steps(holding_of(case, on=on), on=on)
    waits = found.rule is Rule.PAPERS_WAIT
    assert found.steps
    assert [step.step for step in found.steps] == (
        [Step.WAIT] if waits else [step.step for step in allowed]
    )
    assert found.ground.cite
    assert found.due >= FOUND


@settings(max_examples=80)
@given(cases(), days)
def test_whoever_acts_on_the_due_day_is_never_too_early(case: Case, on: dt.date) -> None:
    found = agenda(case, on=on, is_working_day=monday_to_friday)
    if found.ends is not None:
        assert found.due == found.ends + DAY


@settings(max_examples=80)
@given(cases(), days)
def test_nothing_is_sold_given_or_destroyed_while_it_is_still_its_owners(
    case: Case, on: dt.date
) -> None:
    found = agenda(case, on=on, is_working_day=monday_to_friday)
    if case.regime is not Regime.GENERAL or case.perishable or case.kind is Kind.PERISHABLE:
        return
    gone = {Step.SELL, Step.GIVE, Step.DESTROY}
    if gone & {step.step for step in found.steps}:
        assert standing(case.course, on=on).owner is Owner.MUNICIPALITY


STREET = Case(
    Regime.GENERAL,
    Kind.OTHER,
    Course(found=FOUND, notice=FOUND, value_cents=8000),
    received=FOUND,
)
WAIVED = replace(STREET, course=replace(STREET.course, ownership_waived=True))
BUS = replace(STREET, regime=Regime.VERKEHRSFUND)


@pytest.mark.parametrize(
    ("case", "on", "rule", "due"),
    [
        (STREET, FOUND, Rule.SIX_MONTHS, "2026-07-16"),
        (STREET, dt.date(2026, 7, 16), Rule.FINDERS, "2026-07-16"),
        (WAIVED, dt.date(2026, 7, 16), Rule.TOWNS, "2026-07-16"),
        (replace(STREET, kind=Kind.IDENTITY_PAPER), FOUND, Rule.PAPERS_WAIT, "2026-01-30"),
        (replace(STREET, kind=Kind.WEAPON), FOUND, Rule.STOPPED, "2026-01-15"),
        (replace(STREET, kind=Kind.ANIMAL), FOUND, Rule.ANIMAL, "2026-01-15"),
        (replace(STREET, kind=Kind.PERISHABLE), FOUND, Rule.SPOILS, "2026-01-15"),
        (replace(STREET, regime=Regime.KLAERUNG), FOUND, Rule.DECIDE, "2026-01-29"),
        (BUS, FOUND, Rule.NOTICE_DUE, "2026-01-29"),
        (replace(BUS, notice_ends=dt.date(2026, 3, 10)), FOUND, Rule.NOTICE_RUNS, "2026-03-11"),
        (
            replace(BUS, notice_ends=dt.date(2026, 3, 10)),
            dt.date(2026, 3, 11),
            Rule.NOTICE_OVER,
            "2026-03-11",
        ),
        (
            replace(BUS, notice_ends=dt.date(2026, 3, 10), sold=True),
            dt.date(2026, 3, 11),
            Rule.PROCEEDS_KEPT,
            "2029-03-11",
        ),
        (replace(STREET, kept_by_finder=True), dt.date(2026, 7, 16), Rule.CLOSE, "2026-07-16"),
        (replace(BUS, kept_by_finder=True), FOUND, Rule.TAKE_IN, "2026-01-29"),
    ],
)
def test_each_case_comes_up_on_its_day(case: Case, on: dt.date, rule: Rule, due: str) -> None:
    found = agenda(case, on=on, is_working_day=monday_to_friday)
    assert (found.rule, found.due) == (rule, dt.date.fromisoformat(due))


def test_a_finder_who_was_told_has_until_the_deadline_and_may_come_sooner() -> None:
    told = replace(STREET, course=replace(STREET.course, collection_ends=dt.date(2026, 8, 17)))
    found = agenda(told, on=dt.date(2026, 7, 20), is_working_day=monday_to_friday)
    assert [each.step for each in found.steps] == [Step.WAIT, Step.HAND_TO_FINDER]
    assert (found.rule, found.ends) == (Rule.COLLECTION, dt.date(2026, 8, 17))
    later = agenda(told, on=dt.date(2026, 8, 18), is_working_day=monday_to_friday)
    assert (later.rule, later.due) == (Rule.TOWNS, dt.date(2026, 8, 18))


def test_a_silent_finder_brings_the_case_back_after_a_fortnight() -> None:
    came = replace(
        STREET,
        course=replace(STREET.course, registered=dt.date(2026, 2, 2)),
        asked=dt.date(2026, 2, 3),
    )
    found = agenda(came, on=dt.date(2026, 2, 4), is_working_day=monday_to_friday)
    assert (found.rule, found.due) == (Rule.CLAIMED, dt.date(2026, 2, 17))


def test_papers_wait_as_long_as_the_town_has_decided() -> None:
    paper = replace(STREET, kind=Kind.CARD)
    policy = Policy(document_wait_days=3)
    found = agenda(paper, on=FOUND + 4 * DAY, is_working_day=monday_to_friday, policy=policy)
    assert (found.rule, found.due) == (Rule.PAPERS_LEAVE, FOUND + 4 * DAY)
    assert {handling(kind).listed for kind in PAPERS} == {False}
