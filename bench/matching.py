"""How often the matcher finds what belongs together: recall at 1 and at 5.

    .venv/bin/python -m bench.matching                  both halves, text only and full
    .venv/bin/python -m bench.matching --many 100000    how long a comparison takes among so many
    .venv/bin/python -m bench.matching --write FOLDER   the same as files for manage.py match_eval
    .venv/bin/python -m bench.matching --frequencies    count the words anew (data/frequencies.tsv)

The texts are in bench/matching_texts. Places and days are made up by a seeded die, the hard way:
each other find of the kind lies near some loss of that kind, too, in the same days.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import math
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.gis.geos import GeometryCollection, Point  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from lostfound.catalogue import Colour  # noqa: E402
from lostfound.matching import candidates, store  # noqa: E402
from lostfound.matching.evaluation import evaluate  # noqa: E402
from lostfound.matching.frequencies import counted  # noqa: E402
from lostfound.matching.lexicon import DATA  # noqa: E402
from lostfound.matching.reading import read  # noqa: E402
from lostfound.models import FoundItem, LossReport, Office, Trace  # noqa: E402

TEXTS = Path(__file__).parent / "matching_texts"
HALVES = ("tuning", "heldout", "twins")
_MIDDLE = (8.62, 49.65)  # Bergstraße
_METRES_PER_DEGREE = 111_320


def rows(half: str) -> Iterator[tuple[str, list[str]]]:
    """ "=" or "-" with the fields of each line."""
    for line in (TEXTS / f"{half}.txt").read_text(encoding="utf-8").splitlines():
        if line[:1] in ("=", "-"):
            yield line[0], [part.strip() for part in line[1:].split("|")]


def document(half: str, *, seed: int = 7) -> dict[str, list[dict[str, Any]]]:
    """The half as `manage.py match_eval` reads it."""
    die = random.Random(f"{half} {seed}")
    pairs: list[dict[str, Any]] = []
    negatives: list[dict[str, Any]] = []
    for sign, (category, *texts) in rows(half):
        if sign == "=":
            pairs.append(_pair(die, category, *texts, number=len(pairs)))
    for sign, (category, *texts) in rows(half):
        if sign == "-":
            like = [pair for pair in pairs if pair["category"] == category]
            near = die.choice(like or pairs)
            negatives.append(_negative(die, category, texts[0], near, number=len(negatives)))
    return {"pairs": pairs, "negatives": negatives}


def _pair(die: random.Random, category: str, lost: str, found: str, *, number: int) -> Any:
    place = (_MIDDLE[0] + die.uniform(-0.15, 0.15), _MIDDLE[1] + die.uniform(-0.12, 0.12))
    day = dt.date(2026, 3, 1) + dt.timedelta(days=die.randrange(60))
    # A day off is common; a week until somebody brings it, too.
    found_day = day + dt.timedelta(
        days=die.choices((-1, 0, 1, 2, 3, 5, 8, 14), (1, 6, 5, 3, 2, 2, 1, 1))[0]
    )
    found_place = _near(die, place, metres=die.lognormvariate(math.log(600), 0.9))
    return (
        {
            "id": f"p{number}",
            "category": category,
            "lost_text": lost,
            "found_text": found,
            "lost_date": day.isoformat(),
            "found_date": found_day.isoformat(),
        }
        | _coordinates("lost", place)
        | _coordinates("found", found_place)
    )


def _negative(
    die: random.Random, category: str, text: str, near: dict[str, Any], *, number: int
) -> Any:
    place = _near(
        die, (near["lost_lon"], near["lost_lat"]), metres=die.lognormvariate(math.log(900), 0.9)
    )
    day = dt.date.fromisoformat(near["lost_date"]) + dt.timedelta(days=die.randrange(-2, 9))
    return {
        "id": f"n{number}",
        "category": category,
        "found_text": text,
        "found_date": day.isoformat(),
    } | _coordinates("found", place)


def _near(die: random.Random, place: tuple[float, float], *, metres: float) -> tuple[float, float]:
    angle = die.uniform(0, 2 * math.pi)
    north = metres * math.sin(angle) / _METRES_PER_DEGREE
    east = metres * math.cos(angle) / (_METRES_PER_DEGREE * math.cos(math.radians(place[1])))
    return place[0] + east, place[1] + north


def _coordinates(side: str, place: tuple[float, float]) -> dict[str, float]:
    return {f"{side}_lon": round(place[0], 5), f"{side}_lat": round(place[1], 5)}


def write_frequencies() -> None:
    """Count the tuning half only: the other one must stay unseen."""
    counts = counted(text for _sign, (_category, *texts) in rows("tuning") for text in texts)
    lines = [
        f"{sense}\t{n}" for sense, n in sorted(counts.counts.items()) if n > 1 and sense[0] != "~"
    ]
    text = "\n".join([str(counts.texts), *lines]) + "\n"
    (DATA / "frequencies.tsv").write_text(text, encoding="utf-8")


# ── Among many ───────────────────────────────────────────────────────────────────────────────
def measure(number: int) -> str:
    """Milliseconds of one comparison, among so many open things and a tenth as many losses.

    In one transaction that is taken back: nothing of it stays.
    """
    with transaction.atomic():
        die = random.Random(number)
        texts = [said for half in HALVES for _sign, (_, *texts) in rows(half) for said in texts]
        seen = {said: candidates.rare_words(read(said)) for said in texts}
        losses = _strew(die, number, seen)
        with connection.cursor() as sql:
            sql.execute("ANALYZE lostfound_founditem, lostfound_lossreport, lostfound_trace")
        searched = LossReport.objects.filter(pk__in=losses[:40])
        asked = [_timed(candidates.items_for, loss) for loss in searched]
        of_losses = [_timed(store.match_loss, pk) for pk in losses[:40]]
        things = FoundItem.objects.filter(digest="bench").order_by("?").values_list("pk", flat=True)
        of_items = [_timed(store.match_item, pk) for pk in list(things[:40])]
        transaction.set_rollback(True)
    return (
        f"{number} things: a loss {_middle(of_losses)}, of it candidates {_middle(asked)};"
        f" a find {_middle(of_items)} (median and 95th percentile of 40)"
    )


def _strew(die: random.Random, number: int, texts: dict[str, list[str]]) -> list[int]:
    """Things and losses all over the county, of a year. Returns the losses' ids."""
    office = Office.objects.select_related("municipality").first()
    if office is None:
        raise SystemExit("There is no office: manage.py demo")
    kinds = {said: next(iter(read(said).kinds), "other") for said in texts}
    numbers = itertools.count()
    said = die.choices(list(texts), k=number + number // 10)
    now, first = timezone.now(), dt.date(2026, 1, 1)

    def facts(text: str) -> dict[str, Any]:
        return {
            "code": f"0{next(numbers):07d}",  # real codes have no zeros
            "client_id": uuid4(),
            "digest": "bench",
            "kind": kinds[text],
            "colour": die.choice(list(Colour.values)),
            "description": text,
        }

    days = [first + dt.timedelta(days=die.randrange(300)) for _ in said]
    spots = [Point(die.uniform(8.3, 8.95), die.uniform(49.4, 49.85), srid=4326) for _ in said]
    things = FoundItem.objects.bulk_create(
        (
            FoundItem(
                **facts(text),
                office=office,
                found_on=day,
                notice_on=day,
                found_at=spot,
                received_at=now,
            )
            for text, day, spot in zip(said[:number], days, spots, strict=False)
        ),
        batch_size=5_000,
    )
    losses = LossReport.objects.bulk_create(
        (
            LossReport(
                **facts(text),
                lost_from=day,
                lost_until=day,
                places=GeometryCollection(spot, srid=4326),
                municipality=office.municipality,
                capability_digest=uuid4().hex,
                capability_expires_at=now,
                reported_at=now,
                watch_until=day,
            )
            for text, day, spot in zip(said[number:], days[number:], spots[number:], strict=True)
        ),
        batch_size=5_000,
    )
    traces = [Trace(item=each, words=texts[each.description]) for each in things]
    traces += [Trace(loss=each, words=texts[each.description]) for each in losses]
    Trace.objects.bulk_create(traces, batch_size=5_000)
    return [loss.pk for loss in losses]


def _timed(compare: Callable[[Any], object], asked: Any) -> float:
    begun = time.perf_counter()
    compare(asked)
    return (time.perf_counter() - begun) * 1_000


def _middle(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.0f} ms / {ordered[int(len(ordered) * 0.95)]:.0f} ms"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--write", type=Path)
    options.add_argument("--frequencies", action="store_true")
    options.add_argument("--many", type=int)
    said = options.parse_args()
    if said.frequencies:
        write_frequencies()
        return
    if said.many:
        sys.stdout.write(measure(said.many) + "\n")
        return
    for half in HALVES:
        if said.write:
            (said.write / f"{half}.json").write_text(
                json.dumps(document(half), ensure_ascii=False, indent=1)
            )
            continue
        for text_only in (True, False):
            result = evaluate(document(half), text_only=text_only)
            mode = "text only" if text_only else "full"
            sys.stdout.write(f"{half:8} {mode:9} {json.dumps(result)}\n")


if __name__ == "__main__":
    main()
