"""Configuration by hand. Never things, losses or claims."""

from __future__ import annotations

from django.contrib import admin
from django.db import models

from lostfound.models import OtherKeeper


@admin.register(OtherKeeper)
class OtherKeeperAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """„Wer könnte es sonst haben?“: what a town names itself stands in place of our defaults."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # noqa: RUF012
    list_display = ("name", "kind", "municipality", "lines", "phone", "is_active")
    list_filter = ("kind", "is_active", "municipality")
    search_fields = ("name",)
