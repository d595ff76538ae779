"""What somebody does with lists that they gave a name: keep, rename, share, order, drop.

A saved view holds what is asked for and nothing else, so sharing one shows nobody more than they
may see anyway. It is its owner's alone to change.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from reports.desk.wish import Wish
from reports.models import SavedView
from townhall.models import Department, User
from townhall.people import scope_of

LONGEST: int = SavedView._meta.get_field("asks").max_length or 0
MOST = 30  # of one person: each is counted whenever a report changes


class TooMany(Exception):
    """Whoever has so many saved views keeps no further one."""


class TooLong(Exception):
    """It asks for more than an address can hold."""


class NameTaken(Exception):
    """Another of the owner's views has this name."""


def own_views(user: User) -> QuerySet[SavedView]:
    return user.saved_views.select_related("department")


def own_offices(user: User) -> QuerySet[Department]:
    """With whom somebody may share: where they work, and whoever serves the towns they see to."""
    scope = scope_of(user)
    mine = {grant.department_id for grant in scope.grants}
    serving = Q(serves__in=scope.municipality_ids)
    offices = Department.objects.filter(Q(pk__in=mine) | serving, is_active=True)
    return offices.distinct().order_by("name")


def keep(user: User, *, name: str, asks: str, department: Department | None) -> SavedView:
    """Save a list under a name; one of the same name is replaced. Raises TooMany and TooLong."""
    asks = Wish.of(asks).first_page.query
    if len(asks) > LONGEST:
        raise TooLong
    with transaction.atomic():
        taken = _locked(user)
        known = next((view for view in taken if view.name == name), None)
        if known is None and len(taken) >= MOST:
            raise TooMany
        view = known or SavedView(owner=user, name=name, position=len(taken))
        view.asks = asks
        view.department = department
        view.save()
    return view


def change(view: SavedView, *, name: str, department: Department | None) -> None:
    """Rename it, share it with another department or with nobody. Raises NameTaken."""
    view.name, view.department = name, department
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "department"])
    except IntegrityError:
        raise NameTaken(name) from None


def drop(view: SavedView) -> None:
    view.delete()


def move(view: SavedView, *, by: int) -> None:
    """One place up (-1) or down (1) among its owner's."""
    with transaction.atomic():
        views = list(_locked(view.owner))
        place = next((n for n, each in enumerate(views) if each.pk == view.pk), None)
        if place is None or not 0 <= place + by < len(views):
            return
        views[place], views[place + by] = views[place + by], views[place]
        for position, each in enumerate(views):
            each.position = position
        SavedView.objects.bulk_update(views, ["position"])


def _locked(user: User) -> Sequence[SavedView]:
    """All of this person's, in order. Two windows of theirs wait for each other."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    return list(user.saved_views.all())
