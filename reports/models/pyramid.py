"""How many public reports lie where: counted ahead, so that a map of millions answers at once.

Written by the triggers of migration 0009 and by `reports/publicity/pyramid.py` alone; see
docs/adr/0008-map-pyramid.md. A cell is a square of the web map's grid. Its number interleaves the
bits of column and row, so that the cells of a tile follow each other; the number of a coarser
cell is that of a finer one without its last bits.

What all tables count: `n` reports, and the sums of their longitudes and latitudes in millionths
of a degree and of their primary keys (where `n` is 1, that is the report's own). Whole numbers
throughout: what is added and taken away again leaves nothing behind. `municipality` and `group`
are primary keys; a group of 0 is none. Days and months are those of Europe/Berlin and tell of the
last change that the public saw.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

EVER = dt.date(1, 1, 1)  # the `month` of the rows that count all months


class Counted(models.Model):
    """What each of the tables says of a cell."""

    cell = models.IntegerField()
    municipality = models.IntegerField()
    status = models.CharField(max_length=12)
    group = models.IntegerField()
    n = models.IntegerField()
    lon = models.BigIntegerField()
    lat = models.BigIntegerField()
    reports = models.BigIntegerField()

    class Meta:
        abstract = True


class PyramidCell(Counted):
    """Public reports of a cell.

    Each report is counted in its month and in EVER; in its municipality and, on coarse levels, in
    the municipality 0, which is all of them. `lately`: changed on the day of `Lately` or after it.
    """

    pk = models.CompositePrimaryKey(
        "level", "month", "cell", "municipality", "status", "lately", "group"
    )
    level = models.SmallIntegerField()
    month = models.DateField(help_text="Its first day")
    lately = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            # Those that folding left empty, to be found and cleared away.
            models.Index(fields=["n"], condition=models.Q(n=0), name="pyramid_empty")
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.cell} {self.status} {self.month}: {self.n}"


class PyramidDay(Counted):
    """What the cells count as lately, by day: it leaves when the day does. `cell`: of level 15."""

    pk = models.CompositePrimaryKey("day", "cell", "municipality", "status", "group")
    day = models.DateField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["n"], condition=models.Q(n=0), name="pyramid_day_empty")
        ]

    def __str__(self) -> str:
        return f"{self.cell} {self.status} {self.day}: {self.n}"


class PyramidDelta(Counted):
    """What a statement changed and no folding has added to the cells yet. `cell`: of level 15."""

    day = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["cell"], name="pyramid_delta_cell")]

    def __str__(self) -> str:
        return f"{self.cell} {self.status} {self.day}: {self.n:+}"


class Lately(models.Model):
    """One row: the day from which on a change counts as lately, on map and list alike.

    A job moves it every night, together with the counts, so that both always tell the same.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    since = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="lately_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.since)
