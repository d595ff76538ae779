"""What can go wrong at the doors, as status codes and sentences."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from townhall.doors import is_cross_site


class Conflicting(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This client_id was used before for another report. Make a new one.")
    default_code = "conflict"


class Erased(APIException):
    status_code = status.HTTP_410_GONE
    default_detail = _("This report was erased.")
    default_code = "gone"


class Blocked(APIException):
    """What nobody should report here. `blocked` becomes a member of the problem document."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "blocked"

    def __init__(self, sentence: str, *, blocked: dict[str, Any]) -> None:
        super().__init__(sentence)
        self.facts = {"blocked": blocked}


class Gone(APIException):
    status_code = status.HTTP_410_GONE
    default_detail = _("This report is no longer public.")
    default_code = "gone"


class CrossSite(APIException):
    status_code = status.HTTP_403_FORBIDDEN
    default_detail = _("Reports can't be handed in from another website.")
    default_code = "cross_site"


def refuse_cross_site(request: Request) -> None:
    """Raises CrossSite where another site's page made a browser send this."""
    if is_cross_site(request):
        raise CrossSite


class NoVersion(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _("Say in If-Match which version you have seen: the ETag of the report.")
    default_code = "no_version"


class Unprocessable(ValidationError):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "unprocessable"
