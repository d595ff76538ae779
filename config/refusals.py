"""Sentences for requests that the edge turns away before Django sees them."""

import json
from collections.abc import Mapping
from html import escape
from http import HTTPStatus

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from django.utils.translation.trans_real import parse_accept_lang_header

from frontend.languages import language_of

from .headers import of_a_refusal

RETRY_AFTER_S = 10

_SENTENCES: Mapping[HTTPStatus, str] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext_noop(
        "That is too much at once. Please send fewer or smaller photos."
    ),
    HTTPStatus.REQUEST_TIMEOUT: gettext_noop(
        "The connection was too slow, and nothing was sent. Please try again."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: gettext_noop(
        "We are busier than usual. Please try again in a minute; nothing was sent."
    ),
}


def refusal(
    status: HTTPStatus, path: str, accept: str, languages: str = ""
) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of an answer that ends the connection: problem+json or a small page.

    `accept` and `languages` are the headers Accept and Accept-Language. Only programs at the API
    are asked for their language: elsewhere the address tells it.
    """
    is_api = path.startswith("/api/")
    language = _spoken(languages) if is_api else _language_of(path)
    with translation.override(language):
        sentence = gettext(_SENTENCES[status])
    if is_api or "json" in accept:
        kind, content = "application/problem+json", _problem(status, sentence)
    else:
        kind, content = "text/html; charset=utf-8", _small_page(sentence, language=language)
    headers = [
        (b"content-type", kind.encode()),
        (b"content-language", language.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
        *of_a_refusal(),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(RETRY_AFTER_S).encode()))
    return headers, content


def plain_page(path: str) -> bytes:
    """A page that needs no template, no style sheet and no database."""
    language = _language_of(path)
    with translation.override(language):
        return _small_page(gettext(_SENTENCES[HTTPStatus.SERVICE_UNAVAILABLE]), language=language)


def _spoken(languages: str) -> str:
    """The first of Accept-Language that we have; German when there is none."""
    for language, _weight in parse_accept_lang_header(languages):
        try:
            return translation.get_supported_language_variant(language)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _language_of(address: str) -> str:
    """Of "/en/melden" and of "/bensheim/en/melden": without a look at which towns there are."""
    _, _town, rest = address.removeprefix("/").partition("/")
    told = (language_of(address), language_of(f"/{rest}"))
    return next((each for each in told if each != settings.LANGUAGE_CODE), settings.LANGUAGE_CODE)


def _small_page(sentence: str, *, language: str) -> bytes:
    text = escape(sentence)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Augenmerk</title><h1>Augenmerk</h1><p>{text}</p></html>"
    ).encode()


def _problem(status: HTTPStatus, sentence: str) -> bytes:
    return json.dumps(
        {"type": "about:blank", "title": sentence, "status": int(status)}, ensure_ascii=False
    ).encode()
