"""Absolute addresses for what leaves the house, in the reader's language."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse

from townhall import sites
from townhall.models import Municipality


def link(name: str, *args: str, town: Municipality | None = None) -> str:
    """The public address of a page, whichever front door the current request came through.

    `town`: by that town's own door, if it has one: what its people get shows its name. Staff sign
    in by the region's, to which their passkeys belong.
    """
    path = reverse(name, args=args)
    return f"{_door(town)}/{path.removeprefix(get_script_prefix())}"


def _door(town: Municipality | None) -> str:
    public: str = settings.PUBLIC_URL
    site = sites.door_of(town) if town is not None else None
    if site is None:
        return public
    if not site.host:
        return f"{public}/{site.slug}"
    here = urlsplit(public)
    port = f":{here.port}" if here.port else ""
    return here._replace(netloc=f"{site.host}{port}").geturl()
