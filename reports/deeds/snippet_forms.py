"""Words kept ready, as their keeper writes them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.deeds import placeholders
from reports.deeds.composing import Preview, preview
from reports.deeds.forms import LONGEST_TEXT
from reports.deeds.snippets import Shelf, Wording
from reports.models import Category, Report, Snippet, StatusChoice, Visibility
from reports.workflow import OPEN, Status

# Moves that a snippet can bring along: those of the composer.
_GOALS = (Status.IN_PROGRESS, Status.ON_HOLD, Status.DONE)


def _words(*, required: bool, missing: Any = "") -> forms.CharField:
    return forms.CharField(
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": missing,
            "max_length": _("Shorten the text to 4,000 characters."),
        },
    )


class SnippetForm(forms.Form):
    """`version` is the one that was shown."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Short: it is found by typing its first letters."),
        error_messages={"required": _("Give it a name.")},
    )
    owner = forms.ChoiceField(
        label=_("Whose words are they?"),
        error_messages={"invalid_choice": _("Choose a town or a department of yours.")},
    )
    visibility = forms.ChoiceField(label=_("Who reads it?"), choices=Visibility.choices)
    text = _words(required=True, missing=_("Write the words."))
    text_en = _words(required=False)
    goal = forms.ChoiceField(label=_("New status that goes with it"), required=False)
    statuses = forms.MultipleChoiceField(
        label=_("Offered only while the report is"),
        required=False,
        choices=[(each.value, each.label) for each in StatusChoice if each.value in OPEN],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: always."),
    )
    categories = forms.ModelMultipleChoiceField(
        label=_("Offered only for"),
        queryset=Category.objects.none(),
        required=False,
        help_text=_("Nothing chosen: for all categories."),
    )
    use_required_attribute = False

    def __init__(self, data: Any = None, *, shelf: Shelf, **options: Any) -> None:
        super().__init__(data, auto_id="snippet-%s", **options)
        owner: Any = self.fields["owner"]
        owner.choices = shelf.owners
        goal: Any = self.fields["goal"]
        goal.choices = [
            ("", _("none")),
            *((each.value, StatusChoice(each).label) for each in _GOALS),
        ]
        kinds: Any = self.fields["categories"]
        kinds.queryset = Category.objects.reportable().order_by("group__position", "position")
        kinds.label_from_instance = lambda each: each.label
        self.fields["text"].label = _("Text")
        self.fields["text_en"].label = _("Text in English")
        self.fields["text_en"].help_text = _(
            "For reporters who read English, in what only they read. Empty: they get the German."
        )

    @classmethod
    def of(cls, snippet: Snippet, *, shelf: Shelf) -> SnippetForm:
        town = snippet.municipality_id
        initial = {
            "version": snippet.version,
            "title": snippet.title,
            "owner": f"t:{town}" if town else f"d:{snippet.department_id}",
            "visibility": snippet.visibility,
            "text": snippet.text,
            "text_en": snippet.text_en,
            "goal": snippet.goal,
            "statuses": snippet.statuses,
            "categories": list(snippet.categories.all()),
        }
        return cls(shelf=shelf, initial=initial)

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name in ("text", "text_en"):
            text = str(given.get(name) or "")
            if wrong := placeholders.wrong(text):
                sentence = _("%(places)s is no placeholder that we know. They stand below.")
                self.add_error(name, sentence % {"places": ", ".join(wrong)})
            elif given.get("visibility") != Visibility.REPORTER and placeholders.names_reporter(
                text
            ):
                self.add_error(name, _("{{name}} may stand only in what the reporter alone reads."))
        if given.get("goal") == Status.ON_HOLD and given.get("visibility") != Visibility.PUBLIC:
            self.add_error("goal", _("“On hold” needs a reason that everybody can read."))
        return given

    def wording(self) -> Wording:
        """Of a valid form."""
        given = self.cleaned_data
        return Wording(
            title=given["title"],
            owner=given["owner"],
            visibility=Visibility(given["visibility"]),
            text=given["text"].strip(),
            text_en=given["text_en"].strip(),
            goal=given["goal"],
            statuses=given["statuses"],
            categories=given["categories"],
        )

    def shown(self, report: Report) -> Preview:
        """As it would read for this report."""
        said = str(self["visibility"].value() or "")
        visibility = Visibility(said) if said in Visibility.values else Visibility.PUBLIC
        goal = str(self["goal"].value() or "")
        text = str(self["text"].value() or "")
        return preview(report, visibility, text, goal=goal if goal in _GOALS else "")
