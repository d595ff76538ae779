import uuid
from typing import ClassVar

from django.db import models


class Visit(models.Model):
    """A resident without an account asks to see what is kept about their mailbox.

    Asked for by anybody; the link goes to the mailbox, and who presses the button behind it is let
    in for a while. Both tokens are made from the id by a keyed hash and kept as digests only. Rows
    are deleted as soon as nobody can use them any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=12, default="de")
    asked_at = models.DateTimeField()
    link_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    link_until = models.DateTimeField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="visit_asked")]

    def __str__(self) -> str:
        return f"{self.id}"
