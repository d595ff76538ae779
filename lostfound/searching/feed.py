"""New finds for feed readers (Atom, RFC 4287): the public records, nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext

from lostfound.models import Listing
from townhall.links import link

_BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class _Feed(Atom1Feed):
    def latest_post_date(self) -> dt.datetime:
        """Django's says "now" of an empty feed, which would be news each time it is asked for."""
        return super().latest_post_date() if self.items else _BEGINNING


def atom(listings: Iterable[Listing], *, name: str, query: str) -> str:
    """In the reader's language. `query`: of the search that the feed goes on with."""
    page = link("found-search") + query
    feed = _Feed(
        title=gettext("New finds") + f" – {name}",
        link=page,
        description=gettext("What was found and waits for its owner."),
        language=get_language(),
        author_name=name,
        feed_url=link("found-feed") + query,
        feed_guid=page,
    )
    for listing in listings:
        feed.add_item(
            title=listing.title,
            link=link("found-item", listing.code),
            description=f"{listing.area} · {listing.office.name}",
            unique_id=f"urn:augenmerk:found:{listing.code}",
            pubdate=_noon(listing.found_on),
            updateddate=listing.published_at,
            author_name=listing.office.name,
        )
    return str(feed.writeString("utf-8"))


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
