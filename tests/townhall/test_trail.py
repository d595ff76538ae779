"""The audit trail: sealed behind the deeds, and whoever changes a fact afterwards shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from reports.deeds import triage
from reports.models import Erasure, Event, Report
from reports.workflow import Status
from townhall.models import TrailPart, TrailSalt, TrailSeal, User
from townhall.trail import digests, sealing
from townhall.trail.verifying import Wrong, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(make_report: Any, caseworker: User) -> Report:
    report = make_report()
    triage.accept(report, by=caseworker)
    triage.set_status(report, Status.DONE, by=caseworker, text="Repariert.")
    sealing.seal_all()
    return report


def what_is_wrong() -> list[str]:
    return [trouble.what for trouble in verify().troubles]


def test_what_happened_is_sealed_and_holds(worked: Report) -> None:
    found = verify()
    assert found.troubles == []
    assert found.facts == Event.objects.count() > 0
    assert found.head == TrailSeal.objects.latest("number").digest


def test_a_second_run_finds_nothing_to_seal(worked: Report) -> None:
    assert sealing.seal_all() == 0
    assert TrailSeal.objects.count() == 1


def test_a_fact_that_committed_late_gets_its_seal_later(
    worked: Report, make_report: Any, caseworker: User
) -> None:
    late = worked.events.last()
    assert late is not None
    last = late.pk
    later = make_report()
    sealing.seal_all()
    Event.objects.filter(report=later).update(version=1)
    early = Event.objects.filter(report=later).first()
    assert early is not None
    part = TrailPart.objects.get(seal__number=2)
    assert min(part.rows) > last
    # As if a transaction with an earlier key had ended only now.
    keep = [(row, case) for row, case in zip(part.rows, part.cases, strict=True)]
    TrailSeal.objects.filter(number=2).delete()
    assert sealing.seal_all() == len(keep)
    assert what_is_wrong() == []


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("text", "Nie repariert.", "a fact was changed"),
        ("kind", "note", "a fact was changed"),
        ("visibility", "internal", "a fact was changed"),
    ],
)
def test_a_changed_fact_shows(worked: Report, column: str, value: str, what: str) -> None:
    last = worked.events.last()
    assert last is not None
    Event.objects.filter(pk=last.pk).update(**{column: value})
    assert what_is_wrong() == [what]
    with pytest.raises(CommandError):
        call_command("audit_verify")


def test_another_name_under_a_deed_shows(worked: Report, dispatcher: User) -> None:
    last = worked.events.last()
    assert last is not None
    Event.objects.filter(pk=last.pk).update(actor=dispatcher)
    assert what_is_wrong() == ["who did it was changed"]


def test_a_deleted_account_is_no_forgery(worked: Report, caseworker: User) -> None:
    Event.objects.filter(actor=caseworker).update(actor=None)
    found = verify()
    assert found.troubles == []
    assert found.unknown_actors == 2


def test_a_missing_fact_shows(worked: Report) -> None:
    last = worked.events.last()
    assert last is not None
    last.delete()
    assert what_is_wrong() == ["a fact is missing"]


def test_a_seal_that_was_made_anew_shows(worked: Report, make_report: Any) -> None:
    make_report()
    sealing.seal_all()
    first = TrailSeal.objects.get(number=1)
    Event.objects.filter(pk=TrailPart.objects.get(seal=first).rows[0]).update(text="Anders.")
    part = TrailPart.objects.get(seal=first)
    salts = dict(TrailSalt.objects.values_list("case", "salt"))
    row = Event.objects.get(pk=part.rows[0])
    fact = [row.kind, row.version, row.at, row.visibility, row.status, row.text, row.facts]
    leaf = digests.leaf(bytes(salts[row.report_id]), row.pk, fact, row.actor_id)
    part.leaves = leaf + bytes(part.leaves)[digests.LEAF :]
    part.save()
    first.digest = digests.seal(
        first.previous, 1, first.sealed_at, [(part.trail, part.rows, part.cases, part.leaves)]
    )
    first.save()
    assert what_is_wrong() == ["it does not continue the seal before"]


def test_what_is_erased_by_rule_leaves_no_trace_and_breaks_nothing(worked: Report) -> None:
    facts = worked.events.count()
    case = worked.pk
    worked.delete()
    now = TrailSeal.objects.get().sealed_at
    Erasure.objects.create(due_on=now.date(), started_at=now, finished_at=now, reports=1)
    assert sealing.let_go() == 1
    assert not TrailSalt.objects.filter(trail="report", case=case).exists()
    found = verify()
    assert found.troubles == []
    assert found.erased == facts


def test_a_case_that_vanished_otherwise_shows(worked: Report) -> None:
    worked.delete()
    assert what_is_wrong() == ["more cases are gone than were erased by rule"]
    assert verify().troubles[0].counts == (1, 0)


def test_a_last_seal_that_was_removed_shows(worked: Report, make_report: Any) -> None:
    make_report()
    sealing.seal_all()
    last = TrailSeal.objects.get(number=2)
    kept = (2, last.digest[:16])
    assert verify(kept).troubles == []
    last.delete()
    assert [each.what for each in verify(kept).troubles] == [Wrong.KEPT_DIFFERS]
    Event.objects.filter(pk__gt=max(TrailPart.objects.get().rows)).update(
        at=timezone.now() - dt.timedelta(days=2)
    )
    assert what_is_wrong() == [Wrong.UNSEALED]


def test_no_deed_waits_for_the_sealing(worked: Report, make_report: Any) -> None:
    make_report()
    with connection.execute_wrapper(_no_row_locks):
        assert sealing.seal_batch() > 0


def _no_row_locks(execute: Any, sql: str, *more: Any) -> Any:
    assert "FOR UPDATE" not in sql
    assert "reports_event" not in sql or sql.startswith("SELECT")
    return execute(sql, *more)


def test_the_command_tells_where_the_trail_ends(worked: Report, capsys: Any) -> None:
    call_command("audit_verify")
    said = f"1:{TrailSeal.objects.get().digest}"
    assert said in capsys.readouterr().out
    call_command("audit_verify", "--kept", said)
    with pytest.raises(CommandError):
        call_command("audit_verify", "--kept", f"1:{'0' * 16}")


def test_the_command_says_in_german_what_is_wrong_and_what_to_do(
    worked: Report, capsys: Any
) -> None:
    Event.objects.filter(pk=worked.events.order_by("pk").values_list("pk")[0][0]).delete()
    with pytest.raises(CommandError, match="Was jetzt zu tun ist"):
        call_command("audit_verify")
    said = capsys.readouterr().err
    assert "Ein Eintrag wurde gelöscht." in said
    assert f"(Meldung {worked.shown_code}" in said
