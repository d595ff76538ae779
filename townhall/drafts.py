"""What somebody typed while their session ended: kept across the sign-in, then shown again.

It travels as a signed field of the sign-in form and lies in the new session until the page it
belongs to takes it out. Nothing is stored before the sign-in, and nothing appears in an address.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, QueryDict

FIELD = "draft"
_SESSION_KEY = "draft"
_SALT = "townhall.drafts"
_LONGEST = 20_000  # characters, packed: a few pages of text
_HOURS = 12


def pack(request: HttpRequest) -> str:
    """The posted fields as signed text, empty when they are too long to be carried."""
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    facts = {"path": request.path, "fields": fields.urlencode()}
    packed = signing.dumps(facts, salt=_SALT, compress=True)
    return packed if len(packed) <= _LONGEST else ""


def keep(request: HttpRequest, packed: str) -> None:
    """Lay a packed draft into the session of who has just signed in. Forgets nonsense."""
    try:
        facts = signing.loads(packed, salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        return
    request.session[_SESSION_KEY] = facts


def take(request: HttpRequest) -> QueryDict | None:
    """The draft for this very address, once; None if there is none."""
    facts = request.session.get(_SESSION_KEY)
    if not facts or facts["path"] != request.path:
        return None
    del request.session[_SESSION_KEY]
    return QueryDict(facts["fields"])
