"""The demo: a whole region in a few seconds, the same for each seed."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F
from django.test import override_settings
from PIL import Image as Picture
from pytest_django.plugin import DjangoDbBlocker

from config.demo import answers, catalogue, loading, people, pictures, stories, texts
from lostfound.law import Regime
from lostfound.models import (
    Claim,
    ClaimState,
    Custody,
    Deadline,
    FindReport,
    FoundItem,
    Listing,
    LossReport,
    Match,
    Notice,
    Office,
)
from lostfound.workflow import OPEN, SHOWN, State
from reports.models import (
    Category,
    Event,
    EventKind,
    Follower,
    Offer,
    Photo,
    Question,
    Report,
    Rule,
    StaffPhoto,
    Supporter,
)
from reports.workflow import CLOSED, MOVES, Status
from townhall.models import Channel, Department, Image, Letter, Membership, Municipality, Site, User
from townhall.people import municipality_at
from townhall.photos.storing import file_name

# A Tuesday at eleven.
NOW = dt.datetime(2026, 3, 10, 10, tzinfo=dt.UTC)
SAID: list[str] = []


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def _loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, home: Path
) -> Iterator[None]:
    """The demo, loaded once for this file and rolled back after it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(loading, "logins_file", lambda: home / loading.LOGINS)
    patch.setattr(stories, "PICTURES", 5)
    media = override_settings(MEDIA_ROOT=home / "media")
    with django_db_blocker.unblock(), transaction.atomic(), media:
        loading.load(SAID.append, now=NOW)
        yield
        transaction.set_rollback(True)
    patch.undo()


@pytest.fixture
def demo(_loaded: None, _own_media: None, db: None, home: Path, settings: Any) -> None:
    """The demo stands in the database, its pictures in the storage."""
    settings.MEDIA_ROOT = home / "media"


def fingerprint() -> list[tuple[Any, ...]]:
    """Everything of the reports that hangs on no date."""
    return sorted(
        Report.objects.values_list(
            "code",
            "status",
            "category__code",
            "municipality__key",
            "department__slug",
            "assignee__username",
            "description",
            "position",
            "answers",
            "is_text_public",
            "contact__email",
        ),
        key=lambda row: row[0],
    )


def crowd() -> list[tuple[Any, ...]]:
    """Whom the reports concern, too, and who follows them."""
    voices = Supporter.objects.values_list("report__code").annotate(Count("id"))
    return [*sorted(voices), *sorted(Follower.objects.values_list("report__code", "email"))]


def stock() -> list[tuple[Any, ...]]:
    """Everything of the Fundbüros that hangs on no date."""
    things = FoundItem.objects.values_list("code", "kind", "state", "regime", "finder__name")
    losses = LossReport.objects.values_list("code", "kind", "state", "loser__name", "description")
    return [*sorted(things, key=str), *sorted(losses, key=str)]


def test_the_demo_is_the_whole_region(demo: None) -> None:
    assert Municipality.objects.count() == 22
    assert not Municipality.objects.filter(key="06431200").exists()
    assert Site.objects.get(slug="").municipalities.count() == 22
    assert Site.objects.get(slug="bensheim").municipalities.get().name == "Bensheim"
    assert Report.objects.count() == 300
    assert FoundItem.objects.wholes().count() == 300
    assert LossReport.objects.count() == 120
    assert any("22 municipalities" in line for line in SAID)


def test_the_same_seed_gives_the_same_reports_on_another_day(demo: None) -> None:
    first = fingerprint()
    items, others = stock(), crowd()
    images = set(Image.objects.values_list("id", "digest"))
    loading.clear()

    loading.load(SAID.append, now=NOW + dt.timedelta(days=37, hours=15))

    assert fingerprint() == first
    assert stock() == items
    assert crowd() == others
    assert set(Image.objects.values_list("id", "digest")) == images


def test_statuses_are_spread_like_in_a_working_town_hall(demo: None) -> None:
    spread = Counter(Report.objects.values_list("status", flat=True))
    assert spread[Status.DONE] == 120
    assert spread[Status.NEW] == 54
    assert set(spread) == {status.value for status in Status}
    assert Report.objects.filter(is_hazard=True).count() >= 10


def test_the_fundbueros_have_every_state_law_and_claim(demo: None) -> None:
    wholes = FoundItem.objects.wholes()
    assert set(wholes.values_list("state", flat=True)) == {state.value for state in State}
    assert set(wholes.values_list("regime", flat=True)) == {regime.value for regime in Regime}
    assert set(Claim.objects.values_list("state", flat=True)) == set(ClaimState.values)
    assert Office.objects.count() == 4
    assert FoundItem.objects.exclude(part_of=None).count() > 20
    assert Deadline.objects.filter(due_on__lt=NOW.date()).count() in range(5, 60)
    assert Notice.objects.filter(posted_on__lte=NOW, ends_on__gte=NOW).exists()
    assert Match.objects.filter(score__gte=0.6).count() > 10
    assert FindReport.objects.waiting().count() >= 5
    assert not Listing.objects.filter(ended_at=None).exclude(item__state__in=SHOWN).exists()


def test_every_found_thing_has_gone_from_hand_to_hand_without_a_hole(demo: None) -> None:
    for item in FoundItem.objects.wholes().prefetch_related("custody", "events"):
        numbers = [entry.number for entry in item.custody.all()]
        assert numbers == list(range(1, len(numbers) + 1))
        moments = [entry.at for entry in item.custody.all()]
        assert moments == sorted(moments)
        assert (item.closed_at is None) == (item.state in OPEN)
        assert item.found_on <= item.notice_on <= NOW.date()
        assert item.version == len(item.events.all())
    assert not Custody.objects.filter(at__gt=NOW).exists()
    numbers = FoundItem.objects.values_list("office", "file_number")
    assert len(set(numbers)) == len(numbers)


def test_every_report_lies_in_its_town_and_on_a_street(demo: None) -> None:
    for report in Report.objects.select_related("municipality").order_by("code")[::6]:
        whereabouts = municipality_at(report.position)
        assert whereabouts is not None
        assert whereabouts.municipality == report.municipality
    assert not Report.objects.filter(street="", locality="").exists()


def test_no_two_residents_use_the_same_words(demo: None) -> None:
    words = list(Report.objects.values_list("description", flat=True))
    assert len(set(words)) == len(words)
    assert not any("{" in text for text in words)


def test_timelines_only_make_moves_that_staff_may_make(demo: None) -> None:
    for report in Report.objects.prefetch_related("events"):
        status, version, at = Status.NEW, 1, report.received_at
        for event in report.events.all():
            assert event.at >= at
            assert event.version in {version, version + 1}
            if event.status and event.kind != EventKind.RECEIVED:
                assert Status(event.status) in MOVES[status]
                status = Status(event.status)
            version, at = event.version, event.at
        assert (status, version) == (Status(report.status), report.version)
        assert at <= NOW
        assert (report.closed_at is not None) == (status in CLOSED)


def test_each_voice_was_raised_while_everybody_saw_the_report(demo: None) -> None:
    voices = Supporter.objects.select_related("report")
    assert 200 < len(voices) == Event.objects.filter(kind=EventKind.SUPPORTED).count()
    assert Follower.objects.count() == Event.objects.filter(kind=EventKind.FOLLOWED).count() > 50
    for voice in voices:
        assert voice.report.is_public
        assert voice.report.received_at <= voice.at <= (voice.report.closed_at or NOW)
        assert voice.worse_at is None or voice.report.status not in CLOSED


def test_what_may_not_be_public_is_not(demo: None) -> None:
    assert not Report.objects.filter(publication="never", is_public=True).exists()
    assert not Report.objects.filter(is_public=False, is_text_public=True, closed_at=None).exists()
    assert not Photo.objects.filter(is_released=True, report__is_text_public=False).exists()
    assert not Report.objects.filter(
        category__public_place="none", public_position__isnull=False
    ).exists()


def test_a_duplicate_came_after_the_report_it_repeats(demo: None) -> None:
    repeated = Report.objects.filter(status=Status.DUPLICATE)
    assert repeated.count() == 9
    assert not repeated.filter(received_at__lte=F("duplicate_of__received_at")).exists()
    assert not repeated.filter(duplicate_of=None).exists()


def test_the_rules_explain_where_reports_went(demo: None) -> None:
    assert Rule.objects.count() > 100
    state_roads = Report.objects.filter(department__slug=people.STATE_ROADS).first()
    assert state_roads is not None
    assert "Landes- und Bundesstraßen" in state_roads.routing["rule"]["name"]
    assert Report.objects.filter(department__slug=people.GARDENS).exists()
    assert Report.objects.filter(department__slug=people.WASTE).exists()


def test_the_demo_mails_no_letters(demo: None) -> None:
    assert not Letter.objects.exclude(channel=Channel.PAPER).exists()


def test_nobody_real_is_called_or_written_to(demo: None) -> None:
    """Mail ends in .example; numbers come from the range kept free for films."""
    for model in (Department, Municipality):
        for mail, number in model.objects.values_list("email", "phone"):
            assert mail.endswith(".example")
            assert number.startswith("069 90009-")
    assert all(town.hazard_phone.startswith("069 90009-") for town in Municipality.objects.all())
    assert not User.objects.exclude(email__endswith=".example").exists()


def test_pictures_are_stored_as_uploads_are(demo: None) -> None:
    image = Image.objects.order_by("id").first()
    assert image is not None
    assert Photo.objects.count() == 5
    assert Image.objects.count() == 5 + StaffPhoto.objects.count()
    from_storage = Picture.open(_stored(image, "full"))
    assert from_storage.format == "WEBP"
    assert from_storage.size == (image.width, image.height)
    assert max(Picture.open(_stored(image, "thumb")).size) == image.thumb_width == 480


def _stored(image: Image, size: Any) -> io.BytesIO:
    with default_storage.open(file_name(image, size)) as file:
        return io.BytesIO(file.read())


@pytest.mark.parametrize("scene", sorted(pictures.SCENES))
def test_every_scene_can_be_drawn(scene: str) -> None:
    drawn = pictures.draw(scene, Random(1))
    assert drawn.size == (960, 720)
    assert drawn.full == pictures.draw(scene, Random(1)).full
    assert len(drawn.full) < 80_000


def test_logins_lie_in_a_file_for_its_owner_only(demo: None, home: Path) -> None:
    file = home / loading.LOGINS
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text(encoding="utf-8")
    password = people.keep_password(file)
    assert f"Passwort: {password}" in lines
    for person in people.STAFF:
        assert person.login in lines
        assert Membership.objects.filter(user__username=person.login, role=person.role).exists()
    assert User.objects.get(username="disposition.bensheim").check_password(password)


def test_the_catalogue_can_be_loaded_again_over_itself(demo: None) -> None:
    Category.objects.filter(code="laterne").update(name="Alt", position=9)
    before = (Category.objects.count(), Question.objects.count(), Offer.objects.count())

    known = catalogue.load_catalogue()
    catalogue.load_offers(Municipality.objects.all(), known)

    assert known["laterne"].name == "Straßenlaterne defekt"
    assert before == (Category.objects.count(), Question.objects.count(), Offer.objects.count())


def test_every_category_has_texts_answers_and_a_share(demo: None) -> None:
    codes = set(catalogue.defects()) - {"winterdienst", "gasgeruch"}  # nobody may report the last
    assert set(texts.TEXTS) == set(texts.WEIGHTS) == codes
    assert {code for code in answers.ANSWERS if "/" not in code} == codes
    assert sum(map(len, texts.TEXTS.values())) >= 120
    scenes = {said.scene for told in texts.TEXTS.values() for said in told} - {""}
    assert scenes == set(pictures.SCENES)


def test_a_second_load_changes_nothing(demo: None) -> None:
    out = io.StringIO()
    before = Event.objects.count()
    call_command("demo", stdout=out)
    assert "already here" in out.getvalue()
    assert Event.objects.count() == before


def test_the_demo_refuses_somebody_elses_database(
    demo: None, make_municipality: Callable[..., Municipality]
) -> None:
    loading.clear()
    make_municipality()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("demo", stdout=io.StringIO())
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("demo", "--again", stdout=io.StringIO())


def test_streets_are_spoken_of_as_germans_do() -> None:
    assert texts.in_street("Lindenstraße") == "in der Lindenstraße"
    assert texts.in_street("Darmstädter Straße") == "in der Darmstädter Straße"
    assert texts.in_street("Almenweg") == "im Almenweg"
    assert texts.in_street("Marktplatz") == "am Marktplatz"
    assert texts.in_street("Am Bahnhof") == "hier"
    assert texts.in_street("") == "hier"
