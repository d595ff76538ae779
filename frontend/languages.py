"""Where an address tells the language of a page: "/melden", "/en/melden", "/einfach/melden"."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import get_language, get_language_from_request


class PageIn(NamedTuple):
    """A page in a language.

    `here`, `there`: the folders of the present language and of that one. By them a script takes
    along where it has moved on to without a new page.
    `is_wanted`: the reader's browser asks for it, and the address, a German one, told nothing. Then
    it is shown plainly, no more: a shared address shows everybody the same page, and there is no
    cookie that could remember a "no".
    """

    code: str
    name: str
    url: str
    here: str
    there: str
    is_wanted: bool


class LanguageFolder(LocalePrefixPattern):
    """Django's prefix of a language, under a name that people can read."""

    @property
    def language_prefix(self) -> str:
        return _folder(get_language() or settings.LANGUAGE_CODE)


def language_of(path: str) -> str:
    """`path` without a town's folder."""
    first = path.removeprefix("/").partition("/")[0]
    told = (code for code, folder in settings.LANGUAGE_FOLDERS.items() if folder == first)
    return next(told, settings.LANGUAGE_CODE)


def page_in(request: HttpRequest, code: str, *, name: str) -> PageIn:
    """The page that answers `request` in another language.

    A view that answers for another page names that in `request.stands_for`.
    """
    root = get_script_prefix()
    here = root + _folder(get_language() or settings.LANGUAGE_CODE)
    there = root + _folder(code)
    address: str = getattr(request, "stands_for", "") or request.get_full_path()
    rest = address.removeprefix(here).lstrip("/") if address.startswith(here) else ""
    is_wanted = here == root and code == get_language_from_request(request)
    return PageIn(code, name, there + rest, here, there, is_wanted)


def _folder(code: str) -> str:
    folder = settings.LANGUAGE_FOLDERS.get(code)
    return f"{folder}/" if folder else ""
