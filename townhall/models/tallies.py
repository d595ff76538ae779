from django.db import models


class Tally(models.Model):
    """How much of a limit is used up, as the moment at which nothing of it will be (limits.py).

    `key` is a keyed hash of the limit's name and of whom it counts. An unlogged table: it costs no
    write to disk at commit, and is empty after a crash of the database.
    """

    key = models.CharField(primary_key=True, max_length=43)
    free_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return self.key
