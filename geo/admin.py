"""Layers and their areas, to look at. Shapes come in by `import_areas`, never by hand."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Area, Layer


@admin.register(Layer)
class LayerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "owner", "slug", "attribution")
    fields = ("name", "owner", "slug", "attribution")
    readonly_fields = ("owner", "slug")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Layer | None = None) -> bool:
        return False


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "key", "layer", "valid")
    list_filter = ("layer",)
    list_select_related = ("layer",)
    search_fields = ("name", "key")
    fields = ("layer", "key", "name", "valid", "size", "label_at", "attributes")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Area]:
        return super().get_queryset(request).defer("shape")

    @admin.display(description=_("Shape"))
    def size(self, area: Area) -> str:
        west, south, east, north = area.shape.extent
        return _("%(parts)d parts, %(corners)d corners, from %(from)s to %(to)s") % {
            "parts": len(area.shape),
            "corners": area.shape.num_coords,
            "from": f"{south:.4f} N {west:.4f} E",
            "to": f"{north:.4f} N {east:.4f} E",
        }

    @admin.display(description=_("Validity"), ordering="validity")
    def valid(self, area: Area) -> str:
        since, until = area.validity.lower, area.validity.upper
        if since and until:
            return _("%(since)s to %(until)s") % {"since": since, "until": until}
        if until:
            return _("until %(until)s") % {"until": until}
        return str(_("since %(since)s") % {"since": since} if since else _("always"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Area | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Area | None = None) -> bool:
        return False
