"""What claimants send: the shape of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lostfound.claiming.claims import MAX_ANSWER, MAX_IMAGES, MAX_TEXT, Wish

LEAST_WORDS = 3  # characters; less says nothing
_AGAIN = dict.fromkeys(("required", "invalid"), _("Please send it once more."))


class LinesField(forms.CharField):
    """Text with line breaks; browsers send them as CR LF and count them as one character."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return str(super().to_python(text.replace("\r\n", "\n").replace("\r", "\n")))


class PhotosForm(forms.Form):
    """`image_ids` are pictures that lie ready. `photo` stands here for its complaints only."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, error_messages=_AGAIN)
    text = LinesField(
        required=False,
        max_length=MAX_TEXT,
        error_messages={"max_length": _("Shorten the text to 2,000 characters.")},
    )
    photo = forms.Field(required=False, widget=forms.FileInput)
    use_required_attribute = False

    image_ids: tuple[uuid.UUID, ...]

    def __init__(self, filled: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(filled, **options)
        lists = filled if isinstance(filled, QueryDict) else QueryDict()
        self.image_ids = tuple(dict.fromkeys(_uuids(lists.getlist("photos"))))[:MAX_IMAGES]

    @classmethod
    def blank(cls, **initial: Any) -> Any:
        return cls(initial={"client_id": uuid.uuid4(), **initial})

    @property
    def client_uuid(self) -> uuid.UUID:
        """The page's own id; a fresh one where somebody tampered with it."""
        known = next(_uuids([str(self["client_id"].value() or "")]), None)
        if known is None:
            known = uuid.uuid4()
            self.start_anew(known)
        return known

    def start_anew(self, client_id: uuid.UUID | None = None) -> None:
        """What is sent next is another one."""
        filled = QueryDict(mutable=True)
        filled.update(self.data)
        filled["client_id"] = str(client_id or uuid.uuid4())
        self.data = filled

    @property
    def is_suspect(self) -> bool:
        """No person sees the field "website"."""
        return bool(str(self.data.get("website", "")).strip())

    def complain(self, field: str, sentence: Any) -> None:
        """`field` "" is the form as a whole."""
        self.is_valid()  # makes a place for complaints
        self.add_error(field or None, sentence)


class ClaimForm(PhotosForm):
    """The questions are those of the thing, or none; answers stand in fields of their own."""

    name = forms.CharField(
        max_length=120,
        error_messages={
            "required": _("Enter your name."),
            "max_length": _("Keep the name under 120 characters."),
        },
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        error_messages=dict.fromkeys(
            ("invalid", "max_length"), _("Enter an e-mail address such as name@example.org.")
        ),
    )
    phone = forms.CharField(
        required=False,
        max_length=40,
        error_messages={"max_length": _("Keep the phone number under 40 characters.")},
    )
    postal_address = forms.CharField(
        required=False,
        max_length=200,
        error_messages={"max_length": _("Keep the address under 200 characters.")},
    )
    field_order: Any = None

    def __init__(
        self,
        filled: Mapping[str, Any] | None = None,
        *,
        questions: Sequence[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(filled, **options)
        self.questions = questions
        for position in range(len(questions)):
            self.fields[f"answer_{position}"] = forms.CharField(
                required=False,
                max_length=MAX_ANSWER,
                error_messages={"max_length": _("Shorten the answer to 300 characters.")},
            )

    @classmethod
    def blank(cls, *, questions: Sequence[str] = (), **initial: Any) -> ClaimForm:
        return cls(questions=questions, initial={"client_id": uuid.uuid4(), **initial})

    @property
    def asked(self) -> list[tuple[str, BoundField]]:
        return [(question, self[f"answer_{n}"]) for n, question in enumerate(self.questions)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not self._says_something:
            field = "answer_0" if self.questions else "text"
            self.add_error(field, _("Say how we can tell that it is yours."))
        reachable = any(given.get(each) for each in ("email", "phone", "postal_address"))
        if not reachable and not {"email", "phone", "postal_address"} & set(self.errors):
            self.add_error(
                "email", _("Enter an e-mail address, a phone number or a postal address.")
            )
        return given

    @property
    def _says_something(self) -> bool:
        said = [self.cleaned_data.get("text", ""), *(answer for _q, answer in self.answers)]
        return any(len(each.strip()) >= LEAST_WORDS for each in said) or any(
            answer.strip() for _question, answer in self.answers
        )

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (question, self.cleaned_data.get(f"answer_{n}", ""))
            for n, question in enumerate(self.questions)
        )

    def wish(self, wanted: str, **more: Any) -> Wish:
        """What claims.submit takes. Of a valid form."""
        given = self.cleaned_data
        return Wish(
            client_id=given["client_id"],
            wanted=wanted,
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            postal_address=given["postal_address"],
            answers=self.answers,
            text=given["text"],
            image_ids=self.image_ids,
            is_suspect=self.is_suspect,
            **more,
        )


class MoreForm(PhotosForm):
    """More proof, an answer, or why somebody should look again."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        says_nothing = len(given.get("text", "").strip()) < LEAST_WORDS and not self.image_ids
        if "text" not in self.errors and says_nothing:
            self.add_error("text", _("Write a few words."))
        return given


def _uuids(texts: Iterable[str]) -> Iterator[uuid.UUID]:
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue
