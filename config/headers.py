"""What every answer says to the browser, whoever made it: page, API, file, or the edge itself."""

from __future__ import annotations

from collections.abc import Mapping

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


def of_a_refusal() -> list[tuple[bytes, bytes]]:
    """For answers that are made before Django sees the request."""
    policy = {"Content-Security-Policy": NO_PAGE, "Cache-Control": "no-store"}
    told = {**EVERYWHERE, **policy}
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]
