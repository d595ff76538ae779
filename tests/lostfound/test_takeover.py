"""The stock of an old system: read as people write tables, all or nothing, again means update."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from lostfound.models import Custody, Event, Finder, FoundItem, Office, StoragePlace, Takeover
from lostfound.takeover import values
from lostfound.takeover.tables import Flaw, NoTable, read_table
from lostfound.takeover.values import Unreadable
from townhall.models import User

HEAD = "Lfd. Nr.;Gegenstand;Farbe;Funddatum;Anzeigedatum;Fundort;Schätzwert;Lagerort;Finder;Status"
ROWS = (
    "17/2026;Damenfahrrad;dunkelblau;02.03.2026;3.3.26;Lindenweg;1.250,00 €;"
    "Bauhof, Stellplatz 4;Örtel, Jürgen;",
    "18/2026;Portemonnaie;braun;2026-03-04;;Rathaus;bis 10;Regal B, Fach 3;;verwahrt",
    "19/2026;Glücksbringer;;05.03.2026 14:30;;Bahnhofstraße;;Regal B, Fach 3;anonym;offen",
    "20/2026;Handy;schwarz;06.03.2026;;;;;;ausgehändigt",
)


def table(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows]).encode()


@pytest.fixture
def stock(tmp_path: Path) -> Callable[..., Path]:
    def make(data: bytes) -> Path:
        path = tmp_path / "bestand.csv"
        path.write_bytes(data)
        return path

    return make


def run(path: Path, office: Office, *options: str) -> str:
    out = StringIO()
    call_command("import_found", str(path), "--office", office.slug, *options, stdout=out)
    return out.getvalue()


# ── Cells and files ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("text", ["02.03.2026", "2.3.26", "2026-03-02", "02/03/2026", "46083"])
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert values.day(text) == dt.date(2026, 3, 2)


@pytest.mark.parametrize("text", ["31.02.2026", "gestern", "3/2", "02.03.1026", "00000"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        values.day(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Regenschirm", "umbrella"),
        ("Damenfahrrad", "bicycle"),
        ("Portemonnaie", "purse"),
        ("Schlüsselbund", "keys"),
        ("Handy", "phone"),
        ("Jacke", "jacket"),
    ],
)
def test_kinds_are_known_by_everyday_words(text: str, kind: str) -> None:
    assert values.kind(text) == kind


def test_colours_are_known_in_shades_and_pairs() -> None:
    assert values.colours("Schwarz/Rot") == ("black", "red")
    assert values.colours("dunkelblau")[0] == "blue"
    assert values.colours("") == ("", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_and_separator_are_found(encoding: str, separator: str) -> None:
    text = f"Nummer{separator}Gegenstand\r\n1{separator}Schlüssel\r\n\r\n"
    found = read_table(text.encode(encoding))
    assert found.head == ["Nummer", "Gegenstand"]
    assert [(row.line, row.cells) for row in found.rows] == [(2, ["1", "Schlüssel"])]


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", Flaw.EMPTY),
        (b"PK\x03\x04xlsx", Flaw.A_WORKBOOK),
        (b"nur Text", Flaw.NO_TABLE),
        (b'a;b\r\n"' + b"x" * 200_000, Flaw.NO_TABLE),
    ],
)
def test_a_file_that_is_no_table_is_named_so(data: bytes, flaw: Flaw) -> None:
    with pytest.raises(NoTable) as refused:
        read_table(data)
    assert refused.value.flaw == flaw


# ── Taking over ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_an_old_stock_is_taken_over(
    office: Office, stock: Callable[..., Path], make_place: Callable[..., StoragePlace]
) -> None:
    make_place("4", "Stellplatz", "Bauhof")
    path = stock(table(*ROWS))
    said = run(path, office, "--dry-run")
    assert "3 neu" in said
    assert not FoundItem.objects.exists()
    said = run(path, office, "--place-kind", "street")
    assert "1 laut Status nicht mehr im Fundbüro" in said
    assert "„Glücksbringer“ (1) kennt niemand" in said
    bicycle, purse, charm = FoundItem.objects.order_by("file_number")
    assert (bicycle.kind, bicycle.colour, bicycle.value_cents) == ("bicycle", "blue", 125000)
    assert (bicycle.found_on, bicycle.notice_on) == (dt.date(2026, 3, 2), dt.date(2026, 3, 3))
    assert bicycle.description == "Damenfahrrad. dunkelblau"
    assert (bicycle.regime, bicycle.state, bicycle.version) == ("general", "held", 1)
    assert Finder.objects.get().name == "Örtel, Jürgen"
    assert (purse.value, purse.value_cents, purse.has_finder) == ("small", 1000, False)
    assert charm.kind == "other"
    place = StoragePlace.objects.get(shelf="Regal B")
    assert (place.slot, purse.storage, charm.storage) == ("Fach 3", place, place)
    assert bicycle.storage is not None
    assert (bicycle.storage.site.name, bicycle.storage.name) == ("Bauhof", "Stellplatz, 4")
    log = [(each.number, each.holder) for each in Custody.objects.filter(item=bicycle)]
    assert log == [(1, "finder"), (2, "shelf")]
    assert Event.objects.count() == 3


@pytest.mark.django_db
def test_the_same_number_again_is_the_same_thing(
    office: Office, stock: Callable[..., Path], clerk: User
) -> None:
    run(stock(table(*ROWS)), office)
    FoundItem.objects.filter(file_number="19/2026").update(
        state="destroyed", storage=None, closed_at="2026-06-01T10:00Z"
    )
    changed = ROWS[1].replace("braun", "rot").replace("Fach 3", "Fach 4")
    said = run(stock(table(ROWS[0], changed, ROWS[2].replace("Bahnhof", "Berg"))), office)
    assert "0 neu, 1 geändert, 1 unverändert." in said
    assert "1 bei uns inzwischen abgeschlossen" in said
    purse = FoundItem.objects.get(file_number="18/2026")
    assert purse.colour == "red"
    assert purse.storage is not None
    assert purse.storage.slot == "Fach 4"
    assert [each.number for each in Custody.objects.filter(item=purse)] == [1, 2]
    assert FoundItem.objects.count() == 3


@pytest.mark.django_db
def test_one_wrong_cell_stops_the_whole_table(
    office: Office, stock: Callable[..., Path], make_item: Callable[..., FoundItem]
) -> None:
    make_item(file_number="22/2026")
    head = f"{HEAD};Verzicht;E-Mail"
    wrong = (
        ";Schirm;;31.02.2026;;;;;;;;",
        "21/2026;Schirm;;02.03.2099;01.03.2026;;zwölf;;;halb weg;vielleicht;a@b",
        "21/2026;Pistole;;02.03.2026;01.03.2026;;;;;beim Finder;;",
        "22/2026;Schirm;;02.03.2026;;;;;;;;",
        "=HYPERLINK(1)" * 3 + ";Schirm;;02.03.2026;;;;;;;;",
    )
    with pytest.raises(CommandError) as refused:
        run(stock(table(*wrong, head=head)), office)
    said = str(refused.value)
    for words in (
        "Zeile 2, Alte Nummer: fehlt.",
        "Zeile 2, Funddatum: „31.02.2026“ ist kein Tag wie 02.03.2026.",
        "Zeile 3, Funddatum: „02.03.2099“ liegt in der Zukunft.",
        "Zeile 3, Wert: „zwölf“ ist kein Betrag",
        "Zeile 3, Status: „halb weg“ ist kein bekannter Stand",
        "Zeile 3, Verzichtet auf alles: „vielleicht“ ist weder Ja noch Nein.",
        "Zeile 3, E-Mail des Finders: „a@b“ ist keine E-Mail-Adresse.",
        "Zeile 4, Alte Nummer: „21/2026“ steht zweimal in der Datei.",
        "Zeile 4, Art: „Pistole“ gehört nie ins Fundbüro",
        "Zeile 4, Finder: wird gebraucht",
        "Zeile 4, Anzeigedatum: „01.03.2026“ passt nicht in die Reihenfolge",
        "Zeile 5, Alte Nummer: „22/2026“ ist schon die Nummer einer anderen Sache",
        "Zeile 6, Alte Nummer:",
        "Es wurde nichts geschrieben.",
    ):
        assert words in said
    assert FoundItem.objects.count() == 1


@pytest.mark.django_db
def test_missing_columns_and_offices_are_named(office: Office, stock: Callable[..., Path]) -> None:
    with pytest.raises(CommandError, match="Es fehlen Spalten: Alte Nummer, Funddatum"):
        run(stock(b"Gegenstand;Wer\r\nSchirm;x"), office)
    with pytest.raises(CommandError, match="Bekannt: bensheim"):
        call_command("import_found", "x.csv", "--office", "nirgends")


@pytest.mark.django_db
def test_a_table_is_looked_at_before_it_is_taken_over(
    client: Client, clerk: User, stranger: User, office: Office
) -> None:
    url = reverse("fund-takeovers")
    client.force_login(clerk)

    def send(data: bytes) -> str:
        file = SimpleUploadedFile("bestand.csv", data)
        answer = client.post(url, {"file": file, "place_kind": "street"}, follow=True)
        return answer.content.decode()

    assert "Wählen Sie eine Datei." in client.post(url, {}).content.decode()
    assert "Das ist eine Arbeitsmappe." in send(b"PK\x03\x04xlsx")
    assert "1 Zelle ist falsch." in send(table(ROWS[0].replace("02.03.2026", "x")))
    assert "Es fehlen Spalten:" in send(b"a;b\r\n1;2")
    page = send(table(*ROWS))
    assert "Damenfahrrad" in page
    assert "Regal B, Fach 3" in page
    assert not FoundItem.objects.exists()
    sent = Takeover.objects.first()
    assert sent is not None
    one = reverse("fund-takeover", args=[sent.pk])
    done = client.post(one, follow=True).content.decode()
    assert "3 Sachen sind übernommen." in done
    sent.refresh_from_db()
    assert (bytes(sent.data), sent.fresh) == (b"", 3)
    assert client.post(one).status_code == 404
    other = Takeover.objects.exclude(pk=sent.pk)[0]
    client.force_login(stranger)
    assert client.get(reverse("fund-takeover", args=[other.pk])).status_code == 404
