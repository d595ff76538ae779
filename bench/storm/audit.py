"""The verdict: what the database, the mail server, the disk and the open pages say in the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .house import MAIL_DOMAIN
from .listeners import Listener, tile_of
from .post import PostOffice
from .residents import Submission
from .staff import Deed

_SHOWN: Final = 5  # examples of what is wrong


@dataclass(frozen=True)
class Claim:
    """Something that must hold. `wrong` are the cases where it does not."""

    what: str
    count: int
    wrong: Sequence[str]

    @property
    def holds(self) -> bool:
        return not self.wrong

    def __str__(self) -> str:
        line = f"  {'ok  ' if self.holds else 'FAIL'} {self.what}: {self.count - len(self.wrong)}"
        line += f" of {self.count}"
        return "\n".join([line, *(f"         {each}" for each in self.wrong[:_SHOWN])])


def claim(what: str, cases: Iterable[tuple[object, bool]]) -> Claim:
    """From pairs of a case and whether it is right."""
    judged = list(cases)
    return Claim(what, len(judged), [str(case) for case, is_right in judged if not is_right])


@dataclass(frozen=True)
class Books:
    """Read once, in one transaction."""

    by_client: dict[str, str]  # client id → code
    reports: Counter[str]  # code → rows; those of the demo are left out
    emails: dict[str, str]
    photos: dict[str, set[str]]  # code → image ids
    folders: dict[str, str]  # image id → folder
    letters: list[dict[str, Any]]
    events: Counter[tuple[str, str]]  # (code, kind or kind:status)
    notices: list[tuple[str, str]]  # (key that a letter must have, code)
    public: dict[str, tuple[int, str, float, float]]  # code → version, status, place
    jobs: set[str]  # letters that have a job

    @classmethod
    def read(cls, connection: Any) -> Books:
        def rows(statement: str) -> list[Any]:
            return list(connection.execute(statement).fetchall())

        return cls(
            by_client={str(client): code for client, code in rows(_SUBMISSIONS)},
            reports=Counter(code for (code,) in rows(_REPORTS)),
            emails=dict(rows(_EMAILS)),
            photos=_grouped(rows(_PHOTOS)),
            folders={str(image): folder for image, folder in rows(_IMAGES)},
            letters=[row for (row,) in rows(_LETTERS)],
            events=Counter(dict(rows_of_events(rows(_EVENTS)))),
            notices=rows(_NOTICES),
            public={code: (version, status, lon, lat)
                    for code, version, status, lon, lat in rows(_PUBLIC)},
            jobs={letter for (letter,) in rows(_JOBS)},
        )  # fmt: skip


_SUBMISSIONS = "SELECT client_id, code FROM reports_submission"
_REPORTS = "SELECT code FROM reports_report WHERE source <> 'demo' ORDER BY id"
_EMAILS = """
    SELECT report.code, contact.email FROM reports_contact contact
    JOIN reports_report report ON report.id = contact.report_id WHERE report.source <> 'demo'
"""
_PHOTOS = """
    SELECT report.code, photo.image_id::text FROM reports_photo photo
    JOIN reports_report report ON report.id = photo.report_id WHERE report.source <> 'demo'
"""
_IMAGES = "SELECT id, folder FROM townhall_image"
_LETTERS = """
    SELECT jsonb_build_object('id', id, 'key', key, 'kind', kind, 'about', about, 'to', "to",
                              'state', state, 'error', error, 'attempts', attempts,
                              'town', municipality_id)
    FROM townhall_letter
"""
_EVENTS = """
    SELECT report.code, event.kind, event.status, count(*) FROM reports_event event
    JOIN reports_report report ON report.id = event.report_id
    WHERE report.source <> 'demo' AND event.actor_id IS NOT NULL
    GROUP BY 1, 2, 3
"""
# To whom had confirmed when it happened, of what happens in public.
_NOTICES = """
    SELECT 'report:' || report.code || ':' || event.version || ':status:' || contact.email,
           report.code
    FROM reports_event event
    JOIN reports_report report ON report.id = event.report_id
    JOIN reports_contact contact ON contact.report_id = report.id
    WHERE report.source <> 'demo' AND event.kind IN ('accepted', 'status')
      AND EXISTS (SELECT FROM reports_event confirmed
                  WHERE confirmed.report_id = report.id AND confirmed.kind = 'confirmed'
                    AND confirmed.version < event.version)
"""
_PUBLIC = """
    SELECT code, version, status, ST_X(public_position), ST_Y(public_position)
    FROM reports_report
    WHERE source <> 'demo' AND is_public AND public_position IS NOT NULL
"""
_JOBS = """
    SELECT args->>'letter_id' FROM procrastinate_jobs
    WHERE task_name = 'send_letter' AND status IN ('todo', 'doing')
"""


def rows_of_events(rows: list[Any]) -> Iterable[tuple[tuple[str, str], int]]:
    for code, kind, status, count in rows:
        yield (code, f"{kind}:{status}" if kind == "status" else kind), count


def _grouped(rows: list[Any]) -> dict[str, set[str]]:
    grouped: dict[str, set[str]] = {}
    for key, value in rows:
        grouped.setdefault(key, set()).add(value)
    return grouped


# ── Reports ──────────────────────────────────────────────────────────────────────────────────
def of_reports(people: Sequence[Submission], books: Books) -> list[Claim]:
    ours = {str(one.client_id) for one in people}
    expected = {books.by_client.get(str(one.client_id), "") for one in people}
    return [
        claim("submissions that were told a number", ((_said(p), bool(p.told)) for p in people)),
        claim("… and always the same one", ((p.told, len(p.told) <= 1) for p in people)),
        claim(
            "acknowledged submissions with exactly one report of that number (0 lost)",
            ((_said(p), _is_kept(p, books)) for p in people if p.told),
        ),
        claim(
            "reports that exactly one submission asked for (0 doubled)",
            ((code, code in expected and n == 1) for code, n in books.reports.items()),
        ),
        claim(
            "e-mail addresses at their report",
            ((_said(p), books.emails.get(_code(p), "") == p.email) for p in people if p.told),
        ),
        claim("submissions in the books that somebody made",
              ((key, key in ours or books.reports[code] == 0)
               for key, code in books.by_client.items())),
    ]  # fmt: skip


def _code(one: Submission) -> str:
    return next(iter(one.told), "")


def _said(one: Submission) -> str:
    return f"{one.client_id} ({one.door}, {one.manner}): {sorted(one.told)} {one.refused}"


def _is_kept(one: Submission, books: Books) -> bool:
    code = books.by_client.get(str(one.client_id), "")
    return one.told == {code} and books.reports[code] == 1


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def of_photos(people: Sequence[Submission], books: Books, media: Path) -> list[Claim]:
    with_photos = [one for one in people if one.told and one.photos]
    folders = {str(path.parent.relative_to(media)) for path in media.glob("images/*/*/full.webp")}
    return [
        claim(
            "reports with all their photos",
            ((_said(p), len(books.photos.get(_code(p), ())) == _wanted(p)) for p in with_photos),
        ),
        claim(
            "photo rows whose two files can be opened",
            ((image, _opens(media / folder)) for image, folder in books.folders.items()),
        ),
        claim(
            "folders of photos without a row (the nightly sweep takes at most a few)",
            ((f"{len(folders - set(books.folders.values()))} strays", ok)
             for ok in [len(folders - set(books.folders.values())) <= 50]),
        ),
    ]  # fmt: skip


def _wanted(one: Submission) -> int:
    """Inside a form, the same picture twice is one photo: its id follows from its content."""
    if one.door == "api-form":
        return len({content for _id, content in one.photos})
    return len(one.photos)


def _opens(folder: Path) -> bool:
    for name in ("full.webp", "thumb.webp"):
        try:
            content = (folder / name).read_bytes()
        except OSError:
            return False
        # RIFF, length, WEBP: a file cut by a crash is shorter than it says
        if content[8:12] != b"WEBP" or int.from_bytes(content[4:8], "little") + 8 > len(content):
            return False
    return True


# ── Letters ──────────────────────────────────────────────────────────────────────────────────
_IN_SIGHT: Final = {"sent", "waiting", "unclear"}


def _is_answered(letter: dict[str, Any]) -> bool:
    """A call to somebody on standby, taken back because another one had answered."""
    return letter["state"] == "withdrawn" and str(letter["kind"]).startswith("hazard_")


def of_letters(people: Sequence[Submission], books: Books, post: PostOffice) -> list[Claim]:
    receipts = Counter(
        (letter["about"], letter["to"]) for letter in books.letters if letter["kind"] == "receipt"
    )
    keys = Counter(letter["key"] for letter in books.letters)
    known = {message_id(letter): letter for letter in books.letters}
    ours = [letter for letter in books.letters if letter["state"] != "kept"]
    return [
        claim(
            "receipts owed, each written once",
            ((p.email, receipts[f"report:{_code(p)}", p.email] == 1)
             for p in people if p.email and p.told),
        ),
        claim("notices owed, each written once",
              ((key, keys[key] == 1) for key, _ in books.notices)),
        claim("letters sent, waiting or unclear, none given up",
              ((letter, letter["state"] in _IN_SIGHT or _is_answered(letter)) for letter in ours)),
        claim("sent letters that the mail server has",
              ((letter, post.taken[message_id(letter)] >= 1)
               for letter in ours if letter["state"] == "sent")),
        claim("waiting letters that have a job",
              ((letter, letter["id"] in books.jobs)
               for letter in ours if letter["state"] == "waiting")),
        claim("letters that staff would see at /amt/post",
              ((letter, letter["town"] is not None)
               for letter in ours if letter["state"] in {"waiting", "unclear"})),
        claim("mails that are a letter of ours", ((key, key in known) for key in post.taken)),
        claim("mails whose repeats are the same mail",
              ((key, len(texts) == 1) for key, texts in post.contents.items())),
    ]  # fmt: skip


def message_id(letter: dict[str, Any]) -> str:
    return f"<{letter['id']}@{MAIL_DOMAIN}>"


# ── Deeds ────────────────────────────────────────────────────────────────────────────────────
_EVENT_OF: Final = {"annahme": "accepted", "status": "status:done"}


def of_deeds(deeds: Sequence[Deed], confirmed: Iterable[str], books: Books) -> list[Claim]:
    return [
        claim(
            "deeds that the desk acknowledged, each with its one event",
            ((each, books.events[each.code, _EVENT_OF[each.slug]] == 1)
             for each in deeds if each.was_told),
        ),
        claim(
            "deeds that were pressed again and again, none done twice",
            ((each, books.events[each.code, _EVENT_OF[each.slug]] <= 1) for each in deeds),
        ),
    ]  # fmt: skip


# ── Live ─────────────────────────────────────────────────────────────────────────────────────
def of_listeners(listeners: Sequence[Listener], books: Books) -> list[Claim]:
    by_tile: dict[str, list[str]] = {}
    for code, (_version, _status, lon, lat) in books.public.items():
        by_tile.setdefault(tile_of(lon, lat), []).append(code)
    return [
        claim(
            "reports that open map pages show as they are",
            (
                (f"{page.source} {code}: {page.known.get(code)}, not {books.public[code][:2]}",
                 page.known.get(code, (0, ""))[1] == books.public[code][1])
                for page in listeners
                for topic in page.topics
                for code in by_tile.get(topic, ())
            ),
        ),
        claim("open pages that heard `resync` or came back by themselves",
              ((page.source, page.heard["resync"] + page.heard["reconnects"] > 0)
               for page in listeners)),
    ]  # fmt: skip


def as_json(claims: Sequence[Claim]) -> str:
    return json.dumps(
        [
            {"what": c.what, "count": c.count, "wrong": len(c.wrong), "holds": c.holds}
            for c in claims
        ]
    )
