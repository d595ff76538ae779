from typing import ClassVar

from django.db import models


class Image(models.Model):
    """A processed picture: upright, at most 1600 px, without metadata. The original is not kept.

    The id is the client's UUID; `digest` is the SHA-256 of the upload, so that the same upload
    sent again is recognised and another one under the same id is refused. Files lie in the
    default storage under `folder`: `full.webp` and `thumb.webp`.
    """

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)
    folder = models.CharField(max_length=80)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    thumb_width = models.PositiveIntegerField()
    thumb_height = models.PositiveIntegerField()
    colour = models.CharField(max_length=7, default="#dddddd", help_text="Mean colour, #rrggbb")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at"], name="image_created")]

    def __str__(self) -> str:
        return str(self.id)
