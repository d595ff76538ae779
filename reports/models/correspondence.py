"""Whether a reporter still hears of changes by mail."""

from django.db import models
from django.db.models import Q

from .cases import Contact


class Correspondence(models.Model):
    """The letters to one contact: how to end them, and whether they have ended.

    Made with the first letter about a change. The token of `token_digest` stands in those letters
    and can do nothing but end them, or begin them again.
    """

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="correspondence")
    token_digest = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="The reporter wants no more")
    unreachable_at = models.DateTimeField(
        null=True, blank=True, help_text="Their mail server said that there is no such address"
    )

    def __str__(self) -> str:
        return f"letters to {self.contact_id}"

    @property
    def goes_on(self) -> bool:
        return self.ended_at is None and self.unreachable_at is None


GOES_ON = Q(correspondence=None) | Q(
    correspondence__ended_at=None, correspondence__unreachable_at=None
)
