"""Forms that somebody has begun and not sent yet."""

from django.db import models


class Unsent(models.Model):
    """What was put into the form so far, for whoever has its link; kept for some hours.

    `fields` is what the form's inputs held: name → values. Once it is sent, only the form's
    own id is left in it, so that the link leads on to the case.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    fields = models.JSONField(default=dict)
    is_sent = models.BooleanField(default=False)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"until {self.expires_at}"
