"""What the public doors share: they take no session, so there is nothing to forge."""

from django.http import HttpRequest
from rest_framework.request import Request


def is_cross_site(request: HttpRequest | Request) -> bool:
    """Whether another site's page made a browser send this.

    Old browsers and programs say nothing about where a request comes from: welcome.
    """
    return request.headers.get("Sec-Fetch-Site", "").lower() == "cross-site"
