"""QR codes for paper, drawn on the server: nobody's camera script, nobody else's service."""

from __future__ import annotations

import io

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

QUIET_ZONE = 4  # modules around it, as ISO/IEC 18004 wants


def qr_picture(address: str) -> bytes:
    """A stand-alone SVG."""
    return _drawn(address, is_file=True)


def qr_code(address: str, *, label: str) -> SafeString:
    """For a page. `label` says where it leads; print the address beside it, too."""
    drawn = mark_safe(_drawn(address, is_file=False).decode())  # noqa: S308 (segno's squares)
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', label, drawn)


def _drawn(address: str, *, is_file: bool) -> bytes:
    code = segno.make(address, error="m", micro=False, boost_error=False)
    out = io.BytesIO()
    code.save(
        out,
        kind="svg",
        border=QUIET_ZONE,
        light="#fff",
        xmldecl=is_file,
        svgns=is_file,
        omitsize=True,
        nl=False,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue()
