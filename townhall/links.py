"""Absolute addresses for what leaves the house, in the reader's language."""

from django.conf import settings
from django.urls import get_script_prefix, reverse


def link(name: str, *args: str) -> str:
    """The public address of a page, whichever front door the current request came through."""
    path = reverse(name, args=args)
    return f"{settings.PUBLIC_URL}/{path.removeprefix(get_script_prefix())}"
