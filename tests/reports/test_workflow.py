"""The rules of a report's life, readable to a department head."""

import pytest

from reports.workflow import (
    CLOSED,
    MOVES,
    OPEN,
    Deed,
    IllegalMove,
    ReasonMissing,
    Status,
    check_move,
    may,
)


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(Status)


def test_from_every_state_each_open_state_can_be_reached_again() -> None:
    for status in CLOSED:
        assert MOVES[status] & OPEN, status


@pytest.mark.parametrize("status", sorted(Status))
def test_a_report_never_moves_to_where_it_is(status: Status) -> None:
    with pytest.raises(IllegalMove):
        check_move(status, status, reason="Weil es geht")


def test_a_finished_report_does_not_go_on_hold() -> None:
    with pytest.raises(IllegalMove) as refused:
        check_move(Status.DONE, Status.ON_HOLD)
    assert (refused.value.start, refused.value.goal) == (Status.DONE, Status.ON_HOLD)


def test_no_action_needs_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        check_move(Status.NEW, Status.NO_ACTION, reason="  ")
    check_move(Status.NEW, Status.NO_ACTION, reason="Privatgrundstück")


def test_reopening_needs_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        check_move(Status.DONE, Status.NEW)
    check_move(Status.DONE, Status.NEW, reason="Das Loch ist noch da")


def test_only_dispatchers_and_administrators_release() -> None:
    allowed = {
        role
        for role in (
            "dispatcher",
            "administrator",
            "caseworker",
            "field_crew",
            "fundbuero",
            "read_only",
        )
        if may(frozenset({role}), Deed.RELEASE)
    }
    assert allowed == {"dispatcher", "administrator"}


def test_read_only_staff_do_nothing_at_all() -> None:
    assert not any(may(frozenset({"read_only"}), deed) for deed in Deed)


def test_two_roles_add_up() -> None:
    assert may(frozenset({"read_only", "field_crew"}), Deed.ACCEPT)
