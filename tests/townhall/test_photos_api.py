"""`POST /api/v1/photos/`"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.townhall import pictures
from townhall.limits import network_of
from townhall.models import Image, Municipality
from townhall.photos import MAX_BYTES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PHOTO = pictures.telling("JPEG")


def send(client: Client, content: bytes = PHOTO, **changes: Any) -> Any:
    headers = changes.pop("headers", {})
    extra = changes.pop("extra", {})
    fields = {"id": str(uuid.uuid4()), "photo": SimpleUploadedFile("a.jpg", content)} | changes
    fields = {name: value for name, value in fields.items() if value is not None}
    return client.post(reverse("api-photos"), fields, headers=headers, **extra)


def is_problem(answer: Any, status: int) -> bool:
    return answer.status_code == status and answer["Content-Type"] == "application/problem+json"


def test_a_photo_is_taken_under_the_clients_id(client: Client) -> None:
    image_id = str(uuid.uuid4())
    answer = send(client, id=image_id)
    assert answer.status_code == 201
    assert answer.json() == {"id": image_id, "width": 120, "height": 80, "position": None}
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_the_same_photo_again_is_the_same_photo(client: Client) -> None:
    image_id = str(uuid.uuid4())
    first, second = send(client, id=image_id), send(client, id=image_id)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Image.objects.count() == 1


def test_whoever_sends_a_photo_is_told_once_where_it_was_taken(
    client: Client, town: Municipality
) -> None:
    """It stands in no row: the second answer no longer knows it."""
    image_id = str(uuid.uuid4())
    told = send(client, id=image_id).json()["position"]
    assert (round(told["lat"], 4), round(told["lon"], 4)) == (49.6811, 8.6206)
    assert send(client, id=image_id).json()["position"] is None
    assert "position" not in {field.name for field in Image._meta.get_fields()}


def test_a_place_that_nobody_serves_is_not_offered(
    client: Client, make_municipality: Callable[..., Municipality]
) -> None:
    make_municipality(centre=(9.5, 50.5))
    assert send(client).json()["position"] is None


def test_another_photo_under_the_same_id_is_a_409(client: Client) -> None:
    image_id = str(uuid.uuid4())
    send(client, id=image_id)
    answer = send(client, pictures.telling("PNG"), id=image_id)
    assert is_problem(answer, 409)


def test_a_refused_photo_is_told_in_a_sentence(client: Client) -> None:
    answer = send(client, PHOTO[: len(PHOTO) // 2])
    assert is_problem(answer, 400)
    assert answer.json()["errors"] == {
        "photo": ["Dieses Foto ist unvollständig angekommen. Bitte wählen Sie es noch einmal aus."]
    }


def test_a_photo_that_is_too_big_is_a_413(client: Client) -> None:
    answer = send(client, bytes(MAX_BYTES + 1))
    assert is_problem(answer, 413)
    assert "20 MB" in answer.json()["errors"]["photo"][0]


def test_a_body_that_announces_too_much_is_refused_unread(client: Client) -> None:
    answer = client.generic(
        "POST",
        reverse("api-photos"),
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="99999999",
    )
    assert is_problem(answer, 413)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"id": "keine"}, "id"),
        ({"id": "\x00"}, "id"),
        ({"photo": None}, "photo"),
        ({"photo": "nur Text"}, "photo"),
    ],
)
def test_nonsense_is_answered_per_field(client: Client, changes: Any, field: str) -> None:
    answer = send(client, **changes)
    assert is_problem(answer, 400)
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"--x\r\nkaputt", "multipart/form-data; boundary=x", 400),
        (b"", "multipart/form-data", 400),
    ],
)
def test_a_broken_body_is_no_500(client: Client, body: bytes, kind: str, status: int) -> None:
    answer = client.generic("POST", reverse("api-photos"), body, content_type=kind)
    assert is_problem(answer, status)


def test_another_websites_page_cant_send_photos(client: Client) -> None:
    assert is_problem(send(client, headers={"Sec-Fetch-Site": "cross-site"}), 403)
    assert send(client, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201


def test_no_csrf_token_is_needed() -> None:
    assert send(Client(enforce_csrf_checks=True)).status_code == 201


def test_one_address_sends_a_limited_number_of_photos(client: Client, settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"photos": (2, 3600)}
    here = {"REMOTE_ADDR": "2001:db8:1:2::1"}
    neighbour = {"REMOTE_ADDR": "2001:db8:1:2:ffff::9", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
    assert [send(client, extra=extra).status_code for extra in (here, neighbour)] == [201, 201]
    late = send(client, extra=here)
    assert is_problem(late, 429)
    assert int(late["Retry-After"]) > 0
    assert send(client, extra={"REMOTE_ADDR": "2001:db8:1:3::1"}).status_code == 201


def test_networks_are_counted_as_people_have_them() -> None:
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert network_of("") == "unknown"
