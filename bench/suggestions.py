"""How often everyday words lead to the right category, and how long the server needs for it.

    AUGENMERK_DATA=../shared/data .venv/bin/python -m bench.suggestions

*Hits*: texts of a real town, whose staff filed each under a category, against the starter
catalogue; right if the category is among three, and if it comes first. Those texts are not ours to
give away; without the folder this part is left out. *Time*: `POST /api/v1/categories/suggestions/`
with words and a place, in this process and against this database (a demo): no network, no
middleware. Of our processor, and by the clock.
"""

from __future__ import annotations

import csv
import os
import statistics
from pathlib import Path
from time import perf_counter, process_time

import django

ASKED = 300
SAYINGS = ("Ampel blinkt", "Sperrmüll", "Kippe", "Schlaglcoh", "street light broken", "")
# Their category → ours that would be right.
KONSTANZ = {
    "Strassenlaternen defekt": {"laterne"},
    "Illegaler Muell": {"wilder-muell", "sperrmuell"},
    "Verkehrsbehindernder Heckenwuchs, Straeucher": {"bewuchs"},
    "Schilder unkenntlich": {"schild"},
    "Strassenschaeden": {"schlagloch"},
    "Abgemeldete Fahrzeuge": {"schrottfahrzeug"},
    "Fusswege schadhaft": {"gehwegschaden"},
    "Gullideckel/ Kanal verstopft": {"gully", "kanaldeckel"},
    "Ampel defekt": {"ampel"},
    "Spielplaetze schadhaft / verunreinigt": {"spielgeraet"},
    "Radwege schadhaft": {"radwegschaden"},
    "Muelleimer ueberfuellt": {"abfalleimer"},
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    folder = os.environ.get("AUGENMERK_DATA")
    if folder:
        hits(Path(folder) / "reports" / "konstanz_maengelmelder_a.csv")
    answers()


def hits(file: Path) -> None:
    from config.demo.catalogue import GROUPS  # after django.setup()
    from reports.catalogue.suggest import Choice, suggest

    choices = [
        Choice(defect.code, (defect.name, defect.english), defect.synonyms, group.name)
        for group in GROUPS
        for defect in group.defects
    ]
    with file.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["category_child"] in KONSTANZ]
    began = perf_counter()
    found = [[hit.code for hit in suggest(row["text"], choices)] for row in rows]
    took_ms = (perf_counter() - began) * 1000 / len(rows)
    right = [KONSTANZ[row["category_child"]] for row in rows]
    among = sum(bool(set(codes) & wanted) for codes, wanted in zip(found, right, strict=True))
    first = sum(bool(set(codes[:1]) & wanted) for codes, wanted in zip(found, right, strict=True))
    print(
        f"{len(rows)} texts: {among / len(rows):.1%} among three, {first / len(rows):.1%} first, "
        f"{took_ms:.2f} ms each"
    )


def answers() -> None:
    from rest_framework.test import APIRequestFactory

    from reports.api.suggestions import SuggestionsView

    ask, view = APIRequestFactory(), SuggestionsView.as_view()
    times = []
    worked = process_time()
    for number in range(ASKED):
        wish = {"text": SAYINGS[number % len(SAYINGS)], "lat": 49.6811, "lon": 8.6206}
        began = perf_counter()
        answer = view(ask.post("/", wish, format="json")).render()
        times.append((perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.content
    worked_ms = (process_time() - worked) * 1000 / ASKED
    times.sort()
    print(
        f"{ASKED} requests: {worked_ms:.1f} ms of our processor each; "
        f"median {statistics.median(times):.1f} ms, "
        f"95 % within {times[int(ASKED * 0.95)]:.1f} ms, longest {times[-1]:.1f} ms"
    )


if __name__ == "__main__":
    main()
