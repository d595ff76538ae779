"""What residents send about a report: the shape of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports.models import ProblemReason, RemarkKind
from reports.receiving.forms import LinesField, uuids_in
from reports.voices.remarks import MAX_PHOTOS, Saying


class RemarkForm(forms.Form):
    """One form for all kinds; reports.remarks knows what each of them needs.

    `photo_ids` are pictures that lie ready. `photo` stands here for its complaints only.
    """

    client_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Please send it once more.")),
    )
    reason = forms.CharField(required=False, max_length=20)
    text = LinesField(required=False, max_length=8000)
    photo = forms.Field(required=False, widget=forms.FileInput)
    use_required_attribute = False

    photo_ids: tuple[uuid.UUID, ...]

    def __init__(self, filled: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(filled, auto_id="remark-%s", **options)
        lists = filled if isinstance(filled, QueryDict) else QueryDict()
        self.photo_ids = tuple(dict.fromkeys(uuids_in(lists.getlist("photos"))))[:MAX_PHOTOS]

    @classmethod
    def blank(cls) -> RemarkForm:
        return cls(initial={"client_id": uuid.uuid4()})

    @property
    def client_uuid(self) -> uuid.UUID:
        """The page's own id; a fresh one where somebody tampered with it."""
        known = next(uuids_in([str(self["client_id"].value() or "")]), None)
        if known is None:
            known = uuid.uuid4()
            self.start_anew(known)
        return known

    def start_anew(self, client_id: uuid.UUID | None = None) -> None:
        """What is sent next is another remark."""
        self.data = dict(self.data.items()) | {"client_id": str(client_id or uuid.uuid4())}

    @property
    def is_suspect(self) -> bool:
        """No person sees the field "website"."""
        return bool(str(self.data.get("website", "")).strip())

    @property
    def reasons(self) -> list[tuple[str, Any, bool]]:
        """Value, words, and whether it is chosen."""
        chosen = str(self["reason"].value() or "")
        return [(str(value), label, value == chosen) for value, label in ProblemReason.choices]

    def saying(self, kind: RemarkKind, **more: Any) -> Saying:
        """What reports.remarks takes. Of a valid form."""
        given = self.cleaned_data
        takes_photos = kind in {RemarkKind.MORE, RemarkKind.NOT_FIXED}
        return Saying(
            client_id=given["client_id"],
            kind=kind,
            text=given["text"] if kind != RemarkKind.FIXED else "",
            photo_ids=self.photo_ids if takes_photos else (),
            reason=given["reason"] if kind == RemarkKind.PROBLEM else "",
            is_suspect=self.is_suspect,
            **more,
        )

    def refuse(self, errors: Mapping[str, Iterable[Any]]) -> None:
        for name, sentences in errors.items():
            for sentence in sentences:
                self.complain({"photos": "photo"}.get(name, name), sentence)

    def complain(self, field: str, sentence: Any) -> None:
        """`field` "" is the form as a whole."""
        self.is_valid()  # makes a place for complaints
        self.add_error(field or None, sentence)
