"""What staff send us about a report: one small form per deed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.colleagues import colleagues, departments
from reports.desk.case import Case
from reports.letters import notices
from reports.models import StatusChoice
from reports.workflow import MOVES, NEEDS_REASON, Status
from townhall.letters import Draft

LONGEST_TEXT = 4000
# Moves that have a form of their own.
_ELSEWHERE = frozenset({Status.NEW, Status.FORWARDED, Status.NO_ACTION, Status.DUPLICATE})


class Complaint(Exception):
    """What a deed found wrong with a valid form: a sentence for one of its fields."""

    def __init__(self, field: str, sentence: Any) -> None:
        super().__init__(field)
        self.field = field
        self.sentence = sentence


class DeedForm(forms.Form):
    """About one case. `version` is what the member of staff has before their eyes."""

    version = forms.IntegerField(
        required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput
    )
    use_required_attribute = False

    def __init__(self, data: Any = None, *, case: Case, **options: Any) -> None:
        super().__init__(data, auto_id=f"{self.slug()}-%s", **options)
        self.case = case
        self.initial.setdefault("version", case.report.version)
        self.fit()

    @classmethod
    def slug(cls) -> str:
        """Keeps the ids of a page with several forms apart."""
        return cls.__name__.removesuffix("Form").lower()

    def fit(self) -> None:
        """Make the choices those of the case."""

    @property
    def needs_another_look(self) -> bool:
        """Whether it is to be shown again before anything is done, though it was sent."""
        return False

    def clean_version(self) -> int | None:
        version: int | None = self.cleaned_data["version"]
        return version


def text_field(missing: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": missing,
            "max_length": _("Shorten the text to 4,000 characters."),
        },
    )


class AcceptanceForm(DeedForm):
    pass


class FundForm(DeedForm):
    """To the lost property office: one press."""


class AssignmentForm(DeedForm):
    to: Any = forms.ModelChoiceField(
        queryset=None,
        required=False,
        empty_label=_("nobody"),
        error_messages={"invalid_choice": _("Choose somebody from the list.")},
    )

    def fit(self) -> None:
        field: Any = self.fields["to"]
        field.queryset = colleagues(self.case.report)
        field.label_from_instance = lambda user: user.name
        self.initial.setdefault("to", self.case.report.assignee_id)

    def clean_to(self) -> Any:
        """Who is chosen; with the button „Mir zuweisen“ whoever pressed it."""
        return self.case.user if "mir" in self.data else self.cleaned_data["to"]


class StatusForm(DeedForm):
    status = forms.ChoiceField(
        error_messages={
            "required": _("Choose the new status."),
            "invalid_choice": _("This status can no longer be reached from here. Choose another."),
        },
        widget=forms.RadioSelect,
    )
    text = text_field()

    def fit(self) -> None:
        goals = status_goals(self.case.report.status)
        field: Any = self.fields["status"]
        field.choices = [(goal.value, StatusChoice(goal).label) for goal in goals]
        if len(goals) == 1:
            self.initial.setdefault("status", goals[0].value)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        needs_words = given.get("status") in NEEDS_REASON
        if needs_words and "text" not in self.errors and not given.get("text"):
            self.add_error("text", _("Write down why. The reporter reads it."))
        return given


def status_goals(status: str) -> list[Status]:
    """Where "Status" can take a report from here, in the order of the enumeration."""
    return [goal for goal in Status if goal in MOVES[Status(status)] - _ELSEWHERE]


class RejectionForm(DeedForm):
    reason = text_field(_("Write down why nothing is done. The reporter reads it."), required=True)


class ReopeningForm(DeedForm):
    reason = text_field(
        _("Write down why it is opened again. The reporter reads it."), required=True
    )


class ForwardingForm(DeedForm):
    department: Any = forms.ModelChoiceField(
        queryset=None,
        required=False,
        empty_label=_("somebody else"),
        error_messages={"invalid_choice": _("Choose a department from the list.")},
    )
    outside = forms.CharField(
        required=False,
        max_length=120,
        error_messages={"max_length": _("Shorten the name to 120 characters.")},
    )
    reason = text_field()
    with_contact = forms.BooleanField(required=False)
    clock_anew = forms.BooleanField(required=False)

    @property
    def letter(self) -> Draft | None:
        """What the department gets by mail; None where nobody writes to it. Names no reporter."""
        department = self.cleaned_data.get("department")
        contact = "…" if self.cleaned_data.get("with_contact") else ""
        report = self.case.report
        drafts = notices.forwarded(report, department, contact=contact) if department else []
        return drafts[0] if drafts else None

    def fit(self) -> None:
        field: Any = self.fields["department"]
        field.queryset = departments(self.case.report)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "department" in self.errors or "outside" in self.errors:
            return given
        if not given.get("department") and not given.get("outside"):
            self.add_error("department", _("Choose a department or write down who gets it."))
        if given.get("department") and given.get("outside"):
            self.add_error("outside", _("Choose a department or name somebody else, not both."))
        return given


class NoteForm(DeedForm):
    text = text_field(_("Write something down before you save."), required=True)


class ReleaseForm(DeedForm):
    """Ticks for what the public may see; `photos` are primary keys.

    `public_text` is the description as the public is to read it. `umfang` is the button: "alles"
    ticks everything, "nichts" hides the whole report.
    """

    text = forms.BooleanField(required=False)
    photos = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of the photos is not there any more.")},
    )
    public_text = text_field()
    umfang = forms.ChoiceField(required=False, choices=[("alles", ""), ("nichts", "")])

    def fit(self) -> None:
        field: Any = self.fields["photos"]
        photos = self.case.photos
        field.choices = [(photo.pk, str(photo.position + 1)) for photo in photos]
        self.initial.setdefault("text", self.case.report.is_text_public)
        self.initial.setdefault("public_text", self.case.report.readable_text)
        self.initial.setdefault("photos", [photo.pk for photo in photos if photo.is_released])

    @property
    def boxes(self) -> list[tuple[Any, bool]]:
        """Each photo, and whether it is ticked."""
        ticked = {str(pk) for pk in self["photos"].value() or ()}
        return [(photo, str(photo.pk) in ticked) for photo in self.case.photos]

    def changes(self) -> dict[str, Any]:
        """What triage.release takes: only what differs from now. Empty: nothing to do."""
        report = self.case.report
        known = {photo.pk for photo in self.case.photos}
        shown = {photo.pk for photo in self.case.photos if photo.is_released}
        everything = self.cleaned_data["umfang"] == "alles"
        wanted = known if everything else set(self.cleaned_data["photos"])
        text = everything or bool(self.cleaned_data["text"])
        appears = not report.is_public and (everything or text or bool(wanted))
        changes: dict[str, Any] = {}
        if text != report.is_text_public or appears or (text and self._rewrites):
            changes |= {"text": text, "public_text": self._written}
        if wanted - shown or (appears and wanted):
            changes["photos"] = wanted
        if shown - wanted:
            changes["hidden_photos"] = shown - wanted
        return changes

    @property
    def _written(self) -> str:
        """The text as it was left in its field, with the line ends of the database."""
        return "\n".join(str(self.cleaned_data["public_text"]).splitlines())

    @property
    def _rewrites(self) -> bool:
        report = self.case.report
        return report.waits_for_eyes or self._written not in {"", report.readable_text}


class AcknowledgementForm(DeedForm):
    pass


class SecuringForm(DeedForm):
    text = text_field(
        _("Write down how the place is safe, such as: barrier set up."), required=True
    )


class HazardForm(DeedForm):
    is_hazard = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = text_field()
