"""What staff write and ask from a report's page: the forms, and how it will read."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from reports.deeds import noting, placeholders
from reports.deeds.answering import Answer, Via
from reports.deeds.enclosing import MAX_PHOTOS
from reports.deeds.forms import LONGEST_TEXT, DeedForm, status_goals
from reports.letters import notices
from reports.models import Contact, Event, EventKind, Report, Snippet, StatusChoice, Visibility
from reports.receiving.forms import uuids_in
from reports.workflow import NEEDS_REASON, Deed, Status
from townhall import photos
from townhall.letters import Draft
from townhall.models import Role, User


# ── How it will read ─────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Preview:
    """Words as their reader gets them: on the page, and in the letter.

    `letter` None: nobody gets one. `open_places`: what still stands in braces. `called`: colleagues
    who hear of a note; `uncalled`: names in it that nobody here has.
    """

    visibility: Visibility
    text: str
    status: str
    letter: Draft | None
    open_places: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    uncalled: tuple[str, ...] = ()


def filled(text: str, report: Report, visibility: Visibility) -> str:
    """With the values there are, in the language of whoever reads it."""
    is_private = visibility == Visibility.REPORTER
    return placeholders.fill(text, report, language=report.language if is_private else "de")


def preview(
    report: Report,
    visibility: Visibility,
    text: str,
    *,
    goal: str = "",
    asks: bool = False,
    by: User | None = None,
) -> Preview:
    text = filled(text, report, visibility)
    open_places = placeholders.left(text, may_name=visibility == Visibility.REPORTER)
    letter: Draft | None = None
    called: tuple[str, ...] = ()
    uncalled: tuple[str, ...] = ()
    if visibility == Visibility.INTERNAL and by:
        calls = noting.calls_in(text, report)
        called, uncalled = tuple(person.name for person in calls.others(by)), calls.unknown
    elif visibility != Visibility.INTERNAL and notices.reaches(report):
        letter = _letter(report, visibility, text, goal=goal, asks=asks)
    return Preview(
        visibility, text, goal or report.status, letter, tuple(open_places), called, uncalled
    )


def _letter(report: Report, visibility: Visibility, text: str, *, goal: str, asks: bool) -> Draft:
    """Of the report as it will be: the row itself is left alone."""
    is_status = bool(goal) and visibility == Visibility.PUBLIC
    event = Event(
        report=report,
        kind=EventKind.STATUS if is_status else EventKind.ANSWERED,
        status=goal,
        text=text.strip(),
        department=report.department,
    )
    before, report.status = report.status, goal or report.status
    try:
        kind = "question" if asks else "status" if is_status else "answer"
        return notices.shown(report, event, kind=kind)
    finally:
        report.status = before


# ── The forms ────────────────────────────────────────────────────────────────────────────────
class WritingForm(DeedForm):
    """Words, perhaps begun with those kept ready, and photos.

    `vorlage` is the title of a snippet; the button "einsetzen" puts its words in. `photos` are
    images that lie ready, `photo` what comes along now. `sending` keeps the photos of one page
    apart from those of another.
    """

    vorlage = forms.CharField(required=False, max_length=80)
    text = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Shorten the text to 4,000 characters.")},
    )
    sending = forms.UUIDField(required=False, widget=forms.HiddenInput)
    photo = forms.Field(required=False, widget=forms.FileInput)

    def fit(self) -> None:
        given = self.data.getlist("photos") if hasattr(self.data, "getlist") else []
        self.photo_ids = tuple(dict.fromkeys(uuids_in(given or self.initial.get("photos", ()))))
        self.photo_ids = self.photo_ids[:MAX_PHOTOS]
        self.initial.setdefault("sending", uuid.uuid4())

    @cached_property
    def snippets(self) -> list[Snippet]:
        """What fits the report, best first."""
        return list(Snippet.objects.for_report(self.case.report))

    @property
    def keeps_snippets(self) -> bool:
        """Whether the user may change them."""
        return bool(self.case.roles - {Role.FIELD_CREW, Role.READ_ONLY})

    @property
    def takes_snippet(self) -> bool:
        return self.is_bound and "einsetzen" in self.data

    def clean_text(self) -> str:
        return "\n".join(str(self.cleaned_data["text"]).splitlines()).strip()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self._stage(given.get("sending") or uuid.uuid4())
        return given

    def _stage(self, sending: uuid.UUID) -> None:
        """Open the pictures that came along. Those that arrived stay, whatever else is wrong."""
        deadline = photos.patience()
        for upload in self._uploads():
            if len(self.photo_ids) >= MAX_PHOTOS:
                self.add_error("photo", _("Please choose at most 5 photos."))
                return
            image_id = uuid.uuid5(sending, hashlib.file_digest(upload, "sha256").hexdigest())
            upload.seek(0)
            try:
                photos.stage(image_id, upload, deadline=deadline)
            except photos.PhotoRefused as refusal:
                words = photos.refusal_words(refusal.reason)
                self.add_error("photo", f"{upload.name}: {words}")
            except photos.PhotoConflict:
                self.add_error("photo", _("A photo did not arrive. Please add it again."))
            else:
                self.photo_ids = tuple(dict.fromkeys([*self.photo_ids, image_id]))

    def _uploads(self) -> list[UploadedFile]:
        found = self.files.getlist("photo") if hasattr(self.files, "getlist") else []
        return [each for each in found if each]

    def _chosen(self) -> Snippet | None:
        title = str(self.data.get("vorlage", "")).strip().casefold()
        return next((each for each in self.snippets if each.title.casefold() == title), None)

    def _complain_of_places(self, text: str, *, may_name: bool) -> None:
        open_places = placeholders.left(text, may_name=may_name)
        if open_places:
            sentence = _("There is no value for %(places)s. Write one, or leave it out.")
            self.add_error("text", sentence % {"places": ", ".join(open_places)})
        elif may_name and placeholders.names_reporter(text) and not self._has_name:
            sentence = _("The reporter left no name. Leave {{name}} out.")
            self.add_error("text", sentence)

    @property
    def _has_name(self) -> bool:
        return Contact.objects.filter(report=self.case.report).exclude(name="").exists()


class ComposerForm(WritingForm):
    """To whom, what, and the status that goes with it.

    What goes to everybody is asked for once more: the button "sicher" says yes.
    """

    visibility = forms.ChoiceField(
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose who may read it.")),
    )
    status = forms.ChoiceField(
        required=False,
        error_messages={
            "invalid_choice": _("This status can no longer be reached from here. Choose another.")
        },
    )

    def fit(self) -> None:
        super().fit()
        self.initial.setdefault("visibility", Visibility.INTERNAL.value)
        field: Any = self.fields["status"]
        goals = status_goals(self.case.report.status) if self.may_move else []
        field.choices = [("", ""), *((goal.value, StatusChoice(goal).label) for goal in goals)]
        if self.takes_snippet and (snippet := self._chosen()):
            self._take(snippet)

    @property
    def may_move(self) -> bool:
        return self.case.may(Deed.SET_STATUS)

    @property
    def may_write(self) -> bool:
        """To anybody but colleagues."""
        return self.case.may(Deed.WRITE)

    @property
    def needs_another_look(self) -> bool:
        return self.takes_snippet or self.is_asking

    @property
    def is_asking(self) -> bool:
        """Whether it goes to everybody and nobody has said yes to that."""
        if not self.is_bound or self.takes_snippet or "sicher" in self.data:
            return False
        return self.is_valid() and self.cleaned_data["visibility"] == Visibility.PUBLIC

    @property
    def shown(self) -> Preview:
        """From what is in the fields, valid or not."""
        said = str(self["visibility"].value() or "")
        visibility = Visibility(said) if said in Visibility.values else Visibility.INTERNAL
        goal = str(self["status"].value() or "")
        goals = {value for value, _label in self.fields["status"].choices}  # type: ignore[attr-defined]
        text = str(self["text"].value() or "")
        return preview(
            self.case.report,
            visibility,
            text,
            goal=goal if goal in goals else "",
            by=self.case.user,
        )

    def answer(self) -> Answer:
        """What answering.write takes. Of a valid form."""
        given = self.cleaned_data
        return Answer(
            given["text"],
            Visibility(given["visibility"]),
            Status(given["status"]) if given["status"] else None,
            self.photo_ids,
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.takes_snippet:
            if self._chosen() is None:
                self.add_error("vorlage", _("There are no words kept ready under this name."))
            return given
        if self.errors:
            return given
        visibility, goal = Visibility(given["visibility"]), given["status"]
        text = given["text"] = filled(given["text"], self.case.report, visibility)
        if not (text or self.photo_ids or (goal and visibility != Visibility.REPORTER)):
            self.add_error("text", _("Write something down before you save."))
        if goal in NEEDS_REASON and (visibility != Visibility.PUBLIC or not text):
            sentence = _("“%(status)s” needs a reason that everybody can read.")
            self.add_error("text", sentence % {"status": StatusChoice(goal).label})
        self._complain_of_places(text, may_name=visibility == Visibility.REPORTER)
        return given

    def _take(self, snippet: Snippet) -> None:
        """Put its words in, after what was typed already."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        report = self.case.report
        is_private = snippet.visibility == Visibility.REPORTER
        words = snippet.in_language(report.language if is_private else "de")
        words = filled(words, report, Visibility(snippet.visibility))
        typed = str(data.get("text", "")).strip()
        data["text"] = typed if words in typed else f"{typed}\n\n{words}".strip()
        if self.may_write or snippet.visibility == Visibility.INTERNAL:
            data["visibility"] = snippet.visibility
        goals = {value for value, _label in self.fields["status"].choices}  # type: ignore[attr-defined]
        if snippet.goal in goals:
            data["status"] = snippet.goal
        self.data = data


class AskForm(WritingForm):
    """A question to the reporter; `via`: how it gets to them."""

    via = forms.ChoiceField(
        choices=[(each.value, each.value) for each in Via], required=False, widget=forms.RadioSelect
    )

    def fit(self) -> None:
        super().fit()
        self.reaches = notices.reaches(self.case.report) if self.case.wants_letters else False
        where = Contact.objects.filter(report=self.case.report).exclude(postal_address="")
        self.writes_paper = where.exists()
        known = Via.PAPER if self.writes_paper else Via.PHONE
        self.initial.setdefault("via", Via.LETTER if self.reaches else known)

    @property
    def shown(self) -> Preview:
        text = str(self["text"].value() or "")
        return preview(self.case.report, Visibility.REPORTER, text, asks=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors:
            return given
        text = given["text"] = filled(given["text"], self.case.report, Visibility.REPORTER)
        if not text:
            self.add_error("text", _("Write down what you want to know."))
        self._complain_of_places(text, may_name=True)
        given["via"] = Via(given["via"] or Via.LETTER)
        if given["via"] is Via.LETTER and not self.reaches:
            self.add_error("via", _("No letter reaches the reporter. Choose another way."))
        return given


class SettleForm(DeedForm):
    """What the reporter said in another way, or nothing: then nobody waits any more."""

    text = forms.CharField(
        required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
