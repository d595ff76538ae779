"""Cursors: nonsense, other installations and the future are refused; the rest is exact."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from reports.models import Event
from townhall.live import CursorUnknown, cursor, missed_condition
from townhall.live.cursors import _Seen
from townhall.models import Installation

EPOCH = "0" * 32


def test_a_cursor_is_one_statement(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        epoch, _, snapshot = cursor().partition(":")
    assert epoch == cursor().partition(":")[0]
    assert snapshot.count(":") == 2


def test_an_installation_without_a_name_gets_one(db: None) -> None:
    Installation.objects.all().delete()
    assert cursor()
    assert Installation.objects.exists()


def test_a_cursor_from_before_a_crash_of_the_database_is_unknown(db: None) -> None:
    before = cursor()
    with connection.cursor() as query:
        query.execute("SELECT relpersistence FROM pg_class WHERE relname = 'townhall_life'")
        assert query.fetchone() == ("u",)  # PostgreSQL empties such a table after each crash
        query.execute("DELETE FROM townhall_life")
    with pytest.raises(CursorUnknown):
        missed_condition(before)
    assert cursor().partition(":")[0] == cursor().partition(":")[0]


def test_a_cursor_from_before_a_restore_is_unknown(db: None) -> None:
    before = cursor()
    Installation.objects.update(epoch=uuid.uuid4())
    with pytest.raises(CursorUnknown):
        missed_condition(before)


def test_a_page_that_is_up_to_date_missed_nothing(db: None) -> None:
    assert not Event.objects.filter(missed_condition(cursor())).exists()


def test_the_question_for_what_was_missed_can_use_the_index(db: None) -> None:
    with connection.cursor() as query:
        query.execute("SET LOCAL enable_seqscan = off")
    plan = Event.objects.filter(missed_condition(cursor())).order_by().explain()
    assert "event_xid" in plan


def test_another_epoch_is_unknown(db: None) -> None:
    _, _, snapshot = cursor().partition(":")
    with pytest.raises(CursorUnknown):
        missed_condition(f"{EPOCH}:{snapshot}")


def test_a_cursor_from_the_future_of_a_restored_database_is_unknown(db: None) -> None:
    epoch = cursor().partition(":")[0]
    with pytest.raises(CursorUnknown):
        missed_condition(f"{epoch}:1:{2**62}:")


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        ":",
        "x" * 100_000,
        "Æ" * 32 + ":1:1:",
        f"{EPOCH}:1:1",
        f"{EPOCH}:0:1:",
        f"{EPOCH}:1:{2**32}:",
        f"{EPOCH}:2:1:",
        f"{EPOCH}:1:5:5",
        f"{EPOCH}:3:5:2",
        f"{EPOCH}:1:5:3,2",
        f"{EPOCH}:1:5:3,3",
        f"{EPOCH}:1:5:,",
        f"{EPOCH}:1:5:3,",
        f"{EPOCH}:-1:5:",
        f"{EPOCH}:１:5:",
        f"{EPOCH}:1:5:\n",
        f"{EPOCH}:1:{'9' * 30}:",
    ],
)
def test_nonsense_is_refused_before_the_database_sees_it(nonsense: str) -> None:
    with pytest.raises(CursorUnknown):
        _Seen.read(nonsense)


@given(st.text(max_size=80))
@example(f"{EPOCH}:1:1:")
def test_whatever_is_said_is_a_cursor_or_refused(text: str) -> None:
    with suppress(CursorUnknown):
        assert _Seen.read(text).epoch == text[:32]


def test_what_python_lets_through_postgresql_takes(db: None) -> None:
    for snapshot in ("1:1:", "1:5:1,2,4", "3:9:", f"7:{2**62 + 1}:8"):
        assert _Seen.read(f"{EPOCH}:{snapshot}").snapshot == snapshot
        with connection.cursor() as query:
            query.execute("SELECT %s::pg_snapshot::text", [snapshot])
            assert query.fetchone() == (snapshot,)
