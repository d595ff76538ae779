"""What a text tells about people, while it is written. It is kept nowhere, not even logged."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reports.personal import masking
from reports.receiving.drafts import MAX_DESCRIPTION
from townhall import doors
from townhall.guards import refuse_cross_site
from townhall.limits import TooMany


@csrf_exempt
@refuse_cross_site
@never_cache
@require_POST
def text_hint(request: HttpRequest) -> HttpResponse:
    """One sentence, or nothing; the door is silent, too, for who asks too often."""
    try:
        doors.count(request, doors.by_client(request, "hints"))
    except TooMany as refused:
        return HttpResponse(status=429, headers={"Retry-After": str(refused.wait_s)})
    told = masking.hint(request.POST.get("text", "")[:MAX_DESCRIPTION])
    return HttpResponse(told, content_type="text/plain; charset=utf-8")
