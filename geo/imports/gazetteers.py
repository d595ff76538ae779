"""Writes a gazetteer: a source is one set, replaced as a whole, and what is the same stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from geo.addresses import DEMO

from .files import Refused, listed
from .layers import DryRun
from .places import Entry


@dataclass
class Changes:
    """Of addresses. A `changed` one moved or got another spelling or Ortsteil of its street.

    `made_up`: how many invented places of which towns went.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    made_up: dict[str, int] = field(default_factory=dict)


def write(
    entries: Iterable[Entry], *, source: str, replace_all: bool = False, dry_run: bool = False
) -> Changes:
    """Make these entries all there is of the source. One transaction.

    Raises Refused if a town of the source has no address left, unless `replace_all`. Towns that
    get an address lose their made-up places.
    """
    changes = Changes()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _bring(entries, cursor)
            if not replace_all:
                _refuse_lost_towns(cursor, source)
            _replace(cursor, source, changes)
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return changes


def _bring(entries: Iterable[Entry], cursor: CursorWrapper) -> None:
    """All entries into a table of this transaction. Two imports at once take turns."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('geo.imports.gazetteers'))")
    cursor.execute(_INCOMING)
    with cursor.copy(f"COPY incoming ({COLUMNS}) FROM STDIN") as rows:
        for each in entries:
            rows.write_row(
                (
                    each.kind.value,
                    each.name,
                    each.house_number,
                    each.locality,
                    each.town.key,
                    each.town.name,
                    Point(each.lon, each.lat, srid=4326).hexewkb.decode(),
                    each.search_text,
                )
            )
    cursor.execute("ANALYZE incoming")


def _refuse_lost_towns(cursor: CursorWrapper, source: str) -> None:
    cursor.execute(_LOST_TOWNS, [source])
    lost = [f"{name} ({count})" for name, count in cursor.fetchall()]
    if lost:
        raise Refused(
            f"No address of {listed(lost)} is in the file, and all that {source} had there would "
            "go. Is it another source? Give it a name of its own by --source; or, to let them go, "
            "--replace."
        )


def _replace(cursor: CursorWrapper, source: str, changes: Changes) -> None:
    cursor.execute(_REMOVE, [source])
    cursor.execute(_ADD, [source, source])
    cursor.execute(_COUNT)
    changes.new, changes.changed, changes.gone, changes.unchanged = cursor.fetchone()
    cursor.execute(_REMOVE_MADE_UP, [DEMO])
    changes.made_up = dict(cursor.fetchall())
    cursor.execute("DROP TABLE incoming, gone, fresh")
    cursor.execute("ANALYZE geo_place")


COLUMNS = "kind, name, house_number, locality, area_key, area_name, position, search_text"
_SAME = " AND ".join(f"place.{each} = incoming.{each}" for each in COLUMNS.split(", "))
_INCOMING = f"""
    CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS
        SELECT {COLUMNS} FROM geo_place WITH NO DATA;
    CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT * FROM incoming;
    CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT * FROM incoming;
"""  # noqa: S608 (these and the next are made of our own constants)
_LOST_TOWNS = """
    SELECT min(area_name), count(*) FROM geo_place AS place
    WHERE source = %s AND kind = 'address'
      AND area_key NOT IN (SELECT area_key FROM incoming WHERE kind = 'address')
    GROUP BY area_key ORDER BY 1
"""
_REMOVE = f"""
    WITH removed AS (
        DELETE FROM geo_place AS place
        WHERE source = %s AND NOT EXISTS (SELECT FROM incoming WHERE {_SAME})
        RETURNING {COLUMNS}
    )
    INSERT INTO gone ({COLUMNS}) SELECT {COLUMNS} FROM removed
"""  # noqa: S608
_ADD = f"""
    WITH added AS (
        INSERT INTO geo_place ({COLUMNS}, source)
        SELECT {COLUMNS}, %s FROM incoming
        WHERE NOT EXISTS (SELECT FROM geo_place AS place WHERE place.source = %s AND {_SAME})
        RETURNING {COLUMNS}
    )
    INSERT INTO fresh ({COLUMNS}) SELECT {COLUMNS} FROM added
"""  # noqa: S608
# A door of before and one of now are the same door if town, street and number are.
_COUNT = """
    WITH door AS (
        SELECT area_key, name, house_number,
               count(*) FILTER (WHERE was) AS old, count(*) FILTER (WHERE NOT was) AS new
        FROM (SELECT *, true AS was FROM gone UNION ALL SELECT *, false FROM fresh) AS every
        WHERE kind = 'address'
        GROUP BY area_key, name, house_number
    ), every AS (
        SELECT coalesce(sum(new - least(old, new)), 0) AS new,
               coalesce(sum(least(old, new)), 0) AS changed,
               coalesce(sum(old - least(old, new)), 0) AS gone
        FROM door
    )
    SELECT new::int, changed::int, gone::int,
           ((SELECT count(*) FROM incoming WHERE kind = 'address') - new - changed)::int
    FROM every
"""
_REMOVE_MADE_UP = """
    WITH removed AS (
        DELETE FROM geo_place
        WHERE source = %s AND area_key IN (SELECT area_key FROM incoming WHERE kind = 'address')
        RETURNING area_name
    )
    SELECT area_name, count(*)::int FROM removed GROUP BY area_name ORDER BY area_name
"""
