"""How often the matcher finds what belongs together: recall at 1 and at 5.

    .venv/bin/python -m bench.matching                  both halves, text only and full
    .venv/bin/python -m bench.matching --write FOLDER   the same as files for manage.py match_eval
    .venv/bin/python -m bench.matching --frequencies    count the words anew (data/frequencies.tsv)

The texts are in bench/matching_texts. Places and days are made up by a seeded die, the hard way:
each other find of the kind lies near some loss of that kind, too, in the same days.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

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
    from lostfound.matching.frequencies import counted
    from lostfound.matching.lexicon import DATA

    counts = counted(text for _sign, (_category, *texts) in rows("tuning") for text in texts)
    lines = [
        f"{sense}\t{n}" for sense, n in sorted(counts.counts.items()) if n > 1 and sense[0] != "~"
    ]
    text = "\n".join([str(counts.texts), *lines]) + "\n"
    (DATA / "frequencies.tsv").write_text(text, encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--write", type=Path)
    options.add_argument("--frequencies", action="store_true")
    said = options.parse_args()
    if said.frequencies:
        write_frequencies()
        return
    from lostfound.matching.evaluation import evaluate

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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main()
