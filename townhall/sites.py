"""Which front door a request came through: the region at `/`, a town at `/bensheim/`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse


class SiteMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


def site(request: HttpRequest) -> dict[str, Any]:
    return {"site": getattr(request, "site", None)}
