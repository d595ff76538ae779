"""Configuration by hand: towns, departments, people, front doors. Never cases.

For superusers: whoever sets up departments decides who sees what.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.request import validate_host
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from . import sites
from .account import factors, sessions
from .models import (
    ClosingDay,
    Department,
    Membership,
    Municipality,
    Site,
    StaffSession,
    User,
)

LANDS = "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
KEY = re.compile(r"\d{8}", re.ASCII)


admin.site.site_title = admin.site.site_header = _("Augenmerk: set-up")
admin.site.index_title = _("Towns, people, areas")
admin.site.unregister(Group)  # roles come from memberships


def entrance(request: HttpRequest) -> HttpResponse:
    """The one sign-in page of the house, instead of the admin's own. 403 for who may not enter."""
    if request.user.is_authenticated:
        raise PermissionDenied
    goal = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': goal})}")


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0


class ClosingDayInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ClosingDay
    extra = 0


@admin.register(User)
class StaffAdmin(UserAdmin):  # type: ignore[type-arg]
    """A person's name, password and memberships; what they may see follows from these."""

    list_display = ("username", "last_name", "first_name", "email", "is_active")
    list_filter = ("is_active", "is_superuser", "memberships__role")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    filter_horizontal = ()
    actions = ("reset_second_factor", "end_sessions")

    @admin.action(description=_("Reset the second factor (lost phone)"))
    def reset_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        count = sum(factors.reset(each, by=_acting(request)) for each in people)
        _sign_out_the_unproven(request)
        self.message_user(request, _("Second factor reset: %(n)d") % {"n": count})

    @admin.action(description=_("Sign out everywhere"))
    def end_sessions(self, request: HttpRequest, people: QuerySet[User]) -> None:
        by, rows = _acting(request), StaffSession.objects.all()
        count = sum(sessions.end(each, rows, by=by) for each in people)
        self.message_user(request, _("Sessions ended: %(n)d") % {"n": count})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        _sign_out_the_unproven(request)


def _acting(request: HttpRequest) -> User:
    user: Any = request.user
    found: User = user
    return found


def _sign_out_the_unproven(request: HttpRequest) -> None:
    """Towns and memberships decide of whom a second factor is required: from now on, not later."""
    sessions.end_unproven(by=_acting(request))


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "kind", "email", "is_active")
    list_filter = ("kind", "is_active", "serves")
    search_fields = ("name", "email")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012
    filter_horizontal = ("serves",)
    inlines = (MembershipInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        _sign_out_the_unproven(request)


class MunicipalityForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not KEY.fullmatch(key):
            raise forms.ValidationError(_("The key has eight digits, such as 06431002."))
        return key

    def clean_land(self) -> str:
        land: str = self.cleaned_data["land"].upper()
        if land not in LANDS.split():
            raise forms.ValidationError(
                _("There is no Land %(land)s. One of: %(lands)s."),
                params={"land": land, "lands": LANDS},
            )
        return land

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        opens, closes = values.get("opens_at"), values.get("closes_at")
        if opens and closes and not opens < closes:
            self.add_error("closes_at", _("It closes before it opens."))
        return values


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = MunicipalityForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # noqa: RUF012
    list_display = ("name", "key", "kind", "land", "fallback_department")
    list_filter = ("land",)
    list_select_related = ("fallback_department",)
    search_fields = ("name", "key")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012
    inlines = (ClosingDayInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        _sign_out_the_unproven(request)


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A slug becomes the first part of every path, so it must not hide a page."""

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and _is_taken(slug):
            raise forms.ValidationError(_("The address /%(slug)s is taken."), params={"slug": slug})
        return slug

    def clean_host(self) -> str | None:
        host = (self.cleaned_data["host"] or "").strip().lower()
        if host and not validate_host(host, settings.ALLOWED_HOSTS):
            raise forms.ValidationError(
                _("%(host)s is not among ALLOWED_HOSTS."), params={"host": host}
            )
        return host or None

    def clean_brand_colour(self) -> str:
        colour: str = self.cleaned_data["brand_colour"]
        if not COLOUR.fullmatch(colour):
            raise forms.ValidationError(_("Write the colour as #rrggbb, such as #1a3da5."))
        return colour.lower()


def _is_taken(slug: str) -> bool:
    """Does a page, or all of a folder, live at this address already?"""
    languages = {code for code, _name in settings.LANGUAGES}
    languages.update(settings.LANGUAGE_FOLDERS.values())
    folders = {"api", "admin", "amt", "live", "media", "metrics", "open311", "ogc", "static"}
    return slug in languages | folders | {"verwaltung", "r", "foto", "meldung"} or any(
        _resolves(path) for path in (f"/{slug}", f"/{slug}/")
    )


def _resolves(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


@admin.register(Site)
class SiteAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = SiteForm
    list_display = ("name", "slug", "host")
    filter_horizontal = ("municipalities",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        sites.forget()

    def delete_model(self, request: HttpRequest, obj: Site) -> None:
        super().delete_model(request, obj)
        sites.forget()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Site]) -> None:
        super().delete_queryset(request, queryset)
        sites.forget()
