"""How well a claim's answers fit what staff noted. It sorts the desk's list and decides nothing.

Computed in a job, never while somebody waits for an answer: its time would tell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from lostfound.catalogue import MARKS
from lostfound.identifiers import digest_of
from lostfound.models import Claim, FoundItem, HiddenMark, Match

_WORD = re.compile(r"[^\W_]+")
_TYPO = 0.82  # „Deuter“ and „Deuthe“, not „rot“ and „rosa“
_WEIGHTS = {"number": 4.0, "question": 2.0, "mark": 1.0, "match": 1.0}


def score_of(claim: Claim) -> tuple[float | None, list[dict[str, Any]]]:
    """Score from 0 to 1, and of what it is made: {"kind", "name", "score"}, most telling first.

    None where there is nothing to compare: what staff noted no answer to speaks against nobody.
    """
    item = claim.item
    if item is None:
        return None, []
    things = [item.pk, *item.parts.values_list("pk", flat=True)]
    said = _said(claim)
    parts = [*_questions(item, said), *_marks(things, said), *_match(claim, item)]
    weight = sum(_WEIGHTS[part["kind"]] for part in parts)
    score = sum(_WEIGHTS[part["kind"]] * part["score"] for part in parts)
    return (score / weight if weight else None), parts


def likeness(said: str, noted: str) -> float:
    """The share of the noted words that were said, give or take a typing error. 0 to 1."""
    wanted, heard = words(noted), words(said)
    if not wanted:
        return 0.0
    return sum(_heard(word, heard) for word in wanted) / len(wanted)


def words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return {word for word in _WORD.findall(folded) if len(word) > 1 or word.isdigit()}


def _heard(word: str, heard: Iterable[str]) -> float:
    best = 0.0
    for other in heard:
        if word == other or (
            len(word) > 4 and (word in other or (other in word and len(other) > 4))
        ):
            return 1.0
        if not word.isdigit():
            best = max(best, SequenceMatcher(None, word, other).ratio())
    return best if best >= _TYPO else 0.0


def _said(claim: Claim) -> dict[str, str]:
    """Question → the last answer; "" → all that was said."""
    answers: dict[str, str] = {}
    everything = []
    for attempt in claim.tries.order_by("number"):
        everything.append(attempt.text)
        for entry in attempt.answers:
            answers[entry["question"]] = entry["answer"]
    answers[""] = " ".join([*everything, *answers.values()])
    return answers


def _questions(item: FoundItem, said: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "kind": "question",
            "name": question.text,
            "score": round(likeness(said.get(question.text, ""), question.answer), 2),
        }
        for question in item.questions.all()
        if question.answer
    ]


def _marks(things: list[int], said: dict[str, str]) -> list[dict[str, Any]]:
    """Those that were named. Nobody was asked about them, so silence says nothing."""
    parts = []
    for mark in HiddenMark.objects.filter(item__in=things):
        known = MARKS.get(mark.kind)
        if mark.digest or (known and known.is_number):
            kind, score = "number", _same_number(mark, said[""])
        else:
            kind, score = "mark", likeness(said[""], mark.text)
        if score:
            parts.append({"kind": kind, "name": mark.kind, "score": round(score, 2)})
    return sorted(parts, key=lambda part: -_WEIGHTS[str(part["kind"])])


def _same_number(mark: HiddenMark, said: str) -> float:
    """1 for the whole number; 0.5 for its last four, which a stranger may have read."""
    pieces = [said, *said.split(), *re.findall(r"[\w-]{5,}(?:[ /][\w-]+)*", said)]
    if mark.digest and any(digest_of(mark.kind, piece) == mark.digest for piece in pieces):
        return 1.0
    tail = mark.tail.casefold()
    return 0.5 if tail and any(word.endswith(tail) for word in words(said)) else 0.0


def _match(claim: Claim, item: FoundItem) -> list[dict[str, Any]]:
    if claim.loss_id is None:
        return []
    known = Match.objects.filter(loss=claim.loss_id, item=item).values_list("score", flat=True)
    return [{"kind": "match", "name": "", "score": round(score, 2)} for score in known]
