"""`/api/v1/desk/views/`: the desk's lists with their counts, and those that somebody saved."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from frontend.problems import problem
from reports.api.deeds import Flag, Words, like
from reports.api.desk import DeskView
from reports.desk import desk, saved
from reports.desk.lists import FIRST, VIEWS
from reports.desk.shelf import Saved
from reports.desk.terms import MOST_LETTERS
from reports.desk.wish import Wish
from reports.models import SavedView
from townhall.models import Department, User

_SAVED: dict[str, Any] = {
    "id": 4,
    "name": "Dringendes am Fluss",
    "view": "alle",
    "q": "prio:dringend ort:lauter",
    "is_own": True,
    "shared_with": "Tiefbauamt Bensheim",
    "count": 12,
}


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────
class ListShape(serializers.Serializer[Any]):
    view = serializers.ChoiceField(list(VIEWS), help_text="For `view` of the list")
    name = serializers.CharField()
    count = serializers.IntegerField(help_text="1000: counting stopped there")


@like(**_SAVED)
class SavedShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="For `saved` of the list")
    name = serializers.CharField()
    view = serializers.ChoiceField(list(VIEWS))
    q = serializers.CharField(allow_blank=True, help_text="Filters, words and order")
    is_own = serializers.BooleanField(help_text="Yours to change")
    shared_with = serializers.CharField(allow_null=True, help_text="A department's name")
    count = serializers.IntegerField(allow_null=True, help_text="Of what you may see of it")


@like(views=[{"view": "eingang", "name": "Eingang", "count": 42}], saved=[_SAVED])
class ViewsAnswer(serializers.Serializer[Any]):
    views = ListShape(many=True)
    saved = SavedShape(many=True, help_text="Your own in their order, then those of your offices")


class _Named(serializers.Serializer[Any]):
    name = Words(max_length=60)
    department = serializers.SlugField(
        max_length=60,
        required=False,
        allow_null=True,
        default=None,
        help_text="Shared with everybody who works there; null: only for you",
    )


@like(name="Dringendes am Fluss", department="bensheim-tiefbau")
class ViewChange(_Named):
    """Another name, shared with others or with nobody."""


@like(name="Dringendes am Fluss", view="alle", q="prio:dringend ort:lauter", department=None)
class ViewWish(_Named):
    view = serializers.ChoiceField(list(VIEWS), required=False, default=FIRST.slug)
    q = Words(max_length=MOST_LETTERS, required=False, default="", allow_blank=True)


@like(up=True)
class Place(serializers.Serializer[Any]):
    up = Flag(help_text="false: one place down")


# ── Doors ────────────────────────────────────────────────────────────────────────────────────
_REFUSALS = {
    401: OpenApiResponse(description="Nobody is signed in"),
    403: OpenApiResponse(description="You do not work here, or no CSRF token"),
}


class ViewsView(DeskView):
    @extend_schema(
        summary="The desk's lists and your saved views, each with its count",
        operation_id="desk_views",
        responses={200: ViewsAnswer, **_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        assert isinstance(request.user, User)
        overview = desk.overview(request.user, today=timezone.localdate())
        lists = [
            {"view": each.view.slug, "name": str(each.view.name), "count": each.count}
            for each in overview.counters
        ]
        kept = [_kept_json(each.saved, each.wish, each.count) for each in overview.saved]
        return Response({"views": lists, "saved": kept})

    @extend_schema(
        summary="Save a list under a name; one of yours with this name is replaced",
        operation_id="desk_views_save",
        request=ViewWish,
        responses={
            200: SavedShape,
            **_REFUSALS,
            422: OpenApiResponse(description="You have as many as anybody may"),
        },
    )
    def post(self, request: Request) -> Any:
        user = self.doer(request)
        said = ViewWish(data=request.data)
        said.is_valid(raise_exception=True)
        given = said.validated_data
        wish = Wish.parse({"ansicht": given["view"], "q": given["q"]})
        for trouble in wish.troubles(user, today=timezone.localdate()):
            raise ValidationError({"q": [trouble.sentence]})
        office = _office(given["department"], user)
        try:
            view = saved.keep(user, name=given["name"], asks=wish.query, department=office)
        except saved.TooMany:
            return problem(422, detail=str(_("You have 30 saved views. Delete one first.")))
        except saved.TooLong:
            sentence = _("This filter is too long to be saved. Shorten it.")
            raise ValidationError({"q": [sentence]}) from None
        return Response(_view_json(view))


class OwnView(DeskView):
    """One of one's own; others' are 404, also those that are shared with this user."""

    @extend_schema(
        summary="Rename a saved view, or share it",
        operation_id="desk_view_change",
        request=ViewChange,
        responses={
            200: SavedShape,
            **_REFUSALS,
            409: OpenApiResponse(description="Another of your views has this name"),
        },
    )
    def put(self, request: Request, view: int) -> Any:
        user = self.doer(request)
        own = get_object_or_404(saved.own_views(user), pk=view)
        said = ViewChange(data=request.data)
        said.is_valid(raise_exception=True)
        given = said.validated_data
        try:
            saved.change(own, name=given["name"], department=_office(given["department"], user))
        except saved.NameTaken:
            return problem(409, detail=str(_("Another of your views has this name.")))
        return Response(_view_json(own))

    @extend_schema(
        summary="Delete a saved view; the reports in it stay as they are",
        operation_id="desk_view_delete",
        responses={204: OpenApiResponse(description="Deleted"), **_REFUSALS},
    )
    def delete(self, request: Request, view: int) -> Response:
        user = self.doer(request)
        saved.drop(get_object_or_404(saved.own_views(user), pk=view))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PlaceView(DeskView):
    @extend_schema(
        summary="Move a saved view one place up or down among yours",
        operation_id="desk_view_place",
        request=Place,
        responses={200: SavedShape, **_REFUSALS},
    )
    def post(self, request: Request, view: int) -> Response:
        user = self.doer(request)
        own = get_object_or_404(saved.own_views(user), pk=view)
        said = Place(data=request.data)
        said.is_valid(raise_exception=True)
        saved.move(own, by=-1 if said.validated_data["up"] else 1)
        return Response(_view_json(own))


def _office(slug: str | None, user: User) -> Department | None:
    if not slug:
        return None
    office = saved.own_offices(user).filter(slug=slug).first()
    if office is None:
        raise ValidationError({"department": [_("Choose a department from the list.")]})
    return office


def _view_json(view: SavedView) -> dict[str, Any]:
    """Just changed: nobody has counted it yet."""
    name = view.department.name if view.department else ""
    kept = Saved(view.pk, view.name, view.asks, is_own=True, shared_with=name)
    return _kept_json(kept, Wish.of(view.asks), None)


def _kept_json(kept: Saved, wish: Wish, count: int | None) -> dict[str, Any]:
    return {
        "id": kept.pk,
        "name": kept.name,
        "view": wish.view.slug,
        "q": wish.text,
        "is_own": kept.is_own,
        "shared_with": kept.shared_with or None,
        "count": count,
    }
