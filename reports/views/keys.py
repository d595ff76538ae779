"""The desk's keys as a page to change them, and as the board that the desk's script reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from reports.deeds.bulk_deeds import BULKS
from reports.desk import keys
from reports.desk.keys import GROUP_NAMES, Command, Group
from reports.views.thing import Thing
from reports.views.things import THINGS
from townhall.models import User
from townhall.views.sign_in import StaffRequest, staff_only


@dataclass(frozen=True)
class Board:
    """The keys of one member of staff, for the dialogs and the script."""

    user: User
    groups: list[tuple[str, list[tuple[Command, str]]]]

    @classmethod
    def of(cls, user: User, things: Iterable[Thing]) -> Board:
        every = keys.commands(things)
        chosen = keys.chosen(user, every)
        return cls(
            user,
            [
                (str(name), [(each, chosen[each.name]) for each in every if each.group == group])
                for group, name in GROUP_NAMES.items()
            ],
        )

    @property
    def is_on(self) -> bool | None:
        return keys.is_on(self.user)

    @property
    def facts(self) -> dict[str, Any]:
        """What the script reads."""
        return {
            "on": self.is_on,
            "me": self.user.pk,
            "many": list(BULKS),
            "keys": {each.name: key for _name, rows in self.groups for each, key in rows if key},
            "words": {
                "none": gettext("That is not possible here."),
                "not_many": gettext("That can only be done to one report. Tick only one."),
                "first": gettext("Choose a report first."),
                "nothing": gettext("There is nothing to take back."),
                "last": gettext("There is no further report in the list."),
                "failed": gettext("That did not work. Try again."),
                "open": gettext("Open report {code}"),
                "search": gettext("Search for “{words}”"),
                "view": gettext("View"),
                "page": gettext("Page"),
                "report": gettext("Report"),
            },
        }


def undo_key(user: User) -> str:
    """The key that takes back, "" as long as keys are off."""
    return keys.chosen(user, keys.commands(THINGS.values()))["undo"] if keys.is_on(user) else ""


class KeysForm(forms.Form):
    """A field for each command, named as it."""

    on = forms.BooleanField(required=False)
    use_required_attribute = False

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"on": keys.is_on(user)}, auto_id="taste-%s")
        self.every = keys.commands(THINGS.values())
        for name, key in keys.chosen(user, self.every).items():
            self.fields[name] = forms.CharField(
                required=False,
                max_length=3,
                strip=True,
                initial=key,
                error_messages={"max_length": _("One sign, or two one after the other.")},
            )

    @property
    def rows(self) -> list[tuple[str, list[tuple[Command, forms.BoundField]]]]:
        return [
            (str(name), [(each, self[each.name]) for each in self.every if each.group == group])
            for group, name in GROUP_NAMES.items()
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        wanted = {
            each.name: keys.tidy(given[each.name]) for each in self.every if each.name in given
        }
        for name, key in wanted.items():
            if not keys.is_possible(key):
                self.add_error(
                    name, _("One sign without AltGr, or two one after the other, such as g e.")
                )
        words = {each.name: str(each.words) for each in self.every}
        for name, other in keys.conflicts(wanted).items():
            if name not in self.errors:
                self.add_error(
                    name, gettext("“%(other)s” has this key already.") % {"other": words[other]}
                )
        return given | wanted

    @property
    def wanted(self) -> dict[str, str]:
        return {each.name: self.cleaned_data[each.name] for each in self.every}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def keys_page(request: StaffRequest) -> HttpResponse:
    """See and change one's own keys. Works without scripts."""
    user = request.user
    if request.method != "POST":
        return _show(request, KeysForm(user=user))
    if "zuruecksetzen" in request.POST:
        keys.reset(user)
        messages.success(request, _("All keys are as they were at the beginning."))
        return _again()
    form = KeysForm(request.POST, user=user)
    if not form.is_valid():
        return _show(request, form, status=422)
    keys.choose(user, form.wanted, form.every)
    keys.switch(user, on=form.cleaned_data["on"])
    messages.success(request, _("Your keys are saved."))
    return _again()


@require_POST
@staff_only
def keys_switch(request: StaffRequest) -> HttpResponse:
    """On or off, from the help dialog."""
    keys.switch(request.user, on=request.POST.get("on") == "1")
    if request.headers.get("X-Fragment"):
        return HttpResponse(status=204)
    return _again()


def _again() -> HttpResponse:
    response = HttpResponseRedirect(reverse("keys"))
    response.status_code = 303
    return response


def _show(request: StaffRequest, form: KeysForm, *, status: int = 200) -> HttpResponse:
    facts = {"form": form, "groups": Group}
    return render(request, "reports/staff/keys/page.html", facts, status=status)
