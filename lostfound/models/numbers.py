"""File numbers: counted for each office and year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .offices import Office


class FileNumber(models.Model):
    """The last file number that an office has given in a year (file_numbers.next_number)."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "year"], name="file_number_counter")
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}: {self.last}"
