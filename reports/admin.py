"""The configuration pages of the reports."""

from __future__ import annotations

from django.contrib import admin

from reports.models import Crew


@admin.register(Crew)
class CrewAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "department", "is_active")
