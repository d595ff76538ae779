from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class TrailSeal(models.Model):
    """A batch of facts under one digest, chained to the batch before. Appended, never changed."""

    number = models.PositiveIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    previous = models.CharField(max_length=64, help_text="Digest of the seal before; 0…0 at first")
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest[:16]}"


class TrailPart(models.Model):
    """The facts of one kind in a batch: rows, the cases they belong to, and 32 bytes of each."""

    seal = models.ForeignKey(TrailSeal, on_delete=models.CASCADE, related_name="parts")
    trail = models.CharField(max_length=20)
    rows = ArrayField(models.BigIntegerField(), help_text="Primary keys, ascending")
    cases = ArrayField(models.BigIntegerField(), help_text="Of each row; keys of the cases")
    leaves = models.BinaryField(help_text="32 bytes each: 16 of the fact, 16 of who did it")
    last_row = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seal", "trail"], name="trail_part_once")
        ]
        indexes: ClassVar = [models.Index(fields=["trail", "-last_row"], name="trail_part_last")]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.trail}"


class TrailSalt(models.Model):
    """What keeps a digest from being guessed. It goes with its case, and then nothing can be."""

    trail = models.CharField(max_length=20)
    case = models.BigIntegerField()
    salt = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trail", "case"], name="trail_salt_once")
        ]

    def __str__(self) -> str:
        return f"{self.trail} {self.case}"
