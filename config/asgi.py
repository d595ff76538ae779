"""One port: pages and API by the edge (WSGI in threads), `/live/` by Channels, `/kacheln/`."""

from .wsgi import application as wsgi  # isort: skip  # first: it makes Django ready

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings

from townhall.live.urls import websocket_urlpatterns

from .edge import Edge, Scope, Send
from .peers import Proxies
from .spool import Receive
from .tiles import PREFIX as TILES
from .tiles import door as tiles

_proxies = Proxies.parse(settings.TRUSTED_PROXIES)
_pages = Edge(wsgi, folder=settings.HOME / "spool", proxies=_proxies, threads=settings.WEB_THREADS)
# The live line reads the sign-in itself, and only for topics that need one.
_live = AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        peer, port = scope.get("client") or ("", 0)
        scope["client"] = (_proxies.client_of(peer, scope["headers"]), port)
        await _live(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(TILES):
        await tiles(scope, receive, send)
    else:
        await _pages(scope, receive, send)
