"""How surely personal data in a text are found: precision and recall by kind.

    AUGENMERK_DATA=../shared/data .venv/bin/python -m bench.masking [--misses]

Three sets. *Sentences* (masking_sentences.txt) are full of what must be hidden and were at hand
when the rules were made; *unseen sentences* were written afterwards, and no rule was changed for
them. *Real reports* are 223 texts of two towns, labelled by hand: mostly ordinary, with numbers,
makes of cars and farewells in them, so they tell how often something harmless is hidden. Those
texts are not ours to give away; masking_labels.json knows them by their SHA-256 only, and without
the folder that set is left out. Their towns had taken numbers and addresses out before.

A label counts as found if a find of its kind covers it, a find as right if it touches such a label.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django

HERE = Path(__file__).parent
FILES = ("konstanz_maengelmelder_a.csv", "berlin_ordnungsamt_online_2023_a.csv")
_MARK = re.compile(r"\[(email|phone|plate|iban|name):((?:[^\[\]]|\[\w+\])*)\]")


@dataclass(frozen=True)
class Label:
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    words: str
    labels: list[Label]


def sentences() -> tuple[list[Text], list[Text]]:
    """Those that the rules were made with, and the unseen ones below the second comment."""
    whole = (HERE / "masking_sentences.txt").read_text(encoding="utf-8")
    _head, seen, unseen = re.split(r"(?m)^#.*\n", whole)
    return [_parsed(line) for line in seen.splitlines()], [
        _parsed(line) for line in unseen.splitlines()
    ]


def _parsed(line: str) -> Text:
    """`¶` stands for a line break."""
    words, labels, last = "", [], 0
    for mark in _MARK.finditer(line):
        words += line[last : mark.start()]
        labels.append(Label(mark[1], len(words), len(words) + len(mark[2])))
        words += mark[2]
        last = mark.end()
    return Text((words + line[last:]).replace("¶", "\n"), labels)


def real_reports(folder: Path) -> list[Text]:
    known = json.loads((HERE / "masking_labels.json").read_text(encoding="utf-8"))
    texts = dict.fromkeys(_texts(folder))
    return [
        Text(text, [Label(kind, start, end) for start, end, kind in known[key]])
        for text in texts
        if (key := hashlib.sha256(text.encode()).hexdigest()[:16]) in known
    ]


def _texts(folder: Path) -> Iterator[str]:
    for name in FILES:
        with (folder / "reports" / name).open(encoding="utf-8") as lines:
            yield from (row["text"] for row in csv.DictReader(lines) if row["text"].strip())


@dataclass
class Score:
    """`missed` and `wrong` are the words themselves."""

    labels: Counter[str]
    found: Counter[str]
    finds: Counter[str]
    right: Counter[str]
    missed: list[str]
    wrong: list[str]


def score(texts: list[Text]) -> Score:
    from reports.personal.masking import find  # after django.setup()

    told = Score(Counter(), Counter(), Counter(), Counter(), [], [])
    for text in texts:
        finds = [Label(each.kind.value, each.start, each.end) for each in find(text.words)]
        for label in text.labels:
            told.labels[label.kind] += 1
            if any(_covers(each, label) for each in finds):
                told.found[label.kind] += 1
            else:
                told.missed.append(f"{label.kind}: {text.words[label.start : label.end]!r}")
        for each in finds:
            told.finds[each.kind] += 1
            if any(_touches(each, label) for label in text.labels):
                told.right[each.kind] += 1
            else:
                told.wrong.append(f"{each.kind}: {text.words[each.start : each.end]!r}")
    return told


def _covers(find: Label, label: Label) -> bool:
    return find.kind == label.kind and find.start <= label.start and label.end <= find.end


def _touches(find: Label, label: Label) -> bool:
    return find.kind == label.kind and find.start < label.end and label.start < find.end


def show(name: str, texts: list[Text], *, misses: bool) -> None:
    told = score(texts)
    print(f"{name}: {len(texts)} texts, {told.labels.total()} labels")
    print(f"  {'kind':8}{'labels':>8}{'recall':>9}{'finds':>8}{'precision':>11}")
    for kind in ("email", "phone", "plate", "iban", "name"):
        recall = _share(told.found[kind], told.labels[kind])
        precision = _share(told.right[kind], told.finds[kind])
        print(f"  {kind:8}{told.labels[kind]:8}{recall:>9}{told.finds[kind]:8}{precision:>11}")
    recall = _share(told.found.total(), told.labels.total())
    precision = _share(told.right.total(), told.finds.total())
    print(f"  {'all':8}{told.labels.total():8}{recall:>9}{told.finds.total():8}{precision:>11}")
    if misses:
        print("  missed:", *told.missed, sep="\n    ")
        print("  wrong:", *told.wrong, sep="\n    ")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--misses", action="store_true", help="print what went wrong")
    misses = options.parse_args().misses
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    seen, unseen = sentences()
    show("Sentences", seen, misses=misses)
    show("Unseen sentences", unseen, misses=misses)
    folder = os.environ.get("AUGENMERK_DATA")
    if folder:
        show("Real reports", real_reports(Path(folder)), misses=misses)
    else:
        print("Real reports: AUGENMERK_DATA is not set.")


if __name__ == "__main__":
    main()
