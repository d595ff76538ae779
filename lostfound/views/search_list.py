"""The found things of a view: counted, listed page by page, gathered by area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from django.db.models import Prefetch, Q, prefetch_related_objects

from lostfound.models import Listing, ListingPhoto
from lostfound.queries import ListingQuerySet
from lostfound.searching.search import found, of_towns
from lostfound.searching.sought import Sought
from townhall.models import Municipality

from .search_ask import EVERYWHERE, Ask

PAGE = 30
COUNTED = 1_000
_PICTURES = Prefetch("picture", ListingPhoto.objects.select_related("image"))


class Shelf:
    """`keys` of the municipalities that the site serves; none: all. They come first: the others
    are shown to whoever asks for them. `towns`: those that are known already."""

    def __init__(
        self, ask: Ask, sought: Sought, *, keys: Sequence[str], towns: Iterable[Municipality] = ()
    ) -> None:
        self.ask = ask
        self._towns = {town.pk: town for town in towns}
        self.sought = sought
        self._keys = keys
        self.hits = found(ask.within(keys).selection, sought)

    @cached_property
    def count(self) -> int:
        """How many there are, counted up to COUNTED + 1."""
        return self.hits.order_by()[: COUNTED + 1].count()

    @property
    def is_beyond_counting(self) -> bool:
        return self.count > COUNTED

    @cached_property
    def elsewhere(self) -> int:
        """How many more there are in towns that this site does not serve, up to COUNTED + 1."""
        if not self._keys or self.ask.within(self._keys) is self.ask:
            return 0
        others = found(self.ask.everywhere, self.sought).exclude(of_towns(self._keys))
        return others.order_by()[: COUNTED + 1].count()

    @property
    def address_elsewhere(self) -> str:
        return self.ask.address(town=EVERYWHERE)

    @property
    def listings(self) -> list[Listing]:
        return self._page[:PAGE]

    @property
    def latest(self) -> list[Listing]:
        """As they were published."""
        hits = self.hits.order_by("-published_at", "-id").select_related("office", "municipality")
        return list(hits[:PAGE])

    @property
    def more(self) -> str:
        """The address of the next page; "" on the last."""
        if len(self._page) <= PAGE:
            return ""
        last = self._page[PAGE - 1]
        return self.ask.address(after=f"{last.found_on.isoformat()}_{last.pk}")

    @cached_property
    def _page(self) -> list[Listing]:
        """Three statements, one more for towns that are not known yet: joined, all of them would be
        sorted along with every hit."""
        rows = list(behind(self.hits, self.ask)[: PAGE + 1])
        for row in rows:
            if town := self._towns.get(row.municipality_id):
                row.municipality = town
        prefetch_related_objects(rows, "office", "municipality", _PICTURES)
        return rows


def behind(hits: ListingQuerySet, ask: Ask) -> ListingQuerySet:
    """The hits that come after the last row of the page before."""
    if ask.after is None:
        return hits
    day, row = ask.after
    return hits.filter(found_on__lte=day).filter(Q(found_on__lt=day) | Q(pk__lt=row))
