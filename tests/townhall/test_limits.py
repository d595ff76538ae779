"""How often somebody may knock."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import F
from django.test import RequestFactory

from townhall import limits
from townhall.limits import Knock, TooMany
from townhall.models import Tally

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"reports": (3, 3600), "mailbox": (1, 86400)}


def passes(seconds: float) -> None:
    """Let time go by."""
    Tally.objects.update(free_at=F("free_at") - dt.timedelta(seconds=seconds))


def test_a_bucket_is_used_up_and_fills_steadily() -> None:
    knock = Knock("reports", "192.0.2.7")
    assert [limits.spend(knock)[0].left for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooMany) as refused:
        limits.spend(knock)
    assert 1199 <= refused.value.wait_s <= 1200  # a third of an hour
    passes(1200)
    assert limits.spend(knock)[0].left == 0


def test_a_clock_that_was_set_back_shuts_nobody_out() -> None:
    knock = Knock("reports", "192.0.2.7")
    limits.spend(knock)
    passes(-3600)
    assert limits.spend(knock)[0].left == 2


def test_who_is_refused_pays_nothing_and_others_are_not_concerned() -> None:
    for _ in range(3):
        limits.spend(Knock("reports", "192.0.2.7"))
    for _ in range(5):
        with pytest.raises(TooMany):
            limits.spend(Knock("reports", "192.0.2.7"))
    assert limits.spend(Knock("reports", "192.0.2.8"))[0].left == 2
    passes(1200)
    limits.spend(Knock("reports", "192.0.2.7"))


def test_the_emptiest_of_several_buckets_decides() -> None:
    client, mailbox = Knock("reports", "192.0.2.7"), Knock("mailbox", "uta@example.org")
    limits.spend(client, mailbox)
    with pytest.raises(TooMany) as refused:
        limits.spend(client, mailbox)
    assert refused.value.name == "mailbox"


def test_five_photos_at_once_cost_five_but_never_more_than_the_bucket() -> None:
    assert limits.spend(Knock("reports", "x", cost=2))[0].left == 1
    assert limits.spend(Knock("reports", "y", cost=99))[0].left == 0


def test_what_is_given_back_counts_for_nothing() -> None:
    knock = Knock("mailbox", "uta@example.org")
    limits.spend(knock)
    limits.give_back(knock)
    limits.spend(knock)


def test_nobody_can_be_read_from_what_is_kept_and_it_is_soon_gone() -> None:
    limits.spend(Knock("reports", "192.0.2.7"), Knock("mailbox", "uta@example.org"))
    kept = str(list(Tally.objects.values_list()))
    assert "192.0" not in kept
    assert "uta" not in kept
    assert limits.forget() == 0
    passes(86400)
    assert limits.forget() == 2


def test_load_tests_may_raise_every_limit(settings: Any) -> None:
    settings.LIMITS_TIMES = 10
    assert limits.spend(Knock("reports", "192.0.2.7"))[0].left == 29


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_clients_are_counted_as_networks_have_them(address: str, counted_as: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert limits.client_of(request) == counted_as


def test_a_mailbox_is_one_however_it_is_written() -> None:
    assert limits.mailbox_of(" Uta+Loch@Example.org") == "uta@example.org"
    assert limits.mailbox_of("kein-at") == "kein-at"
