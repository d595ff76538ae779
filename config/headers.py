"""What every answer says to the browser, whoever made it: page, API, file, or the edge itself."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

# The form asks where somebody stands; nothing else of the device is our business.
PERMISSIONS = "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), interest-cohort=()"
# What no page is made of: data for programs, files, refusals.
NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

EVERYWHERE: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
# What only counts where a window shows the answer: no part of a page needs it, thirty times a page.
FOR_WINDOWS = frozenset(
    {
        "X-Frame-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
        "Permissions-Policy",
        "Content-Security-Policy",
    }
)
PARTS = ("text/javascript", "text/css", "font/")


def of_a_part(path: str, content_type: str) -> bool:
    """Whether the answer is a module, style sheet or font. A picture can be opened by itself."""
    return path.startswith(settings.STATIC_URL) and content_type.startswith(PARTS)


def of_a_refusal() -> list[tuple[bytes, bytes]]:
    """For answers that are made before Django sees the request."""
    policy = {"Content-Security-Policy": NO_PAGE, "Cache-Control": "no-store"}
    told = {**EVERYWHERE, **policy}
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]
