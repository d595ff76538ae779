"""Pages that belong to the frame: legal texts, errors, the manifest, a town's colour."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import offline
from .colours import Colour
from .problems import problem


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/imprint.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/accessibility.html")


@require_safe
def source(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/source.html")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest: with it the site can be put on a phone's home screen."""
    site = getattr(request, "site", None)
    name = f"Augenmerk {site.name}" if site else "Augenmerk"
    icons = [
        {"src": static(f"frontend/img/icon-{size}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]  # fmt: skip
    content = {
        "id": reverse("home"),
        "name": name,
        "short_name": "Augenmerk",
        "description": _("Report problems in your town and see what becomes of them."),
        "lang": "de",
        "dir": "ltr",
        "categories": ["government", "utilities"],
        "start_url": reverse("home"),
        "scope": "/",
        "shortcuts": [
            {
                "name": _("Report a problem"),
                "url": reverse("report-form"),
                "icons": [
                    {
                        "src": static("frontend/img/icon-report.png"),
                        "sizes": "96x96",
                        "type": "image/png",
                    }
                ],
            }
        ],
        "display": "standalone",
        "background_color": "#faf9f5",
        "theme_color": "#1a3da5",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """One script for the whole host; the browser asks for it anew with the pages."""
    return HttpResponse(offline.worker(), content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand(request: HttpRequest, colour: str) -> HttpResponse:
    """A municipality's colour as a style sheet, mixed until it can be read in light and dark."""
    if not re.fullmatch("[0-9a-fA-F]{6}", colour):
        raise Http404
    wanted = Colour.parse(colour)
    light, dark = wanted.readable_on(Colour(255, 255, 255)), wanted.readable_on(Colour(25, 28, 39))
    sheet = f":root {{ --brand: light-dark({light}, {dark}) }}\n"
    return HttpResponse(f"@layer tokens {{ {sheet} }}\n", content_type="text/css; charset=utf-8")


# ── Errors ───────────────────────────────────────────────────────────────────────────────────
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """A calm page with a next step, or a problem document for programs.

    Asks no database: neither for the user nor for the site.
    """
    if request.path_info.startswith("/api/"):
        return problem(status)
    context = {"request": request, "site": getattr(request, "site", None)}
    page = render_to_string(f"frontend/errors/{status}.html", context)
    return HttpResponse(page, status=status)
