"""Fields that take what they say, and nothing that could be made into it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers


class UuidField(serializers.UUIDField):
    """Text. A number would be a UUID to the library, the same for every client that sends 0."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str | UUID):
            self.fail("invalid", value=data)
        found: UUID = super().to_internal_value(data)
        return found
