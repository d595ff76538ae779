"""Roads from good and bad files, and the road a point lies at."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy
import pyogrio.raw
import pytest
import shapely
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from geo.imports.files import tags
from geo.lines import nearest_line
from geo.models import Layer, Line

from .district import import_areas, square

pytestmark = pytest.mark.django_db

WEST, SOUTH = 8.60, 49.68
DATA = os.environ.get("AUGENMERK_DATA")
Roads = Callable[..., Path]


def import_lines(file: Path, *options: str, layer: str = "hessen/strassen") -> str:
    """Runs the command; what it said."""
    said = StringIO()
    fields = [] if "--key" in options else ["--key", "id", "--name", "name"]
    call_command("import_lines", str(file), "--layer", layer, *fields, *options, stdout=said)
    return said.getvalue()


def course(south: float = SOUTH, *, west: float = WEST) -> list[list[float]]:
    """A road of about 700 m from west to east."""
    return [[west, south], [west + 0.01, south]]


@pytest.fixture
def roads(tmp_path: Path) -> Roads:
    """Writes roads, dicts of fields with a `course`, into a GeoJSON file."""

    def write(*every: dict[str, Any], file: str = "roads.geojson") -> Path:
        features = []
        for number, road in enumerate(every, start=1):
            shape = road.pop("course", course(SOUTH + number / 1000))
            if isinstance(shape, list):
                shape = {"type": "LineString", "coordinates": shape}
            facts = {"id": str(number), "name": f"Weg {number}", **road}
            features.append({"type": "Feature", "properties": facts, "geometry": shape})
        path = tmp_path / file
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return write


def facts() -> dict[str, tuple[str, str, bool | None]]:
    """Of the roads of today: class, owner, Ortsdurchfahrt."""
    today = Line.objects.valid_on(timezone.localdate())
    return {line.key: (line.road_class, line.owner, line.in_town) for line in today}


def test_the_class_tells_who_keeps_the_road(roads: Roads) -> None:
    classes = ["A 5", "B3", "L 3100; B 3", "Kreisstraße", "G", "St 2580", None]
    file = roads(*({"typ": each} for each in classes))
    said = import_lines(file, "--class", "typ")
    assert [each[:2] for each in facts().values()] == [
        ("A", "bund"),
        ("B", "bund"),
        ("L", "land"),
        ("K", "kreis"),
        ("G", "gemeinde"),
        ("L", "land"),
        ("", ""),
    ]
    assert "Class: A 1, B 1, L 2, K 1, G 1, unknown 1." in said
    assert "Kept by: bund 2, land 2, kreis 1, gemeinde 1, unknown 1." in said
    assert "7 new, 0 changed, 0 unchanged, 0 ended." in said


def test_what_the_file_says_of_the_owner_outweighs_the_class(roads: Roads) -> None:
    owners = ["Stadt Bensheim", "Kreisstadt Heppenheim", "Land Hessen", "Landkreis", "privat", ""]
    file = roads(*({"typ": "L", "baulast": each} for each in owners))
    import_lines(file, "--class", "typ", "--owner", "baulast")
    told = ["gemeinde", "gemeinde", "land", "kreis", "privat", "land"]
    assert [each[1] for each in facts().values()] == told


def test_the_ortsdurchfahrt_is_yes_no_or_unknown(roads: Roads) -> None:
    words = ["ja", "innerorts", "OD", 1, "nein", "freie Strecke", 0, None]
    import_lines(roads(*({"od": each} for each in words)), "--inner", "od")
    told = [True, True, True, True, False, False, False, None]
    assert [each[2] for each in facts().values()] == told


def test_values_that_mean_nothing_are_named_and_left_unknown(roads: Roads) -> None:
    file = roads({"typ": "L"}, {"typ": "Feldpfad"}, {"typ": "Feldpfad"})
    said = import_lines(file, "--class", "typ")
    assert "--class not understood, left unknown: Feldpfad (2)." in said
    assert facts()["2"] == ("", "", None)


def test_a_field_of_which_nothing_is_understood_is_the_wrong_field(roads: Roads) -> None:
    file = roads({"farbe": "rot"}, {"farbe": "blau"})
    for option in ("--class", "--owner", "--inner"):
        with pytest.raises(CommandError, match=rf"Not one value of {option}.*rot \(1\), blau"):
            import_lines(file, option, "farbe")
    with pytest.raises(CommandError, match="no field typ"):
        import_lines(file, "--class", "typ")
    assert not Layer.objects.exists()


def test_importing_again_changes_only_what_changed(roads: Roads) -> None:
    every = [{"typ": "L", "od": "ja"}, {"typ": "K", "od": "nein"}, {"typ": "G", "od": "ja"}]
    options = ("--class", "typ", "--inner", "od")
    import_lines(roads(*map(dict, every)), *options)
    kept = Line.objects.get(key="1").pk
    assert "0 new, 0 changed, 3 unchanged" in import_lines(roads(*map(dict, every)), *options)
    every[1]["od"] = "ja"
    said = import_lines(roads(*map(dict, every[:2])), *options)
    assert "Changed: Weg 2 (2)" in said
    assert "0 new, 1 changed, 1 unchanged, 1 ended." in said
    assert Line.objects.get(key="1").pk == kept
    assert facts() == {"1": ("L", "land", True), "2": ("K", "kreis", True)}


def test_sections_of_one_road_are_joined_if_asked_and_alike(roads: Roads) -> None:
    sections = [{"id": "L3100", "name": "", "typ": "L", "od": each} for each in ("ja", "ja")]
    with pytest.raises(CommandError, match=r"more than once: L3100.*parts of one road.*--merge"):
        import_lines(roads(*map(dict, sections)))
    options = ("--class", "typ", "--inner", "od", "--merge")
    import_lines(roads(*map(dict, sections)), *options)
    line = Line.objects.get()
    assert (len(line.shape), str(line)) == (2, "L3100")
    sections[1]["od"] = "nein"
    with pytest.raises(
        CommandError, match=r"parts of \(no name\) \(L3100\) differ: L, ja, L, nein"
    ):
        import_lines(roads(*map(dict, sections)), *options)


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        (None, "No shape|no shape"),
        ({"type": "Point", "coordinates": [8.6, 49.6]}, "Point, not a line"),
        ({"type": "Polygon", "coordinates": square(WEST, SOUTH)}, "Polygon, not a line"),
        ({"type": "LineString", "coordinates": []}, "no shape"),
        ([[8.6, 49.6], [8.6, 49.6]], "no length"),
    ],
)
def test_what_is_no_line_is_refused_by_name(roads: Roads, shape: object, fault: str) -> None:
    with pytest.raises(CommandError, match=fault) as refusal:
        import_lines(roads({}, {"name": "Kurios", "course": shape}))
    assert "Kurios (2)" in str(refusal.value)
    assert not Line.objects.exists()


def test_roads_without_a_key_or_elsewhere_are_refused(roads: Roads) -> None:
    with pytest.raises(CommandError, match="No key: row 2: Lindenweg"):
        import_lines(roads({}, {"id": None, "name": "Lindenweg"}))
    with pytest.raises(CommandError, match=r"axes look swapped.*--swap-axes"):
        import_lines(roads({"course": [[SOUTH, WEST], [SOUTH, WEST + 0.01]]}))


def test_a_layer_holds_areas_or_roads_but_not_both(
    roads: Roads, geojson: Callable[..., Path]
) -> None:
    file = geojson([("1", "Nord", square(WEST, SOUTH))])
    import_areas(file, layer="hessen/orte")
    with pytest.raises(CommandError, match="hessen/orte holds areas"):
        import_lines(roads({}), layer="hessen/orte")
    import_lines(roads({}))
    with pytest.raises(CommandError, match="hessen/strassen holds roads"):
        import_areas(file, layer="hessen/strassen")


def test_a_rehearsal_writes_no_road(roads: Roads) -> None:
    said = import_lines(roads({}, {}), "--dry-run")
    assert "2 new" in said
    assert "Nothing was written" in said
    assert not Layer.objects.exists()


def test_roads_come_from_one_table_of_a_geopackage_and_only_those_asked_for(
    tmp_path: Path,
) -> None:
    """As a state's road data bank gives them: UTM 32, several tables, sections with numbers."""
    file = tmp_path / "strassen.gpkg"
    turn = [(475_000.0, 5_503_000.0), (475_500.0, 5_503_000.0)]
    for table in ("abschnitte", "baustellen"):
        pyogrio.raw.write(
            file,
            layer=table,
            geometry=numpy.array(
                [shapely.to_wkb(shapely.LineString(turn)) for _ in range(2)], dtype=object
            ),
            field_data=[
                numpy.array([10.0, 20.0]),
                numpy.array(["Darmstädter Straße", "Wormser Straße"], dtype=object),
                numpy.array(["B", "L"], dtype=object),
            ],
            fields=["absnr", "name", "klasse"],
            geometry_type="LineString",
            crs="EPSG:25832",
            driver="GPKG",
            append=table == "baustellen",
        )
    fields = ("--key", "absnr", "--name", "name", "--class", "klasse")
    with pytest.raises(CommandError, match="several tables"):
        import_lines(file, *fields)
    import_lines(file, *fields, "--table", "abschnitte", "--where", "klasse = 'L'")
    line = Line.objects.get()
    assert (line.key, line.name, line.owner) == ("20", "Wormser Straße", "land")
    assert line.shape.extent == pytest.approx((8.654, 49.679, 8.661, 49.679), abs=0.001)
    with pytest.raises(CommandError, match=r"can't be (read|understood).*nonsense"):
        import_lines(file, *fields, "--table", "abschnitte", "--where", "nonsense ==")


def test_a_geopackage_of_areas_is_read_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "areas.gpkg"
    shapes = [shapely.Polygon(square(WEST, SOUTH + at)[0]) for at in (0, 0.02)]
    pyogrio.raw.write(
        file,
        geometry=numpy.array([shapely.to_wkb(each) for each in shapes], dtype=object),
        field_data=[numpy.array(["1", "2"], dtype=object), numpy.array(["N", "S"], dtype=object)],
        fields=["ags", "name"],
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
    )
    said = import_areas(file, "--where", "ags = '2'", layer="orte")
    assert "1 areas from areas.gpkg" in said


def test_a_point_gets_the_road_it_lies_at(
    roads: Roads, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    import_lines(roads({"typ": "L 3100", "od": "ja"}, {}), "--class", "typ", "--inner", "od")
    at = Point(WEST + 0.005, SOUTH + 0.00109, srid=4326)
    with django_assert_num_queries(1):
        road = nearest_line(at, layer="hessen/strassen")
    assert road is not None
    assert (road.key, road.name, road.road_class) == ("1", "Weg 1", "L")
    assert (road.owner, road.in_town) == ("land", True)
    assert road.distance_m == pytest.approx(10, abs=0.1)
    farther = Point(WEST + 0.005, SOUTH + 0.0015, srid=4326)
    assert nearest_line(farther, layer="hessen/strassen") is None
    assert nearest_line(farther, layer="hessen/strassen", within_m=60) is not None
    assert nearest_line(at, layer="hessen/andere") is None
    assert nearest_line(at, layer="") is None


def test_of_two_roads_at_a_crossing_always_the_same_one_is_named(roads: Roads) -> None:
    import_lines(roads(*({"id": key, "course": course()} for key in ("b", "a", "c"))))
    for _ in range(3):
        road = nearest_line(Point(WEST + 0.005, SOUTH, srid=4326), layer="hessen/strassen")
        assert road is not None
        assert road.key == "a"


def test_the_nearest_road_is_found_by_the_index(roads: Roads) -> None:
    import_lines(roads(*({"course": course(SOUTH + n / 5000)} for n in range(200))))
    queryset = Line.objects.nearest_first(Point(WEST, SOUTH, srid=4326), within_m=25)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "line_metres" in queryset.explain()


def test_an_administrator_looks_at_roads_and_changes_none(
    roads: Roads, admin_client: Client
) -> None:
    import_lines(roads({"typ": "L 3100", "od": "ja"}), "--class", "typ", "--inner", "od")
    line = Line.objects.get()
    assert "Weg 1" in admin_client.get(reverse("admin:geo_line_changelist")).content.decode()
    page = admin_client.get(reverse("admin:geo_line_change", args=[line.pk]))
    assert "Landesstraße" in page.content.decode()
    assert admin_client.get(reverse("admin:geo_line_add")).status_code == 403


def test_the_tags_of_openstreetmap_are_told_apart() -> None:
    assert tags(None) == {}
    assert tags('"ref"=>"K 171","note"=>"a \\"b\\", c=>d"') == {
        "ref": "K 171",
        "note": 'a "b", c=>d',
    }


@pytest.mark.skipif(not DATA, reason="AUGENMERK_DATA is not set")
def test_a_towns_openstreetmap_gives_roads_with_their_class() -> None:
    said = import_lines(
        Path(DATA or "") / "osm" / "dreieich.osm.pbf",
        *("--table", "lines", "--where", "highway IS NOT NULL AND name IS NOT NULL"),
        *("--key", "osm_id", "--name", "name", "--class", "highway"),
        layer="osm/strassen",
    )
    assert "OpenStreetMap's kinds of roads are only close" in said
    assert Line.objects.count() == 204
    assert Line.objects.filter(name="Solmische-Weiher-Straße", owner="kreis").exists()


@pytest.mark.skipif(not DATA, reason="AUGENMERK_DATA is not set")
def test_a_whole_citys_streets_come_in() -> None:
    file = Path(DATA or "") / "osm" / "koeln_strassen.geojson"
    said = import_lines(file, "--key", "nr", "--name", "name", "--merge", layer="koeln/strassen")
    assert f"{Line.objects.count()} new" in said
    assert Line.objects.count() > 5_000
    road = nearest_line(Point(6.93142, 50.96673, srid=4326), layer="koeln/strassen")
    assert road is not None
    assert road.name == "Göppinger Str."
