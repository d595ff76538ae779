"""Questions about reports, in the users' words."""

from __future__ import annotations

from django.db import models


class ReportQuerySet(models.QuerySet):
    """Reports."""


class EventQuerySet(models.QuerySet):
    """Events."""
