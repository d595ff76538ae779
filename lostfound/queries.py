"""Questions about found and lost things, in the users' words, each within what one may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from lostfound.workflow import COUNTER_ROLES, OPEN
from townhall.people import scope_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from lostfound.models import (  # noqa: F401 (read in strings)
        Claim,
        FindReport,
        FoundItem,
        Listing,
        LossReport,
    )

    Visitor = AbstractBaseUser | AnonymousUser


def of_own_offices(user: Visitor, office: str = "") -> Q:
    """Rows of the offices at whose counter the user works, or which the user sets up.

    `office`: the path from the row to its office ("item__office__"), empty for offices themselves.
    """
    grants = [grant for grant in scope_of(user).grants if grant.role in COUNTER_ROLES]
    departments = {grant.department_id for grant in grants if grant.role == "fundbuero"}
    towns = {
        town for grant in grants if grant.role == "administrator" for town in grant.municipality_ids
    }
    return Q(**{f"{office}department__in": departments}) | Q(**{f"{office}municipality__in": towns})


class ItemQuerySet(models.QuerySet["FoundItem"]):
    def visible_to(self, user: Visitor) -> ItemQuerySet:
        """Staff of the office see the thing; everybody else reads listings."""
        return self.filter(of_own_offices(user, "office__"))

    def wholes(self) -> ItemQuerySet:
        """Without parts, which are seen with their whole."""
        return self.filter(part_of=None)

    def still_here(self) -> ItemQuerySet:
        return self.filter(state__in=OPEN)

    def alone(self) -> ItemQuerySet:
        """What lies by itself: wholes, and parts kept elsewhere than their whole."""
        return self.filter(
            Q(part_of=None) | Q(part_of__storage=None) | ~Q(part_of__storage=F("storage"))
        )


class LossQuerySet(models.QuerySet["LossReport"]):
    def visible_to(self, user: Visitor) -> LossQuerySet:
        """Staff see losses in the municipality of their office, and those that may be theirs.

        The second kind: where the matcher or the owner has found something of their office.
        """
        at_home = of_own_offices(user, "municipality__offices__")
        hit = of_own_offices(user, "matches__item__office__")
        return self.filter(
            Q(pk__in=self.model.objects.filter(at_home).values("pk"))
            | Q(pk__in=self.model.objects.filter(hit).values("pk"))
        )

    def open(self) -> LossQuerySet:
        return self.filter(state="open")


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Visitor) -> ClaimQuerySet:
        """Staff of the office that keeps the thing. The claimant has a capability instead."""
        return self.filter(of_own_offices(user, "item__office__"))


class ListingQuerySet(models.QuerySet["Listing"]):
    def public(self) -> ListingQuerySet:
        """What everybody may read now."""
        return self.filter(ended_at=None)


class OfOfficeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Visitor) -> OfOfficeQuerySet:
        """What belongs to an office: its staff see it."""
        return self.filter(of_own_offices(user, "office__"))


class DeadlineQuerySet(OfOfficeQuerySet):
    def wholes(self) -> DeadlineQuerySet:
        """Without parts that share their whole's fate."""
        return self.filter(with_whole=False)


class FindQuerySet(models.QuerySet["FindReport"]):
    def visible_to(self, user: Visitor) -> FindQuerySet:
        """Staff of the office that the finder was led to. The finder has a capability instead."""
        return self.filter(of_own_offices(user, "office__"))

    def waiting(self) -> FindQuerySet:
        """What staff have still to look at, or the finder to answer."""
        return self.filter(state__in=["waiting", "query"])
