"""Areas from good and bad files."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy
import pyogrio.raw
import pytest
import shapely
from django.contrib.gis.gdal import CoordTransform, OGRGeometry, SpatialReference
from django.contrib.gis.geos import Point
from django.core.management import CommandError

from geo.areas import areas_at
from geo.models import Area, Layer

from .district import BOUNDARIES, import_areas, square

pytestmark = pytest.mark.django_db

WEST, SOUTH = 8.60, 49.68
HERE = [("1", "Nord", square(WEST, SOUTH + 0.01)), ("2", "Süd", square(WEST, SOUTH))]
DATA = os.environ.get("AUGENMERK_DATA")


def shapefile(
    folder: Path,
    *,
    crs: str = "EPSG:25832",
    name: str = "Süd",
    encoding: str = "UTF-8",
    prj: bool = True,
    inside: str = "",
) -> Path:
    """A zipped Shapefile with one square in that system."""
    turn = CoordTransform(SpatialReference(4326), SpatialReference(crs))
    shape = OGRGeometry(memoryview(shapely.to_wkb(shapely.Polygon(square(WEST, SOUTH)[0]))))
    shape.srs = SpatialReference(4326)
    shape.transform(turn)
    pyogrio.raw.write(
        folder / "areas.shp",
        geometry=numpy.array([bytes(shape.wkb)], dtype=object),
        field_data=[numpy.array(["2"], dtype=object), numpy.array([name], dtype=object)],
        fields=["ags", "name"],
        geometry_type="Polygon",
        crs=crs,
        driver="ESRI Shapefile",
        encoding=encoding,
    )
    archive = folder / "areas.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for part in folder.glob("areas.*"):
            if part.suffix != ".zip" and (prj or part.suffix not in {".prj", ".cpg"}):
                zipped.write(part, inside + part.name)
    return archive


def names() -> list[str]:
    return sorted(Area.objects.values_list("name", flat=True))


def test_the_district_comes_in_with_its_attribution() -> None:
    line = "© GeoBasis-DE / BKG 2016 (Daten verändert)"
    said = import_areas(BOUNDARIES, "--attribution", line, layer="gemeinden")
    layer = Layer.objects.get()
    assert (str(layer), layer.attribution) == ("bkg/gemeinden", line)
    assert layer.areas.count() == 23
    assert "23 new, 0 changed, 0 unchanged, 0 ended." in said
    assert "Hole (an enclave?): 4.1 ha, Heppenheim (Bergstraße) (06431011)" in said
    for area in layer.areas.all():
        assert area.shape.contains(area.label_at), area


def test_importing_again_changes_nothing() -> None:
    import_areas(BOUNDARIES)
    before = list(Area.objects.order_by("pk").values_list("pk", "key", "validity"))
    said = import_areas(BOUNDARIES)
    assert "0 new, 0 changed, 23 unchanged, 0 ended." in said
    assert list(Area.objects.order_by("pk").values_list("pk", "key", "validity")) == before


def test_again_means_update(geojson: Callable[..., Path]) -> None:
    import_areas(geojson(HERE), layer="orte")
    kept = Area.objects.get(key="1").pk
    moved = [HERE[0], ("3", "Ost", square(WEST + 0.01, SOUTH))]
    said = import_areas(geojson(moved), layer="orte")
    assert "1 new, 0 changed, 1 unchanged, 1 ended." in said
    assert "Süd (2)" in said
    assert Area.objects.get(key="1").pk == kept
    assert areas_at(Point(WEST + 0.005, SOUTH + 0.005)) == []
    renamed = [("1", "Norden", HERE[0][2]), ("3", "Ost", square(WEST + 0.01, SOUTH))]
    assert "1 changed" in import_areas(geojson(renamed), layer="orte")
    assert Area.objects.get(key="1").name == "Norden"


def test_a_key_that_comes_back_is_valid_again(geojson: Callable[..., Path]) -> None:
    import_areas(geojson(HERE), layer="orte")
    import_areas(geojson(HERE[:1]), layer="orte")
    import_areas(geojson(HERE), layer="orte")
    assert [area.name for area in areas_at(Point(WEST + 0.005, SOUTH + 0.005))] == ["Süd"]


def test_a_rehearsal_writes_nothing(geojson: Callable[..., Path]) -> None:
    said = import_areas(geojson(HERE), "--dry-run", layer="orte")
    assert "2 new" in said
    assert "Nothing was written" in said
    assert not Layer.objects.exists()


def test_the_wrong_file_does_not_empty_a_layer(geojson: Callable[..., Path]) -> None:
    import_areas(geojson(HERE), layer="orte")
    other = geojson([("9", "Anderswo", square(WEST, SOUTH))])
    with pytest.raises(CommandError, match="Not one of the 2 areas"):
        import_areas(other, layer="orte")
    assert names() == ["Nord", "Süd"]
    import_areas(other, "--replace", layer="orte")


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:31467", "EPSG:3857", "EPSG:4258"])
def test_a_zipped_shapefile_in_any_system_lands_where_it_belongs(tmp_path: Path, crs: str) -> None:
    import_areas(shapefile(tmp_path, crs=crs, inside="daten/"), layer="orte")
    area = Area.objects.get()
    assert area.name == "Süd"
    assert area.shape.extent == pytest.approx((WEST, SOUTH, WEST + 0.01, SOUTH + 0.01), abs=1e-4)


def test_a_home_made_system_is_understood(tmp_path: Path) -> None:
    """Köln's files: UTM 32 with the zone before the easting."""
    crs = "+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=32500000 +y_0=0 +ellps=GRS80 +units=m"
    import_areas(shapefile(tmp_path, crs=crs), layer="orte")
    extent = Area.objects.get().shape.extent
    assert extent == pytest.approx((WEST, SOUTH, WEST + 0.01, SOUTH + 0.01), abs=1e-5)


def test_a_shapefile_without_its_system_is_refused_until_told(tmp_path: Path) -> None:
    file = shapefile(tmp_path, prj=False)
    with pytest.raises(CommandError, match="coordinate system"):
        import_areas(file, "--encoding", "UTF-8", layer="orte")
    import_areas(file, "--encoding", "UTF-8", "--crs", "EPSG:25832", layer="orte")
    assert names() == ["Süd"]


def test_a_wrong_system_is_noticed(tmp_path: Path) -> None:
    file = shapefile(tmp_path)
    with pytest.raises(CommandError, match="Not in Germany: Süd"):
        import_areas(file, "--crs", "EPSG:25830", layer="orte")
    with pytest.raises(CommandError, match="not known"):
        import_areas(file, "--crs", "EPSG:999999", layer="orte")


def test_text_in_another_encoding_is_noticed_and_can_be_told(tmp_path: Path) -> None:
    file = shapefile(tmp_path, encoding="UTF-8", prj=False)
    with pytest.raises(CommandError, match="--encoding UTF-8"):
        import_areas(file, "--crs", "EPSG:25832", "--encoding", "ISO-8859-1", layer="orte")
    with pytest.raises(CommandError, match="encoding"):
        import_areas(file, "--crs", "EPSG:25832", "--encoding", "klingonisch", layer="orte")


def test_a_geopackage_is_read(tmp_path: Path) -> None:
    file = tmp_path / "areas.gpkg"
    for table in ("a", "b"):
        pyogrio.raw.write(
            file,
            layer=table,
            geometry=numpy.array(
                [shapely.to_wkb(shapely.Polygon(square(WEST, SOUTH)[0]))], dtype=object
            ),
            field_data=[numpy.array([6431002.0]), numpy.array([table], dtype=object)],
            fields=["ags", "name"],
            geometry_type="Polygon",
            crs="EPSG:4326",
            driver="GPKG",
            append=table == "b",
        )
    with pytest.raises(CommandError, match=r"several tables.*a, b"):
        import_areas(file, layer="orte")
    import_areas(file, "--table", "b", "--key-width", "8", layer="orte")
    assert [(area.key, area.name) for area in Area.objects.all()] == [("06431002", "b")]


def test_swapped_axes_are_noticed_and_can_be_turned(geojson: Callable[..., Path]) -> None:
    swapped = [(key, name, [[[lat, lon] for lon, lat in rings[0]]]) for key, name, rings in HERE]
    file = geojson(swapped)
    with pytest.raises(CommandError, match=r"axes look swapped.*Nord.*--swap-axes"):
        import_areas(file, layer="orte")
    assert not Area.objects.exists()
    import_areas(file, "--swap-axes", layer="orte")
    assert [a.name for a in areas_at(Point(WEST + 0.005, SOUTH + 0.005))] == ["Süd"]
    with pytest.raises(CommandError, match="Leave out --swap-axes"):
        import_areas(geojson(HERE), "--swap-axes", layer="orte")


def test_one_swapped_area_among_right_ones_is_named(geojson: Callable[..., Path]) -> None:
    odd = ("3", "Verdreht", [[[lat, lon] for lon, lat in square(WEST, SOUTH)[0]]])
    with pytest.raises(CommandError, match=r"swapped.*Verdreht \(3\).*mend the file"):
        import_areas(geojson([*HERE, odd]), layer="orte")


def test_a_ring_that_touches_itself_is_mended_and_reported(geojson: Callable[..., Path]) -> None:
    x, y = WEST, SOUTH
    hole_at_the_rim = [
        [x, y], [x + 4, y], [x + 4, y + 4], [x + 2, y + 4], [x + 3, y + 2], [x + 1, y + 2],
        [x + 2, y + 4], [x, y + 4], [x, y],
    ]  # fmt: skip
    small = [[[x + (a - x) / 400, y + (b - y) / 400] for a, b in hole_at_the_rim]]
    said = import_areas(geojson([("1", "Berührt sich", small)]), layer="orte")
    assert "Mended: size changed by 0 m², Berührt sich (1) (Ring Self-intersection" in said
    assert Area.objects.get().shape.valid


def test_a_bow_tie_is_refused_by_name(geojson: Callable[..., Path]) -> None:
    x, y = WEST, SOUTH
    bow_tie = [[[x, y], [x + 0.01, y + 0.01], [x + 0.01, y], [x, y + 0.01], [x, y]]]
    with pytest.raises(CommandError, match=r"Fliege \(7\): Self-intersection.*change its size"):
        import_areas(geojson([*HERE, ("7", "Fliege", bow_tie)]), layer="orte")
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        (None, "No shape|no shape"),
        ({"type": "Point", "coordinates": [8.6, 49.6]}, "Point, not an area"),
        ({"type": "LineString", "coordinates": [[8.6, 49.6], [8.7, 49.7]]}, "not an area"),
        ({"type": "Polygon", "coordinates": []}, "no shape"),
        ({"type": "Polygon", "coordinates": [[[8.6, 49.6]] * 4]}, "mended|no shape"),
    ],
)
def test_what_is_no_area_is_refused_by_name(
    geojson: Callable[..., Path], shape: object, fault: str
) -> None:
    with pytest.raises(CommandError, match=fault) as refusal:
        import_areas(geojson([*HERE, ("5", "Kurios", shape)]), layer="orte")
    assert "Kurios (5)" in str(refusal.value)
    assert not Area.objects.exists()


def test_overlaps_and_gaps_are_reported_by_name_and_size(geojson: Callable[..., Path]) -> None:
    outer = square(WEST, SOUTH, 0.03)
    around = [*outer, square(WEST + 0.01, SOUTH + 0.01, 0.01)[0][::-1]]
    inside = square(WEST + 0.0101, SOUTH + 0.0101, 0.0098)
    over = square(WEST + 0.0299, SOUTH, 0.01)
    areas = [("1", "Ring", around), ("2", "Kern", inside), ("3", "Gast", over)]
    said = import_areas(geojson(areas), layer="orte")
    assert "Overlap: 8,014 m², Ring (1), Gast (3)" in said or "Overlap: 8,0" in said
    hole = next(line for line in said.splitlines() if line.startswith(("Gap", "Hole")))
    assert "Ring (1)" in hole
    assert "ha" in hole or "m²" in hole


def test_a_key_twice_is_refused_by_name_or_joined(geojson: Callable[..., Path]) -> None:
    exclave = ("2", "Süd", square(WEST + 0.05, SOUTH))
    with pytest.raises(CommandError, match=r"more than once: 2 \(Süd\).*--merge"):
        import_areas(geojson([*HERE, exclave]), layer="orte")
    said = import_areas(geojson([*HERE, exclave]), "--merge", layer="orte")
    assert "Joined from several rows: Süd (2)" in said
    assert len(Area.objects.get(key="2").shape) == 2
    with pytest.raises(CommandError, match="several names: Süd, West"):
        import_areas(geojson([*HERE, ("2", "West", exclave[2])]), "--merge", layer="orte")


@pytest.mark.parametrize(
    ("key", "name", "fault"),
    [
        (None, "Ohne", "No key: row 3: Ohne"),
        ("", "Ohne", "No key: row 3: Ohne"),
        ("3", None, "No name: row 3"),
        ("k" * 65, "Lang", "key longer than 64"),
        ("3", "N" * 201, "name longer than 200"),
        ("3", "KÃ¶ln", "wrongly decoded: KÃ¶ln"),
    ],
)
def test_rows_without_a_proper_key_or_name_are_refused(
    geojson: Callable[..., Path], key: object, name: object, fault: str
) -> None:
    with pytest.raises(CommandError, match=fault):
        import_areas(geojson([*HERE, (key, name, square(WEST, SOUTH + 0.05))]), layer="orte")
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b'{"type": "FeatureCollection", "features": [', "can't be read"),
        (b'{"type": "FeatureCollection", "features": []}', "no rows|no field|no table"),
        (b"<html>Not found</html>", "can't be read"),
        (b"PK\x03\x04 no zip", "can't be read"),
        (bytes(range(256)) * 10, "can't be read"),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes, fault: str) -> None:
    file = tmp_path / "areas.geojson"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=fault):
        import_areas(file, layer="orte")


def test_a_broken_zip_or_one_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    broken, hollow = tmp_path / "broken.zip", tmp_path / "hollow.zip"
    broken.write_bytes(b"PK\x03\x04 no zip")
    with zipfile.ZipFile(hollow, "w") as zipped:
        zipped.writestr("liesmich.txt", "nichts")
    with pytest.raises(CommandError, match="broken zip"):
        import_areas(broken, layer="orte")
    with pytest.raises(CommandError, match="exactly one file of areas; found: none"):
        import_areas(hollow, layer="orte")
    with pytest.raises(CommandError, match="There is no file"):
        import_areas(tmp_path / "missing.geojson", layer="orte")


def test_a_field_that_is_not_there_is_refused_with_those_that_are(
    geojson: Callable[..., Path],
) -> None:
    with pytest.raises(CommandError, match=r"no field gkz\. The fields are: ags, name"):
        import_areas(geojson(HERE), layer="orte", key="gkz")
    with pytest.raises(CommandError, match="no name for a layer"):
        import_areas(geojson(HERE), layer="a/b/c")


@pytest.mark.skipif(not DATA, reason="AUGENMERK_DATA is not set")
def test_the_eleven_invalid_shapes_of_the_wider_set_are_mended() -> None:
    file = Path(DATA or "") / "boundaries" / "edge_cases_vg250_2016.geojson"
    said = import_areas(file, layer="rand")
    assert said.count("Mended: size changed by 0 m²") == 11
    assert all(area.shape.valid for area in Area.objects.all())


@pytest.mark.skipif(not DATA, reason="AUGENMERK_DATA is not set")
@pytest.mark.parametrize(
    ("file", "key", "count"),
    [
        ("koeln_stadtteile.geojson", "nr", 86),
        ("koeln_stadtbezirke.geojson", "nr", 9),
        ("zuerich_quartiere.geojson", "id", 22),
        ("deutschland_kreise_vg5000_2021.geojson", "ags", 401),
    ],
)
def test_the_wider_set_comes_in(file: str, key: str, count: int) -> None:
    import_areas(Path(DATA or "") / "boundaries" / file, layer="weit", key=key)
    assert Area.objects.count() == count
