"""Ringing within a transaction: what travels, and that it fits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from hypothesis import given
from hypothesis import strategies as st

from townhall.live import Ring, ring
from townhall.live.limits import PAYLOAD_BYTES
from townhall.live.ringing import CHANNEL, payloads

POSTCARD = {"kind": "report", "code": "7K3F9QMX", "version": 12, "title": "Schlagloch, Lindenweg"}


@pytest.fixture
def ear(transactional_db: None) -> Any:
    """Another connection that listens: what it hears was committed."""
    with psycopg.connect(**_parameters(), autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")

        def hear() -> list[Any]:
            listening.execute("SELECT 1")  # what has arrived comes with the answer
            return [json.loads(each.payload) for each in listening.notifies(timeout=0.2)]

        yield hear


def _parameters() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {
        name: known[name]
        for name in ("dbname", "host", "port", "user", "password")
        if name in known
    }


def test_a_deed_rings_all_its_topics_with_one_statement(
    ear: Callable[[], list[Any]], django_assert_num_queries: Any
) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        ring(
            Ring(["tile:12/1/2", "report:7K3F9QMX"], POSTCARD),
            Ring(["staff:06431002"], {"kind": "bell", "code": "7K3F9QMX", "version": 12}),
        )
    assert ear() == [
        {
            "rings": [
                [["tile:12/1/2", "report:7K3F9QMX"], POSTCARD],
                [["staff:06431002"], {"kind": "bell", "code": "7K3F9QMX", "version": 12}],
            ]
        }
    ]


def test_a_deed_that_is_rolled_back_rings_nobody(ear: Callable[[], list[Any]]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ring(Ring(["tile:12/1/2"], POSTCARD))
        raise ZeroDivisionError
    assert ear() == []


def test_a_rolled_back_part_of_a_deed_rings_nobody(ear: Callable[[], list[Any]]) -> None:
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            ring(Ring(["tile:12/1/2"], POSTCARD))
            raise ZeroDivisionError
        ring(Ring(["tile:12/3/4"], POSTCARD))
    assert ear() == [{"rings": [[["tile:12/3/4"], POSTCARD]]}]


def test_ringing_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(TransactionManagementError):
        ring(Ring(["tile:12/1/2"], POSTCARD))


def test_nothing_to_ring_asks_nothing_of_the_database(
    db: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        ring()
        ring(Ring([], POSTCARD))


def test_a_thousand_topics_travel_in_several_notifications(ear: Callable[[], list[Any]]) -> None:
    topics = [f"tile:12/2145/{number}" for number in range(1000)]
    with transaction.atomic():
        ring(Ring(topics, POSTCARD))
    heard = ear()
    assert len(heard) > 1
    assert [topic for each in heard for names, _ in each["rings"] for topic in names] == topics


def test_a_message_too_large_to_travel_becomes_a_resync() -> None:
    (payload,) = payloads([Ring(["report:7K3F9QMX"], {"kind": "report", "title": "x" * 9_000})])
    assert json.loads(payload) == {"rings": [[["report:7K3F9QMX"], {"kind": "resync"}]]}


@given(
    st.lists(
        st.builds(
            Ring,
            st.lists(st.text(st.characters(codec="utf-8"), max_size=120), max_size=40),
            st.fixed_dictionaries({"kind": st.text(max_size=3_000)}),
        ),
        max_size=6,
    )
)
def test_every_ring_arrives_whole_within_the_limit(rings: list[Ring]) -> None:
    found = list(payloads(rings))
    assert all(len(payload.encode()) <= PAYLOAD_BYTES for payload in found)
    arrived = [
        (topic, json.dumps(message))
        for payload in found
        for topics, message in json.loads(payload)["rings"]
        for topic in topics
    ]
    sent = [
        (topic, json.dumps(each.message)) for each in rings for topic in dict.fromkeys(each.topics)
    ]
    if all(len(json.dumps(each.message, ensure_ascii=False).encode()) < 7_000 for each in rings):
        assert arrived == sent
