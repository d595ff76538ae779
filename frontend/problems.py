"""Errors of the API as problem+json (RFC 9457).

`{"type", "title", "status", "detail", "errors": {field: [sentence]}}`; `errors` only where
single fields are to blame. "" is the field of what concerns the request as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

CONTENT_TYPE = "application/problem+json"

TITLES = {
    400: _("The request does not fit"),
    401: _("Please sign in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("This method does not work here"),
    406: _("This format is not available"),
    408: _("Too slow"),
    409: _("It has changed in the meantime"),
    410: _("No longer here"),
    412: _("It has changed in the meantime"),
    413: _("Too large"),
    415: _("This format is not understood"),
    422: _("The request does not fit"),
    428: _("Which version did you see?"),
    429: _("Too many requests"),
    500: _("Something broke on our side"),
    503: _("We will be back in a moment"),
}
DETAILS = {
    400: _("The request could not be read."),
    401: _("Your session has ended, or you have not signed in."),
    403: _("You may not do this."),
    404: _("There is nothing at this address."),
    406: _("Answers come as JSON only."),
    408: _("The request came too slowly, and nothing was done. Try again."),
    409: _("Fetch the present state, then decide anew."),
    410: _("This was deleted and will not come back."),
    412: _("Fetch the present state, then decide anew."),
    413: _("Send fewer or smaller photos."),
    415: _("Send JSON, or a form where the description says so."),
    428: _("Say in If-Match which version you have seen."),
    429: _("Wait as long as Retry-After says, then try again."),
    500: _("It is not your fault, and we have a record of it. Try again in a few minutes."),
    503: _("Nothing you already sent is lost. Try again in a minute."),
}


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None (an unforeseen error) goes on to the page for 500."""
    answer = exception_handler(error, context)
    if answer is None:
        return None
    errors = sentences(error.detail) if isinstance(error, ValidationError) else {}
    said = document(answer.status_code, detail=_detail(answer.data, errors), errors=errors)
    answer.data = said | getattr(error, "facts", {})  # further members that a door has to tell
    answer.content_type = CONTENT_TYPE
    return answer


def problem(
    status: int,
    *,
    detail: str = "",
    errors: Mapping[str, list[str]] | None = None,
    **facts: Any,
) -> JsonResponse:
    """A problem document as a response of its own; `facts` become further members."""
    content = document(status, detail=detail, errors=errors or {}) | facts
    return JsonResponse(content, status=status, content_type=CONTENT_TYPE)


def document(
    status: int, *, detail: str = "", errors: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": str(TITLES.get(status, TITLES[400])),
        "status": status,
        "detail": detail or str(DETAILS.get(status, "")),
    }
    if errors:
        content["errors"] = dict(errors)
    return content


def sentences(detail: Any) -> dict[str, list[str]]:
    """DRF's nested details, flat: `{"photos.0": ["…"]}`."""
    found: dict[str, list[str]] = {}
    for field, sentence in _walk(detail, ""):
        found.setdefault(field, []).append(sentence)
    return found


def _walk(detail: Any, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for key, inner in detail.items():
            whole = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from _walk(inner, field if whole else f"{field}.{key}".lstrip("."))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _walk(inner, f"{field}.{index}".lstrip(".") if nested else field)
    elif str(detail):
        yield field, str(detail)


def _detail(data: Any, errors: Mapping[str, list[str]]) -> str:
    if errors:
        first = next(iter(errors.values()))[0]
        return first if len(errors) == 1 else gettext("Several fields need your attention.")
    return str(data.get("detail", "")) if isinstance(data, dict) else ""
