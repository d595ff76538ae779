"""Photos of found things: the counter's own stay private, whatever the public gets to see."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pictures

from lostfound.models import FoundItem, ListingPhoto, Photo, Terms
from lostfound.receiving import amending
from lostfound.searching import listings, pictures, publishing
from lostfound.workflow import State
from tests.townhall.pictures import encoded, noise
from townhall.models import Image, User
from townhall.photos import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_minded(office: Any) -> None:
    """A town that wants photos in public."""
    Terms.objects.create(municipality=office.municipality, settings={"photos_public": True})


@pytest.fixture
def photographed(make_item: Callable[..., FoundItem]) -> Callable[..., Photo]:
    """A thing in public view, with a photo of its own at the counter."""

    def make(kind: str = "backpack", **changes: Any) -> Photo:
        item = make_item(kind, no_mark_visible=True, **changes)
        publishing.publish(item, by=None)
        image = stage(uuid.uuid4(), SimpleUploadedFile("a.jpg", encoded(noise())))
        return Photo.objects.create(item=item, image=image)

    return make


def picture(item: FoundItem, image: Image | uuid.UUID, size: str = "full") -> str:
    key = image.pk if isinstance(image, Image) else image
    return reverse("found-picture", args=[item.code, key, size])


def seen(client: Client, address: str) -> Pictures.Image:
    answer = client.get(address)
    assert answer.status_code == 200
    return Pictures.open(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def status(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.getvalue()
    return answer.status_code


def test_staff_release_a_photo_and_everybody_sees_blocks_of_it(
    photographed: Callable[..., Photo], clerk: User, client: Client, open_minded: None
) -> None:
    photo = photographed()
    page = reverse("found-item", args=[photo.item.code])
    assert "<figure" not in client.get(page).content.decode()

    staff = Client()
    staff.force_login(clerk)
    deed = reverse("fund-listing-picture", args=[photo.item.code])
    answer = staff.post(deed, {"image": photo.image_id}, follow=True)
    assert "Alle sehen es grob verpixelt" in answer.content.decode()

    shown = ListingPhoto.objects.get()
    address = picture(photo.item, shown.image)
    for door in (page, reverse("found-search"), f"{reverse('found-search')}?show=tiles"):
        html = client.get(door).content.decode()
        assert str(shown.image_id) in html
        assert str(photo.image_id) not in html
    blocks = seen(client, address)
    plain = {blocks.getpixel((x, y)) for x in range(2, 20) for y in range(2, 20)}
    assert len(plain) <= 4  # one block, but for what WebP makes of it; the photo is noise
    assert seen(client, picture(photo.item, shown.image, "thumb")).width <= blocks.width

    staff.post(deed, {"image": photo.image_id, "is_clear": "1"})
    clear = ListingPhoto.objects.get()
    assert clear.image_id not in {shown.image_id, photo.image_id}
    assert status(client, address) == 404
    assert not Image.objects.filter(pk=shown.image_id).exists()
    inside = seen(client, picture(photo.item, clear.image))
    assert len({inside.getpixel((x, y)) for x in range(2, 20) for y in range(2, 20)}) > 50

    staff.post(deed, {"image": ""})
    assert status(client, picture(photo.item, clear.image)) == 404
    assert not ListingPhoto.objects.exists()


def test_no_other_picture_has_a_public_address(
    photographed: Callable[..., Photo], clerk: User, client: Client, open_minded: None
) -> None:
    photo, other = photographed(), photographed()
    shown = pictures.show(photo.item, photo.image_id, by=clerk)
    assert status(client, picture(photo.item, shown.image)) == 200
    for item, image in (
        (photo.item, photo.image),
        (other.item, other.image),
        (other.item, shown.image),
        (photo.item, uuid.uuid4()),
    ):
        assert status(client, picture(item, image)) == 404
    assert status(client, picture(photo.item, shown.image, "original")) == 404
    assert client.get(reverse("fund-photo", args=[photo.image_id, "full"])).status_code == 302
    with pytest.raises(pictures.NotShown):
        pictures.show(other.item, photo.image_id, by=clerk)


@pytest.mark.parametrize("kind", ["keys", "identity_paper", "card", "ticket", "cash"])
def test_of_some_kinds_there_is_never_a_public_photo(
    kind: str, make_item: Callable[..., FoundItem], clerk: User, open_minded: None
) -> None:
    item = make_item(kind, no_mark_visible=True)
    image = stage(uuid.uuid4(), SimpleUploadedFile("a.jpg", encoded(noise())))
    Photo.objects.create(item=item, image=image)
    with pytest.raises(pictures.NotShown):
        pictures.show(item, image.pk, by=clerk)


def test_a_town_that_has_not_decided_shows_none(
    photographed: Callable[..., Photo], clerk: User
) -> None:
    photo = photographed()
    with pytest.raises(pictures.NotShown):
        pictures.show(photo.item, photo.image_id, by=clerk)


def _town_says_no(photo: Photo, clerk: User) -> None:
    Terms.objects.update(settings={})


def _becomes_a_key(photo: Photo, clerk: User) -> None:
    FoundItem.objects.filter(pk=photo.item_id).update(kind="keys")
    photo.item.refresh_from_db()
    publishing.refresh(photo.item, by=clerk)


def _is_taken_down(photo: Photo, clerk: User) -> None:
    publishing.unpublish(photo.item, by=clerk, reason="")


def _photo_is_removed(photo: Photo, clerk: User) -> None:
    photo.item.refresh_from_db()
    amending.remove_photo(photo.item, photo.image_id, by=clerk, version=photo.item.version)


def _has_its_owner(photo: Photo, clerk: User) -> None:
    photo.item.refresh_from_db()
    photo.item.state = State.RELEASED
    listings.follow(photo.item)


@pytest.mark.parametrize(
    "event", [_town_says_no, _becomes_a_key, _is_taken_down, _photo_is_removed, _has_its_owner]
)
def test_whatever_happens_to_it_ends_the_picture(
    event: Callable[[Photo, User], None],
    photographed: Callable[..., Photo],
    clerk: User,
    client: Client,
    open_minded: None,
) -> None:
    photo = photographed()
    shown = pictures.show(photo.item, photo.image_id, by=clerk)
    address = picture(photo.item, shown.image)
    assert status(client, address) == 200
    event(photo, clerk)
    assert status(client, address) == 404
