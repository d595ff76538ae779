"""Who is spoken to in which language."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        (None, "de"),
        ("de", "de"),
        ("en", "en"),
        ("en-GB,de;q=0.5", "en"),
        ("fr", "de"),
        ("*", "de"),
        ("de-simple", "de-simple"),
    ],
)
def test_the_api_answers_in_the_language_that_was_asked_for(
    client: Client, wish: str | None, language: str
) -> None:
    headers: Any = {} if wish is None else {"Accept-Language": wish}
    answer = client.get("/api/v1/reports/?limit=0", headers=headers)
    sentence = answer.json()["errors"]["limit"][0]
    assert sentence.startswith("Choose" if language == "en" else "Wählen")
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]


def test_even_an_address_that_is_none_speaks_it(client: Client) -> None:
    answer = client.get("/api/v1/nothing/", headers={"Accept-Language": "en"})
    assert answer.json()["title"] == "Not found"
    assert client.get("/api/v1/nothing/").json()["title"] == "Nicht gefunden"


@pytest.mark.parametrize(
    ("path", "language"), [("/", "de"), ("/en/", "en"), ("/einfach/", "de-simple")]
)
def test_a_page_speaks_the_language_of_its_address(
    client: Client, path: str, language: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": "en" if language == "de" else "de"})
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.content.decode()
