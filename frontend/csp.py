"""The Content-Security-Policy, with the import map of this very process allowed in it."""

from __future__ import annotations

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

from .assets import import_map_source


class ImportMapCSPMiddleware(CSPMiddleware):
    """Adds the import map's hash to script-src. By hash, because a nonce would break 304s."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only=report_only)
        update = dict(parts.update or {})
        update["script-src"] = [*update.get("script-src", []), import_map_source()]
        parts.update = update
        return parts
