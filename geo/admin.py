"""Layers and what they hold, to look at. Shapes come in by the imports, never by hand."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Area, Layer, Line


@admin.register(Layer)
class LayerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "owner", "slug", "attribution")
    fields = ("name", "owner", "slug", "attribution")
    readonly_fields = ("owner", "slug")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Layer | None = None) -> bool:
        return False


class LookingOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """What a layer holds comes and goes by its import."""

    list_select_related: ClassVar[tuple[str, ...]] = ("layer",)
    search_fields = ("name", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("shape")

    @admin.display(description=_("Validity"), ordering="validity")
    def valid(self, thing: Area | Line) -> str:
        since, until = thing.validity.lower, thing.validity.upper
        if since and until:
            return _("%(since)s to %(until)s") % {"since": since, "until": until}
        if until:
            return _("until %(until)s") % {"until": until}
        return str(_("since %(since)s") % {"since": since} if since else _("always"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Line)
class LineAdmin(LookingOnly):
    list_display = ("name", "key", "road_class", "owner", "in_town", "layer", "valid")
    list_filter = ("layer", "road_class", "owner", "in_town")
    fields = ("layer", "key", "name", "road_class", "owner", "in_town", "valid", "attributes")
    readonly_fields = fields


@admin.register(Area)
class AreaAdmin(LookingOnly):
    list_display = ("name", "key", "layer", "valid")
    list_filter = ("layer",)
    fields = ("layer", "key", "name", "valid", "size", "label_at", "attributes")
    readonly_fields = fields

    @admin.display(description=_("Shape"))
    def size(self, area: Area) -> str:
        west, south, east, north = area.shape.extent
        return _("%(parts)d parts, %(corners)d corners, from %(from)s to %(to)s") % {
            "parts": len(area.shape),
            "corners": area.shape.num_coords,
            "from": f"{south:.4f} N {west:.4f} E",
            "to": f"{north:.4f} N {east:.4f} E",
        }
