"""How long a session still lasts, and one press to keep it: `/amt/sitzung`."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """GET: the seconds that are left, which prolongs nothing. POST: as long again as after signing
    in. 401 where nobody is signed in. One statement besides the session's own.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0}, status=401)
    if request.method == "POST":
        request.session.modified = True  # saving it counts its time anew
        return JsonResponse({"left": request.session.get_expiry_age()})
    return JsonResponse({"left": _seconds_left(request.session.session_key)})


def _seconds_left(key: str | None) -> int:
    rows = Session.objects.filter(session_key=key).values_list("expire_date", flat=True)
    ends = rows.first()
    return max(0, int((ends - timezone.now()).total_seconds())) if ends else 0
