"""Papers, purses, keys, phones, cash, weapons, animals: the matrix, row by row."""

from __future__ import annotations

import datetime as dt

import pytest

from lostfound.law import Kind, Policy, handling
from lostfound.law.kinds import (
    MATRIX,
    Addressee,
    DataStep,
    Ending,
    Fate,
    Proof,
    before_handing_on,
    fate,
    whom_to_tell,
)
from lostfound.law.policy import DataMedia

RECEIVED = dt.date(2026, 3, 2)


def test_every_kind_has_a_row() -> None:
    assert set(MATRIX) == set(Kind)


@pytest.mark.parametrize("kind", [Kind.IDENTITY_PAPER, Kind.FOREIGN_PAPER])
def test_papers_are_delivered_hidden_and_never_the_finders(kind: Kind) -> None:
    row = handling(kind)
    assert row.must_deliver
    assert not (row.listed or row.photographed or row.finder_may_own or row.auctionable)


def test_a_finder_becomes_no_owner_of_papers_cards_weapons_and_drugs() -> None:
    withheld = {kind for kind in Kind if not handling(kind).finder_may_own}
    assert withheld == {
        Kind.IDENTITY_PAPER,
        Kind.FOREIGN_PAPER,
        Kind.CARD,
        Kind.WEAPON,
        Kind.DRUGS,
    }


def test_a_german_paper_goes_to_its_authority_and_a_foreign_one_to_the_federal_office() -> None:
    assert handling(Kind.IDENTITY_PAPER).forward_to == (
        Addressee.ISSUING_AUTHORITY,
        Addressee.OFFICE_OF_RESIDENCE,
    )
    assert handling(Kind.FOREIGN_PAPER).forward_to == (Addressee.FEDERAL_FOUND_PAPERS,)


def test_a_bank_card_goes_to_its_issuer_unlisted() -> None:
    row = handling(Kind.CARD)
    assert (row.forward_to, row.listed) == ((Addressee.ISSUER,), False)


@pytest.mark.parametrize(
    ("name_inside", "out_of_town", "told"),
    [
        (True, False, Addressee.OWNER_AT_ONCE),
        (True, True, Addressee.HOME_FUNDBUERO),
        (False, False, None),
    ],
)
def test_a_purse_with_a_name_means_telling_at_once(
    name_inside: bool, out_of_town: bool, told: Addressee | None
) -> None:
    assert whom_to_tell(name_inside=name_inside, from_out_of_town=out_of_town) is told


def test_keys_are_listed_and_destroyed_in_the_end() -> None:
    row = handling(Kind.KEYS)
    assert (row.listed, row.ending, row.auctionable) == (True, Ending.DESTROYED, False)


def test_a_phone_is_known_by_its_number() -> None:
    assert handling(Kind.DATA_MEDIUM).proofs == (Proof.IMEI_OR_SERIAL,)


@pytest.mark.parametrize(
    ("data_media", "erasable", "not_erasable"),
    [
        (DataMedia.ERASE_IF_FEASIBLE, DataStep.ERASE, DataStep.HAND_ON_AS_IT_IS),  # BW
        (DataMedia.ERASE_OR_KEEP, DataStep.ERASE, DataStep.KEEP),  # ST, Düsseldorf
        (DataMedia.CERTIFIED_WIPE, DataStep.WIPE_WITH_CERTIFICATE, DataStep.KEEP),  # Magdeburg
    ],
)
def test_the_municipality_decides_about_the_data_on_a_phone(
    data_media: DataMedia, erasable: DataStep, not_erasable: DataStep
) -> None:
    policy = Policy(data_media=data_media)
    assert before_handing_on(erasable=True, policy=policy) is erasable
    assert before_handing_on(erasable=False, policy=policy) is not_erasable


def test_by_default_no_data_reaches_somebody_new() -> None:
    assert before_handing_on(erasable=False) is DataStep.KEEP


def test_cash_is_not_published_and_has_a_ledger_of_its_own() -> None:
    row = handling(Kind.CASH)
    assert (row.listed, row.ending, row.shippable) == (False, Ending.LEDGER, False)


@pytest.mark.parametrize("kind", [Kind.WEAPON, Kind.DRUGS])
def test_weapons_and_drugs_are_never_in_store_listed_sent_or_auctioned(kind: Kind) -> None:
    row = handling(kind)
    assert not (row.stored or row.listed or row.shippable or row.auctionable)
    assert row.must_deliver
    assert Addressee.POLICE in row.forward_to


def test_an_animal_goes_to_the_shelter() -> None:
    row = handling(Kind.ANIMAL)
    assert (row.forward_to, row.shippable) == ((Addressee.SHELTER,), False)


def test_what_spoils_goes_at_once() -> None:
    assert handling(Kind.PERISHABLE).ending is Ending.AT_ONCE


def test_a_bicycle_is_known_by_its_frame_and_checked_with_the_police() -> None:
    assert handling(Kind.BICYCLE).proofs == (Proof.FRAME_NUMBER, Proof.POLICE_STOLEN_CHECK)


def test_an_owner_who_is_here_gets_purse_money_papers_and_keys_together() -> None:
    for kind in (Kind.PURSE, Kind.CASH, Kind.IDENTITY_PAPER, Kind.CARD, Kind.KEYS):
        assert fate(kind, received=RECEIVED, on=RECEIVED, owner_is_here=True) is (
            Fate.WITH_THE_WHOLE
        )


def test_a_paper_waits_for_its_owner_before_it_leaves_for_its_authority() -> None:
    def on(day: dt.date) -> Fate:
        return fate(Kind.IDENTITY_PAPER, received=RECEIVED, on=day)

    assert on(dt.date(2026, 3, 16)) is Fate.WAIT_FOR_OWNER
    assert on(dt.date(2026, 3, 17)) is Fate.FORWARD


def test_the_rest_of_a_purse_goes_its_regimes_way() -> None:
    assert fate(Kind.CASH, received=RECEIVED, on=RECEIVED) is Fate.BY_REGIME


def test_a_knife_in_the_bag_is_stopped_even_for_its_owner() -> None:
    stopped = fate(Kind.WEAPON, received=RECEIVED, on=RECEIVED, owner_is_here=True)
    assert stopped is Fate.STOPPED
