"""The desk's keys: which there are, how staff change theirs, and what does not go together."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from reports.desk import keys
from reports.views.things import THINGS
from townhall.models import Municipality, User

PAGE = "/amt/tastatur"


def typed(**changes: str) -> dict[str, str]:
    """The page's form as it is sent, with these keys changed."""
    every = keys.commands(THINGS.values())
    return {each.name: each.key for each in every} | {"on": "on"} | changes


def board(client: Client) -> Any:
    page = client.get("/amt").content.decode()
    found = re.search(r'<script id="desk-keys" type="application/json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def test_the_deeds_bring_keys_that_go_together() -> None:
    every = {each.name: each.key for each in keys.commands(THINGS.values())}
    assert keys.conflicts(every) == {}
    assert all(keys.is_possible(key) for key in every.values())


@pytest.mark.parametrize(
    ("key", "is_possible"),
    [
        ("n", True),
        ("", True),
        ("N", True),
        ("/", True),
        ("g e", True),
        ("ä", True),
        ("g e m", False),
        ("@", False),
        ("€", False),
        ("^", False),
        ("\x00", False),
    ],
)
def test_a_key_can_be_typed_on_a_german_keyboard(key: str, is_possible: bool) -> None:
    assert keys.is_possible(key) is is_possible


def test_the_beginning_of_another_key_is_a_conflict() -> None:
    assert keys.conflicts({"one": "g", "two": "g e", "three": "g m"}) == {
        "one": "two",
        "two": "one",
        "three": "one",
    }
    assert keys.conflicts({"one": "g e", "two": "g m", "three": "", "four": ""}) == {}


def test_keys_are_off_until_somebody_asks_for_them(dispatcher: User, client: Client) -> None:
    client.force_login(dispatcher)
    assert board(client)["on"] is None
    client.post(f"{PAGE}/schalter", {"on": "1"})
    assert board(client)["on"] is True
    client.post(f"{PAGE}/schalter", {"on": "0"})
    assert board(client)["on"] is False


def test_staff_change_their_keys_without_scripts(
    dispatcher: User, outsider: User, client: Client
) -> None:
    client.force_login(dispatcher)
    page = client.post(PAGE, typed(**{"deed-notiz": "ö", "go-inbox": "ge"}), follow=True)
    assert "Ihre Tasten sind gespeichert." in page.content.decode()
    found = board(client)["keys"]
    assert (found["deed-notiz"], found["go-inbox"]) == ("ö", "g e")
    dispatcher.refresh_from_db()
    assert dispatcher.keys == {"on": True, "own": {"deed-notiz": "ö"}}
    client.force_login(outsider)
    assert board(client)["keys"]["deed-notiz"] == "n"


def test_a_key_that_another_command_has_is_refused(dispatcher: User, client: Client) -> None:
    client.force_login(dispatcher)
    page = client.post(PAGE, typed(**{"deed-notiz": "a"}))
    assert page.status_code == 422
    assert "„Zuweisen“ hat diese Taste schon." in page.content.decode()
    dispatcher.refresh_from_db()
    assert dispatcher.keys == {}


def test_what_is_no_key_is_refused(dispatcher: User, client: Client) -> None:
    client.force_login(dispatcher)
    wrong = {"deed-notiz": "@", "deed-status": "abc", "next": "12345", "map": "\x00"}
    page = client.post(PAGE, typed(**wrong))
    assert page.status_code == 422
    assert all(f'href="#taste-{name}"' in page.content.decode() for name in wrong)


def test_all_keys_go_back_to_the_beginning(dispatcher: User, client: Client) -> None:
    client.force_login(dispatcher)
    client.post(PAGE, typed(**{"deed-notiz": "ö"}))
    client.post(PAGE, {"zuruecksetzen": "1"})
    assert board(client)["keys"]["deed-notiz"] == "n"
    assert board(client)["on"] is True


def test_a_default_gives_way_to_what_somebody_chose() -> None:
    """A deed that joins later may bring a key that somebody uses for something else."""
    user = User(keys={"own": {"next": "n"}})
    found = keys.chosen(user, keys.commands(THINGS.values()))
    assert (found["next"], found["deed-notiz"]) == ("n", "")


def test_only_staff_have_keys(town: Municipality, client: Client) -> None:
    assert "/amt/anmelden" in client.get(PAGE)["Location"]
    assert client.post(f"{PAGE}/schalter", {"on": "1"}).status_code == 403
