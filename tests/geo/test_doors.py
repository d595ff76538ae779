"""Addresses from good and bad files, and the gazetteer that comes of them."""

from __future__ import annotations

import json
import os
import time
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

from geo.addresses import label, nearest, search
from geo.models import Place

from .district import import_areas, square

pytestmark = pytest.mark.django_db

WEST, SOUTH = 8.60, 49.68
DATA = os.environ.get("AUGENMERK_DATA")
OSM = Path(DATA or "missing") / "osm"
HEAD = "strasse;hausnr;ortsteil;lon;lat"
Csv = Callable[..., Path]


def import_addresses(file: Path, *options: str) -> str:
    """Runs the command; what it said."""
    said = StringIO()
    call_command("import_addresses", str(file), *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def towns(geojson: Callable[..., Path]) -> None:
    """Nord above Süd, each about 1 km high."""
    nord = ("1", "Nord", square(WEST, SOUTH + 0.01))
    import_areas(geojson([nord, ("2", "Süd (Odenwald)", square(WEST, SOUTH))]))


@pytest.fixture
def table(tmp_path: Path) -> Csv:
    """Writes lines under a head."""

    def write(*lines: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
        path = tmp_path / "adressen.csv"
        path.write_bytes("\r\n".join((head, *lines, "")).encode(encoding))
        return path

    return write


def doors() -> list[str]:
    """Every door with its town."""
    found = Place.objects.filter(kind="address").order_by("area_key", "name", "house_number")
    return [f"{place.area_key}: {label(place)}" for place in found]


@pytest.mark.usefixtures("towns")
def test_each_address_goes_to_the_town_whose_area_covers_it(table: Csv) -> None:
    said = import_addresses(
        table(
            "Lindenweg;1;;8.605;49.685",
            "Lindenweg;1;;8.605;49.695",
            "Grenzweg;1;;8.605;49.69",
            "Fernweg;1;;9.5;50.5",
        )
    )
    assert doors() == ["1: Grenzweg 1, Nord", "1: Lindenweg 1, Nord", "2: Lindenweg 1, Süd"]
    assert "Outside every area of bkg/gemeinden, left out: 1; the first at 9.5000 east" in said
    assert "Nord (1): 2 addresses, 2 streets, 1 localities." in said
    assert "addresses: 3 new, 0 changed, 0 unchanged, 0 gone." in said


@pytest.mark.usefixtures("towns")
def test_streets_and_localities_follow_from_the_doors(table: Csv) -> None:
    long_road = (f"Hauptstraße;{n};Altstadt;{8.601 + n / 1000:.4f};49.6851" for n in range(1, 8))
    import_addresses(table(*long_road, "Am Rain;3;;8.602;49.682"))
    assert label(search("hauptstr altstadt")[0]) == "Hauptstraße, Altstadt, Süd"
    assert label(search("hauptstr 4 süd")[0]) == "Hauptstraße 4, Altstadt, Süd"
    assert Place.objects.filter(kind="street", name="Hauptstraße").count() >= 4
    localities = Place.objects.filter(kind="locality").values_list("name", flat=True)
    assert sorted(localities) == ["Altstadt", "Süd"]
    address = nearest(Point(8.6021, 49.6821, srid=4326))
    assert address is not None
    assert str(address) == "Am Rain 3, Süd"


@pytest.mark.usefixtures("towns")
def test_one_door_is_one_entry_however_often_it_is_told(table: Csv) -> None:
    said = import_addresses(
        table(
            "Berliner Straße;4 A;;8.605;49.685",
            "Berliner Str.;4a;Altstadt;8.6051;49.685",
            "Berliner Straße;5;;8.605;49.685",
            "Berliner Straße;6; ;8.605;49.6805",
            "Berliner Straße;6;;8.605;49.689",
            "Berliner Straße;8,10; ;8.605;49.685",
            "Berliner Straße;2 - 12 b;;8.605;49.685",
        )
    )
    assert "Doubles joined: 1." in said
    assert doors() == [
        "2: Berliner Straße 10, Süd",
        "2: Berliner Straße 2-12b, Süd",
        "2: Berliner Straße 4a, Altstadt, Süd",
        "2: Berliner Straße 5, Süd",
        "2: Berliner Straße 6, Süd",
        "2: Berliner Straße 6, Süd",
        "2: Berliner Straße 8, Süd",
    ]


@pytest.mark.usefixtures("towns")
def test_again_means_update(table: Csv) -> None:
    import_addresses(table("A;1;;8.605;49.685", "A;2;;8.605;49.685", "A;3;;8.605;49.685"))
    kept = Place.objects.get(house_number="1").pk
    file = table("A;1;;8.605;49.685", "A;2;;8.6052;49.685", "A;4;;8.605;49.685")
    said = import_addresses(file)
    assert "addresses: 1 new, 1 changed, 1 unchanged, 1 gone." in said
    assert doors() == ["2: A 1, Süd", "2: A 2, Süd", "2: A 4, Süd"]
    assert Place.objects.get(house_number="1").pk == kept
    before = sorted(Place.objects.values_list("pk", flat=True))
    assert "0 new, 0 changed, 3 unchanged, 0 gone" in import_addresses(file)
    assert sorted(Place.objects.values_list("pk", flat=True)) == before


@pytest.mark.usefixtures("towns")
def test_two_sources_live_beside_each_other(table: Csv) -> None:
    import_addresses(table("Nordweg;1;;8.605;49.695"), "--source", "nord")
    import_addresses(table("Südweg;1;;8.605;49.685"), "--source", "sued")
    assert doors() == ["1: Nordweg 1, Nord", "2: Südweg 1, Süd"]


@pytest.mark.usefixtures("towns")
def test_the_file_of_another_town_does_not_take_a_towns_addresses(table: Csv) -> None:
    import_addresses(table("Nordweg;1;;8.605;49.695"))
    other = table("Südweg;1;;8.605;49.685")
    with pytest.raises(CommandError, match=r"No address of Nord \(1\) is in the file.*--source"):
        import_addresses(other)
    assert doors() == ["1: Nordweg 1, Nord"]
    import_addresses(other, "--replace")
    assert doors() == ["2: Südweg 1, Süd"]


@pytest.mark.usefixtures("towns")
def test_a_rehearsal_writes_no_address(table: Csv) -> None:
    said = import_addresses(table("A;1;;8.605;49.685"), "--dry-run")
    assert "1 new" in said
    assert "Nothing was written" in said
    assert not Place.objects.exists()


@pytest.mark.usefixtures("district", "gazetteer")
def test_a_towns_real_addresses_replace_the_made_up_ones(table: Csv) -> None:
    made_up = Place.objects.filter(area_key="06431002").count()
    others = Place.objects.exclude(area_key="06431002").count()
    said = import_addresses(table("Lindenstraße;4;;8.6206;49.6811"))
    assert f"Made-up places of Bensheim removed: {made_up}." in said
    found = search("lindenstr 4 bensheim", area_keys=["06431002"])
    assert [(label(place), place.source) for place in found[:1]] == [
        ("Lindenstraße 4, Bensheim", "addresses")
    ]
    assert Place.objects.filter(source="demo").count() == others


@pytest.mark.usefixtures("district", "gazetteer")
def test_of_two_equal_streets_the_real_one_is_shown() -> None:
    street = Place.objects.filter(name="Lindenstraße", area_key="06431002", kind="street")[0]
    street.pk, street.source = None, "osm"
    street.position = Point(8.63, 49.69, srid=4326)
    street.save()
    assert search("lindenstr bensheim")[0].source == "osm"


@pytest.mark.usefixtures("towns")
def test_columns_are_named_by_options_and_metres_are_understood(table: Csv) -> None:
    file = table(
        'Größe,"Weg, hinterer",3,B,"471500,5","5503300,25"',
        head="Bem,LAGE,HSNR,HSZ,OST,NORD",
        encoding="cp1252",
    )
    options = [
        *("--street", "lage", "--number", "HSNR", "--suffix", "HSZ", "--lon", "OST"),
        *("--lat", "NORD", "--crs", "EPSG:25832", "--encoding", "cp1252"),
    ]
    with pytest.raises(CommandError, match="coordinate system"):
        import_addresses(file, *options, "--crs", "EPSG:99999999")
    with pytest.raises(CommandError, match=r"no field XY. The fields are: Bem, LAGE"):
        import_addresses(file, *options, "--lat", "XY")
    import_addresses(file, *options)
    place = Place.objects.get(kind="address")
    assert str(place) == "Weg, hinterer 3b"
    assert place.position.coords == pytest.approx((8.6050, 49.6815), abs=0.0005)


@pytest.mark.usefixtures("towns")
@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Weg;1;;nan;49.685", "row 3: nan is no coordinate"),
        ("Weg;1;;8,6,0;49.685", "row 3: 8,6,0 is no coordinate"),
        ("Weg;1;;;49.685", "row 3: nothing is no coordinate"),
        ("Weg;1;;475000;5503000", r"row 3: 475000, 5.503e\+06 is not on the globe.*--crs"),
        ("Weg;1", "row 3: 2 columns instead of 5"),
        ("Weg;unbekannt;;8.605;49.685", "row 3: unbekannt is no house number"),
        ("Weg;neben 3;;8.605;49.685", "row 3: neben 3 is no house number"),
        (f"Weg;{'1' * 13};;8.605;49.685", "row 3: 1111111111111 is no house number"),
        (f"{'W' * 161};1;;8.605;49.685", "row 3: the name W+… is too long"),
        ("KÃ¶lner Weg;1;;8.605;49.685", "row 3: KÃ¶lner Weg looks wrongly decoded"),
    ],
)
def test_rows_of_nonsense_are_refused_by_line_or_left_out(
    table: Csv, line: str, fault: str
) -> None:
    file = table("Lindenweg;1;;8.605;49.685", line)
    with pytest.raises(CommandError, match=f"1 rows of adressen.csv can't be used: {fault}"):
        import_addresses(file)
    assert not Place.objects.exists()
    said = import_addresses(file, "--skip-bad")
    assert "Not usable, left out: 1: row 3" in said
    assert doors() == ["2: Lindenweg 1, Süd"]


@pytest.mark.usefixtures("towns")
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b"strasse;hausnr;lon;lat\r\n", "no address that can be used"),
        (b"a;b;c\r\n1;2;3\r\n", r"Give --street, --number, --lon, --lat.*are: a, b, c"),
        (b"strasse;hausnr;lon;lat\nK\xf6lner Weg;1;8.6;49.6\n", "line 2: the text is not utf-8"),
        (b"strasse;hausnr;lon;lat\n\x00;1;8.6\n", "can't be used|line 2"),
        (b"strasse;hausnr;lon;lat\n;1;8.605;49.685\n", "no address that can be used"),
        (b"strasse;hausnr;lon;lat\nWeg;1;49.685;8.605\n", "Longitude and latitude look swapped"),
        (b"strasse;hausnr;lon;lat\nWeg;1;2.35;48.85\n", "Not one address lies in an area"),
    ],
)
def test_files_of_nonsense_are_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    file = tmp_path / "adressen.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=fault):
        import_addresses(file)
    assert not Place.objects.exists()


@pytest.mark.usefixtures("towns")
@pytest.mark.parametrize("name", ["adressen.osm.pbf", "adressen.geojson", "adressen.gpkg"])
def test_broken_files_of_every_kind_are_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    with pytest.raises(CommandError, match="There is no file"):
        import_addresses(file)
    file.write_bytes(b"\x00\x01nonsense" * 20)
    with pytest.raises(CommandError, match=r"can't be read|no address"):
        import_addresses(file)


def test_without_areas_nobody_knows_whose_an_address_is(table: Csv) -> None:
    with pytest.raises(CommandError, match=r"has no areas yet.*import_areas"):
        import_addresses(table("A;1;;8.605;49.685"))


@pytest.mark.usefixtures("towns")
def test_the_name_of_a_source_is_plain_and_not_the_demos(table: Csv) -> None:
    for name in ("demo", "a b", "x" * 41):
        with pytest.raises(CommandError, match="source"):
            import_addresses(table("A;1;;8.605;49.685"), "--source", name)


@pytest.mark.usefixtures("towns")
def test_geojson_with_houses_as_shapes_or_points_is_read(tmp_path: Path) -> None:
    def feature(shape: object, **facts: Any) -> dict[str, object]:
        return {"type": "Feature", "properties": facts, "geometry": shape}

    house = {"type": "Polygon", "coordinates": square(8.605, 49.685, 0.0002)}
    point = {"type": "Point", "coordinates": [8.605, 49.685]}
    tagged = {"addr:street": "Weg", "addr:housenumber": "1", "addr:suburb": "Altstadt"}
    features = [feature(house, **tagged), feature(point, **tagged | {"addr:housenumber": "2"})]
    file = tmp_path / "adressen.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    import_addresses(file)
    assert doors() == ["2: Weg 1, Altstadt, Süd", "2: Weg 2, Altstadt, Süd"]
    first = Place.objects.get(house_number="1").position
    assert shapely.Polygon(square(8.605, 49.685, 0.0002)[0]).contains(shapely.Point(first.coords))
    features.append(feature(None, **tagged))
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.raises(CommandError, match="row 3: it has no position"):
        import_addresses(file)


@pytest.mark.usefixtures("towns")
def test_a_geopackage_of_addresses_is_read(tmp_path: Path) -> None:
    file = tmp_path / "adressen.gpkg"
    pyogrio.raw.write(
        file,
        geometry=numpy.array([shapely.to_wkb(shapely.Point(8.605, 49.685))], dtype=object),
        field_data=[numpy.array(["Weg"], dtype=object), numpy.array([7.0])],
        fields=["strasse", "hausnr"],
        geometry_type="Point",
        crs="EPSG:4326",
        driver="GPKG",
    )
    import_addresses(file)
    assert doors() == ["2: Weg 7, Süd"]


OSM_XML = """<osm version="0.6">
  <node id="1" version="1" lat="49.685" lon="8.605">
    <tag k="addr:street" v="Lindenweg"/><tag k="addr:housenumber" v="1;3"/>
  </node>
  <node id="2" version="1" lat="49.6861" lon="8.6052">
    <tag k="addr:place" v="Waldhof"/><tag k="addr:housenumber" v="3 1/2"/>
  </node>
  <node id="3" version="1" lat="49.684" lon="8.604">
    <tag k="place" v="suburb"/><tag k="name" v="Altstadt"/>
  </node>
  <node id="4" version="1" lat="49.6840" lon="8.6010"/>
  <node id="5" version="1" lat="49.6840" lon="8.6012"/>
  <node id="6" version="1" lat="49.6842" lon="8.6012"/>
  <node id="7" version="1" lat="49.6842" lon="8.6090"/>
  <node id="8" version="1" lat="49.6862" lon="8.6053">
    <tag k="addr:place" v="Waldhof"/><tag k="addr:housenumber" v="abc"/>
  </node>
  <way id="10" version="1">
    <nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="4"/>
    <tag k="building" v="yes"/><tag k="addr:street" v="Lindenweg"/>
    <tag k="addr:housenumber" v="5"/><tag k="addr:suburb" v="Altstadt"/>
  </way>
  <way id="11" version="1">
    <nd ref="6"/><nd ref="7"/><tag k="highway" v="track"/><tag k="name" v="Ohne Haus"/>
  </way>
  <way id="12" version="1">
    <nd ref="4"/><nd ref="5"/><tag k="highway" v="residential"/><tag k="name" v="Lindenweg"/>
  </way>
</osm>
"""


@pytest.mark.usefixtures("towns")
def test_openstreetmap_gives_doors_localities_and_streets_without_doors(tmp_path: Path) -> None:
    file = tmp_path / "klein.osm"
    file.write_text(OSM_XML)
    said = import_addresses(file)
    assert doors() == [
        "2: Lindenweg 1, Süd",
        "2: Lindenweg 3, Süd",
        "2: Lindenweg 5, Altstadt, Süd",
        "2: Waldhof 3 1/2, Süd",
    ]
    assert "Not usable, left out: 1" in said
    assert "osm: 4 new" in said
    streets = {(p.name, p.locality) for p in Place.objects.filter(kind="street")}
    assert streets == {
        ("Lindenweg", ""),
        ("Lindenweg", "Altstadt"),
        ("Waldhof", ""),
        ("Ohne Haus", ""),
    }
    assert Place.objects.filter(name="Ohne Haus").count() >= 5
    assert Place.objects.get(name="Altstadt").position.coords == (8.604, 49.684)


@pytest.mark.usefixtures("towns")
def test_five_thousand_addresses_take_seconds(table: Csv) -> None:
    lines = (
        f"Weg {n % 97};{n // 97 + 1};;{8.601 + n % 70 / 10000:.5f};{49.681 + n % 83 / 10000:.5f}"
        for n in range(5_000)
    )
    file = table(*lines)
    start = time.process_time()
    said = import_addresses(file)
    assert "5,000 rows read" in said
    assert time.process_time() - start < 4


@pytest.fixture
def germany(db: None) -> None:
    import_areas(
        Path(DATA or "") / "boundaries" / "deutschland_gemeinden_vg5000_2021.geojson",
        "--where",
        "ags LIKE '06%'",
    )


@pytest.mark.skipif(not DATA, reason="AUGENMERK_DATA is not set")
@pytest.mark.usefixtures("germany")
@pytest.mark.parametrize(
    ("file", "addresses", "typed", "label_of_first"),
    [
        ("dreieich.osm.pbf", 899, "hainer weg dreieich", "Hainer Weg"),
        ("dreieich_adressen.geojson", 900, "fahrgasse 5", "Fahrgasse 5"),
        ("kreis_bergstrasse_adressen_neckarsteinach.geojson", 195, "neckarsteinach", "Neckarstein"),
    ],
)
def test_real_towns_come_in(file: str, addresses: int, typed: str, label_of_first: str) -> None:
    import_addresses(OSM / file)
    assert Place.objects.filter(kind="address").count() == addresses
    assert label(search(typed)[0]).startswith(label_of_first)
