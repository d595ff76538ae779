"""What every request passes through."""

import logging
import sys
from collections.abc import Callable, Sequence

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils import translation

from frontend import languages
from frontend import views as frame
from townhall.doors import STANDINGS
from townhall.limits import Standing

from .headers import EVERYWHERE, FOR_WINDOWS, NO_PAGE, of_a_part
from .refusals import RETRY_AFTER_S, plain_page
from .spool import is_full

log = logging.getLogger(__name__)


class HeadersMiddleware:
    """Outermost: also what was not made by a view (a file, a 304, a 500) carries the headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in EVERYWHERE.items():
            response.setdefault(name, value)
        if request.path_info.startswith("/api/"):
            response["Content-Security-Policy"] = NO_PAGE
        response.setdefault("Content-Security-Policy", "frame-ancestors 'none'")
        if of_a_part(request.path_info, response.get("Content-Type", "")):
            for name in FOR_WINDOWS:
                del response[name]
        if response.status_code >= 400:
            response.setdefault("Cache-Control", "no-store")
        _tell_limits(response, request.META.get(STANDINGS, ()))
        return response


def _tell_limits(response: HttpResponse, standings: Sequence[Standing]) -> None:
    """RateLimit and RateLimit-Policy as in draft-ietf-httpapi-ratelimit-headers-10."""
    if standings:
        response["RateLimit-Policy"] = ", ".join(
            f'"{each.knock.name}";q={each.knock.quota};w={each.knock.window_s}'
            for each in standings
        )
        response["RateLimit"] = ", ".join(
            f'"{each.knock.name}";r={each.left};t={each.full_in_s}' for each in standings
        )


class LanguageMiddleware(LocaleMiddleware):
    """The address tells a page's language; programs at the API name theirs: Accept-Language."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith("/api/"):
            translation.activate(languages.language_of(request.path_info))
        else:
            translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()


class DatabaseDownMiddleware:
    """Answers 503 with a calm page while the database can't be reached, or a disk is full."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unavailable(request, error) if _is_outage(error) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: what another middleware could not get from the database is an outage, too."""
    error = sys.exc_info()[1]
    if isinstance(error, Exception) and _is_outage(error):
        return unavailable(request, error)
    return _page(request, 500)


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    if is_full(error):
        log.error("a disk is full: df -h; df -i")
    elif isinstance(error, ConnectionError):
        log.error("the photo store is unavailable (%s)", type(error).__name__)
    else:
        sqlstate = getattr(error.__cause__, "sqlstate", None) or "no connection"
        log.error("database unavailable (%s, %s)", type(error).__name__, sqlstate)
    response = _page(request, 503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    response["Cache-Control"] = "no-store"
    return response


def _is_outage(error: Exception) -> bool:
    """No room, no connection, or one that was cut or turned away: worth another try.

    A ConnectionError is the photo store's (config/bucket.py): we call nobody else in a request.
    """
    return is_full(error) or isinstance(error, OperationalError | InterfaceError | ConnectionError)


def _page(request: HttpRequest, status: int) -> HttpResponse:
    try:
        return frame.error_page(request, status)
    except (OperationalError, InterfaceError, TemplateDoesNotExist, TemplateSyntaxError):
        return HttpResponse(plain_page(request.path_info), status=status)
