"""A deed of the desk as a thing with an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from reports.deeds.forms import DeedForm
from reports.models import Report
from reports.workflow import MOVES, Deed, Status
from townhall.models import User


@dataclass(frozen=True)
class Thing:
    """A deed as a thing with an address: `/amt/meldung/CODE/<slug>`.

    `key` opens it from the list and the report (reports/desk/keys.py; each of staff may choose
    others). Without one it is still among all commands.
    """

    slug: str
    icon: str
    deed: Deed
    name: str | Promise
    done: str | Promise
    form: type[DeedForm]
    act: Callable[[Report, User, Any], object]
    fits: Callable[[Report], bool]
    key: str = ""

    @property
    def template(self) -> str:
        return f"reports/staff/deeds/_{self.form.slug()}.html"

    @property
    def url_name(self) -> str:
        return f"desk-{self.slug}"


def leads_to(goal: Status) -> Callable[[Report], bool]:
    return lambda report: goal in MOVES[Status(report.status)]
