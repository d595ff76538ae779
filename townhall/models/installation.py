import uuid
from typing import ClassVar

from django.db import models


class Installation(models.Model):
    """The one row that names this installation. `restore` changes the epoch."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_single")
        ]

    def __str__(self) -> str:
        return str(self.epoch)
